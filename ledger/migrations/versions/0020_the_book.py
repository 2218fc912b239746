"""台账: indexes for what lists are filtered by, also where it is rare; what an officer has on his page of the book."""

from alembic import op
from sqlalchemy import Column, DateTime, PrimaryKeyConstraint, Text, text
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the indexes and the tables."""
    newest = text("opened_at DESC")
    for name in ("stage", "lead", "channel"):
        op.create_index(f"disputes_{name}_opened_at_idx", "disputes", [name, newest])
    op.create_index(
        "disputes_card_idx", "disputes", ["card", newest], postgresql_where=text("card IS NOT NULL")
    )
    op.create_index("disputes_due_idx", "disputes", ["next_due"], postgresql_where=text("NOT is_over"))
    words = ["types", "insurances", "towns", "industries"]
    op.create_index("measures_words_idx", "measures", words, postgresql_using="gin")
    op.create_index("measures_claimed_idx", "measures", ["claimed"])
    op.create_index("measures_grouped_idx", "measures", ["registered_at"], postgresql_where=text("grouped"))
    op.create_index("tasks_unit_dispute_id_idx", "tasks", ["unit", "dispute_id"])
    op.create_table(
        "book_columns",
        Column("person_id", Text, nullable=False),
        Column("names", ARRAY(Text), nullable=False),
        PrimaryKeyConstraint("person_id", name="book_columns_pkey"),
    )
    op.create_table(
        "book_views",
        Column("view_id", Text, nullable=False),
        Column("person_id", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("asked", Text, nullable=False),
        Column("columns", ARRAY(Text), nullable=False),
        Column("made_at", DateTime(timezone=True), nullable=False),
        PrimaryKeyConstraint("view_id", name="book_views_pkey"),
    )
    op.create_index("book_views_person_id_name_idx", "book_views", ["person_id", "name"], unique=True)


def downgrade() -> None:
    """Drop them."""
    op.drop_table("book_views")
    op.drop_table("book_columns")
    op.drop_index("tasks_unit_dispute_id_idx", "tasks")
    for name in ("measures_grouped_idx", "measures_claimed_idx", "measures_words_idx"):
        op.drop_index(name, "measures")
    for name in ("due", "card", "channel_opened_at", "lead_opened_at", "stage_opened_at"):
        op.drop_index(f"disputes_{name}_idx", "disputes")

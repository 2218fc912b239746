"""草稿: what is typed into forms, sealed, by account."""

from alembic import op
from sqlalchemy import Column, DateTime, LargeBinary, PrimaryKeyConstraint, Text

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "drafts",
        Column("person_id", Text, nullable=False),
        Column("place", Text, nullable=False),
        Column("saved_at", DateTime(timezone=True), nullable=False),
        Column("key_id", Text, nullable=False),
        Column("sealed", LargeBinary, nullable=False),
        PrimaryKeyConstraint("person_id", "place", name="drafts_pkey"),
    )
    op.create_index("drafts_saved_at_idx", "drafts", ["saved_at"])


def downgrade() -> None:
    """Refused: nobody's text is thrown away by a migration."""
    raise NotImplementedError("台账是法定记录，不能由迁移删除")

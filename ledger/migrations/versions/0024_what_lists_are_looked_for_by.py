"""Firms found by a part of their name, matters by who assists and by whether they are finished; the first two of what is there
already by ``fengqiao ledger rebuild`` alone."""

from alembic import op
from sqlalchemy import Column, Integer, Text, text
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; names are sealed, so only the office can fill them in."""
    op.add_column("parties", Column("parts", ARRAY(Integer), nullable=False, server_default="{}"))
    op.alter_column("parties", "parts", server_default=None)
    op.create_index("parties_parts_idx", "parties", ["parts"], postgresql_using="gin")
    op.add_column("measures", Column("co", ARRAY(Text), nullable=False, server_default="{}"))
    op.alter_column("measures", "co", server_default=None)
    op.create_index("measures_co_idx", "measures", ["co"], postgresql_using="gin")
    unfinished = text("closed_at IS NULL AND NOT is_over")
    op.create_index(
        "disputes_unfinished_idx", "disputes", [text("opened_at DESC")], postgresql_where=unfinished
    )


def downgrade() -> None:
    """Drop them; the events have the names."""
    op.drop_index("disputes_unfinished_idx", "disputes")
    op.drop_index("measures_co_idx", "measures")
    op.drop_column("measures", "co")
    op.drop_index("parties_parts_idx", "parties")
    op.drop_column("parties", "parts")

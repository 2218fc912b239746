"""Firms found by a part of their name; of what is there already by ``fengqiao ledger rebuild`` alone."""

from alembic import op
from sqlalchemy import Column, Integer
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


def downgrade() -> None:
    """Drop them; the events have the names."""
    op.drop_index("parties_parts_idx", "parties")
    op.drop_column("parties", "parts")

"""Indexes for lists by kind and level, and for the counts."""

from alembic import op
from sqlalchemy import text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the indexes."""
    op.create_index("disputes_kind_stage_idx", "disputes", ["kind", "stage"])
    op.create_index("disputes_level_opened_at_idx", "disputes", ["level", text("opened_at DESC")])


def downgrade() -> None:
    """Drop the indexes."""
    op.drop_index("disputes_level_opened_at_idx", "disputes")
    op.drop_index("disputes_kind_stage_idx", "disputes")

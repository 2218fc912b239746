"""Who leads a matter beside what the statistics count of it, so that they can be asked for by unit."""

from alembic import op
from sqlalchemy import Column, Text

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it, with who leads each matter now."""
    op.add_column("measures", Column("lead", Text))
    op.execute(
        "UPDATE measures SET lead = disputes.lead FROM disputes WHERE disputes.dispute_id = measures.dispute_id"
    )


def downgrade() -> None:
    """Drop it; the events have it."""
    op.drop_column("measures", "lead")

"""Which notices went out."""

from alembic import op
from sqlalchemy import Column, DateTime, PrimaryKeyConstraint, Text, text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, and the index by which missing leads are found."""
    op.create_table(
        "notices_sent",
        Column("key", Text, nullable=False),
        Column("sent_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
        PrimaryKeyConstraint("key", name="notices_sent_pkey"),
    )
    op.create_index(
        "events_leads_idx", "events", ["dispute_id", "seq"], postgresql_where=text("type = 'lead_spawned'")
    )


def downgrade() -> None:
    """Refused: the notices would be sent again."""
    raise NotImplementedError("台账是法定记录，不能由迁移删除")

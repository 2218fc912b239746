"""推送: what other systems are told of, what waits to be sent to them, and who sent a ticket in."""

from alembic import op
from sqlalchemy import Column, DateTime, Integer, LargeBinary, PrimaryKeyConstraint, Text, text
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def _moment(name: str, *, required: bool = True) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=not required)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "webhooks",
        Column("webhook_id", Text, nullable=False),
        Column("unit", Text, nullable=False),
        Column("client", Text, nullable=False),
        Column("address", Text, nullable=False),
        Column("happenings", ARRAY(Text), nullable=False),
        Column("answer", Text),
        Column("channel", Text),
        Column("made_by", Text, nullable=False),
        _moment("made_at"),
        Column("secret", LargeBinary, nullable=False),
        Column("former", LargeBinary),
        _moment("former_until", required=False),
        _moment("stopped_at", required=False),
        Column("stopped_why", Text),
        PrimaryKeyConstraint("webhook_id", name="webhooks_pkey"),
    )
    _make_deliveries()
    op.create_table(
        "ticket_senders",
        Column("channel", Text, nullable=False),
        Column("source_no", Text, nullable=False),
        Column("unit", Text, nullable=False),
        Column("client", Text, nullable=False),
        PrimaryKeyConstraint("channel", "source_no", name="ticket_senders_pkey"),
    )


def _make_deliveries() -> None:
    op.create_table(
        "deliveries",
        Column("message_id", Text, nullable=False),
        Column("webhook_id", Text, nullable=False),
        Column("dispute_id", Text, nullable=False),
        Column("seq", Integer, nullable=False),
        Column("ticket", Text, nullable=False),
        Column("happening", Text, nullable=False),
        Column("state", Text, nullable=False),
        _moment("made_at"),
        _moment("handed_at", required=False),
        Column("attempts", Integer, nullable=False, server_default="0"),
        _moment("tried_at", required=False),
        Column("said", Text),
        PrimaryKeyConstraint("message_id", name="deliveries_pkey"),
    )
    columns = ["webhook_id", "dispute_id", "seq"]
    op.create_index("deliveries_waiting_idx", "deliveries", columns, postgresql_where=text("state = '待送'"))
    op.create_index("deliveries_made_idx", "deliveries", ["webhook_id", "made_at"])
    op.create_index(
        "deliveries_dead_idx", "deliveries", ["webhook_id"], postgresql_where=text("state = '未送达'")
    )


def downgrade() -> None:
    """Refused: who was told of what stays on record."""
    raise NotImplementedError("台账与审计是法定记录，不能由迁移删除")

"""通知: what parties and officers are told, and how each notice stands."""

from alembic import op
from sqlalchemy import Boolean, Column, DateTime, Integer, LargeBinary, PrimaryKeyConstraint, Text, text

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def _moment(name: str, *, required: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=not required)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "notices",
        Column("notice_id", Text, nullable=False),
        Column("dispute_id", Text, nullable=False),
        Column("seq", Integer, nullable=False),
        Column("subject", Text, nullable=False),
        Column("template", Text),
        Column("person", Text),
        Column("unit", Text),
        Column("channel", Text, nullable=False),
        Column("lane", Text, nullable=False),
        Column("at_once", Boolean, nullable=False),
        Column("state", Text, nullable=False),
        _moment("made_at", required=True),
        _moment("next_at"),
        _moment("handed_at"),
        Column("attempts", Integer, nullable=False, server_default="0"),
        _moment("tried_at"),
        Column("said", Text),
        PrimaryKeyConstraint("notice_id", name="notices_pkey"),
    )
    is_open = text("next_at IS NOT NULL")
    op.create_index("notices_open_idx", "notices", ["next_at"], postgresql_where=is_open)
    op.create_index("notices_lane_idx", "notices", ["lane", "next_at"], postgresql_where=is_open)
    op.create_index("notices_dispute_idx", "notices", ["dispute_id", "made_at"])
    op.create_table(
        "notice_choices",
        Column("person", Text, nullable=False),
        Column("channel", Text, nullable=False),
        Column("digest", Boolean, nullable=False),
        Column("address", LargeBinary),
        PrimaryKeyConstraint("person", "channel", name="notice_choices_pkey"),
    )


def downgrade() -> None:
    """Refused: who was told of what stays on record."""
    raise NotImplementedError("台账与审计是法定记录，不能由迁移删除")

"""What the statistics count.

The tables are read tables: of matters written before, ``fengqiao ledger rebuild`` fills them in.
"""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENTS = ("decided_at", "due_at", "mediated_at", "perform_by", "call_by", "disposed_at", "closed_at")


def upgrade() -> None:
    """Create both tables."""
    _measures()
    op.create_index("measures_registered_at_idx", "measures", ["registered_at"])
    for name in MOMENTS:
        there = text(f"{name} IS NOT NULL")
        op.create_index(f"measures_{name}_idx", "measures", [name], postgresql_where=there)
    _items()


def downgrade() -> None:
    """Drop them; the events have all that was in them."""
    op.drop_table("measure_items")
    op.drop_table("measures")


def _measures() -> None:
    op.create_table(
        "measures",
        _text("dispute_id"),
        _text("county"),
        _flag("merged"),
        _moment("registered_at", required=True),
        _flag("was_lead"),
        _flag("converted"),
        _moment("decided_at"),
        _flag("accepted"),
        _text("level", required=False),
        _flag("level_changed"),
        _text("channel"),
        *(_words(name) for name in ("types", "insurances", "subjects", "towns", "industries")),
        _flag("grouped"),
        Column("headcount", BigInteger, nullable=False),
        _yuan("claimed"),
        _moment("due_at"),
        _flag("in_time", required=False),
        _moment("mediated_at"),
        _flag("agreed"),
        _moment("perform_by"),
        _flag("performed"),
        _moment("call_by"),
        _flag("answered"),
        _moment("disposed_at"),
        _yuan("recognised", required=False),
        _yuan("paid"),
        _yuan("late_fee"),
        _moment("closed_at"),
        _moment("repeat_until"),
        _flag("guided"),
        _flag("reopened"),
        PrimaryKeyConstraint("dispute_id", name="measures_pkey"),
    )


def _items() -> None:
    op.create_table(
        "measure_items",
        _text("dispute_id"),
        _text("kind"),
        Column("no", BigInteger, nullable=False),
        _text("county"),
        _flag("merged"),
        _text("unit"),
        _text("role", required=False),
        _moment("at"),
        _moment("done_at"),
        _text("result", required=False),
        Column("working_days", Integer),
        PrimaryKeyConstraint("dispute_id", "kind", "no", name="measure_items_pkey"),
    )
    op.create_index("measure_items_kind_at_idx", "measure_items", ["kind", "at"])
    op.create_index(
        "measure_items_answered_idx",
        "measure_items",
        ["done_at"],
        postgresql_where=text("kind = '派单' AND done_at IS NOT NULL"),
    )


def _text(name: str, *, required: bool = True) -> Column[str]:
    return Column(name, Text, nullable=not required)


def _moment(name: str, *, required: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=not required)


def _flag(name: str, *, required: bool = True) -> Column[bool]:
    return Column(name, Boolean, nullable=not required)


def _yuan(name: str, *, required: bool = True) -> Column[object]:
    return Column(name, Numeric(18, 2), nullable=not required)


def _words(name: str) -> Column[object]:
    return Column(name, ARRAY(Text), nullable=False)

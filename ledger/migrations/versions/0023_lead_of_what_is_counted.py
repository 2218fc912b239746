"""Who leads a matter beside what the statistics count of it; and a county's own rows found in the index alone."""

from collections.abc import Iterator

from alembic import op
from sqlalchemy import Column, Text, text

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


MOMENTS = ("decided_at", "due_at", "mediated_at", "perform_by", "call_by", "disposed_at", "closed_at")


def upgrade() -> None:
    """Add it, with who leads each matter now; widen the indexes."""
    op.add_column("measures", Column("lead", Text))
    op.execute(
        "UPDATE measures SET lead = disputes.lead FROM disputes WHERE disputes.dispute_id = measures.dispute_id"
    )
    for name, table, columns, where in _indexes():
        op.drop_index(name, table)
        op.create_index(name, table, [*columns, "county"], postgresql_where=where)


def downgrade() -> None:
    """Drop it; the events have it."""
    for name, table, columns, where in _indexes():
        op.drop_index(name, table)
        op.create_index(name, table, columns, postgresql_where=where)
    op.drop_column("measures", "lead")


def _indexes() -> Iterator[tuple[str, str, list[str], object]]:
    yield "measures_registered_at_idx", "measures", ["registered_at"], None
    for name in MOMENTS:
        yield f"measures_{name}_idx", "measures", [name], text(f"{name} IS NOT NULL")
    yield "measure_items_kind_at_idx", "measure_items", ["kind", "at"], None
    answered = text("kind = '派单' AND done_at IS NOT NULL")
    yield "measure_items_answered_idx", "measure_items", ["done_at"], answered

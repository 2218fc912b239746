"""Which units take part in a matter, a row for each: what a unit sees is found from its own matters."""

from alembic import op
from sqlalchemy import Boolean, Column, DateTime, Text, text

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it from the tasks."""
    op.create_table(
        "taking_part",
        Column("dispute_id", Text, primary_key=True),
        Column("unit", Text, primary_key=True),
        Column("opened_at", DateTime(timezone=True), nullable=False),
        Column("is_over", Boolean, nullable=False),
    )
    op.execute(
        "INSERT INTO taking_part SELECT DISTINCT dispute_id, tasks.unit, disputes.opened_at, disputes.is_over"
        " FROM tasks JOIN disputes USING (dispute_id)"
    )
    op.create_index(
        "taking_part_open_idx", "taking_part", ["unit", "dispute_id"], postgresql_where=text("NOT is_over")
    )
    op.create_index(
        "taking_part_unit_opened_at_dispute_id_idx", "taking_part", ["unit", "opened_at", "dispute_id"]
    )
    op.create_index(
        "tasks_open_matter_idx", "tasks", ["dispute_id"], postgresql_where=text("closed_at IS NULL")
    )
    op.drop_index("tasks_unit_dispute_id_idx", "tasks")


def downgrade() -> None:
    """Drop it; the events have it."""
    op.drop_index("tasks_open_matter_idx", "tasks")
    op.create_index("tasks_unit_dispute_id_idx", "tasks", ["unit", "dispute_id"])
    op.drop_table("taking_part")

"""How a task stands on its unit's desk, the desk's indexes, and who opened a task first."""

from alembic import op
from sqlalchemy import Column, DateTime, PrimaryKeyConstraint, Text, text

from domain.tasks import TASKS

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_PLACE = [text("coalesce(due_at, 'infinity'::timestamp with time zone)"), "dispute_id", "task_id"]
_STANDING = """
    UPDATE tasks t SET standing = CASE
        WHEN t.closed_at IS NOT NULL THEN '已办'
        WHEN t.kind = 'await_choice' OR (t.due_at IS NULL AND EXISTS (
            SELECT 1 FROM clocks c
            WHERE c.dispute_id = t.dispute_id AND c.paused AND c.stopped_at IS NULL
            AND (c.task_id = t.task_id OR (t.role = '主办' AND c.task_id IS NULL AND c.owner = t.unit))
        )) THEN '等待他方'
        WHEN t.signed_at IS NULL AND t.kind = ANY(:signed_for) THEN '待签收'
        ELSE '办理中'
    END
"""


def upgrade() -> None:
    """Say of every task how it stands, as the projection says it from now on."""
    op.add_column("tasks", Column("standing", Text))
    signed_for = [kind.value for kind, rule in TASKS.items() if "sign_for" in rule.done_by]
    op.execute(text(_STANDING).bindparams(signed_for=signed_for))
    op.alter_column("tasks", "standing", nullable=False)
    op.drop_index("tasks_inbox_idx", "tasks")
    _indexes()
    op.create_table(
        "task_looks",
        Column("dispute_id", Text, nullable=False),
        Column("task_id", Text, nullable=False),
        Column("person_id", Text, nullable=False),
        Column("first_at", DateTime(timezone=True), nullable=False),
        PrimaryKeyConstraint("dispute_id", "task_id", "person_id", name="task_looks_pkey"),
    )


def _indexes() -> None:
    still_open, closed = text("closed_at IS NULL"), text("closed_at IS NOT NULL")
    for name, columns in {
        "all": [],
        "unit": ["unit"],
        "officer": ["unit", "officer"],
        "standing": ["unit", "standing"],
    }.items():
        op.create_index(f"tasks_open_{name}_idx", "tasks", [*columns, *_PLACE], postgresql_where=still_open)
    for name, columns in {"all": [], "unit": ["unit"], "officer": ["unit", "officer"]}.items():
        done = [*columns, "closed_at", "dispute_id", "task_id"]
        op.create_index(f"tasks_done_{name}_idx", "tasks", done, postgresql_where=closed)


def downgrade() -> None:
    """Refused: what was looked at is part of the record."""
    raise NotImplementedError("台账是法定记录，不能由迁移删除")

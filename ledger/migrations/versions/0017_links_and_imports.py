"""回访链接, by which parties answer a callback themselves; 导入, exports that are gone over before they are registered."""

from alembic import op
from sqlalchemy import Column, DateTime, Integer, LargeBinary, PrimaryKeyConstraint, Text

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def _moment(name: str, *, required: bool = True) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=not required)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "callback_links",
        Column("link_hash", LargeBinary, nullable=False),
        Column("dispute_id", Text, nullable=False),
        Column("task_id", Text, nullable=False),
        Column("person_id", Text, nullable=False),
        Column("post_id", Text, nullable=False),
        _moment("made_at"),
        _moment("good_until"),
        _moment("used_at", required=False),
        Column("key_id", Text, nullable=False),
        Column("sealed", LargeBinary, nullable=False),
        PrimaryKeyConstraint("link_hash", name="callback_links_pkey"),
    )
    op.create_index("callback_links_dispute_id_task_id_idx", "callback_links", ["dispute_id", "task_id"])
    op.create_table(
        "imports",
        Column("import_id", Text, nullable=False),
        Column("unit", Text, nullable=False),
        Column("person_id", Text, nullable=False),
        _moment("made_at"),
        _moment("exported_at"),
        Column("number", Integer, nullable=False),
        Column("state", Text, nullable=False),
        _moment("filed_at", required=False),
        Column("stopped", Text),
        Column("key_id", Text, nullable=False),
        Column("name", LargeBinary, nullable=False),
        Column("sealed", LargeBinary, nullable=False),
        PrimaryKeyConstraint("import_id", name="imports_pkey"),
    )
    op.create_index("imports_unit_made_at_idx", "imports", ["unit", "made_at"])
    op.create_table(
        "import_rows",
        Column("import_id", Text, nullable=False),
        Column("n", Integer, nullable=False),
        Column("outcome", Text, nullable=False),
        Column("sealed", LargeBinary, nullable=False),
        Column("change", LargeBinary),
        Column("filing", Text),
        Column("case_no", Text),
        Column("problem", Text),
        PrimaryKeyConstraint("import_id", "n", name="import_rows_pkey"),
    )


def downgrade() -> None:
    """Refused: which link a party was sent stays on record."""
    raise NotImplementedError("台账与审计是法定记录，不能由迁移删除")

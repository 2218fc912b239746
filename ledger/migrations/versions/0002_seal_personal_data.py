"""Seal what may name a person; find people by keyed hashes.

Events written before this revision are in plain text and chained as such. The legal record is never rewritten, so a
ledger that has any is not converted: no version before this one was ever released for real use.
"""

from alembic import op
from sqlalchemy import Column, DateTime, Integer, LargeBinary, PrimaryKeyConstraint, Text, text

from ledger.connection import LedgerBroken

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Replace plain columns by sealed ones."""
    if op.get_bind().scalar(text("SELECT count(*) FROM events")):
        raise LedgerBroken(
            "台账中有加密之前的试用数据，不能转换；请另建数据库（或用 FENGQIAO_HOME 另选数据目录）"
        )
    for table, plain, sealed in (
        ("events", ("officer", "payload"), "sealed"),
        ("disputes", ("state",), "state"),
        ("documents", ("fields",), "fields"),
    ):
        for name in plain:
            op.drop_column(table, name)
        op.add_column(table, _bytes(sealed))
    op.drop_index("events_archived_idx", "events")
    _parties()
    _keys()


def downgrade() -> None:
    """Refused: the legal record is never dropped by a migration."""
    raise NotImplementedError("台账是法定记录，不能由迁移删除")


def _parties() -> None:
    op.drop_table("parties")
    found_by = ("name", "id_number", "phone", "uscc")
    op.create_table(
        "parties",
        Column("dispute_id", Text, nullable=False),
        Column("position", Integer, nullable=False),
        Column("kind", Text, nullable=False),
        *(Column(name, LargeBinary) for name in found_by),
        PrimaryKeyConstraint("dispute_id", "position", name="parties_pkey"),
    )
    for name in found_by:
        op.create_index(f"parties_{name}_idx", "parties", [name])


def _keys() -> None:
    op.create_table(
        "data_keys",
        Column("dispute_id", Text, nullable=False),
        Column("key_id", Text, nullable=False),
        _bytes("wrapped"),
        PrimaryKeyConstraint("dispute_id", name="data_keys_pkey"),
    )
    op.create_index("data_keys_key_id_idx", "data_keys", ["key_id"])
    op.create_table(
        "key_checks",
        Column("purpose", Text, nullable=False),
        Column("key_id", Text, nullable=False),
        _bytes("mark"),
        Column("first_used", DateTime(timezone=True), nullable=False, server_default=text("now()")),
        PrimaryKeyConstraint("purpose", "key_id", name="key_checks_pkey"),
    )
    op.create_table(
        "reporters",
        Column("dispute_id", Text, nullable=False),
        Column("key_id", Text, nullable=False),
        _bytes("sealed"),
        Column("recorded_at", DateTime(timezone=True), nullable=False),
        PrimaryKeyConstraint("dispute_id", name="reporters_pkey"),
    )


def _bytes(name: str) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=False)

"""Seal the hash of each matter's last event, so that whoever takes the last events away needs the matter's data key; let
the reporters' vault only grow.

Events are sealed together with their columns from here on. A ledger written before cannot be read that way, and none
was ever released for real use.
"""

from alembic import op
from sqlalchemy import Column, LargeBinary, text

from ledger.connection import LedgerBroken

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, and widen the key."""
    if op.get_bind().scalar(text("SELECT count(*) FROM events")):
        raise LedgerBroken(
            "台账中有旧版的试用数据，不能转换；请另建数据库（或用 FENGQIAO_HOME 另选数据目录）"
        )
    op.add_column("disputes", Column("head_seal", LargeBinary, nullable=False))
    op.drop_constraint("reporters_pkey", "reporters")
    op.create_primary_key("reporters_pkey", "reporters", ["dispute_id", "recorded_at"])


def downgrade() -> None:
    """Refused: the legal record is never dropped by a migration."""
    raise NotImplementedError("台账是法定记录，不能由迁移删除")

"""The whole state of a matter in a table of its own, written less often than its row in lists."""

from alembic import op
from sqlalchemy import Column, Integer, LargeBinary, PrimaryKeyConstraint, Text, text

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the states as they are: each is whole at its matter's version."""
    op.create_table(
        "states",
        Column("dispute_id", Text, nullable=False),
        Column("version", Integer, nullable=False),
        Column("sealed", LargeBinary, nullable=False),
        PrimaryKeyConstraint("dispute_id", name="states_pkey"),
    )
    op.execute(text("INSERT INTO states SELECT dispute_id, version, state FROM disputes"))
    op.drop_column("disputes", "state")


def downgrade() -> None:
    """Refused: a state is not whole any more at each version."""
    raise NotImplementedError("台账是法定记录，不能由迁移删除")

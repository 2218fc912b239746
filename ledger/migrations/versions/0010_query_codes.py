"""Query codes for the public, and how often they are tried."""

from alembic import op
from sqlalchemy import Column, DateTime, Integer, LargeBinary, PrimaryKeyConstraint, Text

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "query_codes",
        Column("code_hash", LargeBinary, nullable=False),
        Column("dispute_id", Text, nullable=False),
        Column("made_at", DateTime(timezone=True), nullable=False),
        PrimaryKeyConstraint("code_hash", name="query_codes_pkey"),
    )
    op.create_table(
        "lookup_tries",
        Column("what", Text, nullable=False),
        Column("since", DateTime(timezone=True), nullable=False),
        Column("tries", Integer, nullable=False),
        PrimaryKeyConstraint("what", name="lookup_tries_pkey"),
    )
    op.create_index("lookup_tries_since_idx", "lookup_tries", ["since"])


def downgrade() -> None:
    """Refused: the codes are in people's hands."""
    raise NotImplementedError("台账是法定记录，不能由迁移删除")

"""文书: the bytes of what was issued, sealed; and by which numbers each registered paper was ever issued."""

from alembic import op
from sqlalchemy import Column, DateTime, LargeBinary, PrimaryKeyConstraint, Text
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, append-only like the events; nothing was issued before."""
    op.create_table(
        "papers",
        Column("number", Text, nullable=False),
        Column("dispute_id", Text, nullable=False),
        Column("sha256", Text, nullable=False),
        Column("code_hash", LargeBinary, nullable=False),
        Column("sealed", LargeBinary, nullable=False),
        Column("issued_at", DateTime(timezone=True), nullable=False),
        PrimaryKeyConstraint("number", name="papers_pkey"),
    )
    op.create_index("papers_dispute_id_idx", "papers", ["dispute_id"])
    op.create_index("papers_code_hash_idx", "papers", ["code_hash"], unique=True)
    op.execute(
        "CREATE TRIGGER papers_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON papers "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    for name in ("numbers", "digests"):
        op.add_column("documents", Column(name, ARRAY(Text), nullable=False, server_default="{}"))
        op.alter_column("documents", name, server_default=None)


def downgrade() -> None:
    """Refused: what was issued is in people's hands."""
    raise NotImplementedError("台账是法定记录，不能由迁移删除")

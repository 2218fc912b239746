"""接口令牌: by which departments' own systems come to the API."""

from alembic import op
from sqlalchemy import Column, DateTime, LargeBinary, PrimaryKeyConstraint, Text
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _moment(name: str, *, required: bool = True) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=not required)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "client_tokens",
        Column("token_id", Text, nullable=False),
        Column("token_hash", LargeBinary, nullable=False),
        Column("unit", Text, nullable=False),
        Column("client", Text, nullable=False),
        Column("scopes", ARRAY(Text), nullable=False),
        Column("made_by", Text, nullable=False),
        _moment("made_at"),
        _moment("good_until"),
        _moment("used_at", required=False),
        _moment("revoked_at", required=False),
        PrimaryKeyConstraint("token_id", name="client_tokens_pkey"),
    )
    op.create_index("client_tokens_unit_client_idx", "client_tokens", ["unit", "client"])


def downgrade() -> None:
    """Refused: whose token acted stays on record."""
    raise NotImplementedError("台账与审计是法定记录，不能由迁移删除")

"""The keys by which departments' own systems sign what they send."""

from alembic import op
from sqlalchemy import Column, DateTime, PrimaryKeyConstraint, Text, text

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "signal_keys",
        Column("kid", Text, nullable=False),
        Column("unit", Text, nullable=False),
        Column("client", Text, nullable=False),
        Column("public", Text, nullable=False),
        Column("starts", DateTime(timezone=True), nullable=False),
        Column("ends", DateTime(timezone=True), nullable=False),
        Column("registered_by", Text, nullable=False),
        Column("registered_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
        Column("retired_at", DateTime(timezone=True)),
        Column("compromised_at", DateTime(timezone=True)),
        PrimaryKeyConstraint("kid", name="signal_keys_pkey"),
    )


def downgrade() -> None:
    """Refused: by these keys it is known whose the actions of the record are."""
    raise NotImplementedError("台账是法定记录，不能由迁移删除")

"""统一身份: whose account an account at the province's platform opens, sign-ins under way, and requests counted."""

from alembic import op
from sqlalchemy import (
    Column,
    DateTime,
    Double,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "identities",
        Column("subject_hash", LargeBinary, nullable=False),
        Column("person_id", Text, nullable=False),
        Column("linked_by", Text, nullable=False),
        Column("linked_at", DateTime(timezone=True), nullable=False),
        PrimaryKeyConstraint("subject_hash", name="identities_pkey"),
        UniqueConstraint("person_id", name="identities_person_id_key"),
    )
    op.create_table(
        "sign_in_flows",
        Column("flow_hash", LargeBinary, nullable=False),
        Column("good_until", DateTime(timezone=True), nullable=False),
        Column("said", Text, nullable=False),
        PrimaryKeyConstraint("flow_hash", name="sign_in_flows_pkey"),
    )
    op.create_index("sign_in_flows_good_until_idx", "sign_in_flows", ["good_until"])
    op.create_table(
        "request_buckets",
        Column("what", Text, nullable=False),
        Column("available", Double, nullable=False),
        Column("drawn", Integer, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
        PrimaryKeyConstraint("what", name="request_buckets_pkey"),
        prefixes=["UNLOGGED"],
    )
    op.create_index("request_buckets_at_idx", "request_buckets", ["at"])


def downgrade() -> None:
    """Refused: whose account opened whose is part of who acted."""
    raise NotImplementedError("台账与审计是法定记录，不能由迁移删除")

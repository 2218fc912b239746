"""Accounts: persons, posts, sessions, failures, slips, and the audit."""

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _text(name: str, *, required: bool = True) -> Column[str]:
    return Column(name, Text, nullable=not required)


def _moment(name: str, *, required: bool = True) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=not required)


def _bytes(name: str, *, required: bool = True) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=not required)


def _whole(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def _key(table: str, *columns: str) -> PrimaryKeyConstraint:
    return PrimaryKeyConstraint(*columns, name=f"{table}_pkey")


def upgrade() -> None:
    """Create the tables; the audit is guarded as the events are."""
    _persons()
    _posts()
    _signing_in()
    _audit()


def downgrade() -> None:
    """Refused: the audit is never dropped by a migration."""
    raise NotImplementedError("台账与审计是法定记录，不能由迁移删除")


def _persons() -> None:
    op.create_table(
        "persons",
        _text("person_id"),
        _text("login"),
        _text("name"),
        _text("status"),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
        _text("password", required=False),
        Column("earlier_passwords", ARRAY(Text), nullable=False, server_default=text("'{}'")),
        _moment("password_since", required=False),
        Column("must_change", Boolean, nullable=False, server_default=text("false")),
        _text("seed_key", required=False),
        _bytes("seed", required=False),
        Column("last_step", BigInteger, nullable=False, server_default=text("0")),
        _key("persons", "person_id"),
        UniqueConstraint("login"),
    )


def _posts() -> None:
    op.create_table(
        "posts",
        _text("post_id"),
        _text("person_id"),
        _text("unit"),
        _text("role"),
        Column("starts", Date, nullable=False),
        Column("ends", Date),
        _text("deputy_for", required=False),
        _text("basis"),
        _text("proposed_by", required=False),
        _text("granted_by", required=False),
        _moment("ended_at", required=False),
        _key("posts", "post_id"),
    )
    op.create_index("posts_person_id_idx", "posts", ["person_id"])
    op.create_index("posts_unit_idx", "posts", ["unit"])


def _signing_in() -> None:
    op.create_table(
        "sessions",
        _bytes("token_hash"),
        _text("person_id"),
        _text("post_id", required=False),
        Column("factors", Integer, nullable=False),
        _moment("began_at"),
        _moment("seen_at"),
        _text("address"),
        _text("agent"),
        _key("sessions", "token_hash"),
    )
    op.create_index("sessions_person_id_idx", "sessions", ["person_id"])
    op.create_table(
        "attempts",
        _text("address"),
        _text("login"),
        Column("failed", Integer, nullable=False),
        _moment("last_at"),
        _key("attempts", "address", "login"),
    )
    op.create_index("attempts_login_idx", "attempts", ["login"])
    op.create_table(
        "slips",
        _bytes("slip_hash"),
        _text("person_id", required=False),
        _moment("good_until"),
        _moment("used_at", required=False),
        _key("slips", "slip_hash"),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        _whole("n"),
        _moment("at"),
        _text("person_id", required=False),
        _text("post_id", required=False),
        _text("address"),
        _text("verb"),
        _text("object"),
        _text("result"),
        _text("prev_hash"),
        _text("hash"),
        _bytes("seal"),
        _key("audit", "n"),
    )
    op.create_index("audit_person_id_n_idx", "audit", ["person_id", "n"])
    op.execute(
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )

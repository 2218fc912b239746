"""The record, its append-only guard, and the read tables."""

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, DateTime, Integer, PrimaryKeyConstraint, Text, text
from sqlalchemy.dialects.postgresql import JSON

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

RECORD = ("events", "policies")


def _text(name: str, *, required: bool = True) -> Column[str]:
    return Column(name, Text, nullable=not required)


def _moment(name: str, *, required: bool = True) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=not required)


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False)


def _json(name: str) -> Column[object]:
    return Column(name, JSON, nullable=False)


def _key(table: str, *columns: str) -> PrimaryKeyConstraint:
    return PrimaryKeyConstraint(*columns, name=f"{table}_pkey")


def upgrade() -> None:
    """Create everything."""
    _record()
    _guard()
    _disputes()
    _desk()
    _people()


def downgrade() -> None:
    """Refused: the legal record is never dropped by a migration."""
    raise NotImplementedError("台账是法定记录，不能由迁移删除")


def _record() -> None:
    op.create_table(
        "policies",
        _text("version"),
        _text("county"),
        _json("content"),
        Column("first_seen", DateTime(timezone=True), nullable=False, server_default=text("now()")),
        _key("policies", "version"),
    )
    op.create_table(
        "events",
        _text("dispute_id"),
        _number("seq"),
        _text("action_id"),
        _text("type"),
        _moment("at"),
        _text("unit"),
        _text("officer"),
        _json("payload"),
        _text("prev_hash"),
        _text("hash"),
        _moment("recorded_at"),
        _key("events", "dispute_id", "seq"),
    )
    op.create_index(
        "events_declined_idx", "events", ["unit", "at"], postgresql_where=text("type = 'declined'")
    )
    op.create_index(
        "events_archived_idx", "events", ["dispute_id"], postgresql_where=text("type = 'archived'")
    )
    op.create_table(
        "counters",
        _text("county"),
        _text("prefix"),
        _number("year"),
        Column("last", BigInteger, nullable=False),
        _key("counters", "county", "prefix", "year"),
    )
    op.create_table(
        "actions",
        _text("dispute_id"),
        _text("action_id"),
        _number("first_seq"),
        _number("last_seq"),
        _key("actions", "dispute_id", "action_id"),
    )


def _guard() -> None:
    """The record grows and is never changed, not even by the software itself."""
    op.execute(
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% 只能追加，不能修改或删除', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END $$
        """
    )
    for table in RECORD:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def _disputes() -> None:
    op.create_table(
        "disputes",
        _text("dispute_id"),
        _number("version"),
        _text("head_hash"),
        _text("county"),
        Column("case_no", Text, nullable=False, unique=True),
        _text("policy_version"),
        _text("kind"),
        _text("channel"),
        _text("stage", required=False),
        _text("level", required=False),
        _text("lead", required=False),
        _text("center"),
        _text("card", required=False),
        _moment("next_due", required=False),
        _moment("opened_at"),
        _moment("closed_at", required=False),
        _moment("archived_at", required=False),
        _text("outcome", required=False),
        _text("merged_into", required=False),
        _flag("is_over"),
        _json("state"),
        _key("disputes", "dispute_id"),
    )
    op.create_index("disputes_opened_at_idx", "disputes", ["opened_at"])
    op.create_index(
        "disputes_open_idx", "disputes", ["stage", "next_due"], postgresql_where=text("NOT is_over")
    )
    op.create_table(
        "sources",
        _text("dispute_id"),
        _text("channel"),
        _text("source_no"),
        _flag("absorbed"),
        _moment("received_at"),
        _key("sources", "dispute_id", "channel", "source_no"),
    )
    op.create_index(
        "sources_registered_idx",
        "sources",
        ["channel", "source_no"],
        unique=True,
        postgresql_where=text("NOT absorbed"),
    )
    op.create_index("sources_source_no_idx", "sources", ["source_no"])


def _desk() -> None:
    op.create_table(
        "tasks",
        _text("dispute_id"),
        _text("task_id"),
        _text("kind"),
        _text("title"),
        _text("unit"),
        _text("officer", required=False),
        _text("role", required=False),
        _text("ref", required=False),
        _flag("returnable"),
        _moment("opened_at"),
        _moment("due_at", required=False),
        _moment("signed_at", required=False),
        _text("signed_by", required=False),
        _moment("closed_at", required=False),
        _text("outcome", required=False),
        _key("tasks", "dispute_id", "task_id"),
    )
    op.create_index(
        "tasks_inbox_idx", "tasks", ["unit", "due_at"], postgresql_where=text("closed_at IS NULL")
    )
    op.create_table(
        "clocks",
        _text("dispute_id"),
        _text("clock_id"),
        _text("rule_id"),
        _text("name"),
        _text("kind"),
        _text("owner"),
        _text("task_id", required=False),
        _moment("starts_at"),
        _moment("due_at"),
        _flag("paused"),
        _number("extensions"),
        _moment("stopped_at", required=False),
        _text("result"),
        _key("clocks", "dispute_id", "clock_id"),
    )
    op.create_index("clocks_open_idx", "clocks", ["due_at"], postgresql_where=text("stopped_at IS NULL"))
    op.create_table(
        "documents",
        _text("dispute_id"),
        _number("position"),
        _text("number"),
        _text("name"),
        _text("issuer"),
        _text("recipient"),
        _moment("at"),
        _text("action_id"),
        _json("fields"),
        _key("documents", "dispute_id", "position"),
    )
    op.create_index("documents_number_idx", "documents", ["number"])


def _people() -> None:
    op.create_table(
        "parties",
        _text("dispute_id"),
        _number("position"),
        _text("kind"),
        _text("name", required=False),
        _text("name_folded", required=False),
        _text("id_number", required=False),
        _text("phone", required=False),
        _text("uscc", required=False),
        _key("parties", "dispute_id", "position"),
    )
    op.create_index("parties_id_number_idx", "parties", ["id_number"])
    op.create_index("parties_name_folded_phone_idx", "parties", ["name_folded", "phone"])
    op.create_index("parties_uscc_idx", "parties", ["uscc"])

"""销毁: the lists, the votes, what was destroyed; the day from which a file may be; and the one way a data key goes.
Of 文书: which wait for somebody.

The office's role may not delete a data key. It may call a function of the owner's, which does so for a matter that is
archived, due, on a list that two others than its maker have approved and nobody has stopped, and whose destruction is
recorded in the same transaction.
"""

from alembic import op
from sqlalchemy import Boolean, Column, Date, DateTime, Integer, LargeBinary, PrimaryKeyConstraint, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSON

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_DESTROY = """
CREATE FUNCTION destroy_key(matter text, list text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = "{schema}", pg_temp AS $$
DECLARE
    today date := (now() AT TIME ZONE 'Asia/Shanghai')::date;
    item destruction_items%ROWTYPE;
    yes integer;
BEGIN
    SELECT i.* INTO item FROM destruction_items i WHERE i.number = list AND i.dispute_id = matter;
    IF NOT FOUND THEN
        RAISE EXCEPTION '案件不在清册 % 中，不能销毁', list USING ERRCODE = 'restrict_violation';
    END IF;
    IF item.due_on > today THEN
        RAISE EXCEPTION '保管期限未满，不能销毁' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM events e WHERE e.dispute_id = matter AND e.type = 'archived'
        AND (e.at AT TIME ZONE 'Asia/Shanghai')::date = item.archived_on AND item.archived_on < item.due_on
    ) THEN
        RAISE EXCEPTION '案件没有在清册所写之日归档，不能销毁' USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT count(DISTINCT v.person_id) INTO yes FROM destruction_votes v
        JOIN destruction_lists l ON l.number = v.number
        JOIN persons p ON p.person_id = v.person_id
        JOIN posts o ON o.post_id = v.post_id AND o.person_id = v.person_id
        WHERE v.number = list AND v.agrees AND v.person_id <> l.person_id;
    IF yes < 2 OR EXISTS (SELECT FROM destruction_votes v WHERE v.number = list AND NOT v.agrees) THEN
        RAISE EXCEPTION '清册 % 没有经两名提出人以外的人批准，不能销毁', list USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (SELECT FROM destroyed d WHERE d.dispute_id = matter AND d.number = list) THEN
        RAISE EXCEPTION '没有销毁记录，不能销毁' USING ERRCODE = 'restrict_violation';
    END IF;
    DELETE FROM data_keys k WHERE k.dispute_id = matter;
    DELETE FROM reporters r WHERE r.dispute_id = matter;
    DELETE FROM callback_links c WHERE c.dispute_id = matter;
END $$
"""
"""Its tables are the ledger's own: one of the same name that a caller makes for his session is not looked at."""


def upgrade() -> None:
    """Make the tables and the function; of matters archived before, ``fengqiao ledger rebuild`` fills in the rest."""
    op.add_column("measures", Column("destroy_on", Date))
    has_day = text("destroy_on IS NOT NULL")
    op.create_index("measures_destroy_on_idx", "measures", ["destroy_on"], postgresql_where=has_day)
    _papers()
    _lists()
    _destroyed()
    for table in ("destruction_lists", "destruction_items", "destruction_votes", "destroyed"):
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(_DESTROY.replace("{schema}", op.get_bind().scalar(text("SELECT current_schema()"))))
    op.execute("REVOKE ALL ON FUNCTION destroy_key(text, text) FROM PUBLIC")


def downgrade() -> None:
    """Refused: what was destroyed by whose leave stays on record."""
    raise NotImplementedError("台账是法定记录，不能由迁移删除")


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _moment(name: str) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=False)


def _papers() -> None:
    op.add_column("documents", Column("waits", Text))
    op.add_column("documents", Column("units", ARRAY(Text), nullable=False, server_default="{}"))
    op.alter_column("documents", "units", server_default=None)
    wait = text("waits IS NOT NULL")
    op.create_index("documents_waiting_idx", "documents", ["waits", "at"], postgresql_where=wait)


def _lists() -> None:
    op.create_table(
        "destruction_lists",
        *(_text(name) for name in ("number", "county", "unit", "reason", "person_id", "post_id")),
        _moment("at"),
        PrimaryKeyConstraint("number", name="destruction_lists_pkey"),
    )
    op.create_table(
        "destruction_items",
        *(_text(name) for name in ("number", "dispute_id", "case_no")),
        *(Column(name, Date, nullable=False) for name in ("archived_on", "due_on")),
        PrimaryKeyConstraint("number", "dispute_id", name="destruction_items_pkey"),
    )
    op.create_table(
        "destruction_votes",
        *(_text(name) for name in ("number", "person_id")),
        Column("agrees", Boolean, nullable=False),
        *(_text(name) for name in ("post_id", "opinion")),
        _moment("at"),
        PrimaryKeyConstraint("number", "person_id", "agrees", name="destruction_votes_pkey"),
    )


def _destroyed() -> None:
    op.create_table(
        "destroyed",
        *(_text(name) for name in ("dispute_id", "number", "case_no", "person_id", "post_id")),
        _moment("at"),
        Column("version", Integer, nullable=False),
        _text("head_hash"),
        Column("numbers", ARRAY(Text), nullable=False),
        Column("kept", JSON, nullable=False),
        Column("seal", LargeBinary, nullable=False),
        PrimaryKeyConstraint("dispute_id", name="destroyed_pkey"),
    )

"""A large ledger: real matters at every stage, multiplied inside PostgreSQL under ids, numbers, moments and units of their own.

What is sealed is cut short in the copies; the templates stay whole and can be read, and so can the state of the copies whose
units keep their names: pages show them, whose rows say more than the API's lists do.
"""

import hashlib
import time
from collections.abc import Iterable

from sqlalchemy import Column, Connection, DateTime, LargeBinary, Table, insert, text

from activities.messages import Command, Register, Take
from activities.names import dispute_id
from bench import flow
from bench.alone import Alone
from bench.report import say
from domain.dispute import Dispute
from ledger import read_tables, tables
from ledger.sealing import Sealer
from ledger.states import STATE
from ledger.store import Ledger

OPEN_SHARE = 0.03
COUNTIES = 100
"""Units of the copies are spread over so many counties; those of the first keep the names of the templates."""
KEPT_ROWS = 5
"""Rows of each kind that a closed copy keeps."""
YEARS = 5
AT_ONCE = 500
"""States sealed between two statements."""
TEXTS = 10_000
"""Accounts that differ in what a matter is found by."""
_UNITS = ("county", "unit", "mark", "lead", "center", "owner", "issuer")
_SEVERAL_UNITS = ("units", "co")
_COPIED = (
    read_tables.disputes,
    read_tables.states,
    read_tables.sources,
    read_tables.tasks,
    read_tables.knowing,
    read_tables.clocks,
    read_tables.cards,
    read_tables.documents,
    read_tables.parties,
    read_tables.texts,
    read_tables.measures,
    read_tables.measure_items,
    tables.data_keys,
    read_tables.actions,
    tables.events,
)
_FIRST_ROWS = {
    "tasks": f"(s.closed_at IS NULL OR substr(s.task_id, 2)::int <= {KEPT_ROWS})",
    "clocks": f"(s.stopped_at IS NULL OR substr(s.clock_id, 2)::int <= {KEPT_ROWS})",
    "documents": f"s.position <= {KEPT_ROWS}",
    "actions": "s.first_seq = 1",
    "events": "s.seq <= 3",
}


def templates(ledger: Ledger) -> list[str]:
    """One real matter stopped after each human action, the archived one last."""
    alone = Alone(ledger)
    return [_template(alone, stop) for stop in range(1, flow.HUMAN_ACTIONS + 1)]


def _template(alone: Alone, actions: int) -> str:
    intake = flow.intake()
    matter = dispute_id(intake.channel, intake.source_no)
    commands: list[tuple[str, Command]] = [("register", Register(intake=intake))]
    commands += [(act.id, Take(act=act)) for act in flow.acts()]
    for action_id, command in commands[:actions]:
        alone.commit(matter, command, action_id)
    return matter


def multiply(ledger: Ledger, matters: list[str], disputes: int, open_share: float = OPEN_SHARE) -> float:
    """Copy the templates until there are about so many disputes, a share of them open. Returns the seconds it took."""
    began = time.perf_counter()
    *open_ones, archived = matters
    share = int(disputes * open_share / len(open_ones))
    closed = disputes - share * len(open_ones)
    whole = ledger.states(matters)
    with ledger.engine.begin() as connection:
        for setting in ("session_replication_role = replica", "statement_timeout = 0", "lock_timeout = 0"):
            connection.execute(text(f"SET LOCAL {setting}"))
        connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
        for table in _COPIED:
            connection.execute(
                text(
                    f"CREATE TEMP TABLE t_{table.name} AS SELECT * FROM {table.name} WHERE dispute_id = ANY(:m)"
                ),
                {"m": matters},
            )
        indexes = _drop_indexes(connection)
        for table in _COPIED:
            for matter in open_ones:
                _copy(connection, table, matter, share, everything=True)
            _copy(connection, table, archived, closed, everything=False)
            say(f"  {table.name}: {time.perf_counter() - began:.0f} s")
        for matter, d in whole.items():
            copies = range(COUNTIES, (closed if matter == archived else share) + 1, COUNTIES)
            for start in range(0, len(copies), AT_ONCE):
                _open(connection, ledger.sealer, d, copies[start : start + AT_ONCE])
        for definition in indexes:
            connection.execute(text(definition))
    with ledger.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE"))
    return time.perf_counter() - began


def _open(connection: Connection, sealer: Sealer, d: Dispute, copies: Iterable[int]) -> None:
    """Seal the state of these copies of a matter anew, each under a data key of its own."""
    ids = [_copy_of(d.id, n) for n in copies]
    made = [(sealer.make(id), d.model_copy(update={"id": id})) for id in ids]
    for table in (tables.data_keys, read_tables.states):
        connection.execute(table.delete().where(table.c.dispute_id.in_(ids)))
    connection.execute(insert(tables.data_keys), [row for (row, _), _ in made])
    states = [
        {
            "dispute_id": copy.id,
            "version": copy.version,
            "sealed": box.seal(copy.model_dump_json(by_alias=True), STATE),
        }
        for (_, box), copy in made
    ]
    connection.execute(insert(read_tables.states), states)


def _copy_of(matter: str, n: int) -> str:
    """The id of a copy, as PostgreSQL makes it."""
    return hashlib.md5(f"{matter}{n}".encode()).hexdigest()[:20]


def _drop_indexes(connection: Connection) -> list[str]:
    """Take every index and key off the copied tables. Returns what makes them again."""
    names = [table.name for table in _COPIED]
    keys = connection.execute(
        text(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype IN ('p', 'u') AND conrelid::regclass::text = ANY(:names)"
        ),
        {"names": names},
    ).all()
    for table, name, _ in keys:
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    indexes = connection.execute(
        text(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(:names) AND schemaname = 'public'"
        ),
        {"names": names},
    ).all()
    for name, _ in indexes:
        connection.execute(text(f"DROP INDEX {name}"))
    made = [f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}" for table, name, definition in keys]
    return [*made, *(definition for _, definition in indexes)]


def _copy(connection: Connection, table: Table, matter: str, copies: int, *, everything: bool) -> None:
    columns = ", ".join(f'"{c.name}"' for c in table.columns)
    values = ", ".join(_value(table, c) for c in table.columns)
    where = "TRUE" if everything else _FIRST_ROWS.get(table.name, "TRUE")
    connection.execute(
        text(
            f"INSERT INTO {table.name} ({columns}) SELECT {values} FROM t_{table.name} s,"
            f" generate_series(1, :copies) n WHERE s.dispute_id = :matter AND {where}"
        ),
        {"copies": copies, "matter": matter},
    )


def _value(table: Table, column: Column[object]) -> str:
    name = f's."{column.name}"'
    if column.name == "dispute_id":
        return f"substr(md5({name} || n), 1, 20)"
    if column.name in ("case_no", "source_no", "number"):
        return f"{name} || '-' || n"
    county = f"CASE WHEN n % {COUNTIES} = 0 THEN '' ELSE '·' || n % {COUNTIES} END"
    if column.name in _UNITS:
        return f"{name} || {county}"
    if column.name in _SEVERAL_UNITS:
        return f"ARRAY(SELECT unit || {county} FROM unnest({name}) unit)"
    if table is read_tables.texts:  # every copy says some of the words, one in so many says them all
        return f"ARRAY(SELECT p + CASE WHEN p % 2 = 0 THEN 0 ELSE n % {TEXTS} END FROM unnest({name}) p)"
    if isinstance(column.type, DateTime) and (column.name != "due_at" or table is read_tables.measures):
        return f"{name} - (n::bigint * 7919 % {YEARS * 365}) * interval '1 day'"
    if isinstance(column.type, LargeBinary):
        digest = f"decode(md5(encode({name}, 'hex') || n), 'hex')"
        return digest if table is read_tables.parties else f"substr({name}, 1, 64)"
    return name

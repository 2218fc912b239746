"""核验: every event against its hash, its neighbours and its number; every read table and every file against the events."""

from typing import NamedTuple

from sqlalchemy import Connection, Table, select

from domain.events import Converted, Registered
from domain.policy import content_version
from ledger.audit import audit_faults
from ledger.batches import Progress, all_matters, batches, boxes, rows_by_matter, silent
from ledger.connection import LedgerBroken, reading, without_time_limit
from ledger.destroyed import Record, destruction_box, record_faults, records
from ledger.destruction_tables import destruction_lists
from ledger.materials import file_faults
from ledger.names import case_number
from ledger.papers import paper_faults
from ledger.projection import Row, Rows, by_key, opened, rows_of_record
from ledger.read_tables import READ_TABLES, disputes, documents, states
from ledger.record import FIRST_HASH, StoredRow, digest, event_of
from ledger.sealing import MatterBox
from ledger.store import Ledger
from ledger.tables import counters, events, policies


class Broken(NamedTuple):
    """One place where the ledger is not as it was written. ``seq``: the event, where it is one event."""

    dispute_id: str
    case_no: str
    seq: int | None
    problem: str


def verify(ledger: Ledger, progress: Progress = silent) -> list[Broken]:
    """Everything that is broken; empty for a sound ledger. Sees one moment, however long it takes.

    Whoever has the keys can rewrite a matter's whole chain, and whoever kept a matter's older rows can put all of them
    back: neither is found here. Keep the head hashes of a backup elsewhere for that.
    """
    broken: list[Broken] = []
    numbers: set[str] = set()
    with reading(ledger.engine, snapshot=True) as connection:
        without_time_limit(connection)
        broken += _policies(connection)
        broken += [Broken("", "", None, fault) for fault in audit_faults(connection, ledger.sealer)]
        ids = all_matters(connection)
        destruction = destruction_box(connection, ledger.sealer)
        numbers.update(connection.scalars(select(destruction_lists.c.number)))
        for done, batch in batches(ids):
            stored = rows_by_matter(connection, events, batch)
            shown = {table.name: rows_by_matter(connection, table, batch) for table in READ_TABLES}
            keys = boxes(connection, ledger.sealer, batch)
            gone = records(connection, batch)
            for matter in batch:
                rows = stored.get(matter, [])
                its_rows = {name: found.get(matter, []) for name, found in shown.items()}
                box = keys.get(matter)
                if matter in gone:
                    broken += _destroyed(connection, rows, its_rows, gone[matter], destruction, box)
                    numbers.update(gone[matter][0].numbers)
                    continue
                broken += matter_broken(connection, matter, rows, its_rows, box, ledger)
                numbers |= numbers_given(rows, its_rows, box)
            progress(done, len(ids))
        broken += _missing_matters(connection, numbers)
    return broken


def _destroyed(
    connection: Connection,
    rows: list[StoredRow],
    shown: dict[str, list[Row]],
    found: tuple[Record, bytes],
    its_box: MatterBox | None,
    key: MatterBox | None,
) -> list[Broken]:
    """A matter whose key was destroyed by leave: its chain, and that the record of its destruction is genuine and fits."""
    made, _ = found
    head = next(iter(shown[disputes.name]), None)
    last = (rows[-1]["seq"], rows[-1]["hash"]) if rows else None
    faults = chain_faults(rows) + _end(rows, head)
    faults += [(None, said) for said in record_faults(connection, found, its_box, last, key is not None)]
    return [Broken(made.dispute_id, made.case_no, seq, problem) for seq, problem in faults]


def matter_broken(
    connection: Connection,
    matter: str,
    rows: list[StoredRow],
    shown: dict[str, list[Row]],
    box: MatterBox | None,
    ledger: Ledger,
) -> list[Broken]:
    """What is broken of one matter. ``shown``: its rows of every read table, by the table's name."""
    head = next(iter(shown[disputes.name]), None)
    case_no = head["case_no"] if head else ""
    faults = chain_faults(rows) + _end(rows, head)
    if box is None:
        faults.append((None, "数据密钥缺失或打不开，内容无法读取"))
    elif not faults:
        faults = _contents(rows, head, shown, box, ledger) or file_faults(connection, box, rows)
    found = [Broken(matter, case_no, seq, problem) for seq, problem in faults]
    return found + _papers(connection, matter, shown, box)


def _papers(
    connection: Connection, matter: str, shown: dict[str, list[Row]], box: MatterBox | None
) -> list[Broken]:
    """The bytes of the 文书 against their hashes; that the hashes are the events' own is told with the read tables."""
    if box is None:
        return []
    issued = {
        number: digest
        for paper in shown[documents.name]
        for number, digest in zip(paper["numbers"], paper["digests"], strict=True)
    }
    case_no = next((head["case_no"] for head in shown[disputes.name]), "")
    return [Broken(matter, case_no, None, fault) for fault in paper_faults(connection, box, issued)]


Fault = tuple[int | None, str]


def chain_faults(rows: list[StoredRow]) -> list[Fault]:
    """What is wrong with a matter's stored events by themselves."""
    faults: list[Fault] = []
    prev_hash, last = FIRST_HASH, 0
    for row in rows:
        seq = row["seq"]
        if seq != last + 1:
            faults.append((last + 1, "事件缺失" if seq == last + 2 else f"事件缺失，至第 {seq - 1} 条"))
        elif row["prev_hash"] != prev_hash:
            faults.append((seq, "与前一条事件不相接"))
        if digest(row) != row["hash"]:
            faults.append((seq, "事件内容与其哈希不符，已被改动"))
        prev_hash, last = row["hash"], seq
    return faults


def _end(rows: list[StoredRow], head: Row | None) -> list[Fault]:
    last = rows[-1]["seq"] if rows else 0
    if head is None:
        return [(None, "查询表中没有此案，请重建")]
    if head["version"] > last:
        return [(last + 1, f"事件缺失，至第 {head['version']} 条")]
    if head["version"] < last:
        return [(head["version"] + 1, "查询表落后于事件，请重建")]
    if head["head_hash"] != rows[-1]["hash"]:
        return [(last, "末条事件与查询表所记的哈希不符")]
    return []


def _headers(rows: list[StoredRow], box: MatterBox) -> list[Fault]:
    """Events whose columns were changed together with all hashes: what is sealed does not open under other columns."""
    return [(row["seq"], "内容打不开，事件的时间、单位等被改动过") for row in rows if not _opens(row, box)]


def _opens(row: StoredRow, box: MatterBox) -> bool:
    try:
        event_of(row, box)
    except LedgerBroken:
        return False
    except ValueError:
        return True  # it opens, and no event of this software is in it: that is said when it is replayed
    return True


def _head_seal(rows: list[StoredRow], head: Row | None, box: MatterBox) -> list[Fault]:
    """The last events taken away, the read row made to fit: the seal of the last hash cannot be made to."""
    if head is None or not rows:
        return []
    try:
        if opened(disputes, head, box)["head_seal"] == rows[-1]["hash"]:
            return []
    except LedgerBroken:
        pass
    return [(rows[-1]["seq"], "末条事件与封存的末条哈希不符，其后的事件可能被抹去")]


def _policies(connection: Connection) -> list[Broken]:
    kept = select(policies.c.version, policies.c.content).order_by(policies.c.version)
    return [
        Broken("", "", None, f"政策版本 {row.version} 的内容与版本号不符，已被改动")
        for row in connection.execute(kept)
        if content_version(row.content) != row.version
    ]


def _contents(
    rows: list[StoredRow], head: Row | None, shown: dict[str, list[Row]], box: MatterBox, ledger: Ledger
) -> list[Fault]:
    """The sealed contents of a chain that is whole, and what was made of them."""
    try:
        kept_at = next((row["version"] for row in shown[states.name]), None)
        expected = rows_of_record(box, rows, ledger.sealer.search, ledger.policy, kept_at)
    except LedgerBroken:
        return _headers(rows, box) or _head_seal(rows, head, box) or [(None, "事件完好，但不能重放")]
    return _head_seal(rows, head, box) or [
        (None, f"查询表 {table.name} 与事件不符，请重建")
        for table, made in expected.items()
        if _as_made(table, shown[table.name], box) != made
    ]


def _as_made(table: Table, rows: list[Row], box: MatterBox) -> Rows | None:
    try:
        return by_key(table, [opened(table, row, box) for row in rows])
    except LedgerBroken:
        return None


def numbers_given(rows: list[StoredRow], shown: dict[str, list[Row]], box: MatterBox | None) -> set[str]:
    """The numbers that a matter was given, and its papers."""
    papers = {number for paper in shown[documents.name] for number in paper["numbers"]}
    return _numbers(rows, box) | {head["case_no"] for head in shown[disputes.name]} | papers


def _numbers(rows: list[StoredRow], box: MatterBox | None) -> set[str]:
    """The case numbers that a matter's events were given, as far as they can be opened."""
    given: set[str] = set()
    for row in rows:
        if box and row["type"] in ("registered", "converted"):
            try:
                fact = event_of(row, box).fact
            except (LedgerBroken, ValueError):
                continue
            assert isinstance(fact, Registered | Converted)
            given.add(fact.case_no)
    return given


def _missing_matters(connection: Connection, numbers: set[str]) -> list[Broken]:
    """The numbers of matters and papers leave no gap, so one that vanished without trace leaves one."""
    return [
        Broken("", number, None, "编号已经给出，台账中却没有此案（或此文书）")
        for row in connection.execute(select(counters))
        for n in range(1, row.last + 1)
        if (number := case_number(row.prefix, row.year, n)) not in numbers
    ]

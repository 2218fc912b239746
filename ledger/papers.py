"""文书 as they were issued: their bytes, and whether what is kept is what was issued."""

import hashlib

from sqlalchemy import Connection, Engine, func, literal, select

from ledger.connection import LedgerBroken, reading
from ledger.read_tables import documents
from ledger.sealing import MatterBox, paper_place
from ledger.store import Ledger
from ledger.tables import papers


def paper_bytes(ledger: Ledger, dispute_id: str, number: str, sha256: str) -> bytes:
    """The bytes of an issued paper, ``sha256`` being its hash by the matter's record.

    Raises LedgerBroken for one that is gone or is not what was issued.
    """
    query = select(papers.c.sealed).where(papers.c.number == number, papers.c.dispute_id == dispute_id)
    with reading(ledger.engine) as connection:
        box = ledger.sealer.need(connection, dispute_id)
        sealed = connection.scalar(query)
    if sealed is None:
        raise LedgerBroken(f"文书 {number} 的原件缺失，请从备份恢复 papers 中的这一行")
    made = box.open_bytes(sealed, paper_place(number))
    if hashlib.sha256(made).hexdigest() != sha256:
        raise LedgerBroken(f"文书 {number} 的原件与案件记录的哈希不符，已被改动")
    return made


def place_of(engine: Engine, number: str) -> tuple[str, int] | None:
    """The matter of an issued paper, and the paper's place in it, by the number it was ever issued under."""
    query = (
        select(documents.c.dispute_id, documents.c.position)
        .join(papers, papers.c.dispute_id == documents.c.dispute_id)
        .where(papers.c.number == number, literal(number) == func.any(documents.c.numbers))
    )
    with reading(engine) as connection:
        found = connection.execute(query).one_or_none()
    return (found.dispute_id, found.position) if found else None


def paper_faults(connection: Connection, box: MatterBox, issued: dict[str, str]) -> list[str]:
    """What is wrong with a matter's papers, given the hash of each by its number as the events have them."""
    query = select(papers.c.number, papers.c.sealed).where(papers.c.dispute_id == box.dispute_id)
    kept = {row.number: row.sealed for row in connection.execute(query)}
    faults = [f"文书 {number} 的原件缺失，请从备份恢复" for number in issued.keys() - kept.keys()]
    faults += [f"文书 {number} 不是本案制发的" for number in kept.keys() - issued.keys()]
    for number in issued.keys() & kept.keys():
        try:
            made = box.open_bytes(kept[number], paper_place(number))
        except LedgerBroken as broken:
            faults.append(str(broken))
            continue
        if hashlib.sha256(made).hexdigest() != issued[number]:
            faults.append(f"文书 {number} 的原件与事件中的哈希不符，已被改动")
    return sorted(faults)

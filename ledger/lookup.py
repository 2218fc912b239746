"""What a decision may ask of the rest of the ledger, inside its own transaction."""

import hashlib
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from domain.dispute import Dispute
from domain.draft import RelatedMatter
from domain.intake import DuplicateHint, Intake
from ledger.duplicates import Likeness, likeness, people
from ledger.names import case_number
from ledger.printed_codes import code_hash
from ledger.read_tables import disputes, parties, sources
from ledger.sealing import Sealer, paper_place
from ledger.states import newest
from ledger.tables import counters, papers

CANDIDATES = 50
"""How many earlier matters of one person are looked at, the newest first."""


class Alike(NamedTuple):
    """A registered matter, and what a registration has in common with it."""

    d: Dispute
    likeness: Likeness


class Lookup:
    """Questions bound to one transaction."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def case_number(self, county: str, prefix: str, year: int) -> str:
        """The next number of the year, as 偏社争〔2026〕0001号.

        Given back when the transaction fails, so that no number is ever missing; others wait for it meanwhile.
        """
        first = insert(counters).values(county=county, prefix=prefix, year=year, last=1)
        drawn = first.on_conflict_do_update(
            index_elements=list(counters.primary_key), set_={"last": counters.c.last + 1}
        ).returning(counters.c.last)
        return case_number(prefix, year, self._connection.execute(drawn).scalar_one())

    def keep_paper(self, dispute_id: str, number: str, code: str, made: bytes) -> str:
        """Keep the bytes of a 文书, sealed with its matter's key; the SHA-256 that goes into the matter's chain.

        Given up with everything else when the transaction fails.
        """
        box = self._sealer.need(self._connection, dispute_id)
        digest = hashlib.sha256(made).hexdigest()
        row = {
            "number": number,
            "dispute_id": dispute_id,
            "sha256": digest,
            "code_hash": code_hash(code),
            "sealed": box.seal_bytes(made, paper_place(number)),
            "issued_at": datetime.now(UTC),
        }
        self._connection.execute(insert(papers), row)
        return digest

    def now(self) -> datetime:
        """PostgreSQL's own time: not that of whichever machine asks."""
        return self._connection.execute(select(func.clock_timestamp())).scalar_one()

    def related(self, refs: list[str]) -> dict[str, RelatedMatter]:
        """The matters that these source numbers or case numbers stand for; unknown ones are left out."""
        found = (
            select(
                sources.c.source_no,
                disputes.c.dispute_id,
                disputes.c.case_no,
                disputes.c.closed_at,
                disputes.c.lead,
            )
            .join(disputes, disputes.c.dispute_id == sources.c.dispute_id)
            .where(or_(sources.c.source_no.in_(refs), disputes.c.case_no.in_(refs)))
            .order_by(sources.c.absorbed.desc(), disputes.c.opened_at.desc())
        )
        known: dict[str, RelatedMatter] = {}
        for row in self._connection.execute(found):
            matter = RelatedMatter(
                dispute_id=row.dispute_id,
                source_no=row.source_no,
                case_no=row.case_no,
                is_open=row.closed_at is None,
                lead=row.lead,
            )
            known |= {ref: matter for ref in (row.source_no, row.case_no) if ref in refs}
        return known

    def alike(self, intake: Intake, exclude_id: str) -> list[Alike]:
        """Matters of the same people that look like this one: those that agree in everything, then those of who is known by a
        number, then namesakes'; of each the newest first.

        A matter already merged into another is not named; the one it was merged into is.
        """
        found = [
            Alike(known, like)
            for known in self._of_these_people(intake, exclude_id)
            if (like := likeness(intake, known.facts))
        ]
        return sorted(found, key=lambda alike: not alike.likeness.whole)

    def duplicates(self, intake: Intake, exclude_id: str) -> list[DuplicateHint]:
        """The same, as a registration notes them."""
        return [
            DuplicateHint(
                dispute_id=known.id,
                source_no=known.facts.source_no,
                case_no=known.case_no,
                basis=like.basis,
            )
            for known, like in self.alike(intake, exclude_id)
        ]

    def _of_these_people(self, intake: Intake, exclude_id: str) -> list[Dispute]:
        """Those of a person known by a number before those of a namesake."""
        persons = people(intake)
        hashes = self._sealer.search.digests
        ids = [h for p in persons if p.id_number for h in hashes("id_number", p.id_number)]
        phones = [
            pair
            for p in persons
            if p.folded and p.phone
            for pair in zip(hashes("name", p.folded), hashes("phone", p.phone), strict=True)
        ]
        names = [h for p in persons if p.folded for h in hashes("name", p.folded)]
        by_number = or_(parties.c.id_number.in_(ids), tuple_(parties.c.name, parties.c.phone).in_(phones))
        found = self._newest_of(by_number, exclude_id) if ids or phones else []
        found += self._newest_of(parties.c.name.in_(names), exclude_id) if names else []
        matters = list(dict.fromkeys(found))
        known = newest(self._connection, self._sealer, matters) if matters else {}
        return [known[matter] for matter in matters if matter in known]

    def _newest_of(self, same: ColumnElement[bool], exclude_id: str) -> list[str]:
        """The newest matters of people of whom this is true."""
        theirs = select(parties.c.dispute_id).where(and_(parties.c.kind != "respondent", same))
        found = (
            select(disputes.c.dispute_id)
            .where(disputes.c.dispute_id.in_(theirs), disputes.c.dispute_id != exclude_id)
            .where(disputes.c.merged_into.is_(None))
            .order_by(disputes.c.opened_at.desc(), disputes.c.dispute_id)
            .limit(CANDIDATES)
        )
        return list(self._connection.scalars(found))

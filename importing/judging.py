"""Judging rows in their order: row_error > duplicate_of > out_of_scope > needs_supplement > accept."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from typing import NamedTuple

from domain.masking import names_somebody
from domain.words import SHANGHAI
from importing.documents import Document, read_document
from importing.exported import ExportTime, ticket_day
from importing.figures import is_no_headcount, read_amount, read_headcount
from importing.judged import Duplicate, DuplicateKind, Judged, Outcome, Reading
from importing.matters import Matter, Matters, Ref
from importing.moments import Moment, Problem, joined, read_moment
from importing.narratives import Proposal, Told, propose, repeats
from importing.parties import (
    Employer,
    Number,
    Person,
    read_employer,
    read_person,
    read_phone,
    read_uscc,
)
from importing.plain import BROKEN, Cell, as_text, code_text, tight
from importing.risk_signs import RiskSigns, read_signs
from importing.rule_words import Column
from importing.rules import Rules
from importing.sheets import Row
from ledger.names import fold_company, fold_name

LONGEST_NARRATIVE = 200_000
"""Characters; a payload of Temporal's holds 2 MB, three bytes to a character, and the state holds it again."""


class _Held(NamedTuple):
    """What a ticket said when it came first, for telling a repetition from a mix-up."""

    ref: Ref
    said: tuple[object, ...]
    proposal: Proposal
    signs: RiskSigns


class Judge:
    """Judges one export's rows, each once, in order. Keeps of each what recognises it, never its narrative."""

    def __init__(self, rules: Rules, exported: ExportTime) -> None:
        self._rules = rules
        self._exported = exported
        self._tickets: dict[str, _Held] = {}
        self._matters = Matters()

    def judge(self, row: Row, *, amount_unit: int = 1) -> Judged:
        """What becomes of the row. ``amount_unit``: yuan to one unit of the amount column."""
        reading = self._read(row, amount_unit)
        held = self._tickets.get(reading.ticket or "")
        said = _core(reading)
        if reading.errors:
            return Judged(reading, Outcome.ROW_ERROR, errors=reading.errors)
        if held and not _agree(held.said, said):
            error = (Column.TICKET, "单号与前行重复但内容不同（疑似串号）")
            return Judged(reading, Outcome.ROW_ERROR, errors=(error,), conflicts_with=held.ref)
        if held:
            again = Duplicate(held.ref, DuplicateKind.SAME_TICKET)
            return Judged(reading, Outcome.DUPLICATE, held.proposal, held.signs, again)
        judged = self._judge_new(reading)
        assert reading.ticket
        self._tickets[reading.ticket] = _Held(_ref(reading), said, judged.proposal, judged.signs)
        return judged

    def _judge_new(self, reading: Reading) -> Judged:
        rules = self._rules
        column = as_text(reading.row.cell(Column.KINDS).value)
        person = reading.person
        told = Told.of(
            reading.narrative, column, reading.employer, rules, anonymous=person.anonymous, firm=person.firm
        )
        proposal = propose(told, rules)
        signs = read_signs(reading.narrative, reading.day, proposal.regime, rules)
        matter = _matter(reading, proposal, signs, rules)
        if like := self._matters.like(matter):
            known = like.matter.proposal
            again = Duplicate(like.matter.ref, DuplicateKind.LIKELY, like.basis)
            seen = known if proposal.vague else proposal
            return Judged(reading, Outcome.DUPLICATE, replace(seen, redirect=None), signs, again)
        self._matters.add(matter)
        if proposal.redirect:
            return Judged(reading, Outcome.OUT_OF_SCOPE, proposal, signs)
        if matter.repeats:
            warning = "自述此前反映过，请核对是否重复"
            proposal = replace(proposal, warnings=(*proposal.warnings, warning))
        if missing := self._missing(reading, proposal):
            labels, words = zip(*missing, strict=True)
            return Judged(reading, Outcome.NEEDS_SUPPLEMENT, proposal, signs, missing=labels, lacking=words)
        return Judged(reading, Outcome.ACCEPT, proposal, signs)

    def _missing(self, reading: Reading, proposal: Proposal) -> list[tuple[str, str]]:
        """What a dispute cannot be accepted without (受理要件), by column, and whether nothing stands there or nothing usable."""
        number = Column.USCC if reading.person.firm else Column.ID_NUMBER
        present = {
            Column.NAME: reading.person.full,
            Column.PHONE: reading.phone is not None,
            number: reading.id_number is not None,
            Column.UNIT: reading.employer.named or not proposal.needs_employer,
        }
        unusable = {
            Column.NAME: "不是全名" if reading.person.name else None,
            Column.UNIT: "不明确" if reading.employer.name else None,
            **dict.fromkeys(reading.unreadable, "校验不符"),
        }
        labels = {column: self._rules.label(column) for column, there in present.items() if not there}
        return [
            (label, f"{label}{said}" if (said := unusable.get(column)) else f"缺{label}")
            for column, label in labels.items()
        ]

    def _read(self, row: Row, amount_unit: int) -> Reading:
        rules = self._rules
        narrative = as_text(row.cell(Column.NARRATIVE).value)
        ticket = _word(row.cell(Column.TICKET), rules)
        when = joined(row.cell(Column.DAY), row.cell(Column.TIME))
        moment = read_moment(when, rules, year=self._exported.at.year)
        employer, taken = self._employer(row, narrative)
        phone = read_phone(row.cell(Column.PHONE), rules.phone_hidden | rules.blank)
        person = read_person(row.cell(Column.NAME), rules.names, rules.blank)
        id_number = self._document(row, person)
        if _unknown(person, (phone, id_number), rules):
            person = Person(None, full=False, anonymous=True)
        uscc = read_uscc(row.cell(Column.USCC), rules.blank)
        amount = read_amount(row.cell(Column.AMOUNT), rules, unit=amount_unit)
        numbers = {Column.PHONE: phone, Column.ID_NUMBER: id_number, Column.USCC: uscc}
        return Reading(
            row=row,
            ticket=ticket,
            day=moment.day,
            clock=moment.clock,
            ticket_day=None if moment.day else self._ticket_day(ticket),
            person=person,
            phone=phone.usable,
            id_number=id_number.usable,
            employer=employer,
            uscc=uscc.usable,
            narrative=narrative,
            headcount=read_headcount(row.cell(Column.HEADCOUNT), rules.headcount_words),
            amount=amount.yuan,
            amount_approximate=amount.approximate,
            unchecked=id_number.unchecked,
            unreadable={c: n.written for c, n in numbers.items() if n.written and not n.usable},
            warnings=tuple(_doubts(row, moment, taken, uscc, rules)),
            errors=tuple(
                self._errors(row, ticket, narrative, moment, as_text(when.value).strip(), person.name)
            ),
        )

    def _document(self, row: Row, person: Person) -> Document:
        """The caller's document; of a firm its credit code, in either column."""
        firm = person.firm
        cells = [Column.ID_NUMBER, *([Column.USCC] if firm else [])]
        kind, blank = row.cell(Column.ID_KIND), self._rules.blank
        read = [read_document(row.cell(column), kind, blank, firm=firm) for column in cells]
        return next((document for document in read if document.usable), read[0])

    def _ticket_day(self, ticket: str | None) -> date | None:
        """The ticket's day, unless it is later than the export."""
        day = ticket_day(ticket or "", self._rules)
        return day if day and day <= self._exported.at.date() else None

    def _employer(self, row: Row, narrative: str) -> tuple[Employer, bool]:
        """The employer, and whether it was found in the narrative, the column being empty."""
        words, home = self._rules.units, self._rules.places.home
        employer = read_employer(row.cell(Column.UNIT), words, home, self._rules.blank)
        hit = (
            words.in_narrative.search(tight(narrative)[: self._rules.lead_length])
            if not employer.name
            else None
        )
        if hit is None:
            return employer, False
        taken = read_employer(Cell(hit[0]), words, home, self._rules.blank)
        return (taken, True) if taken.named else (employer, False)

    def _errors(
        self, row: Row, ticket: str | None, narrative: str, moment: Moment, when: str, name: str | None
    ) -> list[tuple[Column, str]]:
        found: list[tuple[Column, str]] = []
        if row.broken:
            found += [(c, f"第 {row.number} 行含无法识别的字符（乱码），请对照原平台补正")
                      for c, cell in row.cells.items() if BROKEN in as_text(cell.value)]  # fmt: skip
        if ticket is None:
            found.append((Column.TICKET, f"{self._rules.label(Column.TICKET)}为空"))
        elif names_somebody(ticket) or (name and len(name) > 1 and name in ticket):
            label = self._rules.label(Column.TICKET)
            found.append(
                (
                    Column.TICKET,
                    f"{label}像姓名、手机号或证件号，登记后不加密：请换成平台的登记号，号前可加平台代号（如 PG）",
                )
            )
        if tight(narrative) in self._rules.blank:
            found.append((Column.NARRATIVE, f"{self._rules.label(Column.NARRATIVE)}为空"))
        if len(narrative) > LONGEST_NARRATIVE:
            found.append((Column.NARRATIVE, f"诉求内容超过 {LONGEST_NARRATIVE} 字，请摘要后把全文作为材料"))
        if reason := self._time_error(moment, when):
            found.append((Column.TIME, reason))
        return found

    def _time_error(self, moment: Moment, written: str) -> str | None:
        if moment.problem == Problem.EMPTY:
            return Problem.EMPTY
        impossible = moment.day is not None and moment.day.year < self._rules.earliest_year
        if moment.problem == Problem.IMPOSSIBLE or impossible:
            return f"{Problem.IMPOSSIBLE}（{written}）"
        if moment.day and _later(moment.day, moment.clock, self._exported.at):
            return f"来电时间晚于导出时间（{written}）"
        return None


def _doubts(row: Row, moment: Moment, taken: bool, uscc: Number, rules: Rules) -> Iterator[str]:
    """What an officer should look at in the columns; ``taken``: the employer is from the narrative."""
    yield from row.remarks
    if not row.broken and any(BROKEN in as_text(cell.value) for cell in row.cells.values()):
        yield "含无法识别的字符（乱码），请对照原平台核对"
    if moment.problem == Problem.UNCLEAR or moment.guessed:
        yield Problem.UNCLEAR
    if taken:
        yield "被反映单位取自诉求内容，请核对"
    if uscc.written and not uscc.usable:
        yield "统一社会信用代码校验不符"
    if is_no_headcount(people := row.cell(Column.HEADCOUNT), rules.headcount_words):
        yield f"涉及人数“{as_text(people.value).strip()}”不像人数，没有采用，请核实"


def _later(day: date, at: time | None, exported: datetime) -> bool:
    if at is None:
        return day > exported.date()
    return datetime.combine(day, at, SHANGHAI) > exported


def _word(cell: Cell, rules: Rules) -> str | None:
    text = code_text(cell.value)
    return None if text in rules.blank else text


def _unknown(person: Person, numbers: tuple[Number | Document, ...], rules: Rules) -> bool:
    """Whether nothing says who called: no name, or one for anybody, and no digit of a number."""
    named = person.full or (person.name and not rules.names.nobody.search(person.name))
    return not named and not any(re.search(r"\d", number.written or "") for number in numbers)


def _ref(reading: Reading) -> Ref:
    return Ref(reading.row.sheet, reading.row.number, reading.ticket or "")


def _matter(reading: Reading, proposal: Proposal, signs: RiskSigns, rules: Rules) -> Matter:
    return Matter(
        ref=_ref(reading),
        name=fold_name(reading.person.name) if reading.person.full else None,
        id_number=reading.id_number,
        phone=reading.phone,
        unit=_fold_unit(reading.employer.name, rules),
        unit_named=reading.employer.named,
        uscc=reading.uscc,
        proposal=proposal,
        period=signs.period.period,
        repeats=repeats(reading.narrative, rules),
    )


def _fold_unit(name: str | None, rules: Rules) -> str | None:
    """The name for comparing, the county's own left out: it is in nearly all of them."""
    folded = fold_company(name) or ""
    for home in rules.places.home:
        folded = re.sub(f"^{home}县?", "", folded)
    return folded or None


def _core(reading: Reading) -> tuple[object, ...]:
    """What makes a ticket's content; ``None`` where nothing is said. The platform's own columns do not count."""
    narrative = re.sub(r"[\W_]+", "", tight(reading.narrative))
    return (
        hash(narrative),
        fold_name(reading.person.name),
        reading.id_number,
        reading.phone,
        fold_company(reading.employer.name),
        reading.uscc,
        reading.amount,
        reading.headcount,
        reading.day,
        reading.clock,
    )


def _agree(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Whether nothing that both say differs."""
    return all(a == b for a, b in zip(one, other, strict=True) if a is not None and b is not None)

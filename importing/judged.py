"""What became of one row."""

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from domain.words import LabourRelation, Regime
from importing.figures import least_headcount
from importing.matters import Ref
from importing.narratives import Proposal
from importing.parties import Employer, Person
from importing.plain import as_text
from importing.risk_signs import RiskSigns
from importing.rule_words import Column
from importing.sheets import Row


class Outcome(StrEnum):
    """The five ways a row can go, in order of precedence."""

    ROW_ERROR = "row_error"
    DUPLICATE = "duplicate_of"
    OUT_OF_SCOPE = "out_of_scope"
    NEEDS_SUPPLEMENT = "needs_supplement"
    ACCEPT = "accept"

    @property
    def said(self) -> str:
        """In Chinese."""
        return _SAID[self]


_SAID = {
    Outcome.ROW_ERROR: "有误退回",
    Outcome.DUPLICATE: "疑似重复",
    Outcome.OUT_OF_SCOPE: "建议不予受理",
    Outcome.NEEDS_SUPPLEMENT: "需补正",
    Outcome.ACCEPT: "可受理",
}


class DuplicateKind(StrEnum):
    """``SAME_TICKET`` is certain; ``LIKELY`` is for an officer to confirm."""

    SAME_TICKET = "同单号"
    LIKELY = "疑似同一事项"


@dataclass(frozen=True)
class Reading:
    """A row's columns, normalised. ``unreadable``: the written number of a phone or document that cannot be used.
    ``unchecked``: the kind of a document whose number carries nothing to check. ``ticket_day``: stands in for a day that
    could not be read.
    """

    row: Row
    ticket: str | None
    day: date | None
    clock: time | None
    ticket_day: date | None
    person: Person
    phone: str | None
    id_number: str | None
    employer: Employer
    uscc: str | None
    narrative: str
    headcount: int | None
    amount: Decimal | None
    amount_approximate: bool
    unreadable: dict[Column, str]
    unchecked: str | None
    warnings: tuple[str, ...]
    errors: tuple[tuple[Column, str], ...]


@dataclass(frozen=True)
class Duplicate:
    """The earlier row this one repeats."""

    of: Ref
    kind: DuplicateKind
    basis: tuple[str, ...] = ()


class Registered(NamedTuple):
    """A matter of the ledger that a row most likely tells of again."""

    case_no: str
    basis: tuple[str, ...]


@dataclass(frozen=True)
class Judged:
    """A row and what became of it. ``missing``: columns without which it cannot be accepted, by their names; ``lacking``: the
    same with whether nothing stands there, or nothing that can be used.
    """

    reading: Reading
    outcome: Outcome
    proposal: Proposal = field(default_factory=Proposal)
    signs: RiskSigns = field(default_factory=RiskSigns)
    duplicate: Duplicate | None = None
    registered: Registered | None = None
    missing: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    errors: tuple[tuple[Column, str], ...] = ()
    conflicts_with: Ref | None = None

    @property
    def ref(self) -> Ref:
        """The row itself, for rows that refer to it."""
        return Ref(self.reading.row.sheet, self.reading.row.number, self.reading.ticket or "")

    @property
    def reason(self) -> str:
        """Every error of the row."""
        return "；".join(reason for _, reason in self.errors)

    @property
    def people(self) -> int:
        """How many complain: the column's figure, or a guess by what is written there or in the narrative."""
        if self.reading.headcount and self.reading.headcount > 1:
            return self.reading.headcount
        return max(self.reading.headcount or 1, self.least_people or 1)

    @property
    def least_people(self) -> int | None:
        """The least that a vague head-count, or the narrative, says (30多人: 30); ``None`` when the column has a figure
        of its own or nothing is said.
        """
        if self.reading.headcount and self.reading.headcount > 1:
            return None
        return least_headcount(self.reading.row.cell(Column.HEADCOUNT)) or self.signs.together

    def warnings(self) -> list[str]:
        """What an officer should look at."""
        if self.outcome == Outcome.ROW_ERROR:
            return list(self.reading.warnings)
        return [*self.reading.warnings, *self.proposal.warnings, *self._guessed()]

    def _guessed(self) -> list[str]:
        """The figures and periods that were put together."""
        guessed: list[str] = []
        if least := self.least_people:
            written = as_text(self.reading.row.cell(Column.HEADCOUNT).value).strip()
            guessed.append(f"涉及人数“{written or '未填'}”，按字样暂按至少 {least} 人，请核对")
        signs, period = self.signs, self.signs.period.period
        if signs.period.guessed:
            guessed.append(f"所属期暂推定为 {period.from_} 至 {period.to or '今'}，请核对")
        if signs.old and self.outcome != Outcome.OUT_OF_SCOPE:
            guessed.append(f"所属期止 {period.to} 距来电已逾时效年限（N6）：须转法制审核，不得据此不予受理")
        return guessed

    def notes(self) -> list[str]:
        """What else an operator should know: why a number is no good, and what was put together. No number itself."""
        said = self.reading
        notes = ["证件号码校验不符"] if Column.ID_NUMBER in said.unreadable else []
        if said.unchecked:
            notes.append(f"{said.unchecked}没有校验位，只核对了格式")
        if said.ticket_day and self.outcome != Outcome.ROW_ERROR:
            notes.append(from_ticket(said.ticket_day))
        return notes


def from_ticket(day: date) -> str:
    """That a day was taken from the ticket's number."""
    return f"来电日期暂按工单编号推定为 {day}"


def as_json(judged: Judged, labels: dict[Column, str]) -> dict[str, Any]:
    """The row under the keys of the exchange format; what does not apply is left out."""
    said, seen = judged.reading, judged.proposal
    found: dict[str, Any] = {
        "row": said.row.number,
        "ticket": said.ticket,
        "outcome": judged.outcome.value,
        "dispute_types": list(seen.types),
        "insurance_kinds": list(seen.kinds),
        "regime": "城乡居民" if seen.regime == Regime.RESIDENT else seen.regime,
        "amount": _plain(said.amount),
        "received_date": said.day.isoformat() if said.day else None,
        "received_time": f"{said.clock:%H:%M}" if said.clock else None,
        "headcount": said.headcount,
        "phone": said.phone,
        "id_number": said.id_number,
    }
    if warnings := judged.warnings():
        found["warnings"] = warnings
    if notes := judged.notes():
        found["notes"] = notes
    if said.amount_approximate:
        found["amount_approximate"] = True
    found |= _signs(judged)
    if judged.duplicate:
        of = judged.duplicate.of
        found["duplicate_of"] = {"row": of.row, "ticket": of.ticket, "kind": judged.duplicate.kind.value}
        if of.sheet != said.row.sheet:
            found["duplicate_of"]["sheet"] = of.sheet
    elif judged.registered:
        known = {"case_no": judged.registered.case_no, "basis": list(judged.registered.basis)}
        found["duplicate_of"] = {"kind": DuplicateKind.LIKELY.value} | known
    if seen.redirect:
        found |= {"code": seen.redirect.code, "redirect": seen.redirect.redirect}
    if judged.missing:
        found |= {"missing": list(judged.missing), "lacking": list(judged.lacking)}
    if judged.errors:
        found |= {"column": "；".join(labels[c] for c, _ in judged.errors), "reason": judged.reason}
    if judged.conflicts_with:
        found["conflicts_with_row"] = judged.conflicts_with.row
    return found


def _signs(judged: Judged) -> dict[str, Any]:
    """What was read for the risk level, all of it guesses, and the two readings of a row that is unsure."""
    if judged.outcome == Outcome.ROW_ERROR:
        return {}
    signs, seen = judged.signs, judged.proposal
    period = signs.period.period
    told: dict[str, Any] = {
        "detail": seen.detail,
        "candidates": [candidate._asdict() for candidate in seen.candidates],
        "undecided": seen.vague and not seen.redirect,
        "special_groups": list(signs.special_groups),
        "respondent_status": signs.status if signs.status != "正常" else None,
        "labour_relation": signs.relation if signs.relation != LabourRelation.UNKNOWN else None,
        "headcount_at_least": judged.least_people,
        "period": {"from": period.from_, "to": period.to} if period.from_ else None,
        "period_guessed": signs.period.guessed,
        "flags": ["N6→法制审核"] if signs.old else [],
        "guessed_from": list(signs.words),
    }
    return {key: value for key, value in told.items() if value}


def _plain(amount: Decimal | None) -> int | float | None:
    if amount is None:
        return None
    return int(amount) if amount == int(amount) else float(amount)

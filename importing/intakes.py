"""A judged row as a registration (登记). Whatever was put together rather than read is named in its proposal."""

import re
from datetime import datetime, time
from typing import Any

from domain.cautions import registering
from domain.intake import (
    Applicant,
    Claim,
    Indicators,
    Intake,
    Period,
    Petition,
    PublicOpinion,
    Respondent,
)
from domain.masking import names_somebody
from domain.numbers import wrong_numbers
from domain.plausible import period_fault
from domain.policy import Policy
from domain.words import SHANGHAI, ClaimType, Insurance
from importing.exported import ExportTime
from importing.judged import DuplicateKind, Judged, Outcome, Reading, from_ticket
from importing.plain import as_text
from importing.rule_words import Column
from importing.rules import Rules

_SHORTEST_FIRM = 4
_KEPT_IN_PLACE = {Column.TICKET, Column.NAME, Column.PHONE, Column.ID_NUMBER, Column.UNIT, Column.NARRATIVE}
"""Columns with a place of their own in the registration; the others are kept as remarks, as written."""


class IntakeMaker:
    """Makes registrations of one export's rows."""

    def __init__(self, rules: Rules, policy: Policy, exported: ExportTime) -> None:
        self._rules = rules
        self._policy = policy
        self._exported = exported

    def make(self, judged: Judged) -> Intake:
        """The row's registration. Raises ValueError for a row in error, which has none."""
        said = judged.reading
        if judged.outcome == Outcome.ROW_ERROR or not said.ticket:
            raise ValueError("a row in error is not registered")
        notes: list[str] = []
        received_at = self._received(said, notes)
        made = self._made(judged, received_at, notes)
        notes += (caution.message for caution in registering(made, self._exported.at))
        kept = {"unconfirmed": [field for field, _ in wrong_numbers(made)]}
        return made.model_copy(update=kept | {"proposal": self._proposal(judged, notes)})

    def _made(self, judged: Judged, received_at: datetime, notes: list[str]) -> Intake:
        said = judged.reading
        assert said.ticket
        return Intake(
            channel=self._rules.channel,
            received_by=self._policy.unit("center"),
            source_no=said.ticket,
            received_at=received_at,
            applicant=_applicant(judged, notes),
            respondents=_respondents(said),
            narrative=said.narrative,
            claims=_claims(judged, received_at, notes),
            indicators=_indicators(judged, notes),
            remarks=self._remarks(said),
        )

    def _received(self, said: Reading, notes: list[str]) -> datetime:
        """The call's moment; of a day alone its beginning; else the ticket's day, or the export's."""
        day = said.day or said.ticket_day or self._exported.at.date()
        if said.day is None:
            unknown = f"来电日期不明，暂记为导出日 {day}，请核实"
            notes.append(from_ticket(day) if said.ticket_day else unknown)
        return datetime.combine(day, said.clock or time(), SHANGHAI)

    def _proposal(self, judged: Judged, notes: list[str]) -> str | None:
        proposed = _proposed(judged)
        if redirect := judged.proposal.redirect:
            ground = self._policy.refusals.get(redirect.code)
            name = f"（{ground.name}）" if ground else ""
            why = judged.proposal.why
            proposed = f"建议不予受理 {redirect.code}{name}：{why}；正确途径：{redirect.redirect}"
        parts = [p for p in (proposed, *judged.warnings(), *notes) if p]
        return "；".join(parts) or None

    def _remarks(self, said: Reading) -> dict[str, Any]:
        """What else stood in the row, as it stood there."""
        kept = {
            self._rules.label(column): text
            for column, cell in said.row.cells.items()
            if column not in _KEPT_IN_PLACE and (text := as_text(cell.value).strip())
        }
        return {"导入": {**kept, **said.row.others, "行": said.row.number}}


def _proposed(judged: Judged) -> str | None:
    if again := judged.duplicate:
        basis = f"（{'、'.join(again.basis)}）" if again.basis else ""
        return f"建议并案：{again.kind}，见工单 {again.of.ticket}{basis}"
    if known := judged.registered:
        return f"建议并案：{DuplicateKind.LIKELY}，见{known.case_no}（{'、'.join(known.basis)}）"
    return f"建议补正：{'、'.join(judged.missing)}" if judged.missing else None


def _applicant(judged: Judged, notes: list[str]) -> Applicant:
    said, people = judged.reading, judged.people
    for column, name in ((Column.PHONE, "来电号码"), (Column.ID_NUMBER, "证件号码")):
        if column in said.unreadable:
            notes.append(f"{name}校验不符，系原样登记")
    town = as_text(said.row.cell(Column.TOWN).value).strip()
    return Applicant(
        name=said.person.name,
        id_number=said.id_number or said.unreadable.get(Column.ID_NUMBER),
        phone=said.phone or said.unreadable.get(Column.PHONE),
        address=town or None,
        is_group=people > 1,
        headcount=people,
        anonymous=said.person.anonymous,
    )


def _respondents(said: Reading) -> list[Respondent]:
    if not said.employer.name:
        return []
    own = said.person.firm and said.uscc == said.id_number
    wrong = said.unreadable.get(Column.USCC)
    note = f"统一社会信用代码原文 {wrong}，校验不符" if wrong else None
    town = _place(said)
    names = [name.strip() for name in re.split(r"[、;；/]", said.employer.name)]
    if len(names) > 1 and all(len(name) >= _SHORTEST_FIRM for name in names):
        return [Respondent(name=name, town=town) for name in names]
    return [Respondent(name=said.employer.name, uscc=None if own else said.uscc, town=town, note=note)]


def _place(said: Reading) -> str | None:
    """The town, unless somebody's name or number stands there: lists show it as it is."""
    town = as_text(said.row.cell(Column.TOWN).value).strip()
    return None if not town or names_somebody(town) or town == said.person.name else town


def _lawful(claim: Claim, received_at: datetime, notes: list[str]) -> Claim:
    """The claim with as much of its period as can be right: about the rest the caller is asked."""
    if (found := period_fault(claim, received_at)) is None:
        return claim
    if (said := f"诉求内容中的{found[1]}，没有采用，请核实") not in notes:
        notes.append(said)
    begun = claim.model_copy(update={"period": claim.period.model_copy(update={"to": None})})
    return claim.model_copy(update={"period": Period()}) if period_fault(begun, received_at) else begun


def _claims(judged: Judged, received_at: datetime, notes: list[str]) -> list[Claim]:
    """One sub-item for each 险种 and type; without a type where two are possible and neither is told by the words. A sum
    is given for all of them and divided by nobody.
    """
    said, seen = judged.reading, judged.proposal
    if said.amount_approximate:
        notes.append("涉及金额为约数")
    if not seen.types and not seen.kinds:
        return [Claim(no="1", amount=said.amount, note=seen.why or None)]
    told = judged.signs.period
    kinds: list[Insurance | None] = [*seen.kinds] or [None]
    types: list[ClaimType | None] = [None] if seen.vague or not seen.types else [*seen.types]
    lines = [(kind, type_) for type_ in types for kind in kinds]
    if len(lines) > 1 and said.amount is not None:
        notes.append(f"涉及金额为 {len(lines)} 个子项合计，未分列，记在第 1 项")
    claims = [
        Claim(
            no=str(n),
            insurance=kind,
            regime=seen.regime,
            type=type_,
            period=told.period,
            amount=said.amount if n == 1 else None,
            detail=seen.detail if type_ == ClaimType.OTHER_LEVY else None,
        )
        for n, (kind, type_) in enumerate(lines, start=1)
    ]
    return [_lawful(claim, received_at, notes) for claim in claims]


def _indicators(judged: Judged, notes: list[str]) -> Indicators:
    """The officer's indicators, filled in from the caller's words; every one found is named as found so."""
    signs = judged.signs
    if signs.words:
        notes.append(f"风险指标按诉求字样预填（{'；'.join(signs.words)}），系推测，请核对")
    return Indicators(
        labour_relation=signs.relation,
        special_groups=list(signs.special_groups),
        respondent_status=signs.status,
        public_opinion=PublicOpinion(present=bool(signs.opinion), facts=signs.opinion),
        petition=Petition(beyond_level=signs.beyond_level, extreme_words=signs.extreme, facts=signs.petition),
    )

"""更正当事人信息 (个人信息保护法第四十六条): by whoever may know who that is; the record keeps what was there."""

from typing import Any

from pydantic import ValidationError

from domain import numbers
from domain.actions import Act
from domain.actions.parties import CONSENT, CorrectParty
from domain.decide import parts
from domain.decide.common import is_concerned, require_usable
from domain.decide.registry import handles
from domain.decide.viewing import may_look
from domain.declined import Declined
from domain.draft import Draft
from domain.intake import APPLICANT, FIRM, MEMBER
from domain.meanings import handling as m
from domain.parties import corrected, party
from domain.wording import reason_of

_OF_FIRM = {"phone": "contact_phone"}
"""What a firm's answers are called in the registration."""
_SAID = ("name", "id_number", "uscc", "contact", "phone", "address", "told_by", "online", "language")
_CONSENTS = ("told_by", "online")


def correctable(draft: Draft) -> list[str]:
    """Whose data the acting unit may put right; a reporter who stays hidden is not in the matter."""
    facts = draft.d.facts
    knows = may_look(draft, "parties") or (
        parts.has_any(draft, (parts.RECEIVED,)) and not draft.d.confidential
    )
    applicant = knows and not facts.applicant.anonymous
    return [
        *([APPLICANT] if applicant else []),
        *([FIRM] if facts.respondents else []),
        *([MEMBER] if applicant and facts.applicant.members else []),
    ]


def _may_correct(draft: Draft) -> None:
    if not correctable(draft):
        raise Declined("hidden", "本案没有可以由本单位更正的当事人；匿名或要求保密的，身份不在案件中")


@handles(CorrectParty, _may_correct)
def correct_party(draft: Draft, act: Act, body: CorrectParty) -> None:
    """Put it right, and look again for matters that this one looks like."""
    if body.whose not in correctable(draft):
        raise Declined("hidden", f"{body.whose}的身份不在案件中，或本单位不能查看，不能更正", "whose")
    place, values = _place(draft, body), _values(body)
    try:
        after = corrected(draft.d.facts, body.whose, place, values)
    except ValidationError as error:
        raise Declined("not_possible", reason_of(error.errors(include_input=False)[0]), "name") from None
    _require_change(draft, body, place, values)
    if body.whose == FIRM:
        _require_other_hands(draft, body.name)
    draft.record(
        body,
        m.PartyCorrected(whose=body.whose, place=place, values=values, duplicates=draft.alike(after)),
    )


def _place(draft: Draft, body: CorrectParty) -> int:
    place = {FIRM: body.respondent, MEMBER: body.member}.get(body.whose) or 0
    try:
        party(draft.d.facts, body.whose, place)
    except LookupError:
        field = "respondent" if body.whose == FIRM else "member"
        raise Declined("unknown_party", "登记中没有这一项，请从所列的选择", field) from None
    return place


def _values(body: CorrectParty) -> dict[str, Any]:
    """What is to be written, by its name in the registration; numbers are checked as at registration."""
    firm = body.whose == FIRM
    fault = numbers.filer_fault if body.whose == APPLICANT else numbers.document_fault
    require_usable("id_number", body.id_number, fault)
    require_usable("uscc", body.uscc, numbers.credit_code_fault)
    require_usable("phone", body.phone, numbers.phone_fault)
    given = {name: value for name in _SAID if (value := getattr(body, name)) is not None}
    if not given:
        raise Declined("nothing", "请至少填写一项要更正的内容", "name")
    if body.reason == CONSENT and not any(name in given for name in _CONSENTS):
        raise Declined("nothing", "撤回或变更同意的，请选择现在同意怎样通知、是否同意电子送达", "told_by")
    return {_OF_FIRM.get(name, name) if firm else name: value for name, value in given.items()}


def _require_change(draft: Draft, body: CorrectParty, place: int, values: dict[str, Any]) -> None:
    """Whether anything differs is told to whoever may see it alone: others would learn by it what is registered."""
    was = party(draft.d.facts, body.whose, place)
    if may_look(draft, "parties") and all(getattr(was, name) == value for name, value in values.items()):
        raise Declined("nothing", "所填内容与登记的相同，没有要更正的", "name")


def _require_other_hands(draft: Draft, name: str | None) -> None:
    """A matter is in the hands of no unit that it is about."""
    d = draft.d
    if name is None:
        return
    handling = dict.fromkeys(filter(None, (d.center, d.lead, *d.co, *(t.unit for t in d.open_tasks()))))
    if own := next(
        (u for u in handling if draft.policy.names_unit(name, u) and not is_concerned(draft, u)), None
    ):
        raise Declined("concerned", f"{own}正在承办本案，请先改由其他单位承办，再更正", "name")

"""When something can have been done: not after today, and not before what it comes after."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, cast

from domain.actions import Action
from domain.actions.days import Begun, Since, past, told
from domain.actions.execution import DemandPerformance
from domain.actions.form import Asked, Months
from domain.actions.papers import ServePaper
from domain.decide.rights import WAITING
from domain.declined import Declined
from domain.draft import Draft
from domain.intake import ClaimNo
from domain.words import SHANGHAI

FIRST_PREMIUMS = date(1986, 10, 1)
"""国营企业实行劳动合同制暂行规定 in force: before it no premium was owed by anybody."""


class Earliest(NamedTuple):
    """The first day on which it can have been done, and why."""

    day: date
    why: str


def faults(draft: Draft, body: Action) -> Iterator[Declined]:
    """What is wrong with the days and months told as past in a form."""
    today = draft.now.astimezone(SHANGHAI).date()
    for one, since in past(body):
        first = earliest(draft, since, body)
        if one.day > today:
            yield Declined("future", f"{one.title}不能晚于今天（{today}）", one.place)
        elif one.day < first.day:
            said = f"{one.title}不能早于 {first.day}（{first.why}），请核对年月日"
            yield Declined("too_long_ago", said, one.place)
    for one in told(body):
        last = one.value.to if isinstance(one.value, Months) else str(one.value)
        if isinstance(one.mark, Begun) and last > f"{today:%Y-%m}":
            yield Declined("future", f"{one.title}不能晚于本月（{today:%Y-%m}），请核对年月", one.place)


def earliest(draft: Draft, since: Since, body: Action | None = None) -> Earliest:
    """Before what it cannot have been. ``body``: the form as it is filled in; without it, of the claims at large."""
    return _SINCE[since](draft, body) or _received(draft, body)


Find = Callable[[Draft, Action | None], Earliest | None]


def _received(draft: Draft, body: Action | None) -> Earliest:
    return Earliest(min(_day(s.received_at) for s in draft.d.sources), "收件之日")


def _day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def _claims(draft: Draft, body: Action | None) -> Earliest:
    """The first month of the claims that the form names, the latest of them; of all claims, the earliest, where it names none."""
    begun = {c.no: c.period.from_ for c in draft.d.facts.claims}
    named = _named(body) if body else []
    known = sorted(month for no in named or begun if (month := begun.get(no)))
    if not known or (not named and len(known) < len(begun)):
        return Earliest(FIRST_PREMIUMS, "社会保险费开始征缴之日")
    month = known[-1 if named else 0]
    return Earliest(date.fromisoformat(f"{month}-01"), f"所属期自 {month} 起")


def _named(model: Asked) -> list[ClaimNo]:
    """The claims that a form, or a row of it, names."""
    own: object = getattr(model, "claim", None)
    named = [own] if isinstance(own, str) else list[ClaimNo]()
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, list):
            rows = cast("list[Any]", value)
            named += [no for row in rows if isinstance(row, Asked) for no in _named(row)]
    return named


def _since(find: Callable[[Draft], datetime | date | None], why: str) -> Find:
    def bound(draft: Draft, body: Action | None) -> Earliest | None:
        found = find(draft)
        day = _day(found) if isinstance(found, datetime) else found
        return day and Earliest(day, why)

    return bound


def _served(draft: Draft, body: Action | None) -> Earliest | None:
    """A demand is served after the order that it presupposes."""
    orders = [_day(c.starts_at) for c in draft.d.clocks.values() if c.rule_id == "order_final"]
    demands = isinstance(body, DemandPerformance)
    return Earliest(orders[-1], "责令限期缴纳送达之日") if demands and orders else None


def _issued(draft: Draft, body: Action | None) -> Earliest | None:
    papers = draft.d.documents
    if not isinstance(body, ServePaper) or not body.paper <= len(papers):
        return None
    issued = papers[body.paper - 1].issued
    return issued and Earliest(_day(issued.at), "文书制发之日")


def _waited(draft: Draft) -> date | None:
    waits = [c.due_on for c in draft.d.clocks.values() if c.rule_id == WAITING and not c.lapsed]
    return waits[-1] + timedelta(days=1) if waits else None


_SINCE: dict[Since, Find] = {
    "received": _received,
    "claims": _claims,
    "decided": _since(lambda draft: draft.d.disposed_at or draft.d.guided_at, "形成处置意见或指引之日"),
    "refused": _since(lambda draft: draft.d.refused_at, "决定不予受理之日"),
    "transferred": _since(lambda draft: draft.d.transferred_at, "决定移送之日"),
    "told": _since(lambda draft: draft.d.informed_on, "告知结果之日"),
    "asked_above": _since(lambda draft: draft.d.reported_up_at, "提请上级协调之日"),
    "order": _served,
    "waited": _since(_waited, "催告送达满十个工作日的次日"),
    "signed": _since(lambda draft: draft.d.mediation and draft.d.mediation.signed_on, "协议签订之日"),
    "applied": _since(lambda draft: draft.d.mediation and draft.d.mediation.applied_on, "申请司法确认之日"),
    "issued": _issued,
}

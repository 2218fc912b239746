"""What the statistics count of a matter, as a pure function of its state and of the policy it is pinned to.

No name and no number of a person: amounts, counts, moments, units, towns, industries.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Table

from domain.calendar import WorkCalendar
from domain.deadlines import Deadline
from domain.dispute import Dispute
from domain.outcome import late_fees, level_changed, performed, recognised
from domain.policy import Policy
from domain.retention import due_on
from domain.shares import Sums, sums_of_claims
from domain.state import Call, DispatchRecord, Task
from domain.tasks import TaskKind
from domain.words import SHANGHAI, MatterKind, Satisfaction, Stage
from ledger.read_tables import measure_items, measures

Row = dict[str, Any]
Policies = Callable[[str], Policy]
"""A policy by its version; asked only when something is counted by it."""

DISPATCH, VOTE, RESOLUTION = "派单", "评价", "议定事项"
YELLOW, RED = "黄牌", "红牌"
QUESTIONS = tuple(f"回访第{n}问" for n in range(1, 9))
MOST_TOPICS = 20
"""Answers that one question of one callback can have; a row is numbered by both."""
RETURNED, WITHDRAWN = "退单", "撤销"
UNKNOWN = "未填写"
"""Stands for what nobody filled in, in slices and distributions alike."""
_DECIDED = (Stage.DISPOSED, Stage.GUIDANCE)
"""Stages whose entry is the lead's answer to its dispatch."""


def measured(d: Dispute, since: Dispute, policies: Policies) -> dict[Table, list[Row]]:
    """The rows of a matter that are not what they were in an earlier state."""
    if d.intake is None:
        return {}
    moving = _moving(d, policies)
    same = since.intake is d.intake and moving == _moving(since, policies)
    return {
        measures: [] if same else [{**_fixed(d), **moving}],
        measure_items: [_item(d, item) for item in _items(d, since, policies)],
    }


def _fixed(d: Dispute) -> Row:
    """What the registration says."""
    facts = d.facts
    told = [c for c in facts.claims if c.insurance or c.type]
    return {
        "dispute_id": d.id,
        "county": d.county,
        "registered_at": facts.received_at,
        "was_lead": facts.kind == MatterKind.LEAD,
        "channel": facts.channel.value,
        "types": _once(c.type or UNKNOWN for c in facts.claims) or [UNKNOWN],
        "insurances": _once(c.insurance or UNKNOWN for c in facts.claims) or [UNKNOWN],
        "subjects": _once(f"{c.insurance or ''}/{c.type or ''}" for c in told),
        "towns": _once(r.town for r in facts.respondents) or [UNKNOWN],
        "industries": _once(r.industry for r in facts.respondents) or [UNKNOWN],
        "grouped": d.group,
        "headcount": facts.applicant.headcount,
        "claimed": facts.claimed,
    }


def _moving(d: Dispute, policies: Policies) -> Row:
    """What becomes of it."""
    return {
        "merged": d.merged_into is not None,
        "converted": d.was_lead,
        "decided_at": d.accepted_at or d.refused_at,
        "accepted": d.accepted_at is not None,
        "lead": d.lead,
        "co": _once(d.co),
        "level": d.level,
        "level_changed": level_changed(d),
        "disposed_at": d.disposed_at,
        "recognised": recognised(d),
        "paid": d.paid,
        "late_fee": late_fees(d),
        "claims": _claims(d),
        "closed_at": d.closed_at,
        "repeat_until": _repeat_until(d, policies),
        "guided": d.guided_at is not None,
        "reopened": d.rehandled > 0,
        "destroy_on": due_on(d, policies(d.policy_version)) if d.archived_at else None,
        **_whole(d),
        **_mediation(d),
        **_callback(d),
    }


def _once(words: Iterable[str | None]) -> list[str]:
    return [*dict.fromkeys(str(word) for word in words if word)]


def _claims(d: Dispute) -> list[dict[str, str]]:
    """The sums of a matter's claims, those of one 争议类型 and 险种 together."""
    kinds = {c.no: (str(c.type or UNKNOWN), str(c.insurance or UNKNOWN)) for c in d.facts.claims}
    found: dict[tuple[str, str], Sums] = {}
    for no, sums in sums_of_claims(d).items():
        kind = kinds.get(no, (UNKNOWN, UNKNOWN))
        found[kind] = found.get(kind, Sums()).plus(sums)
    return [
        {
            "type": type_,
            "insurance": insurance,
            **{name: f"{yuan:.2f}" for name, yuan in sums._asdict().items()},
        }
        for (type_, insurance), sums in found.items()
    ]


def _repeat_until(d: Dispute, policies: Policies) -> datetime | None:
    if d.closed_at is None:
        return None
    return d.closed_at + timedelta(days=policies(d.policy_version).statistics.repeat_days)


def falls_due(clock: Deadline) -> datetime | None:
    """When a clock falls due; ``None`` while it stands still, or when it was given up before it was due."""
    if clock.is_paused:
        return clock.due_at if clock.overdue_at(clock.due_at) else None
    if clock.lapsed and not _overran(clock):
        return None
    return clock.due_at


def _overran(clock: Deadline) -> bool:
    stood_still = clock.pauses and clock.pauses[-1].to is None
    ended = clock.pauses[-1].from_ if stood_still else clock.stopped_at
    return ended is not None and ended > clock.due_at


def _last(d: Dispute, *rule_ids: str) -> Deadline | None:
    found = [c for c in d.clocks.values() if c.rule_id in rule_ids]
    return found[-1] if found else None


def _whole(d: Dispute) -> Row:
    """The whole-dispute clock in force: when it falls due, and whether it was kept (``None`` while it runs)."""
    clock = _last(d, *d.totals)
    if clock is None:
        return {"due_at": None, "in_time": None}
    in_time = None if clock.is_open else clock.result == "met"
    return {"due_at": falls_due(clock), "in_time": in_time}


def _mediation(d: Dispute) -> Row:
    m = d.mediation
    return {
        "mediated_at": (m.agreed_at or m.failed_at) if m else None,
        "agreed": bool(m and m.agreed_at),
        "perform_by": _perform_by(d),
        "performed": bool(performed(d)),
    }


def _perform_by(d: Dispute) -> datetime | None:
    """When an agreement must have been performed: its last instalment's day, else when execution falls due."""
    if d.mediation is None or d.mediation.agreed_at is None:
        return None
    if d.mediation.instalments:
        last = max(part.due for part in d.mediation.instalments)
        return datetime.combine(last, time(23, 59, 59), SHANGHAI)
    clock = _last(d, "execution")
    return falls_due(clock) if clock else None


def _callback(d: Dispute) -> Row:
    calls = {t.id for t in d.tasks.values() if t.kind == TaskKind.CALLBACK}
    clock = next((c for c in d.clocks.values() if c.task_id in calls), None)
    reached = any(c.satisfaction and c.satisfaction != Satisfaction.UNREACHED for c in d.calls)
    return {"call_by": falls_due(clock) if clock else None, "answered": reached}


def _item(d: Dispute, item: Row) -> Row:
    blank = dict.fromkeys(("role", "at", "done_at", "result", "working_days"))
    return {"dispute_id": d.id, "county": d.county, "merged": d.merged_into is not None, **blank, **item}


def _items(d: Dispute, since: Dispute, policies: Policies) -> Iterator[Row]:
    """What is counted one by one and is not what it was; everything, when the matter was merged meanwhile."""
    if since.merged_into != d.merged_into:
        since = Dispute(id=d.id)
    yield from _dispatches(d, since, policies)
    for no, call in enumerate(d.calls[len(since.calls) :], 1 + len(since.calls)):
        if call.satisfaction and call.satisfaction.is_vote:
            said = call.satisfaction.value
            yield {"kind": VOTE, "no": no, "unit": d.center, "at": call.at, "result": said}
        yield from _answers(d, no, call)
    yield from _cards(d, since)
    known = _resolutions(since)
    yield from (item for no, item in _resolutions(d).items() if known.get(no) != item)


def _cards(d: Dispute, since: Dispute) -> Iterator[Row]:
    """黄牌、红牌; a withdrawn one is kept as such, and counted nowhere."""
    known = {c.no: c for c in since.cards}
    for card in d.cards:
        if known.get(card.no) is not card:
            result = None if card.stands else WITHDRAWN
            yield {"kind": card.card, "no": card.no, "unit": card.unit, "at": card.at, "result": result}


def _answers(d: Dispute, no: int, call: Call) -> Iterator[Row]:
    """Every question's answers, refused ones too: a row each."""
    for number, kind in enumerate(QUESTIONS, start=1):
        for place, said in enumerate(call.answers.get(str(number), [])):
            row = {"kind": kind, "no": no * MOST_TOPICS + place, "unit": d.center, "at": call.at}
            yield row | {"result": said}


def _resolutions(d: Dispute) -> dict[int, Row]:
    if not d.resolutions:
        return {}
    tasks = {t.ref: t.id for t in d.tasks.values() if t.kind == "resolution"}
    clocks = {c.task_id: c for c in d.clocks.values() if c.rule_id == "resolution"}
    found: dict[int, Row] = {}
    for no, item in d.resolutions.items():
        clock = clocks.get(tasks.get(str(no)))
        due = falls_due(clock) if clock else None
        found[no] = {"kind": RESOLUTION, "no": no, "unit": item.unit, "at": due, "done_at": item.done_at}
    return found


def _dispatches(d: Dispute, since: Dispute, policies: Policies) -> Iterator[Row]:
    """An answer once given keeps its days, so only what changed is counted."""
    for no, record in enumerate(d.dispatches, 1):
        answered = _answered_at(d, record)
        old = since.dispatches[no - 1] if no <= len(since.dispatches) else None
        if old is record and _answered_at(since, record) == answered:
            continue
        days = None
        if answered:
            days = working_days(policies(d.policy_version).calendar, record.at, answered, _stood_still(d))
        yield {
            "kind": DISPATCH,
            "no": no,
            "unit": record.unit,
            "role": record.role,
            "at": record.at,
            "done_at": answered,
            "result": record.result,
            "working_days": days,
        }


def _answered_at(d: Dispute, record: DispatchRecord) -> datetime | None:
    """反馈: the lead's when the matter is disposed of, a helping unit's when it gave its opinion or was heard."""
    if record.result == RETURNED:
        return None
    task = d.tasks[record.task_id]
    if record.role == "主办":
        deciding = {v.action_id for v in d.route_taken if v.stage in _DECIDED}
        return task.closed_at if task.closed_by in deciding else None
    return min(_heard(d, task), default=None)


def _heard(d: Dispute, task: Task) -> Iterator[datetime]:
    for clock in d.clocks.values():
        if clock.rule_id == "opinion" and clock.task_id == task.id and clock.stopped_at and not clock.lapsed:
            yield clock.stopped_at
    for opinion in d.opinions:
        still_its = task.closed_at is None or opinion.at <= task.closed_at
        if opinion.unit == task.unit and opinion.at >= task.opened_at and still_its:
            yield opinion.at


Span = tuple[datetime, datetime | None]


def _stood_still(d: Dispute) -> set[Span]:
    """The pauses of the whole-dispute clocks (中止); 补正 comes before any dispatch."""
    return {(p.from_, p.to) for c in d.clocks.values() if c.rule_id in d.totals for p in c.pauses}


def working_days(calendar: WorkCalendar, first: datetime, last: datetime, pauses: Iterable[Span]) -> int:
    """Working days after the first day up to the last, less those on which the matter stood still."""
    begins, ends = _day(first), _day(last)
    still = [(_day(from_), _day(to) if to else ends) for from_, to in pauses]
    days = (begins + timedelta(days=n) for n in range(1, (ends - begins).days + 1))
    return sum(calendar.is_working(day) and not any(from_ < day <= to for from_, to in still) for day in days)


def _day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()

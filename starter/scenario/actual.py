"""What came of a story, in the words of the scenario format; taken from the ledger's events alone."""

from collections.abc import Callable
from typing import Any

from domain.deadlines import Deadline
from domain.dispute import Dispute
from domain.events import AlarmFired, Event, Noted
from domain.outcome import attempts, figures, handling
from domain.words import MatterKind, Satisfaction


class Story:
    """The matters of one story, each with its events: the main one first."""

    def __init__(
        self, main: Dispute, events: list[Event], others: list[Dispute], leads: list[Dispute]
    ) -> None:
        self.main = main
        self.events = events
        self.others = others
        self.leads = leads


def actual(story: Story, keys: list[str]) -> dict[str, Any]:
    """The values under these keys of ``expected``; ``None`` under a key the ledger knows nothing of."""
    return {key: _VALUES[key](story) if key in _VALUES else None for key in keys}


def _acceptance(s: Story) -> dict[str, Any]:
    d = s.main
    if d.refused_at:
        codes = d.refusals
        lead = bool(d.spawned)
        decision = "不予受理（转线索）" if lead else "不予受理并移送"
        return {"decision": decision, "code": codes[0] if len(codes) == 1 else codes}
    return {"decision": "受理" if d.accepted_at else None, "code": None}


def _risk(s: Story) -> dict[str, Any]:
    d = s.main
    if d.accepted_at is None:
        return {"suggested": None, "confirmed": None, "final": None, "triggers": []}
    risk: dict[str, Any] = {
        "suggested": d.suggested,
        "confirmed": d.confirmed,
        "final": d.level,
        "triggers": [t.text for t in d.triggers],
    }
    if d.overrides:
        last = d.overrides[-1]
        risk["override"] = {
            "old": last.old,
            "new": last.new,
            "by": last.by,
            "needs_approval": last.needs_approval,
            "approved": last.approved,
            "reason_code": last.reason_code,
            "retained_in_audit": True,
        }
    return risk


def _callback(s: Story) -> dict[str, Any]:
    answers = [c for c in s.main.calls if c.satisfaction]
    last = answers[-1].satisfaction if answers else None
    return {
        "result": last or "不适用",
        "attempts": attempts(s.main),
        "history": [c.satisfaction for c in answers],
        "sms_sent": any(c.method == "短信" for c in s.main.calls),
        "counts_as_completed": last is not None and last != Satisfaction.UNREACHED,
        "counts_as_rating": last is not None and last.is_vote,
    }


def _step(action_id: str | None) -> str | None:
    return f"step {action_id.rsplit('#', 1)[1]}" if action_id and "#" in action_id else None


def _sub_items(s: Story) -> list[dict[str, Any]]:
    return [
        {
            "no": item.no,
            "lead": item.lead,
            "co": item.co,
            "conclusion": item.conclusion,
            "status": "办结" if item.closed_at else "在办",
            "closed_by_step": int(step.split()[1]) if (step := _step(item.closed_by)) else None,
        }
        for item in s.main.sub_items.values()
    ]


def _merge(s: Story) -> dict[str, Any] | None:
    child = next((o for o in s.others if o.merged_into), None)
    if child is None:
        return None
    return {
        "parent_source": child.merged_into,
        "child_source": child.facts.source_no,
        "code": "N10",
        "governing_registration": min(x.received_at for x in s.main.sources).isoformat(),
        "counted": sum(o.accepted_at is not None and not o.merged_into for o in (s.main, *s.others)),
    }


def _dispatch_history(s: Story) -> list[dict[str, Any]]:
    return [
        {"unit": r.unit, "role": r.role, "result": r.result}
        | ({"reason_code": r.reason_code} if r.reason_code else {})
        for r in s.main.dispatches
    ]


def _spawned(s: Story) -> list[dict[str, Any]]:
    return [
        {
            "kind": "线索",
            "unit": spawn.to[0],
            "units": spawn.to,
            "linked_to_original": True,
            "reporter_identity": "隔离，不随线索下发",
        }
        for spawn in s.main.spawned
    ]


def _person_lines(s: Story) -> dict[str, Any]:
    formal = [o.body for o in s.main.opinions if o.formal and o.body.supported_lines is not None]
    last = formal[-1] if formal else None
    applicant = s.main.facts.applicant
    return {
        "total": len(applicant.members) or applicant.headcount,
        "supported": last.supported_lines if last else None,
        "not_supported": last.not_supported_lines if last else None,
    }


def _counter_claim(s: Story) -> dict[str, Any] | None:
    if not s.main.facts.counter_claims:
        return None
    return {"attached": True, "handled": "补缴后另循仲裁、诉讼", "set_off": False}


def _documents(s: Story) -> list[dict[str, Any]]:
    papers: list[dict[str, Any]] = []
    for matter in (s.main, *s.others):
        for p in matter.documents:
            paper: dict[str, Any] = {"name": p.name, "issuer": p.issuer, "to": p.to}
            if p.fields.get("answers_sources"):
                paper["answers_sources"] = p.fields["answers_sources"]
            if p.fields.get("说明"):
                paper["note"] = p.fields["说明"]
            if matter is not s.main:
                paper["case"] = 2 + s.others.index(matter)
            papers.append(paper)
    return papers


_ACTS_ON_ITS_OWN = ("sign", "supplement", "instalment", "supervision")
"""Clocks whose running out is the end of them: the ladder takes over, and what is done later is another matter."""


def clock_result(clock: Deadline) -> str:
    """met, breached, fires (a timer acted), respected; a clock no longer owed is 'lapsed'."""
    red = any(a.kind == "红牌" and a.fired_at for a in clock.alarms)
    if red and (clock.rule_id in _ACTS_ON_ITS_OWN or clock.is_open or clock.lapsed):
        return "fires"
    return clock.result


def _deadlines(s: Story) -> list[dict[str, Any]]:
    return [_deadline(c) for m in (s.main, *s.others) for c in m.clocks.values()]


def _deadline(clock: Deadline) -> dict[str, Any]:
    result = clock_result(clock)
    hours = clock.unit == "h"
    entry: dict[str, Any] = {
        "clock": clock.name,
        "basis": clock.basis,
        "starts": _step(clock.start_event) or clock.start_event,
        "rule": f"{clock.length}{clock.unit}",
        "due": clock.due_at.isoformat() if hours else clock.due_on.isoformat(),
        "stopped_by": None if result in ("fires", "lapsed") else _step(clock.stopped_by),
        "result": result,
    }
    if clock.kind == "not_before":
        entry["kind"] = "not_before"
    return entry


def _events(s: Story) -> list[str]:
    lines: list[str] = []
    for event in s.events:
        fact = event.fact
        if isinstance(fact, Noted):
            lines.append(fact.text)
        elif fact.type == "converted":
            lines.append("线索转争议")
        elif fact.type == "acted":
            lines.append(f"{event.unit}：{fact.body.kind}")
        elif fact.type == "stage_entered":
            lines.append(fact.stage)
        elif isinstance(fact, AlarmFired):
            lines.append(f"{s.main.clocks[fact.clock_id].name}{fact.alarm}（自动）")
    return lines


def _resolutions(s: Story) -> list[dict[str, Any]]:
    done: list[dict[str, Any]] = []
    for r in s.main.resolutions.values():
        late = bool(r.done_at and r.due and r.done_at.date().isoformat() > r.due)
        done.append(
            {
                "no": r.no,
                "unit": r.unit,
                "text": r.text,
                "due": r.due,
                "done": r.done_at is not None,
                "late": late,
                "status": "办结" if r.done_at else "在办",
                "done_by_step": int(step.split()[1]) if (step := _step(r.done_by)) else None,
            }
        )
    return done


def _ledger(s: Story) -> dict[str, Any]:
    d = s.main
    values = figures(d)
    if d.refused_at and d.spawned:
        values["lead_count"] = len(d.spawned)
    values["accepted_count"] = sum(int(figures(m)["accepted_count"]) for m in (d, *s.others))
    return values


def _route(d: Dispute) -> list[str]:
    return [v.stage for v in d.route_taken]


_VALUES: dict[str, Callable[[Story], Any]] = {
    "handling": lambda s: handling(s.main),
    "acceptance": _acceptance,
    "route": lambda s: _route(s.main),
    "child_route": lambda s: _route(s.others[0]) if s.others else None,
    "second_route": lambda s: _route(s.others[0]) if s.others else None,
    "risk": _risk,
    "lead_unit": lambda s: s.main.lead,
    "co_units": lambda s: s.main.co if s.main.notifier == "center" else [],
    "joint_meeting": lambda s: any(m.form == "联席会议" for m in s.main.meetings),
    "city_coordination": lambda s: s.main.city_asked_at is not None,
    "outcome": lambda s: {"kind": s.main.outcome, "text": s.main.outcome_text},
    "callback": _callback,
    "ledger": _ledger,
    "documents": _documents,
    "deadlines": _deadlines,
    "events": _events,
    "sub_items": _sub_items,
    "merge": _merge,
    "dispatch_history": _dispatch_history,
    "spawned": _spawned,
    "person_lines": _person_lines,
    "counter_claim": _counter_claim,
    "resolutions": _resolutions,
    "kind": lambda s: "线索" if s.main.kind == MatterKind.LEAD else "争议",
}

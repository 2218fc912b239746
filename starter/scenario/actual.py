"""What came of a story, in the words of the scenario format; taken from the ledger's events alone."""

import re
from collections.abc import Callable
from typing import Any

from domain.dispute import Dispute
from domain.events import Acted, Event, OverrideDecided, RiskSuggested
from domain.meanings.handling import ClaimsRefused
from domain.outcome import attempts, figures, handling
from domain.telling import tell
from domain.words import SHANGHAI, Satisfaction
from starter.scenario.receipts import deadlines, step_number


class Story:
    """The matters of one story, each with its events: the main one first."""

    def __init__(
        self, main: Dispute, events: list[Event], others: list[Dispute], leads: list[Dispute]
    ) -> None:
        self.main = main
        self.events = events
        self.others = others
        self.leads = leads

    @property
    def matters(self) -> list[Dispute]:
        """The main matter and those registered later; not the leads."""
        return [self.main, *self.others]

    def second(self) -> "Story | None":
        """The story as the second case has it."""
        return Story(self.others[0], [], self.others[1:], []) if self.others else None


def actual(story: Story, keys: list[str]) -> dict[str, Any]:
    """The values under these keys of ``expected``; ``None`` under a key the ledger knows nothing of."""
    return {key: _value(story, key) for key in keys}


_OF_SECOND = re.compile(r"^(?:child|second|new|case_?2)_(\w+)$|^(\w+)_(?:2|case_?2|second)$")


def _value(story: Story, key: str) -> Any:
    if key in _VALUES:
        return _VALUES[key](story)
    second, of_second = story.second(), _OF_SECOND.match(key)
    if second and of_second and (name := of_second[1] or of_second[2]) in _VALUES:
        return _VALUES[name](second)
    if second and key in ("second", "second_case", "case_2", "case2", "new_case", "child"):
        return {name: value(second) for name, value in _VALUES.items()}
    return figures(story.main).get(key)


def _acceptance(s: Story) -> dict[str, Any]:
    d = s.main
    codes: Any = d.refusals[0] if len(d.refusals) == 1 else d.refusals or None
    if d.refused_at:
        decision = "不予受理（转线索）" if handling(d) == "线索" else "不予受理并移送"
        return {"decision": decision, "code": codes}
    return {"decision": "受理" if d.accepted_at else None, "code": codes}


def _risk(s: Story) -> dict[str, Any]:
    d = s.main
    if d.accepted_at is None:
        return {"suggested": None, "confirmed": None, "final": None, "triggers": []}
    risk: dict[str, Any] = {
        "suggested": d.suggested,
        "confirmed": d.confirmed,
        "final": d.level,
        "triggers": [t.text for t in d.triggers],
        "overrides": _overrides(s),
        "rechecks": _rechecks(s),
    }
    if d.overrides:
        risk["override"] = risk["overrides"][-1]
    if risk["rechecks"]:
        risk["recheck"] = risk["rechecks"][-1]
    return risk


def _overrides(s: Story) -> list[dict[str, Any]]:
    decided = iter([e for e in s.events if isinstance(e.fact, OverrideDecided)])
    entries: list[dict[str, Any]] = []
    for o in s.main.overrides:
        entry: dict[str, Any] = {
            "old": o.old,
            "new": o.new,
            "by": o.by.name,
            "at": o.at.isoformat(),
            "reason": o.reason,
            "reason_code": o.reason_code,
            "needs_approval": o.needs_approval,
            "approved": o.approved,
            "immediate": not o.needs_approval,
            "retained_in_audit": True,
        }
        if o.needs_approval and (decision := next(decided, None)):
            entry["decided_by"] = decision.unit
        entries.append(entry)
    return entries


def _rechecks(s: Story) -> list[dict[str, Any]]:
    found = [(e.at, e.fact) for e in s.events if isinstance(e.fact, RiskSuggested) and e.fact.node]
    return [
        {"node": f.node, "suggested": f.level, "at": at.isoformat(), "triggers": [t.text for t in f.triggers]}
        for at, f in found
    ]


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


def _sub_items(s: Story) -> list[dict[str, Any]]:
    handled = [
        {
            "no": item.no,
            "lead": item.lead,
            "co": item.co,
            "conclusion": item.conclusion,
            "recognised_amount": item.recognised,
            "paid_amount": item.paid,
            "status": "办结" if item.closed_at else "在办",
            "closed_by_step": step_number(item.closed_by),
        }
        for item in s.main.sub_items.values()
    ]
    return [*handled, *_refused_items(s)]


def _refused_items(s: Story) -> list[dict[str, Any]]:
    meanings = [m for e in s.events if isinstance(e.fact, Acted) for m in e.fact.means]
    rows = [
        row
        for m in meanings
        if isinstance(m, ClaimsRefused)
        for row in zip(m.claims, m.codes, m.ways, strict=False)
    ]
    return [
        {"no": no, "claim": no, "status": "不予受理", "code": code, "redirect": way} for no, code, way in rows
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
        "counted": sum(o.accepted_at is not None and not o.merged_into for o in s.matters),
        "sources": [x.source_no for x in s.main.sources],
    }


def _link(s: Story) -> dict[str, Any] | None:
    linked = next((o for o in s.matters if o.links), None)
    if linked is None:
        return None
    return {"new_source": linked.facts.source_no, "previous_source": linked.links[-1], "merged": False}


_RETURNED = {"不属本单位职责": "非本部门职责", "应由其他单位主办": "非本部门职责"}
"""Reasons of a 退单 as the format has them: it knows only one word for both."""


def _dispatch_history(s: Story) -> list[dict[str, Any]]:
    return [
        {"unit": r.unit, "role": r.role, "result": r.result}
        | ({"reason_code": _RETURNED.get(r.reason_code, r.reason_code)} if r.reason_code else {})
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
    formal = [o for o in s.main.opinions if o.formal]
    applicant = s.main.facts.applicant
    total = len(applicant.members) or applicant.headcount
    excepted = formal[-1].excepted if formal else None
    return {
        "total": total,
        "supported": None if excepted is None else total - excepted,
        "not_supported": excepted,
    }


def _counter_claim(s: Story) -> dict[str, Any] | None:
    claims = s.main.facts.counter_claims
    if not claims:
        return None
    return {
        "attached": True,
        "by": claims[0].by,
        "amount": claims[0].amount,
        "handled": "补缴后另循仲裁、诉讼",
        "set_off": False,
    }


def _documents(s: Story) -> list[dict[str, Any]]:
    papers: list[dict[str, Any]] = []
    for case, matter in enumerate(s.matters, start=1):
        for p in matter.documents:
            paper: dict[str, Any] = {"name": p.name, "issuer": p.issuer, "to": p.to}
            if p.fields.get("answers_sources"):
                paper["answers_sources"] = p.fields["answers_sources"]
            if p.fields.get("说明"):
                paper["note"] = p.fields["说明"]
            if case > 1:
                paper["case"] = case
            papers.append(paper)
    return papers


_UNTOLD = (
    "routed", "step_opened", "task_opened", "task_changed", "task_closed", "clock_started",
    "document_registered", "recheck_scheduled",
)  # fmt: skip
"""Events that only follow from others; the story is told without them."""


def _events(s: Story) -> list[str]:
    return [_line(s.main, event) for event in s.events if event.fact.type not in _UNTOLD]


def _line(d: Dispute, event: Event) -> str:
    """One event: a stage by its bare name, a person's act with the unit, a timer's with the clock."""
    fact = event.fact
    match fact.type:
        case "stage_entered":
            return fact.stage
        case "acted":
            return f"{event.unit}{tell(event)}"
        case "alarm_fired":
            clock = d.clocks.get(fact.clock_id)
            return f"{clock.name if clock else ''}{fact.alarm}（自动）"
        case _:
            return tell(event)


def _resolutions(s: Story) -> list[dict[str, Any]]:
    done: list[dict[str, Any]] = []
    for r in s.main.resolutions.values():
        late = bool(r.done_at and r.done_at.astimezone(SHANGHAI).date() > r.due)
        done.append(
            {
                "no": r.no,
                "unit": r.unit,
                "text": r.text,
                "due": r.due.isoformat(),
                "done": r.done_at is not None,
                "done_on": r.done_at.date().isoformat() if r.done_at else None,
                "late": late,
                "result": ("breached" if late else "met") if r.done_at else "running",
                "status": "办结" if r.done_at else "在办",
                "done_by_step": step_number(r.done_by),
            }
        )
    return done


def _extensions(s: Story) -> list[dict[str, Any]]:
    return [
        {
            "clock": c.name,
            "days": f"{x.length}{x.unit}",
            "by": x.by,
            "reason": x.reason,
            "due_before": x.due_before.date().isoformat(),
            "due": c.due_on.isoformat(),
        }
        for c in s.main.clocks.values()
        for x in c.extensions
    ]


def _instalments(s: Story) -> list[dict[str, Any]]:
    parts = s.main.mediation.instalments if s.main.mediation else []
    return [
        {"no": n, "due": part.due.isoformat(), "amount": part.amount} for n, part in enumerate(parts, start=1)
    ]


def _ledger(s: Story) -> dict[str, Any]:
    d = s.main
    values = figures(d)
    if d.refused_at and d.spawned:
        values["lead_count"] = len(d.spawned)
    values["accepted_count"] = sum(int(figures(m)["accepted_count"]) for m in s.matters)
    return values


def _outcome(s: Story) -> dict[str, Any]:
    """How the story ended: with its last case that was accepted."""
    ended = [m for m in s.matters if m.accepted_at and m.outcome and not m.merged_into]
    last = ended[-1] if ended else s.main
    texts = [m.outcome_text for m in ended] if len(ended) > 1 else [last.outcome_text]
    return {"kind": last.outcome, "text": "；".join(t for t in texts if t) or None}


def _route(s: Story) -> list[str]:
    return [v.stage for v in s.main.route_taken]


_VALUES: dict[str, Callable[[Story], Any]] = {
    "stage": lambda s: s.main.stage,
    "handling": lambda s: handling(s.main),
    "acceptance": _acceptance,
    "route": _route,
    "risk": _risk,
    "lead_unit": lambda s: s.main.lead,
    "co_units": lambda s: s.main.co if s.main.notifier != "lead" else [],
    "joint_meeting": lambda s: any(m.form == "联席会议" for m in s.main.meetings),
    "city_coordination": lambda s: s.main.reported_up_at is not None,
    "outcome": _outcome,
    "callback": _callback,
    "ledger": _ledger,
    "documents": _documents,
    "deadlines": lambda s: deadlines([*s.matters, *s.leads]),
    "events": _events,
    "sub_items": _sub_items,
    "refused_items": _refused_items,
    "merge": _merge,
    "link": _link,
    "dispatch_history": _dispatch_history,
    "spawned": _spawned,
    "person_lines": _person_lines,
    "counter_claim": _counter_claim,
    "resolutions": _resolutions,
    "extensions": _extensions,
    "instalments": _instalments,
    "overrides": _overrides,
    "legal_reviews": lambda s: [review.result for review in s.main.legal_reviews],
    "kind": lambda s: s.main.kind,
}

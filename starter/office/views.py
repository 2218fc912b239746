"""What may be shown of a matter, to whom, and how: the one place for the command line, an HTTP API and web pages."""

from datetime import datetime
from typing import Any

from domain.actions import REGISTER, TICK, VERBS
from domain.actions.disposal import GiveOpinion
from domain.deadlines import Deadline, explain
from domain.dispute import Dispute
from domain.events import VIEW, Acted, Declined, Event, Viewed
from domain.flow import TASKS_OF
from domain.masking import mask_name, mask_text
from domain.outcome import figures, handling
from domain.persons import SYSTEM_OFFICER, By
from domain.policy import Policy
from domain.policy_units import UnknownUnit
from domain.remedies import FIELD
from domain.reporter import unnamed
from domain.rights import UNKNOWN, Sight, View
from domain.state import Card, Opinion, Task
from domain.telling import tell
from domain.words import SHANGHAI, UnitName
from ledger.queries import saved_policies
from ledger.store import Ledger
from ledger.vault import hidden_names

TOLD = (
    "registered", "converted", "risk_suggested", "accepted", "level_overridden", "override_decided", "acted",
    "declined", "viewed", "material_kept", "stage_entered", "alarm_fired", "lead_spawned", "noted", "ended", "archived",
)  # fmt: skip
"""The events that tell the story; the others are what follows from them."""


DRAWN_UP = {"number", "name", "issuer", "together", "to", "at", "action_id"}
"""What is shown of a paper beside its own list (:mod:`starter.office.papers`)."""


class Veil:
    """What is shown of a matter to whoever looks: officers write people's names into reasons, too."""

    def __init__(self, d: Dispute, policy: Policy, hidden: list[str]) -> None:
        """``hidden``: names that stand in none of the matter's own fields, its reporter's."""
        self._names, self._address = [*d.names(), *hidden], d.facts.applicant.address
        self._policy = policy

    def text(self, text: str) -> str:
        """Free text, masked."""
        return mask_text(text, self._policy.masks, self._names, self._address)

    def tell(self, event: Event) -> str:
        """One line for one event; a registration's own line holds nothing but numbers."""
        told = self.say(tell(event))
        return told if event.fact.type == "registered" else self.text(told)

    def say(self, text: str) -> str:
        """The software's own words, as the county says them."""
        return self._policy.say(text)

    def officer(self, event: Event) -> str:
        """Who acted; a party acts under its own name."""
        party = self._policy.role_of(event.unit) in ("applicant", "respondent")
        return mask_name(event.officer) if party else self.text(event.officer)


def county_words(ledger: Ledger) -> dict[str, str]:
    """The words of the policy now in force, for lists of many matters; none before the first is kept."""
    policies = saved_policies(ledger.engine)
    return policies[0].spoken if policies else {}


def business_now(d: Dispute) -> datetime:
    """The moment at which something would be done with a matter: now, but a demonstration's clock may be ahead of it."""
    return max(datetime.now(SHANGHAI), d.last_moment)


def veil_over(ledger: Ledger, d: Dispute) -> Veil:
    """The veil over a registered matter, its reporter's name under it as far as this process may know it."""
    return Veil(d, ledger.policy(d.policy_version), hidden_names(ledger, d.id))


def applicant(d: Dispute) -> str:
    """The applicant as everybody may read it."""
    name = d.facts.applicant.name
    return mask_name(name) if name else unnamed(d.facts.applicant, d.kind)


def about(d: Dispute, veil: Veil) -> dict[str, Any]:
    """What a matter is about, as far as it names nobody: for whoever has to work on it."""
    facts = d.facts
    return {
        "narrative": veil.text(facts.narrative),
        "headcount": facts.applicant.headcount,
        "respondents": [{"name": r.name, "town": r.town, "industry": r.industry} for r in facts.respondents],
        "claims": [
            {
                "no": c.no,
                "insurance": c.insurance,
                "regime": c.regime,
                "type": c.type,
                "detail": veil.text(c.detail) if c.detail else None,
                "from": c.period.from_,
                "to": c.period.to,
                "amount": c.amount,
            }
            for c in facts.claims
        ],
        "evidence": [
            {"kind": e.kind, "description": veil.text(e.description), "location": e.location}
            for e in facts.evidence
        ],
        "counter_claims": [{"text": veil.text(c.text), "amount": c.amount} for c in facts.counter_claims],
    }


def summary(d: Dispute, veil: Veil) -> dict[str, Any]:
    """A matter without anybody's identity."""
    return {
        "case_no": d.case_no,
        "kind": d.kind,
        "stage": d.stage and veil.say(d.stage),
        "handling": veil.say(handling(d) or "") or None,
        "applicant": applicant(d),
        "about": about(d, veil),
        "suggested": d.suggested,
        "suggested_lead": d.suggested_lead,
        "level": d.level,
        "triggers": [veil.text(t.text) for t in d.triggers],
        "lead": d.lead,
        "co": d.co,
        "route": [{"stage": veil.say(v.stage), "at": v.at} for v in d.route_taken],
        "sources": [s.source_no for s in d.sources],
        "duplicates": [h.model_dump() for h in d.duplicates],
        "proposal": veil.text(d.facts.proposal) if d.facts.proposal else None,
        "tasks": [_task(t, veil) for t in d.tasks.values()],
        "clocks": [
            c.model_dump(mode="json", exclude={"alarms"}) | {"name": veil.say(c.name), "result": c.result}
            for c in d.clocks.values()
        ],
        "documents": [p.model_dump(mode="json", include=DRAWN_UP) for p in d.documents],
        "remedies": remedies_told(d, veil),
        "cards": [_card(c, veil) for c in d.cards],
        "figures": figures(d),
        "outcome": d.outcome and veil.say(d.outcome),
    }


def shown(d: Dispute, veil: Veil, view: View) -> dict[str, Any]:
    """A matter as far as it is seen: how far it is and who has it; what it is about, naming nobody; what its handlers need.

    Raises LookupError where nothing is seen: such a matter is answered as an unknown one is.
    """
    if view.sight is Sight.NOTHING:
        raise LookupError(UNKNOWN)
    if view.sight is Sight.STAGE:
        return _how_far(d, veil)
    whole = summary(d, veil)
    if view.sight is Sight.MASKED:
        return {**whole, "about": {**whole["about"], "evidence": []}}
    return {**whole, "opinions": [_opinion(o) for o in d.opinions if view.hears(o.unit)]}


def _how_far(d: Dispute, veil: Veil) -> dict[str, Any]:
    clocks = ("id", "owner", "due_on", "stopped_at")
    return {
        "case_no": d.case_no,
        "kind": d.kind,
        "stage": d.stage and veil.say(d.stage),
        "handling": veil.say(handling(d) or "") or None,
        "lead": d.lead,
        "co": d.co,
        "route": [{"stage": veil.say(v.stage), "at": v.at} for v in d.route_taken],
        "clocks": [
            c.model_dump(mode="json", include=set(clocks)) | {"name": veil.say(c.name), "result": c.result}
            for c in d.clocks.values()
        ],
    }


def _opinion(given: Opinion) -> dict[str, Any]:
    return given.model_dump(mode="json", include={"unit", "at", "formal", "views"})


OF_STAGE = ("registered", "converted", "stage_entered", "ended", "archived")
"""The events that say how far a matter is, and nothing of what it is about."""


def told_to(view: View, events: list[Event]) -> list[Event]:
    """Those of a matter's events that are shown to whoever sees so much of it."""
    if view.sight < Sight.MASKED:
        return [e for e in events if view.sight is Sight.STAGE and e.fact.type in OF_STAGE]
    whole = view.sight is Sight.WHOLE
    return [e for e in events if (whole or not of_a_look(e)) and (not _is_opinion(e) or view.hears(e.unit))]


def of_a_look(event: Event) -> bool:
    """Whether it tells of a look at an identity, taken or refused: for those alone who might look themselves."""
    fact = event.fact
    return isinstance(fact, Viewed) or (isinstance(fact, Declined) and fact.action == VIEW)


def registrar_of(events: list[Event]) -> str:
    """Who registered a matter, of these its events from the first: the unit and its officer, or the software."""
    first = events[0]
    return first.officer if first.officer == SYSTEM_OFFICER else f"{first.unit}　{first.officer}"


def _is_opinion(event: Event) -> bool:
    return isinstance(event.fact, Acted) and isinstance(event.fact.body, GiveOpinion)


def _task(task: Task, veil: Veil) -> dict[str, Any]:
    said = {
        name: text and veil.say(text) for name in ("title", "ref", "outcome") if (text := getattr(task, name))
    }
    return task.model_dump(mode="json") | said


def told(event: Event, veil: Veil) -> dict[str, Any]:
    """One event as data: who did what when, without anybody's identity."""
    return {
        "seq": event.seq,
        "at": event.at,
        "unit": event.unit,
        "officer": veil.officer(event),
        "account": _account(event.by),
        "action_id": event.action_id,
        "type": event.fact.type,
        "text": veil.tell(event),
    }


def _account(by: By | None) -> dict[str, Any] | None:
    """The account behind an act; ``None`` marks what nobody signed in for."""
    if by is None:
        return None
    return {
        "person": by.person,
        "deputy_for": by.deputy_for,
        "merged": by.merged and by.merged.word,
        "client": by.client,
        "link": by.link,
    }


def receipts(d: Dispute, events: list[Event], now: datetime) -> dict[str, list[str]]:
    """Each clock's receipt by the clock's id as of ``now``, with what was done for the ids of it."""
    done = {e.action_id: word for e in reversed(events) if (word := _done(e))}
    return {
        clock.id: [d.say(_worded(line, done)) for line in (*explain(clock, now), _policy_line(d, clock))]
        for clock in d.clocks.values()
    }


def _done(e: Event) -> str:
    """What an event's action is called."""
    if isinstance(e.fact, Acted):
        return VERBS[e.fact.body.kind]
    if e.action_id == REGISTER:
        return "登记"
    return "时限到期，系统自动办理" if e.action_id.startswith(TICK) else ""


def _policy_line(d: Dispute, clock: Deadline) -> str:
    """By which version of the policy, in which tier and step."""
    task = d.tasks.get(clock.task_id or "")
    step = next((s for s in d.route if task and task.kind in TASKS_OF.get(s, ())), None)
    place = d.word_of(step) if step else (task.title if task else "全案")
    at = "全程" if clock.rule_id in d.totals else place
    level = d.level or d.suggested
    tier = f"，等级 {level}" + (f"（{d.path}）" if d.path else "") if level else ""
    return f"政策：{d.county} {d.policy_version}{tier}，环节 {at}"


def _worded(line: str, done: dict[str, str]) -> str:
    for action_id in sorted(done, key=len, reverse=True):  # one may begin as another does
        line = line.replace(action_id, done[action_id])
    return line


def known_unit(ledger: Ledger, name: str) -> UnitName:
    """The unit by its name or role. Raises UnknownUnit when no policy ever in force here has it.

    An unknown one would otherwise look like one with nothing to do. Before the first policy is kept any name passes.
    """
    problems: list[UnknownUnit] = []
    for policy in saved_policies(ledger.engine):
        try:
            return policy.units.unit(name)
        except UnknownUnit as unknown:
            problems.append(unknown)
    if problems:
        raise problems[0]
    return name


def _card(card: Card, veil: Veil) -> dict[str, Any]:
    said = {"card": veil.say(card.card), "name": veil.say(card.name), "status": veil.say(card_status(card))}
    return card.model_dump(mode="json", exclude={"appealed_by"}) | said


def remedies_told(d: Dispute, veil: Veil) -> list[dict[str, Any]]:
    """救济途径 as the papers tell it, of each kind of paper and issuer the newest."""
    newest = {(p.name, p.issuer): p for p in d.documents if p.fields.get(FIELD)}
    return [
        {
            "paper": p.name,
            "number": p.number,
            "issuer": p.issuer,
            "ways": [veil.say(way) for way in p.fields[FIELD]],
        }
        for p in newest.values()
    ]


def card_status(card: Card) -> str:
    """How a 黄牌 or 红牌 stands."""
    if card.withdrawn_at:
        return f"已撤销（{card.withdrawn_ground}）"
    if card.decided_at:
        return "申诉后维持"
    return "申诉中" if card.appealed_at else "有效"

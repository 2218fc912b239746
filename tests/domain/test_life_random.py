"""Whatever officers do, in whatever order and however late: the promises of the domain hold."""

from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from itertools import pairwise, takewhile
from pathlib import Path
from random import Random
from typing import Any, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from activities.names import digest
from domain import flow
from domain.actions import ACTION, FORMS, Act
from domain.actions.form import Asked, rows_of
from domain.decide import Declined, decide
from domain.dispute import Dispute
from domain.draft import Press
from domain.due import Standing, standing
from domain.events import Acted, AlarmFired, CardIssued, ClockStarted, Event
from domain.fold import replay
from domain.intake import Intake
from domain.meanings.concluding import (
    DispositionIssued,
    DispositionUpheld,
    OpinionGiven,
    PartiesInformed,
    PaymentRecorded,
    PaymentWithdrawn,
)
from domain.meanings.conferring import MeetingConcluded, ObjectionRaised
from domain.offers import offers
from domain.outcome import late_fees
from domain.policy import Policy
from domain.tasks import TaskKind
from domain.wording import field_lines
from domain.words import SHANGHAI, Step
from policies import load
from tests.support.case import INTAKE
from tests.support.filler import Filler
from tests.support.life import Life
from tests.support.pressing import unkept
from tests.support.strangers import NO_PART, strangers
from tests.support.walk import Walker

COUNTIES = {
    "pianguan": load("pianguan"),
    "qingshui": load(Path(__file__).parents[1] / "policies" / "qingshui.yaml"),
    "dongshan": load(Path(__file__).parents[1] / "policies" / "dongshan.yaml"),
    "yunxi": load(Path(__file__).parents[1] / "policies" / "yunxi.yaml"),
}
STEPS = 60

_CLAIMS = (
    {"no": 1, "insurance": "养老", "regime": "职工", "type": "已申报未按时缴纳", "amount": 1000},
    {"no": 2, "insurance": "医疗", "regime": "职工", "type": "待遇享受", "amount": 300},
)


def receivers(policy: Policy) -> list[str]:
    """Who may receive: the hubs, and the units the policy names besides."""
    roles = policy.units.roles
    others = policy.receiving.units if policy.receiving else ()
    return [roles["center"], *(h.hub for h in policy.hubs), *(roles[u] for u in others if u in roles)]


def an_intake(random: Random, policy: Policy, source_no: str) -> Intake:
    """A registration of any kind: alone or a group, quiet or loud, a dispute or only a lead."""
    people, who = random.choice((1, 1, 2, 8, 35)), receivers(policy)
    data: dict[str, Any] = {
        **INTAKE,
        "source_no": source_no,
        "kind": random.choice(("争议", "争议", "争议", "线索")),
        "channel": random.choice(("12345热线", "来访", "书信传真", "网络")),
        "labour_inspection": random.random() < 0.1,
        "received_by": random.choice(who) if len(who) > 1 else who[0],
        "received_at": f"2026-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}T10:00:00+08:00",
        "applicant": {"name": "某甲", "headcount": people, "is_group": people > 2},
        "claims": _CLAIMS[: random.choice((1, 2))],
        "respondents": random.choice(([], [{"name": "某厂", "town": next(iter(policy.county.towns), None)}])),
        "indicators": {
            "labour_relation": random.choice(("明确", "有争议", "不适用")),
            "strong_proof": random.random() < 0.7,
            "respondent_cooperative": random.random() < 0.6,
            "public_opinion": {"present": random.random() < 0.2, "needs_response": random.random() < 0.2},
        },
    }
    return Intake.model_validate(data)


class Watched(Life):
    """A life looked at after every single commit: also between an action and the opening of the step it brings on."""

    def __init__(self, policy: Policy) -> None:
        super().__init__(policy)
        self.handed_over: set[str] = set()
        self.taken: set[str] = set()

    def press(self) -> Press:
        return unkept

    def committed(self, matter: str) -> None:
        d = self.matters[matter]
        assert d.is_over or d.has_owner(), f"nobody owns it in {d.stage} while {flow.owed(d)} is owed"
        if step := flow.owed(d):
            self.handed_over.add(step)
        self._check_cards(matter)

    def _check_cards(self, matter: str) -> None:
        """No card is given to a unit that can do nothing about the matter at that moment."""
        d, events = self.matters[matter], self.events[matter]
        newest = takewhile(lambda e: e.action_id == events[-1].action_id, reversed(events))
        for event in newest:
            if isinstance(event.fact, CardIssued):
                can = {o.kind for o in offers(d, event.fact.unit, self.policy, event.at)} - MOVES_ONLY
                assert can, f"{event.fact.unit} gets a {event.fact.card} and can do nothing"

    def before_action(self, d: Dispute, now: datetime) -> None:
        check_offers(d, self.policy, now)
        check_strangers(d, self.policy, now)
        check_convening(d, self.policy, now)


def live(
    policy: Policy, random: Random, wanted: AbstractSet[str] = frozenset(), life: Watched | None = None
) -> Watched:
    """One whole life, checked after every step."""
    life, walker = life or Watched(policy), Walker(policy, random, wanted)
    sources = ["T-1", "T-2"][: random.choice((1, 1, 2))]
    for source_no in sources:
        check(life, life.register(an_intake(random, policy, source_no)))
    walker.filler.cases = sources if len(sources) > 1 else []
    now = max(events[-1].at for events in life.events.values()).astimezone(SHANGHAI)
    for number in range(STEPS):
        now += walker.pause()
        tick_through(life, now)
        for current in list(life.matters):
            check(life, current)
            if not life.matters[current].is_over:
                life.before_action(life.matters[current], now)
                act(life, walker, current, number, now)
            for touched in life.matters:
                check(life, touched)
    return life


NOT_ABOUT_THE_FORM = ("unknown_matter", "parent_closed", "same_matter", "contrary")
"""What only the other matter says: whether it is there, and open; or what another unit has said."""


def act(life: Watched, walker: Walker, matter: str, number: int, now: datetime) -> None:
    """One action: what is at hand and lawfully filled in is taken, what is not at hand is not."""
    move = walker.move(life.matters[matter], now)
    if move is None:
        return
    kind = move.body["kind"]
    try:
        sent = Act(
            id=f"{digest(matter)}#{number}",
            unit=move.unit,
            officer=move.officer,
            task=move.task,
            body=ACTION.validate_python(move.body),
        )
        life.act(matter, sent, now)
    except ValidationError as error:
        refused = field_lines(error, FORMS[kind])
    except Declined as declined:
        refused = None if declined.code in NOT_ABOUT_THE_FORM else str(declined)
        require_fields(kind, declined)
    else:
        assert move.offered, f"{kind} was taken, though {move.unit} was not offered it"
        life.taken.add(kind)
        return
    assert not (move.offered and refused), f"{kind}: {refused}"


SENDER = ("unit", "officer", "task")
"""What comes with a form, from whoever sends it."""


def require_fields(kind: str, declined: Declined) -> None:
    """A refusal is told at fields that the form has."""
    astray = [f.field for f in declined.faults if f.field and not is_field(kind, f.field)]
    assert not astray, f"{kind}: {declined} is told at {astray}, which the form does not have"


def is_field(kind: str, path: str) -> bool:
    """Whether a refusal's field is one of the form, of one of its rows, or of its sender."""
    model: type[Asked] | None = FORMS[kind]
    for part in path.split("."):
        if part.isdecimal():
            continue
        if model is None or part not in model.model_fields:
            return path in SENDER
        model = rows_of(get_type_hints(model, include_extras=True)[part])
    return True


def check_offers(d: Dispute, policy: Policy, now: datetime) -> None:
    """Nobody has a task for which there is nothing to be done, unless its clock stands still and says why.

    No clock runs against a unit for an act that is refused to it; one that stands still for that says so.
    """
    for task in d.open_tasks():
        at_hand = {o.kind for o in offers(d, task.unit, policy, now) if o.task == task.id}
        clocks = [c for c in d.open_clocks() if c.task_id == task.id]
        assert "sign_for" in at_hand or standing(d, task) != Standing.TO_SIGN, (
            f"{task.title} cannot be signed for"
        )
        assert at_hand or any(c.is_paused for c in clocks), f"{task.unit} can do nothing about {task.kind}"
        ending = at_hand - MOVES_ONLY
        for clock in clocks:
            wanted = at_hand & {"sign_for"} if clock.rule_id == "sign" else ending
            runs = clock.kind == "internal" and not clock.is_paused
            assert wanted or not runs, f"{clock.name} runs against {task.unit}, which may not end it"
            in_vain = clock.is_refused and not d.suspended_at and wanted and task.kind in ONE_WAY
            assert not in_vain, f"{clock.name} stands still in vain"
            assert not clock.is_refused or clock.pauses[-1].reason


MOVES_ONLY = {
    "sign_for", "request_extension", "reassign_officer", "receive_material", "request_supplement",
    "draft_agreement", "review_agreement",
}  # fmt: skip
"""What may be done about a task without coming any nearer to its end."""
ONE_WAY = {TaskKind.INFORM, TaskKind.ARCHIVE, TaskKind.REOPEN, TaskKind.REFUSAL_NOTICE}
"""Tasks that only one act ends."""


def check_strangers(d: Dispute, policy: Policy, now: datetime) -> None:
    """A unit that has nothing to do with the matter is offered nothing, and turned down whatever it sends."""
    random = Random(d.version)
    if random.random() < 0.85:
        return
    for unit in random.sample(found := strangers(d, policy), min(1, len(found))):
        assert offers(d, unit, policy, now) == [], f"{unit} may act in {d.stage}"
        kind = random.choice([k for k, form in FORMS.items() if not form.internal])
        try:
            body = ACTION.validate_python(Filler(policy, random).fill(d, unit, now, kind))
        except ValidationError:
            continue
        with pytest.raises(Declined) as declined:
            decide(d, Act(id="stranger#1", unit=unit, officer="路人", body=body), policy, now)
        assert declined.value.code in NO_PART, f"{kind} by {unit}: {declined.value}"


def check_convening(d: Dispute, policy: Policy, now: datetime) -> None:
    """No unit of the place, and no department, calls a consultation of its own; none is called once the matter is decided."""
    base = [
        town + word
        for town in policy.county.towns[:1]
        for word in ("某村网格员", "某村调解委员会", "便民服务中心")
    ]
    asked = [t.unit for t in d.open_tasks(TaskKind.CONVENE, TaskKind.OBJECTION)]
    organisers = ("center", *(t.organiser for t in policy.tiers))
    owners = {*asked, d.center, *(policy.units.roles[r] for r in organisers)}
    known = [u for u in (*base, *policy.units.roles.values()) if policy.units.knows(u)]
    chosen = Random(d.version).sample(known, 2)
    for unit in chosen:
        if "convene_consultation" in {o.kind for o in offers(d, unit, policy, now)}:
            assert unit in owners, f"{unit} may call a consultation in {d.stage}"
            assert asked or not d.disposed_at or d.rehandle_open


def tick_through(life: Life, until: Any) -> None:
    """Let timers act one by one; each brings the next moment on."""
    for matter in list(life.matters):
        last = None
        while (due := life.matters[matter].next_alarm_at()) and due <= until:
            life.tick_until(due)
            after = life.matters[matter].next_alarm_at()
            assert after is None or after > due, f"timer does not move on from {due}"
            assert last is None or due > last
            last = due


def check(life: Life, matter: str) -> None:
    """What must be true of a matter at every moment."""
    d, events = life.matters[matter], life.events[matter]
    assert [e.seq for e in events] == list(range(1, len(events) + 1))
    assert d.version == events[-1].seq
    assert all(a.at <= b.at for a, b in pairwise(events))
    if d.is_over:
        assert not d.open_tasks()
        assert not list(d.open_clocks())
    else:
        assert d.has_owner(), f"nobody owns it in {d.stage}"
    assert flow.owed(d) is None
    check_clocks(d)
    check_causes(d)
    check_once(events)
    check_people(d)
    check_paid(d)
    check_sums(d, events)
    check_cards(d)


def check_cards(d: Dispute) -> None:
    """Nobody decides on its own card; the card shown is one that stands; an appeal waits, or was decided outright."""
    for task in d.open_tasks(TaskKind.CARD_APPEAL):
        (card,) = [c for c in d.cards if str(c.no) == task.ref]
        assert task.unit != card.unit
        assert card.stands
        assert card.decided_at is None
    waiting = {t.ref for t in d.open_tasks(TaskKind.CARD_APPEAL)}
    undecided = [c for c in d.cards if c.appealed_at and not c.decided_at]
    assert d.is_over or {str(c.no) for c in undecided} == waiting
    assert d.card is None or d.card in {c.card for c in d.cards if c.withdrawn_at is None}


def check_paid(d: Dispute) -> None:
    """Nothing recognised is closed unpaid and unexecuted without a stated ground."""
    if d.closed_at and not d.withdrawn_at:
        assert [s.no for s in d.unpaid if s.unpaid_ground is None] == []


def check_sums(d: Dispute, events: list[Event]) -> None:
    """What counts as paid are the payments recorded and not taken back, of each claim and of all; never more than is owed."""
    recorded: dict[int, PaymentRecorded] = {}
    gone: set[int] = set()
    for meant in (each for e in events if isinstance(e.fact, Acted) for each in e.fact.means):
        if isinstance(meant, PaymentRecorded):
            recorded[len(recorded) + 1] = meant
        elif isinstance(meant, PaymentWithdrawn):
            gone.add(meant.no)
    standing = [payment for no, payment in recorded.items() if no not in gone]
    parts = [part for payment in standing for part in payment.parts]
    assert d.paid_in_all == sum(part.principal for part in parts)
    for no, item in d.sub_items.items():
        assert item.paid == sum(part.principal for part in parts if part.claim == no)
    assert {p.no for p in d.payments} == recorded.keys() - gone
    assert late_fees(d) == sum(p.late_fee for p in standing if not p.elsewhere)


def check_clocks(d: Dispute) -> None:
    for clock in d.clocks.values():
        assert clock.kind == "internal" or not clock.pauses
        assert not clock.is_open or clock.task_id is None or d.tasks[clock.task_id].is_open
        assert len(clock.extensions) <= 1


def check_causes(d: Dispute) -> None:
    """A task opened because of a clock, or of a resolution item, ends with it; no request waits for an ended clock."""
    for task in d.open_tasks(TaskKind.SUPERVISE, TaskKind.EXTENSION, TaskKind.CONVENE_JOINT):
        if task.ref and task.ref.startswith("item-"):
            assert d.resolutions[int(task.ref.removeprefix("item-"))].done_at is None
        elif task.ref and not d.clocks[task.ref].is_open:
            meets = any(r.step == Step.JOINT_MEETING for r in d.required)
            of_the_route = task.kind == TaskKind.CONVENE_JOINT and meets
            assert of_the_route, f"{task.title} outlives its cause"
    assert all(d.clocks[c].is_open for c in d.extensions)


def check_births(events: list[Event]) -> None:
    """No clock is born overdue; a party's instalment alone has a day that it agreed on itself."""
    for event in events:
        if isinstance(event.fact, ClockStarted):
            clock = event.fact.deadline
            duty = clock.kind in ("internal", "statutory") and clock.rule_id != "instalment"
            assert not duty or not clock.overdue_at(event.at), f"{clock.name} was born overdue"


def check_once(events: list[Event]) -> None:
    """Every rung acts once; only a due moment that was moved by a pause or an extension can turn red again."""
    fired = [(e.fact.clock_id, e.fact.alarm) for e in events if isinstance(e.fact, AlarmFired)]
    moved = {
        e.fact.deadline.id
        for e in events
        if e.fact.type == "clock_changed" and e.fact.change in ("resumed", "extended")
    }
    still = [pair for pair in fired if pair[0] not in moved]
    assert len(still) == len(set(still))


CONTRARY = {"支持诉求": ("不支持",), "部分支持": ("不支持",), "不支持": ("支持", "部分支持")}


def check_one_voice(events: list[Event]) -> None:
    """The party never hears what another unit stands against in writing, unless a sitting and a decision came after."""
    said: dict[tuple[str, str], tuple[int, str]] = {}
    decided: dict[str, tuple[int, str, str]] = {}
    sittings: list[int] = []
    for e in events:
        for meant in e.fact.means if isinstance(e.fact, Acted) else []:
            match meant:
                case OpinionGiven():
                    said |= {(e.unit, no): (e.seq, stance) for no, stance in meant.views.items()}
                case ObjectionRaised():
                    said |= {(e.unit, no): (e.seq, meant.stance) for no in meant.claims}
                case DispositionIssued():
                    decided |= {c.no: (e.seq, e.unit, c.conclusion) for c in meant.claims}
                case DispositionUpheld():
                    decided |= {no: (e.seq, e.unit, decided[no][2]) for no in meant.claims}
                case MeetingConcluded():
                    sittings.append(e.seq)
                case PartiesInformed():
                    for (unit, no), (at, stance) in said.items():
                        then, by, conclusion = decided.get(no, (0, unit, ""))
                        against = unit != by and conclusion in CONTRARY.get(stance, ())
                        assert not against or any(at < sat < then for sat in sittings), f"{unit}: {stance}"
                case _:
                    pass


def check_people(d: Dispute) -> None:
    assert sum(t.role == "主办" for t in d.open_tasks(TaskKind.HANDLE, TaskKind.ASSIST)) <= 1
    assert d.rehandled <= 1
    assert d.unsatisfied == 0 or d.informed_at
    numbers = [p.number for p in d.documents]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("county", COUNTIES)
@settings(max_examples=25)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_any_life_keeps_the_promises(county: str, seed: int) -> None:
    life = live(COUNTIES[county], Random(seed))
    for matter, events in life.events.items():
        assert replay(matter, events) == life.matters[matter]
        check_births(events)
        check_one_voice(events)


def test_nobody_acting_is_noticed_by_timers_alone() -> None:
    life = Life(COUNTIES["pianguan"])
    matter = life.register(Intake.model_validate(INTAKE))
    tick_through(life, life.events[matter][-1].at + timedelta(days=365))
    assert life.matters[matter].open_tasks(TaskKind.TRIAGE, TaskKind.SUPERVISE)

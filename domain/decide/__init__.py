"""Decisions: from a state, an action, a policy and a moment to the facts that follow, or the reason why not.

One handler per kind of action, entered in :mod:`domain.decide.registry`; everything an action brings about (stage,
tasks, clocks, documents) is decided here at once. A required step of the route is opened by a commit of its own.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import chain

from domain.actions import VERBS, Act
from domain.decide import (
    aftermath,
    ahead,
    alarms,
    callback,
    cards,
    correcting,
    desk,
    disposal,
    dissent,
    ending,
    execution,
    findings,
    handing,
    happened,
    intake,
    investigation,
    joining,
    leads,
    level,
    mediation,
    meeting,
    notices,
    opening,
    papers,
    parties,
    proposing,
    refusal,
    supervising,
    telling,
    triage,
    units,
    viewing,
)
from domain.decide import materials as materials_
from domain.decide.common import require_task
from domain.decide.registry import RULES
from domain.declined import Declined, refuse
from domain.dispute import Dispute
from domain.draft import Alike, Draft, Numbering, Press, RelatedMatter
from domain.events import Declined as DeclinedFact
from domain.events import Event, Identity, Noted
from domain.flow import closed_for_good
from domain.intake import DuplicateHint, Intake
from domain.materials import File, KeptFile
from domain.persons import SYSTEM, SYSTEM_OFFICER, By, Officer
from domain.policy import Policy
from domain.sizes import ACT_LIMIT, INTAKE_LIMIT, MATTER_LIMIT, SHORT_ACT, CannotCarry, require_fits, size_of
from domain.tasks import ON_ANY_TASK, TASKS
from domain.words import Step, UnitName

__all__ = [
    "Declined",
    "RelatedMatter",
    "decide",
    "keep",
    "keep_material",
    "note",
    "open_step",
    "register",
    "tick",
    "view",
]

_TRADES = (
    callback,
    cards,
    correcting,
    desk,
    disposal,
    dissent,
    ending,
    execution,
    findings,
    handing,
    investigation,
    joining,
    leads,
    level,
    mediation,
    meeting,
    notices,
    papers,
    parties,
    proposing,
    refusal,
    supervising,
    telling,
    triage,
)
"""Imported so that each enters its handlers."""

UNKNOWN_UNIT = "未知"


def decide(
    dispute: Dispute,
    act: Act,
    policy: Policy,
    now: datetime,
    related: dict[str, RelatedMatter] | None = None,
    number: Numbering | None = None,
    press: Press | None = None,
    alike: Alike | None = None,
) -> list[Event]:
    """The events of one action at business time ``now``.

    Raises Declined, its message in the county's words, when the action cannot be taken; nothing has then changed.
    """
    try:
        return _decide(dispute, act, policy, now, related, number, press, alike)
    except Declined as error:
        raise error.worded(policy.say) from error


def _decide(
    dispute: Dispute,
    act: Act,
    policy: Policy,
    now: datetime,
    related: dict[str, RelatedMatter] | None,
    number: Numbering | None,
    press: Press | None,
    alike: Alike | None,
) -> list[Event]:
    if dispute.is_over and (closed := closed_for_good(dispute, act)):
        raise Declined(*closed)
    try:
        unit = policy.unit(act.unit)
    except ValueError as error:
        raise Declined("unknown_unit", str(error), "unit") from error
    _require_room(dispute, act)
    act = act.model_copy(update={"unit": unit})
    draft = Draft(
        dispute,
        policy,
        now=now,
        unit=unit,
        officer=act.officer,
        by=act.by,
        action_id=act.id,
        task=act.task,
        related=related,
        number=number,
        press=press,
        alike=alike,
    )
    require_task(draft, act)
    _require_task_takes(draft, act)
    rule = RULES[act.body.kind]
    rule.open_to(draft)
    everywhere = (rule_of(draft, act.body) for rule_of in (units.faults, happened.faults, ahead.faults))
    refuse([*chain.from_iterable(everywhere), *rule.check(draft, act.body)])
    materials_.require_known(draft, act.body)
    rule.take(draft, act, act.body)
    for paper in policy.papers_on(act.body.kind, draft.d.level):
        draft.document(paper)
    aftermath.settle_down(draft)
    return draft.events


def _require_task_takes(draft: Draft, act: Act) -> None:
    """Refuse a form that is for another kind of task than the one it names."""
    if act.task is None:
        return
    task = draft.d.tasks[act.task]
    fitting = TASKS[task.kind].done_by
    if act.body.kind not in fitting and act.body.kind not in ON_ANY_TASK:
        verbs = "、".join(VERBS[kind] for kind in fitting)
        raise Declined(
            "other_task",
            f"任务 {task.id}（{task.title}）不能以“{VERBS[act.body.kind]}”办理，可用：{verbs}",
            "task",
        )


def register(
    dispute_id: str,
    intake_: Intake,
    policy: Policy,
    now: datetime,
    *,
    case_no: str,
    action_id: str,
    registrar: Officer = SYSTEM,
    to: list[UnitName] | None = None,
    duplicates: list[DuplicateHint] | None = None,
) -> list[Event]:
    """The first events of a matter, done by the ``registrar`` of the unit that received it; by the software, of what it starts
    itself. Raises Declined when it is too large or a unit it is for is unknown."""
    try:
        require_fits("登记", intake_, INTAKE_LIMIT)
    except CannotCarry as error:
        raise Declined(error.code, str(error), error.field) from None
    if unknown := [name for name in intake_.indicators.answers if name not in policy.facts]:
        known = "、".join(f"{name}（{fact.ask}）" for name, fact in policy.facts.items()) or "无"
        said = f"本县没有“{unknown[0]}”这一问，可答：{known}"
        raise Declined("unknown_fact", said, "indicators.answers")
    draft = Draft(
        Dispute(id=dispute_id),
        policy,
        now=now,
        unit=intake_.received_by,
        officer=registrar.name,
        by=registrar.by,
        action_id=action_id,
    )
    intake.register(draft, intake_, case_no=case_no, to=to or [], duplicates=duplicates or [])
    return draft.events


def tick(dispute: Dispute, policy: Policy, now: datetime, action_id: str) -> list[Event]:
    """The events of every timer due at business time ``now``; none when nothing is due."""
    draft = _by_system(dispute, policy, now, action_id)
    alarms.tick(draft)
    aftermath.settle_down(draft)
    return draft.events


def open_step(dispute: Dispute, step: Step, policy: Policy, now: datetime, action_id: str) -> list[Event]:
    """The events that put the step which is owed on its owner's desk; none when it is not owed (any more)."""
    draft = _by_system(dispute, policy, now, action_id, cause=dispute.last_action)
    opening.open_step(draft, step)
    aftermath.settle_down(draft)
    return draft.events


def note(dispute: Dispute, policy: Policy, now: datetime, action_id: str, text: str) -> list[Event]:
    """The event that keeps what came to pass beside the matter's own course."""
    draft = _by_system(dispute, policy, now, action_id)
    draft.emit(Noted(text=text))
    return draft.events


def keep(
    dispute: Dispute,
    policy: Policy,
    now: datetime,
    *,
    action_id: str,
    unit: str,
    officer: str,
    by: By | None = None,
    fact: DeclinedFact,
) -> list[Event]:
    """The event that keeps a declined or malformed signal where its sender can see it."""
    try:
        known = policy.unit(unit)
    except ValueError:
        known = UNKNOWN_UNIT  # a signal may call itself anything, a person's name included
    draft = Draft(dispute, policy, now=now, unit=known, officer=officer, by=by, action_id=action_id)
    draft.emit(fact)
    return draft.events


def view(
    dispute: Dispute,
    policy: Policy,
    now: datetime,
    action_id: str,
    unit: UnitName,
    officer: str,
    whose: Identity,
    reason: str,
    by: By | None = None,
    paper: int | None = None,
    names: Iterable[str] = (),
) -> list[Event]:
    """The event of an officer's look at an identity; ``paper``: at this one of the matter's.

    Raises Declined when the policy does not allow it.
    """
    try:
        known = policy.unit(unit)
    except ValueError as error:
        raise Declined("unknown_unit", str(error), "unit") from error
    draft = Draft(dispute, policy, now=now, unit=known, officer=officer, by=by, action_id=action_id)
    viewing.view(draft, whose, reason, paper, names)
    return draft.events


def keep_material(
    dispute: Dispute,
    policy: Policy,
    now: datetime,
    action_id: str,
    unit: UnitName,
    officer: str,
    file: File,
    by: By | None = None,
) -> tuple[list[Event], KeptFile | None]:
    """The event of a file that was handed in; none, but the file that the unit is shown, where the matter has these very bytes.

    Raises Declined.
    """
    draft = Draft(
        dispute, policy, now=now, unit=policy.unit(unit), officer=officer, by=by, action_id=action_id
    )
    known = materials_.keep(draft, file)
    return draft.events, known


def _require_room(dispute: Dispute, act: Act) -> None:
    """Refuse an action too large to be carried, or too large for what the matter holds already."""
    try:
        require_fits("动作", act, ACT_LIMIT)
    except CannotCarry as error:
        raise Declined(error.code, str(error), error.field) from None
    if size_of(act) > SHORT_ACT and size_of(dispute) > MATTER_LIMIT:
        raise Declined(
            "matter_full", "本案已登记的内容过多，只能再办理简短的操作；请将材料存档，只写引用", "body"
        )


def _by_system(
    dispute: Dispute, policy: Policy, now: datetime, action_id: str, *, cause: str | None = None
) -> Draft:
    return Draft(
        dispute,
        policy,
        now=now,
        unit=policy.units.roles["system"],
        officer=SYSTEM_OFFICER,
        action_id=action_id,
        cause=cause,
    )

"""The parts that a unit can have in a matter: who plays which, and what it is called.

A unit that the matter is about is a party to it, whatever else it is called or may do in the county.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from domain.decide.common import is_concerned, issues, same_unit, tasks_of
from domain.decide.routes import joint_meeting_office, organiser
from domain.decide.walk import deciding_step
from domain.declined import Declined
from domain.draft import Draft
from domain.paper_waiting import answering_units, in_hand
from domain.policy import Policy
from domain.policy_rules import Power, Powers
from domain.policy_units import ROLE_WORDS, TOWNS
from domain.tasks import ON_ANY_TASK, ONLY_ANSWERS, TASKS, TaskKind
from domain.words import Step, UnitName

BESIDE_HANDLING = (*ONLY_ANSWERS, TaskKind.SUPERVISE)
"""Tasks that do not make their unit one that handles the matter."""

Held = Callable[[Draft, str], bool]
"""Whether the acting unit has the part, with regard to a verb."""
Units = Callable[[Draft], list[UnitName]]


@dataclass(frozen=True, eq=False)
class Part:
    """One relation of a unit to a matter.

    ``word``: what it is called. ``named``: who that is in a given matter, for whoever is refused. ``role``: the county's
    role that has it, and ``power``: the policy's power that gives it, if one does. ``missing``: the code of a refusal
    where it is the only part that opens a verb. ``of_verb``: it hangs on the verb whether it is held. ``units``: who has it,
    where the matter itself names them; ``None`` where it hangs on a unit's own roles, powers or place.
    """

    word: str
    held: Held
    named: Callable[[Draft], str]
    role: str | None = None
    power: Callable[[Powers], Power] | None = None
    missing: str = "wrong_unit"
    of_verb: bool = False
    units: Units | None = None


def _any(*units: Callable[[Draft], UnitName | None]) -> Held:
    """Whether the acting unit is one of these."""
    return lambda draft, verb: any(
        (unit := find(draft)) and same_unit(draft, draft.unit, unit) for find in units
    )


def _among(units: Units) -> Held:
    return lambda draft, verb: any(same_unit(draft, draft.unit, unit) for unit in units(draft))


def _units(word: str, units: Units, named: Callable[[Draft], str] | None = None, **more: Any) -> Part:
    """The part of the units that the matter names."""
    return Part(word, _among(units), named or (lambda draft: word), units=units, **more)


def _role(role: str) -> Part:
    return Part(
        ROLE_WORDS[role], lambda draft, verb: draft.is_role(role), lambda draft: draft.role(role), role
    )


def _power(word: str, power: Callable[[Powers], Power]) -> Part:
    return Part(
        word, lambda draft, verb: draft.may(power(draft.policy.powers)), lambda draft: word, power=power
    )


def _has_task(draft: Draft, verb: str) -> bool:
    """Whether a task on the acting unit's own desk is done by this verb."""
    return any(verb in (*TASKS[t.kind].done_by, *ON_ANY_TASK) for t in tasks_of(draft))


def _owns_clock(draft: Draft, verb: str) -> bool:
    own = any(same_unit(draft, draft.unit, c.owner) for c in draft.d.open_clocks())
    mediates = draft.d.open_tasks(TaskKind.MEDIATE) and draft.may(draft.policy.powers.mediate)
    return own or bool(mediates)


def _called(draft: Draft) -> list[UnitName]:
    d = draft.d
    called = (u for m in d.meetings for u in m.units)
    joined = (i.unit for i in d.invitations if i.joined)
    return [*called, *joined, *(d.investigation.units if d.investigation else ())]


def _papers(draft: Draft) -> list[UnitName]:
    d, policy = draft.d, draft.policy
    return [u for p in d.documents if in_hand(policy, d, p) for u in answering_units(policy, d, p)]


def _conducting(draft: Draft) -> list[UnitName]:
    """Who brought the parties together, or took the mediation up again: the last to have it on its desk."""
    return [t.unit for t in draft.d.tasks.values() if t.kind == TaskKind.MEDIATE][-1:]


def _received(draft: Draft) -> list[UnitName]:
    d = draft.d
    return [d.facts.received_by, *(s.handed_over_by for s in d.sources if s.handed_over_by)]


def _is_at_home(draft: Draft, verb: str) -> bool:
    return draft.is_near() and at_the_base(draft.unit, draft.policy)


def at_the_base(unit: UnitName, policy: Policy) -> bool:
    """Whether a unit has some power by the policy; the many at the base, in the matters of their own place."""
    return policy.among(unit, [word for _, power in policy.powers for word in power.units])


def _step_owner(step: Step) -> Callable[[Draft], UnitName | None]:
    def owner(draft: Draft) -> UnitName | None:
        found = draft.tier.step(step) if draft.tier else None
        return draft.owner(found) if found else None

    return owner


def _decider(draft: Draft) -> UnitName | None:
    step = deciding_step(draft.tier) if draft.tier else None
    return draft.owner(step) if step else None


def _approver(draft: Draft) -> UnitName:
    """Who approves the change of level that waits, or would wait."""
    d = draft.d
    level = d.overrides[-1].old if d.overrides else d.level or d.suggested
    role = draft.policy.tier(level).downgrade_approver if level else None
    return draft.role(role or "joint_office")


def _answering(draft: Draft) -> list[UnitName]:
    """The unit above that was asked, and the common name that stands for it."""
    asked = [t for t in draft.d.tasks.values() if t.kind == TaskKind.REPLY_FROM_ABOVE and t.ref]
    return [asked[-1].ref or "", asked[-1].unit] if asked else []


def _answers(draft: Draft, verb: str) -> bool:
    units = _answering(draft)
    return draft.unit in units or (units[:1] == units[1:] and _has_task(draft, verb))


CENTER = Part(
    "本案枢纽单位（或其上级枢纽）",
    lambda draft, verb: draft.is_center(),
    lambda draft: draft.center,
    units=lambda draft: [draft.center, draft.role("center")],
)
LEAD = _units(
    "主办单位",
    lambda draft: [draft.d.lead] if draft.d.lead else [],
    lambda draft: f"主办单位{draft.d.lead or ''}",
)
ITEM_LEAD = _units("子项主办单位", lambda draft: [s.lead for s in draft.d.sub_items.values() if s.lead])
CO = _units(
    "协办单位", lambda draft: [*draft.d.co, *(t.unit for t in draft.d.open_tasks() if t.role == "协办")]
)
ASSIGNED = _units("议定事项责任单位", lambda draft: [r.unit for r in draft.d.resolutions.values()])
CALLED = _units("受邀介入、参会或参加调查的单位", _called, lambda draft: "受邀单位")
TOLD = _units("知会的单位", lambda draft: draft.d.told)
INVITED = Part(
    "受邀介入、参会、参加调查或知会的单位",
    lambda draft, verb: CALLED.held(draft, verb) or TOLD.held(draft, verb),
    lambda draft: "受邀单位",
)
RECEIVED = _units("首次收到或移送本案的单位", _received, lambda draft: "首次收到本案的单位")
DESK = _units(
    "有待办任务的单位",
    lambda draft: [t.unit for t in draft.d.open_tasks() if t.kind not in BESIDE_HANDLING],
)
ASKED = _units(
    "待答复邀请、提请或正在督办的单位",
    lambda draft: [t.unit for t in draft.d.open_tasks(*BESIDE_HANDLING)],
    lambda draft: "待答复的单位",
)
HAD = _units("曾有过任务的单位", lambda draft: draft.d.units)
PAPERS = _units("拟有文书、尚待制发送达或归档的单位", _papers)
HOME = Part("属地基层单位", _is_at_home, lambda draft: "属地基层单位")
TASK = Part(
    "此项任务的承办单位", _has_task, lambda draft: "有此项任务的单位", missing="no_task", of_verb=True
)
CHECKED = Part(
    "核查过本线索的单位",
    _among(lambda draft: [t.unit for t in draft.d.tasks.values() if t.kind == TaskKind.LEAD_CHECK]),
    lambda draft: "核查单位",
)
CLOCK = Part("期限的承担单位", _owns_clock, lambda draft: "期限的承担单位", missing="no_clock")
APPLICANT = _role("applicant")
RESPONDENT = Part(
    "被反映单位",
    lambda draft, verb: draft.is_role("respondent") or is_concerned(draft, draft.unit),
    lambda draft: "被反映单位",
)
SYSTEM = _role("system")
NOTIFIER = _units(
    "按办理方式负责告知的单位", lambda draft: [draft.notifier()], lambda draft: draft.notifier()
)
DECIDER = Part("办理步骤中出具处置意见的单位", _any(_decider), lambda draft: _decider(draft) or "")
ON_THE_SPOT = Part(
    "当场办结的单位",
    _any(_step_owner(Step.ON_THE_SPOT)),
    lambda draft: _step_owner(Step.ON_THE_SPOT)(draft) or "",
)
GUIDE = Part(
    "办理步骤中负责指引的单位",
    _any(_step_owner(Step.GUIDE)),
    lambda draft: _step_owner(Step.GUIDE)(draft) or "",
)
INQUIRER = Part(
    "负责调查核实的单位",
    _any(_step_owner(Step.INVESTIGATE)),
    lambda draft: _step_owner(Step.INVESTIGATE)(draft) or "",
)
ORGANISER = Part("组织会商的单位", _any(organiser, _step_owner(Step.CONSULT)), organiser)
OFFICE = Part(
    "联席会议办公室",
    lambda draft, verb: (
        draft.is_role("joint_office") or same_unit(draft, draft.unit, joint_meeting_office(draft))
    ),
    joint_meeting_office,
    "joint_office",
    units=lambda draft: [joint_meeting_office(draft)],
)
CLOSER = Part("结案的单位", lambda draft, verb: draft.is_closer(), lambda draft: draft.closer())
CALLER = Part(
    "回访的单位",
    lambda draft, verb: (
        draft.is_center() if draft.callback.by == "center" else same_unit(draft, draft.unit, draft.caller())
    ),
    lambda draft: draft.caller(),
)
APPROVER = Part("该等级的降级审批单位", _any(_approver), _approver)
MEDIATOR = Part(
    "调解组织",
    _any(_step_owner(Step.MEDIATE)),
    lambda draft: _step_owner(Step.MEDIATE)(draft) or "",
)
CONDUCTS = _units("主持本次调解的单位", _conducting)
ABOVE = Part(
    "被请示的上级单位",
    _answers,
    lambda draft: _answering(draft)[0] if _answering(draft) else "上级单位",
    of_verb=True,
)
COURT = _role("court")
JUSTICE = _role("justice")
RAISES = _power("可以上调等级的单位", lambda powers: powers.raise_level)
SUPERVISES = _power("督办单位", lambda powers: powers.supervise)
CONSULTS = _power("可以组织会商的单位", lambda powers: powers.consult)
MEETS = _power("可以召开联席会议的单位", lambda powers: powers.joint_meeting)
GRANTS = _power("审批延期的单位", lambda powers: powers.decide_extension)
GUIDES = _power("可以指引的单位", lambda powers: powers.guide)
MEDIATES = _power("主持调解的单位", lambda powers: powers.mediate)
REVIEWS = _power("审查协议的单位（司法等）", lambda powers: powers.review_agreement)
LEVIES = Part(
    "社会保险费征收机构（涉及保费的案件）",
    lambda draft, verb: any(r.premium for r in draft.d.routed) and draft.may(draft.policy.powers.levy),
    lambda draft: "社会保险费征收机构",
    power=lambda powers: powers.levy,
)
CARDED = Part(
    "受牌单位", _among(lambda draft: [c.unit for c in draft.d.standing_cards]), lambda draft: "受牌单位"
)
DECIDES_CARDS = Part(
    "县政策所列可以撤销黄红牌的单位",
    lambda draft, verb: draft.policy.among(draft.unit, draft.policy.cards.decided_by),
    lambda draft: "可以撤销黄红牌的单位",
)
ISSUES = Part(
    "制发该文书的单位",
    lambda draft, verb: any(issues(draft, paper) for paper in draft.d.documents),
    lambda draft: "、".join(dict.fromkeys(p.issuer for p in draft.d.documents)) or "制发文书的单位",
)
EXECUTES = _power("协助执行的单位", lambda powers: powers.execute)

HANDLES = (LEAD, ITEM_LEAD, CO, NOTIFIER, DESK)
"""Besides the hub: whoever has the matter in hand now."""
HANDLING = (LEAD, ITEM_LEAD, CO, ASSIGNED)
TAKING_PART = (*HANDLING, INVITED)
PARTIES = (APPLICANT, RESPONDENT)


def stands_aside(draft: Draft) -> bool:
    """Whether the acting unit is a party to the matter."""
    return draft.is_party() or (is_concerned(draft, draft.unit) and not draft.is_center())


def has_any(draft: Draft, parts: Iterable[Part]) -> bool:
    """Whether the acting unit has one of these parts."""
    return any(is_held(part, draft, "") for part in parts)


def takes_part(draft: Draft, unit: UnitName) -> bool:
    """Whether a unit, whoever acts, handles the matter or was called to it."""
    other = Draft(draft.d, draft.policy, now=draft.now, unit=unit, officer="", action_id=draft.action_id)
    return has_any(other, TAKING_PART)


def is_held(part: Part, draft: Draft, verb: str) -> bool:
    """Whether the acting unit has this part, for this verb where that matters."""
    try:
        return part.held(draft, verb)
    except Declined:  # a role that the county does not fill is nobody
        return False


def word_of(part: Part, policy: Policy) -> str:
    """What a part is called in a county, with the units that have it in every matter."""
    if part.role:
        return policy.units.roles.get(part.role, f"{part.word}（本县未设）")
    if part.power is None:
        return part.word
    units = part.power(policy.powers).units
    return f"{part.word}（{'、'.join(filter(None, (unit_word(w, policy) for w in units))) or '本县未定'}）"


def unit_word(word: str, policy: Policy) -> str | None:
    """A unit named in a power; ``None`` for a role the county does not fill."""
    if word == TOWNS:
        return "本地乡镇单位"
    if "*" in word:
        return f"本地的“{word}”"
    return policy.units.roles.get(word, None if word in ROLE_WORDS else word)

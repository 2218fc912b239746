"""会商、联席会议、上级协调、督办."""

from collections.abc import Sequence
from datetime import date, datetime

from domain import deadlines
from domain.actions.form import Material
from domain.actions.meetings import (
    APPROVED,
    AnswerJointProposal,
    Attended,
    CompleteResolution,
    ConveneConsultation,
    ConveneJointMeeting,
    Division,
    IssueConsultationMinutes,
    IssueJointMinutes,
    Item,
    JointlyAttended,
    ProposeJointMeeting,
    ReplyFromAbove,
    ReportUp,
    Supervise,
)
from domain.decide.meeting import require_convenable
from domain.decide.proposing import asks_first, proposed_items
from domain.declined import Declined
from domain.state import Meeting
from domain.tasks import TaskKind
from starter.scenario.translate.scene import (
    IN_THE_FILE,
    SOMEBODY,
    Data,
    Scene,
    Sent,
    as_day,
    as_text,
    make,
    short,
)
from starter.scenario.translate.wording import Table, every, pick

JOINT = "联席会议"
_TOPICS: Table = (
    ("劳动关系", "劳动关系认定"),
    ("基数|口径", "缴费基数口径"),
    ("责任单位|职责", "责任单位划分"),
    ("程序|管辖", "程序和管辖"),
    ("不一致|异议|分歧", "意见分歧"),
    ("化解|方案", "化解方案"),
)


def convene_meeting(scene: Scene) -> list[Sent]:
    """召集会商 or 召开联席会议; without units named those of the matter are called."""
    units = scene.texts("units") or [u for u in (scene.d.lead, *scene.d.co) if u] or [scene.step.unit]
    topic = scene.text("topic", "reason", "triggered_by")
    if scene.must("form") == JOINT:
        body = make(
            ConveneJointMeeting,
            held_at=scene.now,
            place=short(scene.text("place") or "会议室"),
            units=units,
            chair=short(scene.text("chair") or "召集人"),
            topic=short(topic or "本案处置方案"),
        )
        return [*_granted(scene, units), scene.own(body)]
    topics, unread = every([topic] if topic else ["化解方案"], _TOPICS)
    written = "书面" in scene.words("place", "topic", "mode")
    body = make(
        ConveneConsultation,
        held_at=scene.now,
        mode="书面征求意见" if written else "现场",
        place=None if written else short(scene.text("place") or "会商室"),
        units=units,
        topics=topics or ["其他"],
        topic_text=short(unread[0]) if unread else None,
        parties=_parties(scene.texts("invited")),
    )
    return [scene.own(body)]


def _granted(scene: Scene, units: list[str]) -> list[Sent]:
    """The proposal and the county government's consent, which a story takes for granted."""
    rule, proposal = scene.policy.joint_approval, scene.d.proposal
    draft = scene.draft()
    if rule is None or not asks_first(draft) or (proposal and proposal.answer == "granted"):
        return []
    try:
        require_convenable(draft)
    except Declined:
        return []
    approver, propose = draft.role(rule.approver), _proposal(scene, units, scene.now)
    answer = make(AnswerJointProposal, decision=APPROVED, held_at=scene.now)
    waits = proposal is not None and proposal.answer is None
    return [*([] if waits else [scene.aside(propose)]), scene.aside(answer, approver)]


def propose_meeting(scene: Scene) -> list[Sent]:
    """提请召开联席会议, which then waits for its answer."""
    at = datetime.fromisoformat(str(scene.must("held_at")))
    return [scene.own(_proposal(scene, scene.texts("units"), at))]


def _proposal(scene: Scene, units: list[str], held_at: datetime) -> ProposeJointMeeting:
    return make(
        ProposeJointMeeting,
        analysis="、".join(t.text for t in scene.d.triggers) or "情况复杂，须联席会议研究",
        topics=["处置方案"],
        units=units,
        held_at=held_at,
    )


def _parties(invited: Sequence[str]) -> list[str]:
    found, _ = every(invited, (("申请人|职工|代表|双方", "申请人"), ("单位|公司|企业|双方", "被反映单位")))
    return found


# --- minutes ------------------------------------------------------------------------------------------------------

_JOINT_STANCES: Table = (
    ("不支持|不予支持|不应", "不支持"),
    ("部分支持|部分应", "部分支持"),
    ("支持|应计入|应补|应缴", "支持诉求"),
)
_STANCES: Table = (("不属.*职责|非本.*职责", "不属本单位职责"), *_JOINT_STANCES, ("同意", "支持诉求"))
_NOT_YET = "另行书面反馈"
_CATEGORIES: Table = (
    ("普法", "普法教育"),
    ("舆情|口径|网上", "舆情引导"),
    ("宣传|政策解读", "政策宣传"),
    ("疏导|稳控|稳定", "疏导稳控"),
    ("督办|整改", "督办整改"),
)


def minutes(scene: Scene) -> list[Sent]:
    """纪要 of the meeting that has none yet."""
    meeting = _waiting(scene)
    opinions = _by_unit(scene.table("opinions"))
    called = meeting.units if meeting else []
    heard = [*opinions, *(u for u in called if u not in opinions)] or [scene.step.unit]
    told = (scene.text(key) for key in ("opinion", "joint", "opinions"))
    decided = "；".join(filter(None, told)) or scene.text("division") or "按分工办理"
    if meeting and meeting.form == JOINT:
        return [scene.own(_joint_minutes(scene, heard, opinions, decided))]
    body = make(
        IssueConsultationMinutes,
        attended=[_attended(scene, unit, opinions.get(unit)) for unit in heard],
        outcome=pick(decided, (("未(?:能)?达成|意见不一致|分歧较大", "未达成一致"),), "达成一致"),
        decision=decided,
        tasks=_division(scene, decided),
    )
    return [scene.own(body)]


def _waiting(scene: Scene) -> Meeting | None:
    """The meeting whose minutes are owed, the acting unit's own first; else the last one."""
    owed = scene.d.open_tasks(TaskKind.MINUTES)
    mine = [t.ref for t in owed if scene.policy.units.same(scene.unit, t.unit)]
    form = next(iter([*mine, *(t.ref for t in owed)]), None)
    held = [m for m in reversed(scene.d.meetings) if form is None or m.form == form]
    return next((m for m in held if m.minutes_at is None), next(iter(held), None))


def _by_unit(said: Data) -> dict[str, str]:
    return {unit: as_text(text) or "" for unit, text in said.items()}


def _attended(scene: Scene, unit: str, said: str | None) -> Attended:
    """What a unit said; words that take no side are kept in the decision, and its view is awaited in writing."""
    stance = pick(said, _STANCES, _NOT_YET)
    opinion = None if stance == _NOT_YET else short(said or "")
    return make(Attended, unit=unit, officer=_present(scene, unit), stance=stance, opinion=opinion)


def _present(scene: Scene, unit: str) -> str:
    officer = scene.officer_of(scene.known(unit))
    return "参会人员" if officer == SOMEBODY else officer


def _division(scene: Scene, decided: str) -> list[Division]:
    said = scene.said("division")
    shares = _by_unit(scene.table("division")) if isinstance(said, dict) else {}
    rows = [make(Division, unit=unit, task=short(text or decided)) for unit, text in shares.items()]
    rows += [
        make(Division, unit=row.get("unit"), task=_item(row), due=_due(scene, row))
        for row in scene.rows("resolutions")
    ]
    if rows:
        return rows
    task = as_text(said) or "按议定意见办理"
    return [make(Division, unit=scene.d.lead or scene.step.unit, task=short(task))]


def _item(row: Data) -> str:
    return short(as_text(row.get("text")) or "见纪要")


def _due(scene: Scene, row: Data) -> date:
    """The day an item is due: as said, else by the county's clock for such items."""
    if (said := as_day(row.get("due"))) is not None:
        return said
    rule = scene.policy.clock("resolution")
    clock = deadlines.start(
        rule, None, scene.policy.calendar, id=rule.id, owner=scene.unit, start_event="", at=scene.now
    )
    return clock.due_on


def _joint_minutes(
    scene: Scene, heard: list[str], opinions: dict[str, str], decided: str
) -> IssueJointMinutes:
    rows = scene.rows("resolutions")
    categories = [pick(_item(row), _CATEGORIES, "办理事项") for row in rows]
    dropped = {item.category for item in proposed_items(scene.draft())} - set(categories)
    return make(
        IssueJointMinutes,
        attended=[
            make(
                JointlyAttended,
                unit=unit,
                officer=_present(scene, unit),
                stance=pick(said := opinions.get(unit, ""), _JOINT_STANCES, "同意议定事项"),
                opinion=short(said) or None,
            )
            for unit in heard
        ],
        decision=decided if not rows or scene.said("opinion", "joint") else "按议定事项办理",
        items=[
            make(
                Item,
                category=category,
                unit=row.get("unit"),
                text=_item(row),
                due=_due(scene, row),
            )
            for category, row in zip(categories, rows, strict=True)
        ],
        dropped_reason="已另行安排" if dropped else None,
        to_city=bool(scene.said("to_city")),
    )


def resolution_done(scene: Scene) -> list[Sent]:
    """办结议定事项."""
    done = scene.text("text", "note", "result") or "已按纪要办结"
    result = pick(done, (("未能|无法|不能完成", "未能完成"),), "已完成")
    return [scene.own(make(CompleteResolution, item=scene.must("no"), result=result, done=short(done)))]


def supervise(scene: Scene) -> list[Sent]:
    """督办; without a day named it is the county's usual one."""
    due = as_day(scene.said("due")) or scene.suggested("supervise")["due"]
    demand = scene.text("reason", "demand") or "请限期办理"
    measure = pick(demand, (("挂牌", "挂牌督办"), ("约谈", "约谈")), "督办单")
    return [scene.own(make(Supervise, measure=measure, demand=demand, due=due))]


# --- the unit above -----------------------------------------------------------------------------------------------

_WHY_UP: Table = (
    ("两县|跨县|外县|两地", "跨县事项"),
    ("权限", "权限在上级"),
    ("不能达成|不一致|分歧", "县级不能达成一致"),
    ("影响", "影响超出本县"),
)


def escalate_city(scene: Scene) -> list[Sent]:
    """提请上级协调."""
    question = scene.text("question", "reason") or IN_THE_FILE
    body = make(
        ReportUp,
        to=next(iter(scene.texts("to")), None) or scene.suggested("report_up").get("to", scene.center),
        reason_code=pick(question, _WHY_UP, "政策口径不明"),
        question=question,
        position=scene.text("position") or "请予明确",
        materials=[make(Material, name=short(name)) for name in scene.texts("attachments")],
    )
    return [scene.own(body)]


_EFFECTS: Table = (
    ("退回|不予协调", "退回本级依法办理"),
    ("上级(?:直接)?办理|直接办理|由市(?:局|级).*办理", "上级直接办理"),
)


def city_reply(scene: Scene) -> list[Sent]:
    """登记上级答复."""
    content = str(scene.must("decision"))
    effect = pick(content, _EFFECTS, "提出办理意见，本级办理")
    return [scene.own(make(ReplyFromAbove, effect=effect, content=content, replied_on=scene.day))]

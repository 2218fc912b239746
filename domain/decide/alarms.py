"""What timers do by themselves, with nobody logged in: remind, card, supervise, escalate; each once."""

from datetime import datetime

from domain import events as ev
from domain.deadlines import Alarm, AlarmKind, Deadline
from domain.decide.level import recheck_risk
from domain.decide.routes import ask_for_joint_meeting
from domain.decide.turn import answers_for
from domain.draft import Draft
from domain.tasks import TaskKind
from domain.words import UnitName


def tick(draft: Draft) -> None:
    """Act on every alarm that is due at the draft's moment, the oldest first."""
    while due := _due(draft):
        clock, alarm = due[0]
        _act(draft, clock, alarm)
    if draft.d.recheck_at and draft.d.recheck_at <= draft.now:
        recheck_risk(draft)


def _due(draft: Draft) -> list[tuple[Deadline, Alarm]]:
    found = [(c, x) for c in draft.d.open_clocks() if (x := c.next_alarm()) and x.at <= draft.now]
    return sorted(found, key=lambda pair: pair[1].at)


def _act(draft: Draft, clock: Deadline, alarm: Alarm) -> None:
    draft.fire(clock, alarm.kind, answers_for(draft, clock))
    match alarm.kind:
        case AlarmKind.REMINDER:
            draft.emit(ev.Noted(text=f"{clock.name}到期前预警"))
        case AlarmKind.YELLOW:
            _card(draft, clock, "黄牌")
        case AlarmKind.RED:
            _ran_out(draft, clock)
        case AlarmKind.SUPERVISE:
            _supervise(draft, clock)
        case AlarmKind.ESCALATE:
            _escalate(draft, clock)


def _card(draft: Draft, clock: Deadline, card: str) -> None:
    rule = draft.policy.clock(clock.rule_id)
    draft.emit(
        ev.CardIssued(
            no=len(draft.d.cards) + 1,
            card="红牌" if card == "红牌" else "黄牌",
            unit=answers_for(draft, clock),
            clock_id=clock.id,
            name=clock.name,
            rule=f"{rule.id}@{draft.policy.version}",
        )
    )


def _ran_out(draft: Draft, clock: Deadline) -> None:
    if clock.rule_id == "instalment":
        number = 1 + [c.id for c in draft.d.clocks.values() if c.rule_id == "instalment"].index(clock.id)
        draft.emit(ev.Defaulted(instalment=number, clock_id=clock.id))
        draft.emit(ev.Noted(text="分期首期逾期未缴" if number == 1 else f"分期第{number}期逾期未缴"))
        return
    draft.emit(ev.Noted(text=f"{clock.name}超期（自动）"))
    if clock.rule_id == "supplement":
        draft.resume_clocks()
        return
    _card(draft, clock, "红牌")


def has_fired(clock: Deadline, alarm: AlarmKind, *, since: datetime) -> bool:
    """Whether this alarm of a clock has acted, at this moment or later."""
    return any(a.kind == alarm and a.fired_at and a.fired_at >= since for a in clock.alarms)


def supervisor_of(draft: Draft, clock: Deadline) -> UnitName:
    """Who supervises a late clock: the first of its ladder's roles that is not itself the late unit."""
    ladder = draft.policy.ladder(draft.policy.clock(clock.rule_id).ladder)
    roles = ladder.supervisor if ladder else ("joint_office",)
    return draft.other_than(answers_for(draft, clock), roles) or draft.role("joint_office")


def _supervise(draft: Draft, clock: Deadline) -> None:
    supervisor = supervisor_of(draft, clock)
    draft.emit(ev.Noted(text=f"自动升级督办：{supervisor}"))
    if all(t.unit != supervisor for t in draft.d.open_tasks(TaskKind.SUPERVISE)):
        supervise(draft, clock)


def supervise(draft: Draft, clock: Deadline) -> None:
    """Put the supervision of a late clock on its supervisor's desk; it ends with that clock."""
    title = f"督办：{answers_for(draft, clock)}{clock.name}超期"
    draft.open_task(TaskKind.SUPERVISE, supervisor_of(draft, clock), title=title, ref=clock.id)


def _escalate(draft: Draft, clock: Deadline) -> None:
    still = "仍未签收" if clock.rule_id == "sign" else f"{clock.name}仍逾期"
    draft.emit(ev.Noted(text=f"督办后{still}（自动）"))
    draft.emit(ev.Noted(text="自动升级：提请联席会议"))
    propose(draft, clock)


def propose(draft: Draft, clock: Deadline) -> None:
    """提请联席会议 because a clock is still late; it ends with that clock, unless the route asks for the meeting."""
    if draft.d.accepted_at and not draft.d.closed_at:
        ask_for_joint_meeting(draft, because_of=clock)

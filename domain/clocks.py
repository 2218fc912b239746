"""What a clock is: the policy's rule with its legal basis, the ladder of alarms, the deadline that runs.

:mod:`domain.deadlines` starts, pauses, extends and ends deadlines.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BeforeValidator, Field, model_validator

from domain.words import SHANGHAI, Model, UnitName

Unit = Literal["wd", "d", "h", "m"]
"""wd working days, d natural days, h hours, m months."""

Tag = Literal["S", "F", "W", "K", "D"]
"""Where a figure comes from: S the county's plan, F a statute's text, W published, K known, D a default."""

ClockKind = Literal["internal", "statutory", "not_before", "window"]

DUTIES: tuple[ClockKind, ...] = ("internal", "statutory")
"""Clocks by which something must be done: of the others nobody is late."""

ClockStart = Literal["received", "accepted"]
"""收到、受理: from when a clock counts that comes with a matter's channel or kind."""

Result = Literal["running", "met", "breached", "fires", "respected", "violated", "lapsed"]

TAG_WORDS: dict[Tag, str] = {
    "S": "县方案规定",
    "F": "法律法规条文",
    "W": "网上公开资料，待核",
    "K": "一般知识，待核",
    "D": "默认值，县里可调整",
}

KIND_WORDS: dict[ClockKind, str] = {
    "internal": "内部",
    "statutory": "法定",
    "not_before": "须等足",
    "window": "可办期限",
}

START_WORDS: dict[ClockStart, str] = {"received": "收到", "accepted": "受理"}

UNIT_WORDS: dict[Unit, str] = {"wd": "个工作日", "d": "日", "h": "小时", "m": "个月"}

RESULT_WORDS: dict[Result, str] = {
    "running": "计时中",
    "met": "按时完成",
    "breached": "逾期完成",
    "fires": "已逾期，系统已自动预警",
    "respected": "已等足期限",
    "violated": "未等足期限",
    "lapsed": "不再需要，已终止计时",
}


class AlarmKind(StrEnum):
    """The rungs of the ladder."""

    REMINDER = "催办"
    YELLOW = "黄牌"
    RED = "红牌"
    SUPERVISE = "督办"
    ESCALATE = "提请联席会议"


class ClockRule(Model):
    """One rule of the policy.

    ``max_extension`` is in the same unit; ``None`` means it cannot be extended. Of a clock that comes with a matter's
    channel or kind, ``start`` says from when it counts, ``instead_of`` which rule gives way to it in such a matter.
    """

    id: str
    name: str
    length: int = Field(ge=0)
    unit: Unit
    basis: str = Field(min_length=1)
    tag: Tag
    kind: ClockKind = "internal"
    start: ClockStart = "received"
    instead_of: str | None = None
    ladder: str | None = None
    max_extension: int | None = Field(default=None, ge=0)

    @property
    def text(self) -> str:
        """The length as an officer says it."""
        return f"{self.length}{UNIT_WORDS[self.unit]}"


class LadderRung(Model):
    """When an alarm acts: at a fraction of the time given, or as the n-th working day after due begins."""

    alarm: AlarmKind
    fraction: Decimal | None = Field(default=None, gt=0, le=1)
    working_days_after_due: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _one_moment(self) -> Self:
        if (self.fraction is None) == (self.working_days_after_due is None):
            raise ValueError(
                "fraction（到期前的比例）与 working_days_after_due（逾期后第几个工作日）须且只能填一项"
            )
        return self


def _listed(given: object) -> object:
    return (given,) if isinstance(given, str) else given


Roles = Annotated[tuple[str, ...], BeforeValidator(_listed)]
"""One role, or several in order."""


class Ladder(Model):
    """The alarms of a clock, first to last, and who supervises: the first of these roles that is not late itself."""

    id: str
    rungs: tuple[LadderRung, ...]
    supervisor: Roles = Field(default=("joint_office",), min_length=1)


class Alarm(Model):
    """One alarm of one deadline; it fires once."""

    kind: AlarmKind
    at: AwareDatetime
    fired_at: AwareDatetime | None = None


class Pause(Model):
    """Time that stood still. ``moves_due`` is false when the clock was overdue: a pause heals no breach."""

    from_: AwareDatetime
    to: AwareDatetime | None = None
    reason: str
    moves_due: bool = True
    refused: bool = False
    """Whether it stood still because the act it is for was refused at the time."""


class Extension(Model):
    """More time, granted."""

    length: int
    unit: Unit
    by: str
    reason: str
    at: AwareDatetime
    due_before: AwareDatetime


class Deadline(Model):
    """One running or ended clock of one matter. ``id`` is unique in the matter."""

    id: str
    rule_id: str
    name: str
    basis: str
    tag: Tag
    kind: ClockKind
    owner: UnitName
    task_id: str | None = None
    start_event: str
    starts_at: AwareDatetime
    instead_of_start: AwareDatetime | None = None
    """The moment it would count from, had it not run out by then before it began."""
    length: int
    unit: Unit
    fixed_on: date | None = None
    """The due day when an agreement or minutes fixed it."""
    max_extension: int | None = None
    calendar_version: str
    calendar_assumed: bool = False
    calendar_outside: bool = False
    """Whether days were counted of which the table says nothing."""
    due_at: AwareDatetime
    """The last second of the due day, or the exact moment of an hour clock."""
    skipped: tuple[date, ...] = ()
    worked: tuple[date, ...] = ()
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    stopped_at: AwareDatetime | None = None
    stopped_by: str | None = None
    lapsed: bool = False

    @property
    def due_on(self) -> date:
        """The due day in Asia/Shanghai."""
        return self.due_at.astimezone(SHANGHAI).date()

    @property
    def is_open(self) -> bool:
        """Whether it still runs or stands paused."""
        return self.stopped_at is None

    @property
    def is_paused(self) -> bool:
        """Whether it stands still now."""
        return self.is_open and bool(self.pauses) and self.pauses[-1].to is None

    @property
    def is_refused(self) -> bool:
        """Whether it stands still because the act it is for is refused now."""
        return self.is_paused and self.pauses[-1].refused

    @property
    def red_fired(self) -> bool:
        """Whether the timer at the due moment has acted."""
        return any(a.kind == AlarmKind.RED and a.fired_at for a in self.alarms)

    def overdue_at(self, moment: datetime) -> bool:
        """Whether it is open and past due at this moment; a paused clock is judged by when it was paused."""
        if not self.is_open:
            return False
        return (self.pauses[-1].from_ if self.is_paused else moment) > self.due_at

    @property
    def result(self) -> Result:
        """How it stands or ended.

        ``met`` / ``breached``: stopped by the due moment / after it. ``fires``: the timer at the due moment
        acted and nothing was done since (the clock is open, or lapsed). ``lapsed``: no longer owed, and not
        yet overdue. A minimum wait (``not_before``) is ``respected`` when stopped after its due moment, else
        ``violated``.
        """
        if self.stopped_at is None:
            return "fires" if self.red_fired else "running"
        if self.lapsed:
            return "fires" if self.red_fired else "lapsed"
        if self.kind == "not_before":
            return "respected" if self.stopped_at > self.due_at else "violated"
        stood_still = self.pauses and self.pauses[-1].to is None
        judged = self.pauses[-1].from_ if stood_still else self.stopped_at
        return "met" if judged <= self.due_at and not self.red_fired else "breached"

    def alarms_due(self, moment: datetime) -> list[Alarm]:
        """The alarms that a timer acts on at this moment: several when it comes late."""
        if not self.is_open or self.is_paused:
            return []
        return [a for a in self.alarms if a.fired_at is None and a.at <= moment]

    def next_alarm(self) -> Alarm | None:
        """The alarm a timer must act on next; ``None`` when closed, paused, or all have fired."""
        if not self.is_open or self.is_paused:
            return None
        return min((a for a in self.alarms if a.fired_at is None), key=lambda a: a.at, default=None)

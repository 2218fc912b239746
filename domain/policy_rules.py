"""The rules a policy is made of besides its units and clocks: tiers, indicators, routing, papers, bans."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from domain.calendar import WorkCalendar
from domain.clocks import Tag
from domain.policy_conditions import Condition
from domain.words import ItemCategory, Level, Model

_DAY = r"^(\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"


class TimeNode(Model):
    """时间节点: a time of heightened attention.

    From ``starts`` to ``ends`` (``MM-DD`` recurs every year, ``YYYY-MM-DD`` does not), or the ``days_before`` natural
    days before ``festival``, whose day of each year is the calendar's. From ``min_headcount`` people on, a matter is
    one tier higher while it lasts.
    """

    name: str
    starts: str | None = Field(default=None, pattern=_DAY)
    ends: str | None = Field(default=None, pattern=_DAY)
    festival: str | None = None
    days_before: int | None = Field(default=None, ge=1)
    min_headcount: int = Field(ge=1)
    basis: str = Field(min_length=1)
    tag: Tag

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        dated, moving = (self.starts, self.ends), (self.festival, self.days_before)
        if (None in dated) == (None in moving) or any(dated) == any(moving):
            raise ValueError(
                "须写 starts 和 ends（固定日期），或 festival 和 days_before（节日前若干日），只写一种"
            )
        if self.starts and self.ends:
            if len(self.starts) != len(self.ends):
                raise ValueError("starts 与 ends 须都写年月日，或都只写月日")
            if _day(self.ends, 2028) < _day(self.starts, 2028):
                raise ValueError("ends 早于 starts；跨年的时间节点请写明年份")
        return self

    def spans(self, years: Iterable[int], calendar: WorkCalendar) -> list[tuple[date, date]]:
        """Its first and last days in these years. Raises ValueError for a day that does not exist."""
        if self.starts and self.ends:
            return [(_day(self.starts, year), _day(self.ends, year)) for year in years]
        days = [day for day in calendar.festivals.get(self.festival or "", ()) if day.year in years]
        return [(day - timedelta(days=self.days_before or 0), day - timedelta(days=1)) for day in days]

    def in_force(self, day: date, calendar: WorkCalendar) -> bool:
        """Whether it is in force on ``day``."""
        spans = self.spans((day.year, day.year + 1), calendar)
        return any(first <= day <= last for first, last in spans)

    def next_start(self, after: date, calendar: WorkCalendar) -> date | None:
        """Its next first day later than ``after``; ``None`` when it does not come again."""
        spans = self.spans(range(after.year, after.year + 3), calendar)
        return min((first for first, _ in spans if first > after), default=None)


def _day(text: str, year: int) -> date:
    return date.fromisoformat(text if len(text) > 5 else f"{year}-{text}")


class DocumentRule(Model):
    """One 文书. ``fields``: besides the header.

    ``issuer``: a role, ``lead``, ``actor`` (who acted) or ``mediator`` (the owner of the route's mediation); ``to``
    may be one of these too, or several words parted by ``/``.

    ``name``: what the county calls it. ``omit``: it draws up no such paper. ``on``: the actions that bring it about, for a
    paper of the county's own; ``tiers``: only in these (in all when none is named).

    ``addressed``: whether it opens with the name of whoever it is written to (主送), as notices and letters do; an agreement,
    a record, minutes, an opinion or a table does not, whoever gets it. ``served``: whether it is served on the parties it
    goes to; a record they sign is not.

    ``mark``: the word of its kind in a 文号; without it none is given out. ``reviewed``: whether it is reviewed before it is
    issued. ``text``: its form as plain text, ``docx``: the county's own form in its place (base64); the loader reads both
    from the files beside the policy.
    """

    issuer: str
    to: str
    fields: tuple[str, ...] = ()
    name: str | None = Field(default=None, min_length=1)
    omit: bool = False
    on: tuple[str, ...] = ()
    tiers: tuple[Level, ...] = ()
    addressed: bool = True
    served: bool = True
    mark: str | None = Field(default=None, min_length=1, max_length=6)
    reviewed: bool = False
    text: str = ""
    docx: str = ""
    basis: str = Field(min_length=1)
    tag: Tag


class Power(Model):
    """Who may do something besides those whose task it is.

    ``units``: roles (one the county does not fill is nobody), unit names, name patterns with ``*``, or ``towns``
    for every unit whose name begins with one of the county's towns.
    """

    units: tuple[str, ...]
    basis: str = Field(min_length=1)
    tag: Tag


class Powers(Model):
    """Who may do what.

    ``raise_level`` 上调等级; ``supervise`` 督办; ``consult`` 组织会商; ``joint_meeting`` 召开联席会议、报上级协调;
    ``decide_extension`` 审批延期 (asked of the first that did not ask itself); ``investigate`` 参加调查核实; ``guide``
    仲裁诉讼指引; ``mediate`` 主持调解; ``review_agreement`` 审查协议; ``levy`` 责令缴纳、催告、登记到账; ``execute`` 反馈执行.
    """

    raise_level: Power
    supervise: Power
    consult: Power
    joint_meeting: Power
    decide_extension: Power
    investigate: Power
    guide: Power
    mediate: Power
    review_agreement: Power
    levy: Power
    execute: Power


class InvestigatorRule(Model):
    """调查人数: the least number of officers the ``units`` (as in a power) must send."""

    least: int = Field(ge=1)
    units: tuple[str, ...]
    basis: str = Field(min_length=1)
    tag: Tag


class LeadRule(Model):
    """Who checks a lead that is left behind when nobody is named: a role or a unit."""

    unit: str
    basis: str = Field(min_length=1)
    tag: Tag


class JointApproval(Model):
    """提请县政府: who (a role) must agree before the joint meeting is called, and by which clock it answers."""

    approver: str
    clock: str
    basis: str = Field(min_length=1)
    tag: Tag


class InvitationRules(Model):
    """适时介入: which units (roles or names) may be invited into a matter, and by which clock they answer."""

    units: tuple[str, ...] = Field(min_length=1)
    clock: str
    basis: str = Field(min_length=1)
    tag: Tag


class ProposedItem(Model):
    """A 议定事项 that the software proposes to the joint meeting.

    ``when``: by the matter's facts; ``reason_codes``: or by why its level was raised. ``unit``: a role, a unit's name,
    or ``lead``. ``text`` is the item's.
    """

    category: ItemCategory
    unit: str
    text: str = Field(min_length=1)
    when: Condition
    reason_codes: tuple[str, ...] = ()
    basis: str = Field(min_length=1)
    tag: Tag


class Dissatisfaction(Model):
    """What follows when somebody is 不满意 for a reason of this kind."""

    text: str
    then: Literal["rehandle", "explain", "new_matter"]


class ExtensionRules(Model):
    """延期. ``times``: how often one clock may be extended; how far, its own rule says."""

    times: int = Field(ge=1)
    basis: str = Field(min_length=1)
    tag: Tag


class CardRules(Model):
    """黄牌、红牌. ``decided_by``: who decides on appeals and may withdraw, the first that is not the unit itself.

    ``appeal``: the clock within which a unit may appeal.
    """

    decided_by: tuple[str, ...] = Field(min_length=1)
    appeal: str
    basis: str = Field(min_length=1)
    tag: Tag


class CallbackRules(Model):
    """回访. ``min_days_between``: natural days between tries. ``categories``: by the reason's letter.

    ``link_days``: natural days in which a party may answer by a one-time link.
    """

    attempts: int = Field(ge=1)
    min_days_between: int = Field(ge=0)
    different_hours: bool
    rehandle_times: int = Field(ge=0)
    link_days: int = Field(default=14, ge=1, le=60)
    categories: dict[str, Dissatisfaction]
    basis: str = Field(min_length=1)
    tag: Tag


class Forbidden(Model):
    """A wording that must not stand: any of ``patterns``, unless ``unless`` stands in the same part.

    ``sentences`` are patterns read over a whole sentence, for what is said across commas. A negation right before it
    makes it harmless too; where the act is not the first word of a pattern, its group ``act`` marks it.
    """

    id: str
    article: str = Field(min_length=1)
    explanation: str = Field(min_length=1)
    patterns: tuple[str, ...] = Field(min_length=1)
    sentences: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


class WordingRules(Model):
    """Forbidden wordings, as regular expressions in which 〈name〉 stands for any of ``words[name]``.

    ``separator`` parts a text, ``full_stop`` its sentences. ``negation``, right before a wording, makes it harmless.
    """

    words: dict[str, tuple[str, ...]] = {}
    separator: str = Field(min_length=1)
    full_stop: str = Field(min_length=1)
    negation: tuple[str, ...] = Field(min_length=1)
    forbidden: tuple[Forbidden, ...] = Field(min_length=1)

    def regex(self, *patterns: str) -> str:
        """One regular expression for the patterns, words filled in. Raises KeyError for an unknown name."""
        filled = (re.sub(r"〈(.+?)〉", lambda m: f"(?:{'|'.join(self.words[m[1]])})", p) for p in patterns)
        return "|".join(f"(?:{p})" for p in filled)

    @model_validator(mode="after")
    def _compiles(self) -> Self:
        for pattern in [
            self.separator,
            self.full_stop,
            *self.negation,
            *(p for f in self.forbidden for p in (*f.patterns, *f.sentences, *f.unless)),
        ]:
            try:
                re.compile(self.regex(pattern))
            except re.error as error:
                raise ValueError(f"正则表达式“{pattern}”有误：{error}") from error
            except KeyError as error:
                raise ValueError(f"“{pattern}”用到的词组〈{error.args[0]}〉未在 words 中列出") from error
        return self


class MaskRule(Model):
    """How much of an identity is shown: characters at head and tail; ``until`` cuts after such a word."""

    head: int = Field(ge=0)
    tail: int = Field(default=0, ge=0)
    until: tuple[str, ...] = ()
    basis: str = Field(min_length=1)
    tag: Tag


class IdentityRule(Model):
    """Who may see an identity whole: roles, units, name patterns; ``handling``: units that have it in hand."""

    may_view: tuple[str, ...] = Field(min_length=1)
    basis: str = Field(min_length=1)
    tag: Tag


class Retention(Model):
    """保管期限 beyond the tiers'. A group (群体件) counts from ``group_headcount`` people; ``None`` keeps for ever.

    ``typical_years``: of a typical case, one whose 典型案例表 was issued; never shorter than without it.
    """

    group_years: int | None
    typical_years: int | None = None
    group_headcount: int = Field(ge=2)
    basis: str = Field(min_length=1)
    tag: Tag


class StatisticsRules(Model):
    """统计口径. ``repeat_days``: natural days after 办结 in which the same complaint is a repeated one (重复投诉)."""

    repeat_days: int = Field(ge=1)
    basis: str = Field(min_length=1)
    tag: Tag

"""What each statistic of the county counts: rows of a read table that fall into a period, and which of them are its part.

The figure and the list behind it are made of the same conditions (docs/statistics.md says how each is counted).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic import Field
from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    Numeric,
    TableValuedAlias,
    Text,
    and_,
    column,
    func,
    not_,
    or_,
    select,
    true,
)

from domain.shares import Sums
from domain.words import Model
from ledger.measured import DISPATCH, RED, RESOLUTION, RETURNED, UNKNOWN, VOTE, YELLOW
from ledger.periods import Period
from ledger.read_tables import measure_items, measures
from ledger.repeats import is_repeated

Condition = ColumnElement[bool]
EVERY: Condition = true()


class Rate(NamedTuple):
    """A part of a whole; its ``value`` is none where the whole is empty."""

    part: Decimal | int
    whole: Decimal | int

    @property
    def value(self) -> Decimal | None:
        """The quotient."""
        return Decimal(self.part) / Decimal(self.whole) if self.whole else None


Value = Rate | Decimal | int


def number(value: Value) -> int:
    """The value of a figure that says how many there are."""
    assert not isinstance(value, Rate)
    return int(value)


class Slice(Model):
    """Of which matters; ``None`` means all. :data:`ledger.measured.UNKNOWN`: those where it was not filled in.

    Of a sum that is made of claims, their claims of this 争议类型 and 险种 alone (:meth:`Figure.divides`).
    """

    unit: str | None = Field(
        default=None, title="单位", description="主办单位；派单、议定事项和黄红牌按各自的单位", max_length=100
    )
    town: str | None = Field(default=None, title="乡镇", max_length=100)
    claim_type: str | None = Field(default=None, title="争议类型", max_length=100)
    level: str | None = Field(default=None, title="风险等级", max_length=100)
    channel: str | None = Field(default=None, title="渠道", max_length=100)
    insurance: str | None = Field(default=None, title="险种", max_length=100)
    industry: str | None = Field(default=None, title="行业", max_length=100)


COLUMNS = {
    "unit": measures.c.lead,
    "town": measures.c.towns,
    "claim_type": measures.c.types,
    "level": measures.c.level,
    "channel": measures.c.channel,
    "insurance": measures.c.insurances,
    "industry": measures.c.industries,
}
"""What a field of a slice is of a matter; where it is a list, a matter belongs to each of its own."""
SEVERAL = ("town", "claim_type", "insurance", "industry")
OF_CLAIMS = {"claim_type": "type", "insurance": "insurance"}
"""What of these a claim is of: a sum over it is divided by claim."""
WHOLE_COUNTY = Slice()


def claims() -> TableValuedAlias:
    """The claims of a row of ``measures``, those of one 争议类型 and 险种 together, with their sums."""
    sums = (column(name, Numeric(18, 2)) for name in Sums._fields)
    told = (column(name, Text) for name in OF_CLAIMS.values())
    found = func.jsonb_to_recordset(measures.c.claims).table_valued(*told, *sums)
    return found.render_derived(name="claim", with_types=True)


def chosen_claims(found: TableValuedAlias, chosen: Slice) -> list[Condition]:
    """Which of these claims a slice is of."""
    return [found.c[name] == value for field, name in OF_CLAIMS.items() if (value := getattr(chosen, field))]


class Scope(NamedTuple):
    """What is asked for. ``now``: what falls due later and is not done yet has not fallen due."""

    period: Period
    now: datetime
    county: str | None = None
    slice: Slice = WHOLE_COUNTY


@dataclass(frozen=True, eq=False)
class Among:
    """Rows of a read table that fall into a period by one of their moments.

    ``word``: what such a row is; ``when``: what its moment is. ``done``: what of them counts whenever it was done; the
    others count once their moment has passed. ``own_unit``: a row is the work of a unit, whoever leads the matter.
    """

    word: str
    when: str
    moment: Column[Any]
    where: Condition = EVERY
    done: Condition | None = None
    own_unit: bool = False

    @property
    def table(self) -> FromClause:
        """Where the rows are: matters, or what is counted of them one by one."""
        return self.moment.table

    def conditions(self, scope: Scope) -> list[Condition]:
        """What a row must satisfy; of a matter merged into another nothing is counted."""
        first, until = scope.period.moments
        wanted = [self.moment >= first, self.moment < until, not_(self.table.c.merged), self.where]
        if self.done is not None:
            wanted.append(or_(self.done, self.moment < scope.now))
        if scope.county is not None:
            wanted.append(self.table.c.county == scope.county)
        chosen = scope.slice.model_dump(exclude_none=True)
        return [*wanted, *(self._in_slice(field, value) for field, value in chosen.items())]

    def dimension(self, field: str) -> ColumnElement[Any]:
        """What a field of a slice is of a row. Of an item it is looked up row by row, never by reading all matters."""
        if self.table is measures:
            return COLUMNS[field]
        if field == "unit" and self.own_unit:
            return measure_items.c.unit
        its = measures.c.dispute_id == measure_items.c.dispute_id
        return select(COLUMNS[field]).where(its).correlate(measure_items).scalar_subquery()

    def _in_slice(self, field: str, value: str) -> Condition:
        found = self.dimension(field)
        if field in SEVERAL:
            return found.contains([value])
        return found.is_(None) if value == UNKNOWN else found == value


class Side(StrEnum):
    """Which rows behind a rate: all of the whole, its part, or what is left."""

    ALL = "全部"
    IN = "计入"
    OUT = "未计入"


@dataclass(frozen=True)
class Figure:
    """One figure of the report: how many rows, or the sum of a column of theirs; or a part of that ÷ the whole.

    ``definition``: 口径, numerator before ÷, denominator after it. ``of``: narrows the rows; ``part``: which of them are the
    numerator; ``adds``: the column to be added up; ``over``: the column whose sum it is divided by.
    """

    name: str
    unit: str
    definition: str
    among: Among
    of: Condition = EVERY
    part: Condition | None = None
    adds: Column[Any] | None = None
    over: Column[Any] | None = None

    def divides(self, field: str) -> bool:
        """Whether it is a sum of claims and the field what a claim is: divided by claim, the parts add up to the whole."""
        return field in OF_CLAIMS and self.adds is not None and self.adds.name in Sums._fields

    def counts_in_each(self, field: str) -> bool:
        """Whether a matter of several values of a field counts whole in each of them: the parts may be more than the whole."""
        return field in SEVERAL and not self.divides(field)

    def sums(self, chosen: Slice) -> list[ColumnElement[Any]]:
        """What a row adds: to the figure, and to what that is divided by."""
        columns = [added for added in (self.adds, self.over) if added is not None]
        narrowed = any(getattr(chosen, field) and self.divides(field) for field in OF_CLAIMS)
        return [_of_claims(added.name, chosen) for added in columns] if narrowed else [*columns]

    def aggregates(self, chosen: Slice) -> list[ColumnElement[Any]]:
        """What PostgreSQL computes over the rows: of a rate the part and the whole."""
        if self.adds is not None:
            return [func.coalesce(func.sum(added).filter(self.of), 0) for added in self.sums(chosen)]
        numbers = [self.of] if self.part is None else [and_(self.of, self.part), self.of]
        return [func.count().filter(condition) for condition in numbers]

    def read(self, numbers: Sequence[Any]) -> Value:
        """The figure of these aggregates."""
        counts = [
            Decimal(n) if self.unit in ("元", "%") and self.adds is not None else int(n) for n in numbers
        ]
        return Rate(*counts) if self.unit == "%" else counts[0]

    def listed(self, chosen: Slice, side: Side = Side.ALL) -> Condition:
        """Which rows stand behind it; of a sum those that add something to it."""
        if self.adds is not None:
            return and_(self.of, or_(*(func.coalesce(added, 0) != 0 for added in self.sums(chosen))))
        if self.part is None or side is Side.ALL:
            return self.of
        return and_(self.of, self.part if side is Side.IN else self.part.is_not(true()))


def _of_claims(name: str, chosen: Slice) -> ColumnElement[Any]:
    found = claims()
    its = select(func.sum(found.c[name])).where(*chosen_claims(found, chosen))
    return its.correlate(measures).scalar_subquery()


MATTER = "争议"
_m, _i = measures.c, measure_items.c
_OF_CARDS = _i.kind.in_((YELLOW, RED)) & _i.result.is_(None)

REGISTERED = Among(MATTER, "登记日", _m.registered_at)
DECIDED = Among(MATTER, "决定日", _m.decided_at)
ACCEPTED = Among(MATTER, "受理日", _m.decided_at, _m.accepted)
DUE = Among(MATTER, "到期日", _m.due_at, done=_m.in_time.is_not(None))
MEDIATED = Among(MATTER, "终结日", _m.mediated_at)
TO_PERFORM = Among(MATTER, "履行期满", _m.perform_by, done=_m.performed)
TO_CALL = Among(MATTER, "回访到期日", _m.call_by, done=_m.answered)
DISPOSED = Among(MATTER, "处置意见日", _m.disposed_at)
CLOSED = Among(MATTER, "办结日", _m.closed_at, _m.accepted)
VOTES = Among("评价", "评价日", _i.at, _i.kind == VOTE)
DISPATCHED = Among("派单", "派单日", _i.at, _i.kind == DISPATCH, own_unit=True)
ANSWERED = Among("派单", "反馈日", _i.done_at, _i.kind == DISPATCH, own_unit=True)
RESOLUTIONS = Among(
    "议定事项", "到期日", _i.at, _i.kind == RESOLUTION, done=_i.done_at.is_not(None), own_unit=True
)
CARDS = Among("黄红牌", "发出日", _i.at, _OF_CARDS, own_unit=True)

FIGURES: tuple[Figure, ...] = (
    Figure("登记量", "件", "期内登记的争议和线索", REGISTERED),
    Figure("线索转化率", "%", "其中已转为争议的 ÷ 期内登记的线索", REGISTERED, of=_m.was_lead, part=_m.converted),
    Figure("重复投诉率", "%",
           "其中为前案办结后规定日数内，同一人就同一单位、同一险种和类型再次登记的 ÷ 登记量",
           REGISTERED, part=is_repeated()),
    Figure("受理量", "件", "受理日在期内的争议", ACCEPTED),
    Figure("不予受理率", "%", "其中整件不予受理的 ÷ 期内作出受理或不予受理决定的", DECIDED, part=not_(_m.accepted)),
    Figure("群体件", "件", "受理量中达到群体件人数的", ACCEPTED, of=_m.grouped),
    Figure("涉及人数", "人", "受理量各件人数之和", ACCEPTED, adds=_m.headcount),
    Figure("涉及金额", "元", "受理量各件主张的保险费之和", ACCEPTED, adds=_m.claimed),
    Figure("改级率", "%", "其中等级经改变并生效的 ÷ 受理量中已定级的", ACCEPTED, of=_m.level.is_not(None), part=_m.level_changed),
    Figure("按时办结率", "%", "其中在期限（含批准延期）内告知结果的 ÷ 办理总时限在期内到期的（含逾期未办结）",
           DUE, part=_m.in_time),
    Figure("调解成功率", "%", "其中达成协议的 ÷ 期内调解终结的（未启动、进行中除外）", MEDIATED, part=_m.agreed),
    Figure("协议履行率", "%", "其中已履行且未曾违约的（约定或认定的款项未足额到账的不算）÷ 履行期在期内届满的协议",
           TO_PERFORM, part=_m.performed),
    Figure("回访完成率", "%", "其中接通且答复的 ÷ 首次回访在期内到期的", TO_CALL, part=_m.answered),
    Figure("满意率", "%", "满意、基本满意 ÷ 期内的有效评价（拒评、未联系上除外）",
           VOTES, part=_i.result.in_(("满意", "基本满意"))),
    Figure("退单率", "%", "其中退回的 ÷ 期内派单次数", DISPATCHED, part=_i.result == RETURNED),
    Figure("认定应补", "元", "期内形成处置意见的各件认定应补之和", DISPOSED, adds=_m.recognised),
    Figure("到账率", "%", "其实缴本金（上级、外地征收的除外）÷ 认定应补", DISPOSED, adds=_m.paid, over=_m.recognised),
    Figure("滞纳金", "元", "上述各件已缴滞纳金（上级、外地征收的除外），不计入到账率", DISPOSED, adds=_m.late_fee),
    Figure("办结量", "件", "已受理且办结日在期内的", CLOSED),
    Figure("转法律途径率", "%", "其中作过仲裁、诉讼指引的 ÷ 办结量", CLOSED, part=_m.guided),
    Figure("重办率", "%", "其中重新办理过的 ÷ 办结量", CLOSED, part=_m.reopened),
    Figure("议定事项完成率", "%", "其中已完成的 ÷ 期内到期的议定事项", RESOLUTIONS, part=_i.done_at.is_not(None)),
    Figure("黄牌", "张", "期内发出的黄牌，已撤销的除外", CARDS, of=_i.kind == YELLOW),
    Figure("红牌", "张", "期内发出的红牌，已撤销的除外", CARDS, of=_i.kind == RED),
)  # fmt: skip
OF_TURNAROUNDS: tuple[Figure, ...] = (
    Figure("反馈量", "次", "期内对派单作出的反馈", ANSWERED),
    Figure("主办反馈量", "次", "期内主办单位对派单作出的反馈", ANSWERED, of=_i.role == "主办"),
    Figure("协办反馈量", "次", "期内协办单位对派单作出的反馈", ANSWERED, of=_i.role == "协办"),
)
"""What the lines of 部门办理时限 lead to."""
BY_NAME = {figure.name: figure for figure in (*FIGURES, *OF_TURNAROUNDS)}

DISTRIBUTIONS = {
    "主办": "unit",
    "风险": "level",
    "渠道": "channel",
    "类型": "claim_type",
    "险种": "insurance",
    "乡镇": "town",
    "行业": "industry",
}
"""Each over 受理量, by a field of a slice; a matter of several types, 险种, towns or industries counts in each."""

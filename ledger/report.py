"""The county's report of a period: every statistic at one moment, and in the county's words how each is counted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Connection, Engine, exists, select

from ledger import statistics as ask
from ledger.connection import LedgerBroken, reading
from ledger.periods import Period
from ledger.statistics import (
    Accepted,
    Answered,
    Cards,
    Closed,
    Disposed,
    Rate,
    Registered,
    Returns,
    Scope,
    Share,
    Turnaround,
)
from ledger.tables import disputes, measures


class Report(NamedTuple):
    """Every statistic of a period."""

    registered: Registered
    repeated: Rate
    accepted: Accepted
    refused: Rate
    in_time: Rate
    mediated: Rate
    performed: Rate
    called_back: Rate
    satisfied: Rate
    answers: list[Answered]
    disposed: Disposed
    closed: Closed
    resolved: Rate
    returns: list[Returns]
    turnarounds: list[Turnaround]
    cards: list[Cards]
    levels: list[Share]
    channels: list[Share]
    types: list[Share]
    insurances: list[Share]
    towns: list[Share]
    industries: list[Share]


def report(engine: Engine, period: Period, now: datetime, county: str | None = None) -> Report:
    """The statistics of a period as the ledger stands, every figure of the same moment.

    Raises LedgerBroken when what is counted was never made from the events.
    """
    scope = Scope(period, now, county)
    with reading(engine, snapshot=True) as connection:
        _require_measured(connection)
        return Report(*(getattr(ask, name)(connection, scope) for name in Report._fields))


def _require_measured(connection: Connection) -> None:
    """A ledger from before there were statistics is to be rebuilt first: its oldest matter has not been measured."""
    measured = exists().where(measures.c.dispute_id == disputes.c.dispute_id)
    oldest = select(measured).select_from(disputes).order_by(disputes.c.opened_at).limit(1)
    if connection.scalar(oldest) is False:
        raise LedgerBroken("统计所用的查询表尚未建立，请先运行 fengqiao ledger rebuild")


@dataclass(frozen=True)
class Figure:
    """One figure of the report. ``definition``: 口径, numerator before ÷, denominator after it."""

    name: str
    unit: str
    read: Callable[[Report], Rate | Decimal | int]
    definition: str


FIGURES: tuple[Figure, ...] = (
    Figure("登记量", "件", lambda r: r.registered.matters, "期内登记的争议和线索"),
    Figure("线索转化率", "%", lambda r: Rate(r.registered.converted, r.registered.leads),
           "其中已转为争议的 ÷ 期内登记的线索"),
    Figure("重复投诉率", "%", lambda r: r.repeated,
           "其中为前案办结后规定日数（政策 statistics.repeat_days）内，同一人就同一单位、同一险种和类型再次登记的 ÷ 登记量"),
    Figure("受理量", "件", lambda r: r.accepted.matters, "受理日在期内的争议"),
    Figure("不予受理率", "%", lambda r: r.refused, "其中整件不予受理的 ÷ 期内作出受理或不予受理决定的"),
    Figure("群体件", "件", lambda r: r.accepted.groups, "受理量中达到群体件人数（政策 retention.group_headcount）的"),
    Figure("涉及人数", "人", lambda r: r.accepted.people, "受理量各件人数之和"),
    Figure("涉及金额", "元", lambda r: r.accepted.claimed, "受理量各件主张的保险费之和"),
    Figure("改级率", "%", lambda r: Rate(r.accepted.changed, r.accepted.levelled),
           "其中等级经改变并生效的 ÷ 受理量中已定级的"),
    Figure("按时办结率", "%", lambda r: r.in_time,
           "其中在期限（含批准延期）内告知结果的 ÷ 办理总时限在期内到期的（含逾期未办结）"),
    Figure("调解成功率", "%", lambda r: r.mediated, "其中达成协议的 ÷ 期内调解终结的（未启动、进行中除外）"),
    Figure("协议履行率", "%", lambda r: r.performed,
           "其中已履行且未曾违约的（约定或认定的款项未足额到账的不算）÷ 履行期在期内届满的协议"),
    Figure("回访完成率", "%", lambda r: r.called_back, "其中接通且答复的 ÷ 首次回访在期内到期的"),
    Figure("满意率", "%", lambda r: r.satisfied, "满意、基本满意 ÷ 期内的有效评价（拒评、未联系上除外）"),
    Figure("退单率", "%", lambda r: Rate(r.returns[0].returned, r.returns[0].dispatched),
           "其中退回的 ÷ 期内派单次数"),
    Figure("认定应补", "元", lambda r: r.disposed.recognised, "期内形成处置意见的各件认定应补之和"),
    Figure("到账率", "%", lambda r: Rate(r.disposed.paid, r.disposed.recognised), "其实缴本金（上级、外地征收的除外）÷ 认定应补"),
    Figure("滞纳金", "元", lambda r: r.disposed.late_fee, "上述各件已缴滞纳金（上级、外地征收的除外），不计入到账率"),
    Figure("办结量", "件", lambda r: r.closed.matters, "已受理且办结日在期内的"),
    Figure("转法律途径率", "%", lambda r: Rate(r.closed.guided, r.closed.matters), "其中作过仲裁、诉讼指引的 ÷ 办结量"),
    Figure("重办率", "%", lambda r: Rate(r.closed.reopened, r.closed.matters), "其中重新办理过的 ÷ 办结量"),
    Figure("议定事项完成率", "%", lambda r: r.resolved, "其中已完成的 ÷ 期内到期的议定事项"),
)  # fmt: skip

DISTRIBUTIONS: dict[str, Callable[[Report], list[Share]]] = {
    "风险": lambda r: r.levels,
    "渠道": lambda r: r.channels,
    "类型": lambda r: r.types,
    "险种": lambda r: r.insurances,
    "乡镇": lambda r: r.towns,
    "行业": lambda r: r.industries,
}
"""Each over 受理量; a matter of several types, 险种, towns or industries counts in each."""

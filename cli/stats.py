"""stats: the county's report of a month, a quarter or any days."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

import typer
from rich.markup import escape

from cli.matters import Json
from cli.output import Exit, fail, out, print_json, table
from cli.session import open_ledger
from domain.actions.callback import RecordCallback
from domain.speaking import say
from domain.words import SHANGHAI
from ledger.figures import FIGURES, Figure, Rate, Scope, Value, number
from ledger.measured import QUESTIONS
from ledger.periods import Period
from ledger.report import Report, report
from starter.office.report import as_data
from starter.office.views import county_words

Month = Annotated[str | None, typer.Option("--month", help="月份，如 2026-06")]
Quarter = Annotated[str | None, typer.Option("--quarter", help="季度，如 2026Q2")]
From = Annotated[str | None, typer.Option("--from", help="起始日（含），如 2026-06-01")]
Until = Annotated[str | None, typer.Option("--until", help="截止日（不含）")]

_TITLES = (
    f.title
    for name, f in RecordCallback.model_fields.items()
    if re.match(r"q\d_", name) and name != "q8_text"
)
_QUESTIONS = dict(zip(QUESTIONS, map(str, _TITLES), strict=True))

NOTHING = "—"


def stats(
    month: Month = None,
    quarter: Quarter = None,
    first: From = None,
    until: Until = None,
    as_json: Json = False,
) -> None:
    """期内统计：各项指标、分布和部门办理情况，附口径."""
    try:
        period = read_period(month, quarter, first, until)
    except ValueError as error:
        fail(Exit.USAGE, str(error), as_json=as_json)
    ledger = open_ledger(as_json=as_json)
    found = report(ledger.engine, Scope(period, datetime.now(SHANGHAI)))
    words = county_words(ledger)
    if as_json:
        print_json(as_data(found, period, words))
    else:
        _print(found, period, words)


def read_period(month: str | None, quarter: str | None, first: str | None, until: str | None) -> Period:
    """The period of the options. Raises ValueError, in Chinese, unless exactly one is given."""
    if [month, quarter, first or until].count(None) != 2 or (first is None) != (until is None):
        raise ValueError("请给出统计期：--month 2026-06、--quarter 2026Q2，或 --from 与 --until")
    if month:
        return Period.month(month)
    return Period.quarter(quarter) if quarter else Period.days(_day(first), _day(until))


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        raise ValueError(f"日期“{text}”应写成 2026-06-01") from None


def _print(found: Report, period: Period, words: Mapping[str, str]) -> None:
    out.print(f"统计期 {period.first} 起，至 {period.until} 前", highlight=False)
    rows = [
        [say(words, f.name), *_cells(f, found.figures[f.name]), say(words, f.definition)] for f in FIGURES
    ]
    table(say(words, "各项指标"), ["指标", "数值", "分子/分母", "口径"], rows)
    accepted = number(found.figures["受理量"])
    for name, values in found.spreads.items():
        shares = [[escape(s.name), s.matters, _percent(Rate(s.matters, accepted))] for s in values]
        head = [say(words, text) for text in (name, "件数", "占受理量")]
        table(say(words, f"{name}分布（受理量 {accepted} 件）"), head, shares)
    answers = [[say(words, _QUESTIONS[a.question]), say(words, a.answer), a.times] for a in found.answers]
    head = [say(words, text) for text in ("问题", "回答", "次数")]
    table(say(words, "回访八问（期内登记的回访，拒答、拒评另列）"), head, answers)
    units = [[escape(t.unit or "合计"), t.role, t.answers, t.mean, t.median] for t in found.turnarounds]
    table(
        say(words, "部门办理时限（期内反馈，派单至反馈的工作日，扣除中止）"),
        [say(words, text) for text in ("单位", "主办/协办", "件次", "平均", "中位数")],
        units,
    )
    sent = [
        [escape(r.unit or "合计"), r.dispatched, r.returned, _percent(Rate(r.returned, r.dispatched))]
        for r in found.returns
    ]
    given = [[escape(c.unit or "合计"), c.yellow, c.red] for c in found.cards]
    head = [say(words, text) for text in ("单位", "黄牌", "红牌")]
    table(say(words, "黄牌、红牌（期内发出，已撤销的除外）"), head, given)
    head = [say(words, text) for text in ("单位", "派单次数", "退回", "退单率")]
    table(say(words, "退单（期内派单）"), head, sent)


def _cells(figure: Figure, value: Value) -> list[str]:
    if isinstance(value, Rate):
        return [_percent(value), f"{value.part}/{value.whole}"]
    return [f"{value:,} {figure.unit}", NOTHING]


def _percent(rate: Rate) -> str:
    return NOTHING if rate.value is None else f"{100 * rate.value:.1f}%"

"""list: which matters there are, the newest first, without anybody's identity."""

from typing import Annotated, Any

import typer

from cli.matters import Json, read_moment
from cli.output import Exit, fail, moment, out, print_json, table
from cli.session import open_ledger
from cli.units import known_unit
from domain.speaking import say
from domain.words import MatterKind, Stage
from ledger.queries import PAGE, Filters, list_disputes
from starter.office.views import county_words

From = Annotated[str | None, typer.Option("--from", help="登记时间从（含），如 2026-06-01")]
Until = Annotated[str | None, typer.Option("--until", help="登记时间至（不含）")]


def list_matters(
    stage: Annotated[Stage | None, typer.Option("--stage", help="阶段")] = None,
    level: Annotated[str | None, typer.Option("--level", help="风险等级，如 高")] = None,
    lead: Annotated[str | None, typer.Option("--lead", help="主办单位，如 县税务局")] = None,
    kind: Annotated[MatterKind | None, typer.Option("--kind", help="类别")] = None,
    is_open: Annotated[bool, typer.Option("--open", help="只列未归档的")] = False,
    first: From = None,
    until: Until = None,
    limit: Annotated[int, typer.Option("--limit", help="最多列出几件")] = PAGE,
    as_json: Json = False,
) -> None:
    """The matters that fit all the options."""
    if limit < 1:
        fail(Exit.USAGE, "--limit 须为 1 以上的整数", as_json=as_json)
    opened_from, opened_until = read_moment(first, as_json=as_json), read_moment(until, as_json=as_json)
    if opened_from and opened_until and opened_until <= opened_from:
        fail(Exit.USAGE, "--until 须晚于 --from（截止日不含）", as_json=as_json)
    ledger = open_ledger(as_json=as_json)
    filters = Filters(
        kind=kind,
        stage=stage,
        level=level,
        lead=known_unit(ledger, lead, as_json=as_json) if lead else None,
        is_over=False if is_open else None,
        opened_from=opened_from,
        opened_until=opened_until,
    )
    found = list_disputes(ledger.engine, filters, limit=limit + 1)
    words = county_words(ledger)
    shown = [row | {"stage": say(words, row["stage"])} for row in found[:limit]]
    more = len(found) > limit
    if as_json:
        print_json({"matters": shown, "more": more})
    elif shown:
        _print(shown, more)
    else:
        out.print("没有符合条件的案件")


def _print(shown: list[dict[str, Any]], more: bool) -> None:
    table("案件，新登记的在前", ["案号", "类别", "阶段", "等级", "主办", "最近期限", "登记时间"],
          [[r["case_no"], r["kind"], r["stage"], r["level"], r["lead"], moment(r["next_due"]),
            moment(r["opened_at"])] for r in shown])  # fmt: skip
    if more:
        out.print(f"只列出最新的 {len(shown)} 件，还有更多：用 --limit 多列几件，或加条件缩小范围")

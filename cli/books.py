"""ledger and policy: keeping the books, checking the rules."""

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, TextColumn

from cli.matters import Json
from cli.output import Exit, err, fail, out, print_json, table
from cli.session import open_ledger, open_owners_ledger
from cli.stats import From, Month, Quarter, Until, read_period
from cli.units import known_unit
from domain.words import ClaimType, MatterKind
from ledger.export import export_xlsx
from ledger.queries import Filters
from ledger.rebuild import rebuild
from ledger.verify import verify

ledger_app = typer.Typer(no_args_is_help=True)


class Bar:
    """Progress on standard error, as the long commands report it."""

    def __init__(self, title: str) -> None:
        speed = TextColumn("{task.completed} {task.fields[speed]}")
        self._progress = Progress(*Progress.get_default_columns(), speed, console=err, transient=True)
        self._task = self._progress.add_task(title, total=None, speed="")

    def __enter__(self) -> "Bar":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def __call__(self, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` is done."""
        self._progress.update(self._task, completed=done, total=total)
        if speed := self._progress.tasks[0].speed:
            self._progress.update(self._task, speed=f"（每秒 {speed:.0f}）")


@ledger_app.command("export")
def export(
    file: Annotated[
        Path | None, typer.Argument(help="导出到的 xlsx 文件；不写则以 台账 和导出条件命名")
    ] = None,
    kind: Annotated[MatterKind | None, typer.Option("--kind", help="类别：争议或线索")] = None,
    claim_type: Annotated[ClaimType | None, typer.Option("--type", help="争议类型，如 应参未参")] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="单位：其主办的，或以其为枢纽的")] = None,
    level: Annotated[str | None, typer.Option("--level", help="风险等级，如 高")] = None,
    month: Month = None,
    quarter: Quarter = None,
    first: From = None,
    until: Until = None,
    as_json: Json = False,
) -> None:
    """导出四十列台账（身份信息一律脱敏），可按类别、类型、单位、等级、登记时间筛选；文件写明条件."""
    ledger = open_ledger(as_json=as_json)
    opened = _opened(month, quarter, first, until, as_json)
    filters = Filters(
        kind=kind,
        claim_type=claim_type,
        unit=known_unit(ledger, unit, as_json=as_json) if unit else None,
        level=level,
        opened_from=opened and opened[0],
        opened_until=opened and opened[1],
    )
    file = file or Path("_".join(["台账", *filters.words()]) + ".xlsx")
    try:
        _require_writable(file, as_json)
        with Bar("导出台账"):
            rows = export_xlsx(ledger, file, filters)
    except OSError as error:
        fail(Exit.USAGE, f"写不了 {file}（{type(error).__name__}），未导出，请换一个位置", as_json=as_json)
    asked = "、".join(filters.words())
    print_json({"ok": True, "file": str(file), "rows": rows, "filter": asked}) if as_json else out.print(
        f"已导出 {rows} 件到 {file}" + (f"（{asked}）" if asked else "")
    )


def _opened(
    month: str | None, quarter: str | None, first: str | None, until: str | None, as_json: bool
) -> tuple[datetime, datetime] | None:
    """When the matters were registered; ``None`` for whenever."""
    if not (month or quarter or first or until):
        return None
    try:
        return read_period(month, quarter, first, until).moments
    except ValueError as error:
        fail(Exit.USAGE, str(error), as_json=as_json)


def _require_writable(file: Path, as_json: bool) -> None:
    """Leave before a long export begins that has nowhere to go."""
    folder = file.absolute().parent
    if not folder.is_dir():
        what = f"没有文件夹 {folder}，请先建好"
    elif file.is_dir():
        what = f"{file} 是文件夹，请写出文件名，如 台账.xlsx"
    elif not os.access(folder, os.W_OK):
        what = f"文件夹 {folder} 不允许写入"
    else:
        return
    fail(Exit.USAGE, f"{what}，或换一个位置；未导出", as_json=as_json)


@ledger_app.command("rebuild")
def rebuild_tables(as_json: Json = False) -> None:
    """由事件重建全部查询表."""
    with Bar("重建查询表") as bar:
        done = rebuild(open_owners_ledger(as_json=as_json), bar)
    print_json({"ok": True, "disputes": done}) if as_json else out.print(
        f"已由事件重建 {done} 件案件的查询表"
    )


@ledger_app.command("verify")
def verify_chain(as_json: Json = False) -> None:
    """核验事件链：任何改动、缺失都会指出."""
    with Bar("核验事件链") as bar:
        broken = verify(open_ledger(as_json=as_json), bar)
    rows = [b._asdict() for b in broken]
    if as_json:
        print_json({"ok": not rows, "broken": rows})
    elif rows:
        table("台账已被改动", list(rows[0]), [list(r.values()) for r in rows])
    else:
        out.print("台账完整：每一事件与其哈希相符，查询表与事件相符")
    if rows:
        raise typer.Exit(Exit.DIFFERS)

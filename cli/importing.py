"""import: another platform's export, every row accounted for."""

import asyncio
import signal
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from cli.books import Bar
from cli.desk import Who
from cli.matters import Json
from cli.output import Exit, err, fail, moment, out, print_json, table
from cli.registering import importer
from cli.running import PolicyName
from cli.session import with_office
from domain.persons import Officer
from domain.words import SHANGHAI
from importing.exported import Basis
from importing.judged import Outcome
from importing.rejected import rejected_path
from importing.rules import RulesError, load_rules, rules_of
from importing.sheets import UnreadableFile
from ledger.store import Ledger
from policies import PolicyError, load
from starter.filing.batch import BatchStopped, Filing, file_rows
from starter.filing.run import Run
from starter.office import Office

_ESTIMATED_BY = {
    Basis.WRITTEN: "退回表所记的导出时间，原",
    Basis.TICKET: "表中没有导出时间，按最新的工单编号所含日期",
    Basis.FILE: "表中没有导出时间，按文件保存时间",
}
_INTERRUPTED = 130
"""The shell's exit code for Ctrl-C."""


def import_file(
    file: Annotated[Path, typer.Argument(help="12345 等平台的导出表（xlsx 或 csv）")],
    check_only: Annotated[bool, typer.Option("--check-only", help="只核对，不登记")] = False,
    exported_at: Annotated[
        str | None, typer.Option("--exported-at", help="导出时间，如 2026-11-02T09:00；不写则按表中内容推定")
    ] = None,
    who: Who = None,
    policy: PolicyName = "pianguan",
    as_json: Json = False,
) -> None:
    """Check an export and register its rows; those in error come back for mending."""
    run = _open(file, policy, _told_time(exported_at, as_json), as_json)
    registrar = None if check_only else importer(who, run.policy.unit("center"), as_json=as_json)
    if registrar is None:
        with Bar("核对") as bar:
            for judged in run.judged():
                run.take(judged)
                bar(len(run.rows), run.found.rows)
    else:
        _register(run, registrar, as_json)
        _leave_rejected(run)
    print_json(run.summary()) if as_json else _print(run, check_only=check_only)
    if run.filings[Filing.FAILED]:
        raise typer.Exit(Exit.DECLINED)


def _leave_rejected(run: Run) -> None:
    """Leave the rows in error beside the export, or here when that folder cannot be written."""
    if not run.rejected:
        return
    beside = rejected_path(run.export.path)
    for path in (beside, Path.cwd() / beside.name):
        try:
            run.write_rejected(path)
        except OSError:
            continue
        run.rejected_file = path
        return
    err.print(f"写不出退回表 {beside.name}：目录不可写。退回的行见上表。", style="red", highlight=False)


def _told_time(text: str | None, as_json: bool) -> datetime | None:
    if text is None:
        return None
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        fail(Exit.USAGE, f"看不懂导出时间“{text}”，请写成 2026-11-02T09:00", as_json=as_json)
    return told.astimezone(SHANGHAI) if told.tzinfo else told.replace(tzinfo=SHANGHAI)


def _open(file: Path, policy: str, told: datetime | None, as_json: bool) -> Run:
    try:
        run = Run(file, load_rules(rules_of(policy)), load(policy), told)
    except (RulesError, UnreadableFile) as error:
        fail(Exit.USAGE, str(error), as_json=as_json)
    except PolicyError as error:
        fail(Exit.DIFFERS, str(error), as_json=as_json)
    for name in run.export.hidden:
        err.print(
            f"工作表“{name}”是隐藏的，未导入；要导入请先取消隐藏",
            style="yellow",
            highlight=False,
            markup=False,
        )
    for name in run.export.skipped:
        err.print(f"工作表“{name}”没有可识别的表头，未导入", style="yellow", highlight=False, markup=False)
    if likened := [f"“{written}”作“{label}”" for written, label in run.likened().items()]:
        err.print(
            f"列名未列入对照，按字面认作：{'、'.join(likened)}", style="yellow", highlight=False, markup=False
        )
    if run.found.exported.estimated:
        err.print(
            f"{_ESTIMATED_BY[run.found.basis]}推定为 {moment(run.found.exported.at)}；如不对请用 --exported-at 注明",
            style="dim",
            highlight=False,
        )
    return run


def _register(run: Run, registrar: Officer, as_json: bool) -> None:
    stop = asyncio.Event()

    async def work(office: Office, ledger: Ledger) -> None:
        _stop_on_signal(stop)
        async for filed in file_rows(run.judged(), office, ledger, run.maker, registrar, stop):
            run.take(filed.judged, filed)
            bar(len(run.rows), run.found.rows)

    try:
        with Bar("登记") as bar:
            with_office(work, as_json=as_json)
    except BatchStopped as error:
        fail(Exit.UNREACHABLE, f"登记中断（{error}）。{_so_far(run)}", as_json=as_json, done=len(run.rows))
    if stop.is_set():
        text = f"已中断。{_so_far(run)}"
        print_json({"ok": False, "error": text, "done": len(run.rows)}) if as_json else err.print(text)
        raise typer.Exit(_INTERRUPTED)


def _stop_on_signal(stop: asyncio.Event) -> None:
    """The first Ctrl-C lets the rows under way finish; the second ends the process, which loses nothing either."""
    loop = asyncio.get_running_loop()

    def stopping() -> None:
        stop.set()
        err.print("正在等已提交的行登记完；再按一次 Ctrl-C 立即停止", style="yellow", highlight=False)
        loop.remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    loop.add_signal_handler(signal.SIGINT, stopping)


def _so_far(run: Run) -> str:
    return f"共 {run.found.rows} 行，已处理 {len(run.rows)} 行；再次运行同一命令即从断处继续，不会重复登记。"


def _print(run: Run, *, check_only: bool) -> None:
    told = [
        row
        for row in run.rows
        if row["outcome"] != Outcome.ACCEPT or row.keys() & {"warnings", "notes", "problem"}
    ]
    if told:
        table("须留意的行", ["行", "工单", "结果", "说明"], [[_where(r), _safe(r["ticket"]), Outcome(r["outcome"]).said,
              _safe(_why(r))] for r in told])  # fmt: skip
    counts = "，".join(f"{outcome.said} {run.outcomes[outcome]}" for outcome in Outcome)
    out.print(f"共 {len(run.rows)} 行：{counts}", highlight=False)
    if check_only:
        out.print("只核对，未登记。", highlight=False)
        return
    out.print("，".join(f"{filing.value} {n}" for filing, n in run.filings.items()), highlight=False)
    if run.rejected_file:
        out.print(
            f"退回的行在 {escape(str(run.rejected_file))}，改好后直接再导入这个文件即可", highlight=False
        )


def _where(row: dict[str, Any]) -> str:
    return _safe(f"{row['sheet']}!{row['row']}" if "sheet" in row else str(row["row"]))


def _why(row: dict[str, Any]) -> str:
    """A row's reasons, without anybody's identity."""
    said: list[str] = []
    if again := row.get("duplicate_of"):
        said.append(f"{again['kind']}：第 {again['row']} 行 {again['ticket']}")
    if "code" in row:
        said.append(f"{row['code']} → {row['redirect']}")
    if "lacking" in row:
        said.append(f"补正 {'、'.join(row['lacking'])}")
    if "reason" in row:
        said.append(row["reason"])
    said += [*row.get("warnings", ()), *row.get("notes", ())]
    return "；".join([*said, *([row["problem"]] if "problem" in row else [])])


def _safe(text: str | None) -> str:
    return escape(text) if text else "—"

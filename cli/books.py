"""ledger and policy: keeping the books, checking the rules."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, TextColumn

from cli.matters import Json
from cli.output import Exit, err, fail, out, print_json, table
from cli.session import open_ledger, open_owners_ledger
from ledger.export import export_xlsx
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
    file: Annotated[Path, typer.Argument(help="导出到的 xlsx 文件")] = Path("台账.xlsx"),
    as_json: Json = False,
) -> None:
    """导出四十列台账（身份信息一律脱敏）."""
    ledger = open_ledger(as_json=as_json)
    try:
        _require_writable(file, as_json)
        with Bar("导出台账"):
            rows = export_xlsx(ledger, file)
    except OSError as error:
        fail(Exit.USAGE, f"写不了 {file}（{type(error).__name__}），未导出，请换一个位置", as_json=as_json)
    print_json({"ok": True, "file": str(file), "rows": rows}) if as_json else out.print(
        f"已导出 {rows} 件到 {file}"
    )


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

"""archive: the whole file of an archived matter taken out as a package, and a package checked; what is due for destruction."""

import os
import uuid
from datetime import datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import httpx
import typer

from cli.desk import Who, acting
from cli.matters import Json, find
from cli.output import Exit, fail, out, print_json, table
from cli.session import open_ledger
from cli.signed_in import Desk, desk
from domain.declined import Declined
from domain.words import SHANGHAI
from ledger import destruction
from ledger.connection import LedgerBroken
from ledger.queries import saved_policies
from ledger.unmask import Look, note_look
from starter.archive.bag import bag, to_folder
from starter.archive.checking import faults_by_ledger, package_faults
from starter.archive.package import package

archive_app = typer.Typer(no_args_is_help=True, add_completion=False)


@archive_app.command(
    "export", help="导出一件已归档案件的全部档案（目录、文书、材料、事件）到新的文件夹，并核验"
)
def export(
    case: Annotated[str, typer.Argument(help="案号、渠道单号")],
    folder: Annotated[Path, typer.Argument(help="存到哪里：须尚不存在，放在受保护的位置")],
    reason: Annotated[str, typer.Option("--reason", help="导出事由，记入案件，不写姓名和号码")],
    who: Who = None,
    as_json: Json = False,
) -> None:
    """The package; that it was taken out stands in the matter's record first. Signed in, it comes as a zip."""
    if who is None:
        _download(desk(as_json=as_json), case, folder.with_name(f"{folder.name}.zip"), reason, as_json)
        return
    unit, officer = acting(who, as_json)
    ledger = open_ledger(as_json=as_json)
    matter = find(ledger, case, as_json=as_json)
    d = ledger.state(matter)
    try:
        package(ledger, d, ledger.policy(d.policy_version))  # refused before a look is recorded
        look = Look("parties", unit, officer, f"导出档案：{reason}", f"view-{uuid.uuid4()}")
        note_look(ledger, matter, look)
        d = ledger.state(matter)
        to_folder(bag(d, package(ledger, d, ledger.policy(d.policy_version))), folder)
    except Declined as refusal:
        fail(Exit.DECLINED, str(refusal), as_json=as_json, code=refusal.code)
    except FileExistsError:
        fail(Exit.USAGE, f"{folder} 已存在，没有覆盖；请另取名称", as_json=as_json)
    except OSError as error:
        said = f"写不了 {folder}（{type(error).__name__}），没有导出；请核对位置、权限和剩余空间"
        fail(Exit.USAGE, said, as_json=as_json)
    except LedgerBroken as broken:
        fail(Exit.DIFFERS, str(broken), as_json=as_json)
    _say(package_faults(folder) or faults_by_ledger(ledger, folder), f"已导出到 {folder}，核验无误", as_json)


def _download(at: Desk, case: str, file: Path, reason: str, as_json: bool) -> None:
    """The zip, as it comes; closed to everybody else, and there whole or not at all."""
    half = file.with_name(f".{file.name}.partial")
    path = f"/disputes/{quote(case, safe='')}/archive"
    try:
        if file.exists():
            fail(Exit.USAGE, f"{file} 已存在，没有覆盖；请另取名称", as_json=as_json)
        with at.client.stream("GET", path, params={"reason": reason}) as answer:
            if answer.is_error:
                answer.read()
                at.refused(answer)
            half.unlink(missing_ok=True)
            with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out_file:
                out_file.writelines(answer.iter_bytes())
        half.rename(file)
    except OSError as error:
        fail(Exit.USAGE, f"写不了 {file}（{type(error).__name__}），没有导出", as_json=as_json)
    except httpx.HTTPError as error:
        fail(Exit.UNREACHABLE, f"导出中断（{type(error).__name__}），没有存下；请再试一次", as_json=as_json)
    finally:
        half.unlink(missing_ok=True)
    if as_json:
        print_json({"ok": True, "file": str(file)})
    else:
        out.print(f"已导出 {file}，解压后可用 fengqiao archive verify 核验", highlight=False, markup=False)


@archive_app.command(
    "due", help="保管期满、还没有列入销毁清册的归档案件；提出、批准、执行在办案平台“档案”中办理"
)
def due_now(
    on: Annotated[
        datetime | None, typer.Option("--on", help="到哪一天为止期满的，如 2036-12-31；不写即今天")
    ] = None,
    as_json: Json = False,
) -> None:
    """What may be destroyed, the longest overdue first."""
    ledger = open_ledger(as_json=as_json)
    policies = saved_policies(ledger.engine)
    day = (on or datetime.now(SHANGHAI)).date()
    found = destruction.due(ledger, policies[0].county.name, day) if policies else []
    if as_json:
        print_json([one._asdict() for one in found])
        return
    table(
        f"到 {day} 保管期满的（{len(found)} 件）",
        ["案号", "类别", "等级", "办结方式", "归档", "期满"],
        [[d.case_no, d.kind, d.level, d.outcome, d.archived_on, d.due_on] for d in found],
    )


@archive_app.command("verify", help="核验一个档案包：清单、事件链、文书和材料的哈希")
def verify(
    folder: Annotated[Path, typer.Argument(help="档案包所在的文件夹；压缩包请先解压")],
    with_ledger: Annotated[bool, typer.Option("--ledger", help="并与台账中封存的内容逐条核对")] = False,
    as_json: Json = False,
) -> None:
    """What is wrong with a package; needs no office unless asked to compare with its ledger."""
    faults = package_faults(folder)
    if with_ledger and not faults:
        faults = faults_by_ledger(open_ledger(as_json=as_json), folder)
    _say(faults, "档案包完好", as_json)


def _say(faults: list[str], sound: str, as_json: bool) -> None:
    if as_json:
        print_json({"ok": not faults, "faults": faults})
    else:
        for line in faults or [sound]:
            out.print(line, highlight=False, markup=False, soft_wrap=True)
    if faults:
        raise typer.Exit(Exit.DIFFERS)

"""search, reveal and keys: finding people, seeing an identity whole, and the keys that keep both closed."""

import sys
import uuid
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.books import Bar
from cli.desk import Who, acting
from cli.matters import Json, find
from cli.output import Exit, fail, moment, out, print_json, table
from cli.remote import look
from cli.session import find_office, open_ledger, open_owners_ledger
from cli.signed_in import desk
from domain.declined import Declined
from ledger.key_checks import forget, key_states
from ledger.key_checks import rewrap as rewrap_keys
from ledger.people import search
from ledger.unmask import Look, unmask
from privacy import store
from privacy.ciphers import Algorithm
from privacy.keys import KeyProblem, Purpose

keys_app = typer.Typer(no_args_is_help=True, add_completion=False)

Cipher = Annotated[Algorithm, typer.Option("--algorithm", help="aes256gcm 或 sm4gcm")]


def search_people(
    name: Annotated[
        str | None, typer.Option("--name", help="姓名或单位名称；写 - 则从标准输入读，不留在命令行里")
    ] = None,
    id_number: Annotated[str | None, typer.Option("--id", help="证件号")] = None,
    phone: Annotated[str | None, typer.Option("--phone", help="电话")] = None,
    uscc: Annotated[str | None, typer.Option("--uscc", help="统一社会信用代码")] = None,
    as_json: Json = False,
) -> None:
    """Matters of a person or firm, nobody's identity shown. ``-``: read from the standard input, seen by nobody else."""
    ledger = open_ledger(as_json=as_json)
    try:
        found = search(
            ledger, name=_asked(name), id_number=_asked(id_number), phone=_asked(phone), uscc=_asked(uscc)
        )
    except ValueError as error:
        fail(Exit.USAGE, str(error), as_json=as_json)
    if as_json:
        print_json(found)
        return
    if not found:
        out.print("没有查到。须与登记的一致（姓名写全，号码不缺位）；可只用其中一项再查")
        return
    table("查到的案件", ["案号", "类别", "登记时间", "阶段", "等级", "主办"],
          [[r["case_no"], r["kind"], moment(r["opened_at"]), r["stage"], r["level"], r["lead"]] for r in found])  # fmt: skip


def _asked(value: str | None) -> str | None:
    """What to search for; a command line can be read by others on the machine, its standard input cannot."""
    return sys.stdin.readline().strip() if value == "-" else value


def reveal(
    case: Annotated[str, typer.Argument(help="案号、渠道单号")],
    reason: Annotated[str, typer.Option("--reason", help="查看事由，记入案件，不写姓名和号码")],
    who: Who = None,
    reporter: Annotated[bool, typer.Option("--reporter", help="查看举报人（另库保管）")] = False,
    as_json: Json = False,
) -> None:
    """Identities whole, by right and reason; the look is an event of the matter."""
    whose = "reporter" if reporter else "parties"
    if who is None:
        _say_whole(case, look(desk(as_json=as_json), case, whose, reason), as_json)
        return
    unit, officer = acting(who, as_json)
    ledger = open_ledger(as_json=as_json)
    matter = find(ledger, case, as_json=as_json)
    try:
        whole = unmask(
            ledger,
            matter,
            Look(whose, unit, officer, reason, f"view-{uuid.uuid4()}"),
        )
    except Declined as refusal:
        fail(Exit.DECLINED, str(refusal), as_json=as_json, code=refusal.code)
    shown = whole.model_dump(mode="json", include={"applicant", "respondents", "narrative"})
    _say_whole(case, shown, as_json)


def _say_whole(case: str, shown: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json({"case": case, **shown})
        return
    out.print(f"{case} 的身份信息（本次查看已记入案件）", highlight=False)
    for label, value in _lines(shown):
        out.print(f"  {label}：{value}", highlight=False, markup=False, soft_wrap=True)


_LABELS = {"name": "姓名", "id_number": "证件号", "phone": "电话", "address": "地址", "contact": "联系人",
           "contact_phone": "联系电话", "uscc": "统一社会信用代码"}  # fmt: skip


def _lines(shown: dict[str, Any]) -> list[tuple[str, Any]]:
    people = [("申请人", shown["applicant"])]
    people += [("成员", member) for member in shown["applicant"]["members"]]
    people += [("被反映单位", respondent) for respondent in shown["respondents"]]
    lines = [
        (f"{role}{label}", person[key])
        for role, person in people
        for key, label in _LABELS.items()
        if person.get(key)
    ]
    return [*lines, *([("诉求原文", shown["narrative"])] if "narrative" in shown else [])]


@keys_app.command("make", help="在目录中生成缺少的密钥文件（已有的不动）")
def make(folder: Path, algorithm: Cipher = Algorithm.AES) -> None:
    """The key files of a new installation."""
    made = store.make(folder, algorithm)
    out.print(
        f"{folder}：已生成 {'、'.join(made) or '无（均已存在）'}。请另行备份：密钥丢失，加密的数据不可恢复"
    )


@keys_app.command("new", help="换用新密钥：payload、ledger、search、vault；旧密钥仍可读")
def new(purpose: Purpose, algorithm: Cipher = Algorithm.AES) -> None:
    """A new key at the head of a ring."""
    key = store.add(_folder(), purpose, algorithm)
    out.print(f"{purpose} 自各进程重新启动起使用新密钥 {key.id}；旧密钥请留在文件中，直到 keys forget 停用")
    if purpose == Purpose.SEARCH:
        out.print("检索密钥更换后请运行 fengqiao ledger rebuild，再停用旧密钥")


@keys_app.command("list", help="各用途的密钥与用量（不显示密钥）")
def list_keys(as_json: Json = False) -> None:
    """Every key by its id, never itself."""
    rows = [
        {"purpose": key.purpose.value, "id": key.id, "algorithm": key.algorithm and key.algorithm.value,
         "active": key.active, "used": key.used, "standing": key.word}
        for key in key_states(open_ledger(as_json=as_json))
    ]  # fmt: skip
    if as_json:
        print_json(rows)
        return
    table("密钥", ["用途", "编号", "算法", "状态", "所护内容"],
          [[r["purpose"], r["id"], r["algorithm"] or "—", r["standing"], r["used"]] for r in rows])  # fmt: skip


@keys_app.command("rewrap", help="把台账的数据密钥与举报人信息改由新密钥保护；事件不变")
def rewrap(as_json: Json = False) -> None:
    """Everything under the active keys; can be broken off and repeated."""
    with Bar("换钥") as bar:
        done = rewrap_keys(open_owners_ledger(as_json=as_json), bar)
    print_json({"ok": True, "rewrapped": done}) if as_json else out.print(f"已改由新密钥保护：{done} 件")


@keys_app.command("forget", help="停用一把旧密钥（此后方可从文件中删去）")
def forget_key(purpose: Purpose, key_id: str, as_json: Json = False) -> None:
    """Let an old key go."""
    try:
        forget(open_owners_ledger(as_json=as_json), purpose, key_id)
    except KeyProblem as error:
        fail(Exit.DECLINED, str(error), as_json=as_json)
    note = "；若 Temporal 中还有用它加密的历史，删去后将无法阅读" if purpose == Purpose.PAYLOAD else ""
    out.print(f"“{key_id}”已停用，可从密钥文件中删去该行{note}")


def _folder() -> Path:
    """The folder the office's keys are in. Raises KeyProblem when they come from the environment itself."""
    folder = find_office().key_folder
    if folder is None:
        raise KeyProblem("密钥由环境变量给出，请在其来源处更换：新密钥写在第一行")
    return folder

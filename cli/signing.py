"""signing: the keys by which departments' own systems sign, and the signing itself, for which no office need be at hand."""

import json
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from cli.matters import Json
from cli.output import Exit, fail, moment, out, print_json, table
from cli.session import open_ledger, open_owners_ledger
from cli.units import known_unit
from domain.access import NotGranted
from domain.signed import TYPE, Claims, audience
from domain.sizes import ACT_LIMIT
from domain.wording import field_lines
from domain.words import SHANGHAI
from ledger import signal_keys
from ledger.accounts import Acting, by_login
from ledger.store import Ledger
from privacy import signing

signing_app = typer.Typer(no_args_is_help=True, add_completion=False)

PUBLIC = ".pub"
A_YEAR = timedelta(days=365)
NAMED = ("unit", "client", "county")
"""What a key file says beside the key: for whom it signs, and to whom."""

By = Annotated[str, typer.Option("--by", help="账号管理员的登录名")]
Day = ["%Y-%m-%d"]


@signing_app.command("new", help="为本单位的系统生成签名密钥：私钥文件留在本机，公钥文件（.pub）交管理员登记")
def new(
    file: Annotated[Path, typer.Argument(help="私钥文件")],
    unit: Annotated[str, typer.Option("--unit", help="单位全称，如 县税务局")],
    client: Annotated[str, typer.Option("--client", help="系统名称，如 税务征管系统")],
    county: Annotated[str, typer.Option("--county", help="县名，如 偏关县")],
) -> None:
    """A private key beside its public part."""
    public = signing.make(file, dict(zip(NAMED, (unit, client, county), strict=True)))
    handed = file.with_name(file.name + PUBLIC)
    handed.write_text(json.dumps(public, indent=2) + "\n", encoding="ascii")
    out.print(f"私钥 {file}（仅本用户可读，请勿外传、另行备份）\n公钥 {handed}，编号 {public['kid']}：请交管理员登记",
              markup=False, highlight=False, soft_wrap=True)  # fmt: skip


@signing_app.command("register", help="登记公钥（账号管理员）；更换密钥时新旧可同时有效")
def register(
    file: Annotated[Path, typer.Argument(help="公钥文件（.pub）")],
    by: By,
    first: Annotated[datetime | None, typer.Option("--from", formats=Day, help="启用日，默认即时")] = None,
    until: Annotated[
        datetime | None, typer.Option("--until", formats=Day, help="有效至该日（含），至多两年；默认一年")
    ] = None,
    as_json: Json = False,
) -> None:
    """Let the unit's system sign."""
    key = signing.read(file)
    if lacking := [name for name in NAMED if not key.get(name)]:
        fail(Exit.USAGE, f"{file} 中没有 {'、'.join(lacking)}，请用 signing new 生成", as_json=as_json)
    ledger = open_owners_ledger(as_json=as_json)
    if (known := known_unit(ledger, key["unit"], as_json=as_json)) != key["unit"]:
        fail(Exit.USAGE, f"单位须写全称“{known}”，请重新生成密钥", as_json=as_json)
    starts = first.replace(tzinfo=SHANGHAI) if first else datetime.now(SHANGHAI)
    ends = until.replace(tzinfo=SHANGHAI) + timedelta(days=1) if until else starts + A_YEAR
    try:
        signal_keys.register(
            ledger,
            _administrator(ledger, by),
            kid=key["kid"],
            unit=key["unit"],
            client=key["client"],
            public=key["x"],
            starts=starts,
            ends=ends,
        )
    except NotGranted as error:
        fail(Exit.DECLINED, str(error), as_json=as_json)
    said = {"ok": True, "kid": key["kid"], "unit": key["unit"], "from": starts, "until": ends}
    print_json(said) if as_json else out.print(
        f"已登记：{key['unit']} {key['client']}，{moment(starts)} 至 {moment(ends)}", highlight=False
    )


@signing_app.command("list", help="登记过的公钥")
def list_registered(as_json: Json = False) -> None:
    """Every public key, in force or not."""
    now = datetime.now(SHANGHAI)
    keys = signal_keys.list_signal_keys(open_ledger(as_json=as_json))
    if as_json:
        print_json([key._asdict() | {"standing": key.standing(now)} for key in keys])
        return
    table("签名公钥", ["编号", "单位", "系统", "启用", "到期", "状态"],
          [[k.kid, k.unit, k.client, moment(k.starts), moment(k.ends), k.standing(now)] for k in keys])  # fmt: skip


@signing_app.command("retire", help="停用公钥：此前签的仍可办理；--compromised 私钥已泄露，一律作废")
def retire(
    kid: Annotated[str, typer.Argument(help="公钥编号，见 signing list")],
    by: By,
    compromised: Annotated[bool, typer.Option("--compromised", help="私钥已泄露")] = False,
    as_json: Json = False,
) -> None:
    """Let a key go."""
    ledger = open_owners_ledger(as_json=as_json)
    try:
        signal_keys.retire(ledger, _administrator(ledger, by), kid, compromised=compromised)
    except NotGranted as error:
        fail(Exit.DECLINED, str(error), as_json=as_json)
    said = "已作废，用它签名的一律不再办理" if compromised else "已停用，此前签的仍可办理"
    print_json({"ok": True, "kid": kid}) if as_json else out.print(f"{kid} {said}", highlight=False)


@signing_app.command("sign", help="签名一个操作，打印交给 temporal workflow signal --input 的内容")
def sign(
    file: Annotated[Path, typer.Argument(help="私钥文件")],
    dispute: Annotated[str, typer.Option("--dispute", help="工作流编号，如 dispute/12345热线-XF-0002")],
    name: Annotated[str, typer.Option("--name", help="操作，如 sign_for")],
    officer: Annotated[str, typer.Option("--officer", help="经办人")],
    id: Annotated[str, typer.Option("--id", help="操作编号：同一编号只办理一次")],
    task: Annotated[str | None, typer.Option("--task", help="任务，如 t3；只有一项时可不写")] = None,
    body: Annotated[str, typer.Option("--body", help="表单内容（JSON）；写 - 则从标准输入读")] = "{}",
) -> None:
    """One action, checked as a form first, signed for this dispute alone."""
    key = signing.read(file)
    try:
        claims = Claims(
            iss=key["client"],
            aud=audience(key["county"]),
            sub=officer,
            unit=key["unit"],
            dispute=dispute,
            kind=name,
            task=task,
            jti=id,
            iat=int(time.time()),
            body=_form(sys.stdin.read() if body == "-" else body),
        )
        claims.act()
    except ValidationError as error:
        fail(Exit.USAGE, f"没有签名：{field_lines(error)}")
    except ValueError as error:
        fail(Exit.USAGE, f"没有签名：{error}")
    signed = signing.sign(key, {"typ": TYPE}, claims.model_dump_json(exclude_none=True))
    if len(signed) > ACT_LIMIT:
        fail(Exit.USAGE, f"没有签名：签名后至多 {ACT_LIMIT // 1000} KB，请缩短，材料存档后只写引用")
    typer.echo(json.dumps({"signed": signed}))


def _form(text: str) -> dict[str, Any]:
    try:
        form: Any = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        form = None
    if not isinstance(form, dict):
        raise ValueError("--body 应为 JSON 对象，如 '{}'")
    return form  # pyright: ignore[reportUnknownVariableType]


def _administrator(ledger: Ledger, login: str) -> Acting:
    """Whoever registers or retires. Raises NotGranted."""
    return Acting(by_login(ledger, login).id, address="本机命令行")

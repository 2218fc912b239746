"""found: the link by which an office's first administrator opens an account, where ``fengqiao up`` does not print it."""

import typer

from cli.matters import Json
from cli.output import Exit, fail, print_json
from cli.session import open_ledger
from ledger.accounts import founding_slip

FOUNDING_MINUTES = 30


def link(slip: str, address: str = "") -> str:
    """What the first administrator opens, or its end where the address is not known."""
    return f"{address}/founding?slip={slip}"


def found(as_json: Json = False) -> None:
    """Good once, for half an hour, and only while the office has no account at all."""
    slip = founding_slip(open_ledger(as_json=as_json), minutes=FOUNDING_MINUTES)
    if slip is None:
        fail(
            Exit.NOT_FOUND,
            "已经有账号了：新账号由账号管理员建立，忘记口令的由其开具开通凭条",
            as_json=as_json,
        )
    if as_json:
        print_json({"ok": True, "path": link(slip), "minutes": FOUNDING_MINUTES})
        return
    said = (
        f"第一位账号管理员请在 {FOUNDING_MINUTES} 分钟内打开（只能用一次，勿外传），接在办案平台的地址之后："
    )
    typer.echo(f"{said}\n{link(slip)}")

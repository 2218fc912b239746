"""doctor: what runs, what is stuck, and how each is mended."""

import asyncio
from typing import Annotated, Any

import typer
from temporalio.client import Client
from temporalio.service import RPCError

from activities.names import TASK_QUEUE
from cli.books import Bar
from cli.matters import Json
from cli.output import Exit, out, print_json, table
from cli.session import Address, find_office
from hosting.connect import connect_client
from ledger.store import Ledger
from starter.doctor.examine import Examined, examine
from starter.doctor.finding import Finding
from starter.doctor.parts import pdf_part
from starter.doctor.repair import ROUNDS, Mender, Repair
from starter.office import Office

AGAIN_S = 2.0
SHOWN = 50
"""Findings of one kind listed one by one; the rest are counted."""
CONNECT_S = 15.0


def doctor(
    repair: Annotated[
        bool, typer.Option("--repair", help="修复能自动修复的：重启丢失的流程、跟上台账、重建查询表")
    ] = False,
    as_json: Json = False,
) -> None:
    """Sound: 0; something to mend: 4; a server out of reach: 3, after all that could still be looked at."""
    examined, repairs = asyncio.run(_run(find_office(as_json=as_json), repair=repair))
    if as_json:
        print_json(_as_json(examined, repairs))
    else:
        _print(examined, repairs)
    if examined.unreachable:
        raise typer.Exit(Exit.UNREACHABLE)
    if not examined.sound:
        raise typer.Exit(Exit.DIFFERS)


async def _run(address: Address, *, repair: bool) -> tuple[Examined, list[Repair]]:
    ledger = Ledger.connect(address.database, address.keys)
    client = await _reach(address)

    async def look() -> Examined:
        with Bar("检查案件流程") as bar:
            found = await examine(client, ledger, queue=TASK_QUEUE, demo=address.demo, progress=bar)
        return found.beside(pdf_part())

    examined = await look()
    if not (repair and client):
        return examined, []
    with Bar("修复") as bar:
        mender = Mender(Office(client, ledger), ledger, demo=address.demo)
        repairs = await mender.mend(examined, bar)
    mended = {r.dispute_id for r in repairs if r.done}
    for _ in range(ROUNDS if repairs else 0):
        examined = await look()
        if not any(
            f.dispute_id in mended for f in examined.findings
        ):  # what was set right takes a moment to show
            break
        await asyncio.sleep(AGAIN_S)
    return examined, repairs


async def _reach(address: Address) -> Client | None:
    """A client, or nothing when Temporal cannot be reached."""
    try:
        return await asyncio.wait_for(connect_client(address.keys, address.temporal), CONNECT_S)
    except (RuntimeError, RPCError, TimeoutError):
        return None


def _as_json(examined: Examined, repairs: list[Repair]) -> dict[str, Any]:
    return {
        "ok": examined.sound,
        "parts": [{"name": p.name, "ok": p.usable, "says": p.says} for p in examined.parts],
        "findings": examined.findings,
        "repairs": repairs,
    }


def _print(examined: Examined, repairs: list[Repair]) -> None:
    table("运行情况", ["部分", "状态"], [[p.name, p.says] for p in examined.parts])
    if repairs:
        table(
            "修复", ["案件", "问题", "结果"], [[r.case_no or r.dispute_id, r.code, r.says] for r in repairs]
        )
    by_code: dict[str, list[Finding]] = {}
    for finding in examined.findings:
        by_code.setdefault(finding.code, []).append(finding)
    for code, found in by_code.items():
        table(
            f"{found[0].severity} {code}（{len(found)}）",
            ["案件", "流程", "说明", "怎样处理"],
            [[f.case_no or "—", f.workflow_id, f.means, f.mend] for f in found[:SHOWN]],
        )
        if len(found) > SHOWN:
            out.print(f"另有 {len(found) - SHOWN} 件，用 --json 查看全部")
    if examined.sound:
        out.print("一切正常" if not examined.findings else "没有需要处理的问题")

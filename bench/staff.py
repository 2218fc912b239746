"""The people of the medium route as accounts, and the office's web application in a process of its own."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Any, NamedTuple

import httpx
import psutil
from fastapi import APIRouter, Request
from sqlalchemy import select

from api.access.guard import Handler
from api.app import PREFIX
from api.limits import Limits
from api.site import site_of
from bench import flow
from bench.place import keys_here, process, until_told
from bench.report import say
from console.site import create_app
from domain.access import Role
from domain.words import SHANGHAI
from hosting.connect import connect_client
from hosting.desk import site_for
from hosting.embedded.temporal import LOOPBACK, free_port
from hosting.web import serving
from ledger import accounts, grants, sessions
from ledger.accounts import Acting
from ledger.connection import reading
from ledger.read_tables import disputes
from ledger.store import Ledger
from policies import load
from starter.office import Office

PEOPLE = (
    (flow.CENTER, "高立新", Role.HEAD),
    (flow.CENTER, "周敏", Role.OPERATOR),
    (flow.CENTER, "秦岚", Role.OPERATOR),
    (flow.TAX, "任建华", Role.HEAD),
    (flow.TAX, "梁志远", Role.OFFICER),
    (flow.HRSS, "孔令珍", Role.HEAD),
    (flow.HRSS, "郭卫东", Role.OFFICER),
)
"""Each unit's head first: the head proposes the others."""
UNLIMITED = Limits(person=10**9, system=10**9, address=10**9)
LOOK_UP = "/bench/case-numbers"
_router = APIRouter(prefix=PREFIX)


@_router.get(LOOK_UP + "/{matter}")
def look_up(matter: str, caller: Handler, request: Request) -> dict[str, Any]:
    """One row by its primary key, behind the same sign-in: what any page costs at the least."""
    with reading(site_of(request).ledger.engine) as connection:
        case_no = connection.scalar(select(disputes.c.case_no).where(disputes.c.dispute_id == matter))
    return {"case_no": case_no, "for": caller.post.unit}


class Desk(NamedTuple):
    """The application while it runs, and its people's browsers by unit and name, spread over its processes."""

    origin: str
    processes: list[psutil.Process]
    tokens: dict[tuple[str, str], str]
    browsers: dict[tuple[str, str], httpx.AsyncClient]


def sign_in(ledger: Ledger, more: int = 0) -> dict[tuple[str, str], str]:
    """Open everybody's account, and those of ``more`` operators; their sessions' tokens, without a password's cost."""
    policy = load("pianguan")
    ledger.save_policy(policy)
    slip = accounts.founding_slip(ledger, minutes=30)
    assert slip, "the ledger has accounts already"
    first = accounts.found(ledger, slip, "admin", "管之明")
    administrator = Acting(accounts.use_slip(ledger, first, "no hash", LOOPBACK).id, address=LOOPBACK)
    today, heads = datetime.now(SHANGHAI).date(), dict[str, str]()
    tokens: dict[tuple[str, str], str] = {}
    others = ((flow.CENTER, f"经办员{n}", Role.OPERATOR) for n in range(more))
    for number, (unit, name, role) in enumerate((*PEOPLE, *others)):
        person, slip = accounts.create(ledger, administrator, f"bench-{number}", name, hours=24)
        accounts.use_slip(ledger, slip, "no hash", LOOPBACK)
        post = grants.grant(
            ledger, policy, administrator, person=person, unit=unit, role=role, starts=today, ends=None, basis="测试",
            proposed_by=None if role is Role.HEAD else heads[unit],
        )  # fmt: skip
        heads.setdefault(unit, person)
        tokens[unit, name] = sessions.begin(
            ledger, person, factors=1, post=post.id, address=LOOPBACK, agent="", rules=policy.access.sessions
        )
    return tokens


@asynccontextmanager
async def desk(
    ledger: Ledger, temporal: str, queue: str, database: str, *, more: int = 0, processes: int = 1
) -> AsyncGenerator[Desk]:
    """The application over a ledger, its people signed in, each with a connection kept open to one of its processes."""
    tokens = sign_in(ledger, more)
    async with AsyncExitStack() as stack:
        ports: list[int] = []
        running: list[psutil.Process] = []
        for _ in range(processes):
            ports.append(free_port(0, say))
            served = process("bench.staff", temporal, queue, database, str(ports[-1]))
            running.append(await stack.enter_async_context(served))
        browsers: dict[tuple[str, str], httpx.AsyncClient] = {}
        for number, (who, token) in enumerate(tokens.items()):
            origin = f"http://{LOOPBACK}:{ports[number % processes]}"
            browser = httpx.AsyncClient(
                base_url=origin, cookies={"fengqiao": token}, headers={"Origin": origin}, timeout=60
            )
            browsers[who] = await stack.enter_async_context(browser)
        yield Desk(f"http://{LOOPBACK}:{ports[0]}", running, tokens, browsers)


async def main(address: str, queue: str, database: str, port: str) -> None:
    """Serve until told to end."""
    ledger = Ledger.connect(database, keys_here())
    office = Office(await connect_client(keys_here(), address), ledger, task_queue=queue)
    app = create_app(site_for(office, ledger, load("pianguan"), secure=False)._replace(limits=UNLIMITED))
    app.include_router(_router)
    with socket.create_server((LOOPBACK, int(port))) as listener:
        async with serving(app, listener):
            await until_told()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
    os._exit(0)  # the SDK may hang at interpreter exit (sdk-python#300)

"""Two processes behind a balancer, one killed amid acts: each is taken once, sessions stay good, nothing goes unheard."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx

from api.app import PREFIX
from domain.access import Role
from domain.business_clock import BusinessClock
from domain.events import Acted
from domain.intake import Intake
from tests.access.test_accounts import TAX
from tests.api.conftest import Staff
from tests.integration.conftest import Desk, accepted
from tests.support.desk_process import desk_process
from tests.support.forms import filled
from tests.support.round_robin import balanced

Make = Callable[..., Intake]
ACTS = 24
TRIES = 10
"""Of one request: a balancer's connections break off with the process behind them."""


class Officer:
    """An officer's program before the balancer: a new connection for each request, tried again when it breaks off."""

    def __init__(self, address: str, token: str) -> None:
        self._base = address + PREFIX
        self._cookies = {"fengqiao": token}
        self.broken = 0

    async def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        for _ in range(TRIES):
            try:
                async with httpx.AsyncClient(
                    base_url=self._base, cookies=self._cookies, timeout=60, trust_env=False
                ) as client:
                    return await client.request(method, path, **more)
            except httpx.TransportError:
                self.broken += 1
        raise AssertionError(f"{method} {path} was never answered")

    async def hands_in(self, matter: str, number: int) -> int:
        material = {"materials": [{"name": f"材料{number}"}], "given_by": "申请人"}
        fields = filled("receive_material", **material).model_dump(
            mode="json", exclude={"kind"}, exclude_none=True
        )
        body = {"kind": "receive_material", "fields": fields}
        answer = await self.ask(
            "POST",
            f"/disputes/{matter}/actions",
            json=body,
            headers={"Idempotency-Key": f"two-processes-{number}"},
        )
        return answer.status_code

    async def tasks(self) -> set[str]:
        answer = await self.ask("GET", "/tasks")
        assert answer.status_code == 200, answer.text
        return {row["dispute_id"] for row in answer.json()["tasks"]}

    async def hears(self, told: asyncio.Queue[str]) -> None:
        """Listen as a browser does: when the stream breaks off, open it anew."""
        while True:
            try:
                async with (
                    httpx.AsyncClient(cookies=self._cookies, timeout=60, trust_env=False) as client,
                    client.stream("GET", f"{self._base}/live") as answer,
                ):
                    assert answer.status_code == 200
                    async for line in answer.aiter_lines():
                        if line.startswith("event: "):
                            told.put_nowait(line.removeprefix("event: "))
            except httpx.TransportError:
                told.put_nowait("broken off")


async def until(told: asyncio.Queue[str], event: str) -> None:
    async with asyncio.timeout(60):
        while await told.get() != event:
            pass


async def test_one_of_two_is_killed_and_nothing_is_lost_or_done_twice(
    desk: Desk, temporal_address: str, postgres_url: str, intake: Make, still: BusinessClock
) -> None:
    desk.ledger.save_policy(desk.policy)
    matter = await accepted(desk, intake(), still)
    staff = Staff(None, desk.ledger, AsyncExitStack())  # type: ignore[arg-type]  # the app runs elsewhere
    person = staff.county.person("shi")
    token = staff.token(person, staff.county.grant(person, Role.OFFICER, TAX, proposed_by=staff.head(TAX)))
    async with AsyncExitStack() as stack:
        processes = [
            await stack.enter_async_context(desk_process(temporal_address, postgres_url, desk.task_queue))
            for _ in range(2)
        ]
        address, balancer = await stack.enter_async_context(balanced([p.port for p in processes]))
        officer = Officer(address, token)
        told: asyncio.Queue[str] = asyncio.Queue()
        listening = asyncio.create_task(officer.hears(told))
        await until(told, "changed")
        doomed = next(p for p in processes if balancer.carried[p.port])
        assert (await officer.ask("GET", "/me")).status_code == 200
        assert all(balancer.carried.values()), "the session is good at both"
        answers: Counter[int] = Counter()

        async def work(numbers: range) -> None:
            for number in numbers:
                answers[await officer.hands_in(matter, number)] += 1
                if sum(answers.values()) == ACTS // 3:
                    doomed.process.kill()

        await asyncio.gather(*(work(range(start, ACTS, 3)) for start in range(3)))
        assert set(answers) <= {200, 202}
        assert doomed.process.returncode is not None or await doomed.process.wait()
        await until(told, "broken off")
        other = await accepted(desk, intake(), still)
        await until(told, "changed")
        async with asyncio.timeout(60):
            while other not in await officer.tasks():
                await until(told, "changed")
        assert (await officer.ask("GET", "/me")).json()["login"] == "shi"
        assert {await officer.hands_in(matter, number) for number in range(ACTS)} == {200}, "each was taken"
        listening.cancel()
    handed_in = [
        e.fact.body.materials[0].name
        for e in desk.ledger.events(matter)
        if isinstance(e.fact, Acted) and e.fact.body.kind == "receive_material"
    ]
    assert sorted(handed_in) == sorted(f"材料{n}" for n in range(ACTS)), "exactly once each"

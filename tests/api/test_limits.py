"""Requests a minute: counted together by several processes, told in Chinese, and nobody pays for another."""

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import NamedTuple

import httpx
import pytest
from sqlalchemy import text

from api.limits import Limits, Meter
from api.problems import Problem
from console.site import create_app
from domain.machines import Scope
from domain.policy import Policy
from hosting.embedded.errors import CannotStart
from hosting.limits import limits_named
from ledger import buckets, clients
from ledger.store import Ledger
from tests.access.test_accounts import TAX
from tests.api.conftest import CENTER, Staff, site_over
from tests.support.keys import KEYS

FEW = 30


class Two(NamedTuple):
    """Two processes on one database: the people signed in to the first, and to the second with the same cookies."""

    first: Staff
    second: Staff


class _Beside(Staff):
    """The same people at another process."""

    def __init__(self, first: Staff, app: object, stack: AsyncExitStack) -> None:
        self.app, self.ledger, self.county, self._stack = app, first.ledger, first.county, stack  # type: ignore[assignment]


async def two_over(kept: Ledger, policy: Policy, limits: Limits, stack: AsyncExitStack) -> Two:
    first = Staff(create_app(site_over(kept, policy)._replace(limits=limits)), kept, stack)
    other = Ledger(kept.engine, KEYS)
    return Two(first, _Beside(first, create_app(site_over(other, policy)._replace(limits=limits)), stack))


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as opened:
        yield opened


class Taken(NamedTuple):
    """How many requests were answered until one was refused, and that refusal."""

    number: int
    refusal: httpx.Response


async def taken(who: httpx.AsyncClient, path: str = "/me", **headers: str) -> Taken:
    for n in range(10 * FEW):
        answer = await who.get(path, headers=headers)
        if answer.status_code == 429:
            assert int(answer.headers["retry-after"]) >= 1
            assert "请求过于频繁" in answer.text
            return Taken(n, answer)
        assert answer.status_code == 200, answer.text
    raise AssertionError("nothing was refused")


def filled_since(began: float, a_minute: int = FEW) -> float:
    """What came into a bucket meanwhile: the clock goes on."""
    return (time.monotonic() - began) * a_minute / 60 + 1


async def test_two_processes_draw_from_one_bucket(kept: Ledger) -> None:
    began = time.monotonic()
    meters = [Meter(kept, Limits()), Meter(Ledger(kept.engine, KEYS), Limits())]
    had = 0
    full = {0: False, 1: False}
    while not all(full.values()):
        for n, meter in enumerate(meters):
            try:
                await meter.count("somebody", FEW)
            except Problem:
                full[n] = True
            else:
                had += 1
    assert FEW <= had <= FEW + filled_since(began)


async def test_what_was_not_used_comes_back_and_no_more_than_a_minute_holds(kept: Ledger) -> None:
    assert buckets.draw(kept, "somebody", wanted=20, a_minute=FEW) == 20
    assert buckets.draw(kept, "somebody", wanted=20, a_minute=FEW) in (10, 11)
    with kept.engine.begin() as connection:
        connection.execute(text("UPDATE request_buckets SET at = at - interval '5 minutes'"))
    assert buckets.draw(kept, "somebody", wanted=1000, a_minute=FEW) == FEW
    buckets.forget_full(kept)
    assert buckets.draw(kept, "somebody", wanted=1, a_minute=FEW) in (0, 1)
    with kept.engine.begin() as connection:
        connection.execute(text("UPDATE request_buckets SET at = at - interval '1 hour'"))
    buckets.forget_full(kept)
    with kept.engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM request_buckets")) == 0


async def test_a_person_who_asks_too_often_waits_in_every_session_and_process(
    kept: Ledger, policy: Policy, stack: AsyncExitStack
) -> None:
    two = await two_over(kept, policy, Limits(person=FEW), stack)
    began = time.monotonic()
    hasty, calm = await two.first.at(TAX, login="hasty"), await two.first.at(TAX, login="calm")
    elsewhere = await two.second.browser()
    elsewhere.cookies = hasty.cookies
    first, then = await taken(hasty), await taken(elsewhere)
    assert FEW <= first.number + then.number <= FEW + filled_since(began)
    assert then.refusal.headers["content-type"] == "application/problem+json"
    assert then.refusal.json()["code"] == "too_many_requests"
    assert (await calm.get("/me")).status_code == 200, "from the same address"


async def test_a_system_and_an_address_wait_too_and_a_page_says_so(
    kept: Ledger, policy: Policy, stack: AsyncExitStack
) -> None:
    two = await two_over(kept, policy, Limits(system=FEW), stack)
    staff = two.first
    _, token = clients.make(
        kept, staff.county.admin, unit=CENTER, client="某系统", scopes=[Scope.READ_OWN], days=1
    )
    system = await staff.browser()
    system.headers["Authorization"] = f"Bearer {token}"
    assert FEW <= (await taken(system, "/tasks")).number <= 2 * FEW
    narrow = Limits(address=FEW)
    app = create_app(site_over(Ledger(kept.engine, KEYS), policy)._replace(limits=narrow))
    transport = httpx.ASGITransport(app=app, client=("10.9.9.9", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.example") as crowd:
        page = (await taken(crowd, "/sign-in", Accept="text/html")).refusal
        assert page.headers["content-type"].startswith("text/plain")
        assert "content-security-policy" in page.headers
        assert (await crowd.get("/static/none/desk.css")).status_code == 404, "not counted"


def test_the_deployment_says_how_often() -> None:
    assert limits_named({}) == Limits()
    assert limits_named({"FENGQIAO_REQUESTS_PERSON": "60"}) == Limits(person=60)
    for wrong in ("0", "-1", "many", "2000000"):
        with pytest.raises(CannotStart, match="FENGQIAO_REQUESTS_ADDRESS"):
            limits_named({"FENGQIAO_REQUESTS_ADDRESS": wrong})

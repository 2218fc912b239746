"""An office whose notices go to a gateway and a channel on this machine, at an hour that is always decent."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date, time, timedelta
from typing import Any

import pytest
from temporalio.client import Client

from activities import handing, noticing
from domain.channels import Channels
from domain.notices import NoticeState, Way
from domain.outbound import Outbound
from domain.policy import Policy, content_version
from domain.webhooks import Patience
from ledger import notices
from ledger.notices import Notice
from ledger.store import Ledger
from policies import load
from tests.integration.conftest import Desk, intake, still
from tests.support import offices
from tests.support.offices import books, county, queue
from tests.support.party_gateway import StandIn, standing_in
from tests.support.receiver import BRIEFLY, HERE, QUICKLY

__all__ = ["books", "county", "intake", "queue", "still"]

Make = Callable[..., Any]
PHONE = "13800000123"
CENTER = "县综治中心"


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits is looked for at once, and nothing waits for company."""
    monkeypatch.setattr(handing, "LOOK_EVERY", timedelta(seconds=0.05))
    monkeypatch.setattr(noticing, "GATHER", timedelta())


@pytest.fixture(scope="session")
def policy() -> Policy:
    """A county that always works: the hour is not what these tests are about."""
    county = load("pianguan")
    today = date.today()
    days = tuple(today + timedelta(days=n) for n in range(-7, 8))
    calendar = county.calendar.model_copy(
        update={
            "off": (),
            "work": days,
            "covers_to": None,
            "work_start": time(0),
            "work_end": time(23, 59, 59, 999999),
        }
    )
    made = county.model_copy(update={"calendar": type(calendar).model_validate(calendar.model_dump())})
    return made.model_copy(update={"version": content_version(made.stored())})


@pytest.fixture
def resting(policy: Policy) -> Policy:
    """A county that rests today and tomorrow."""
    days = tuple(date.today() + timedelta(days=n) for n in range(-1, 3))
    calendar = policy.calendar.model_dump() | {"off": days, "work": ()}
    made = policy.model_copy(update={"calendar": type(policy.calendar).model_validate(calendar)})
    return made.model_copy(update={"version": content_version(made.stored())})


@asynccontextmanager
async def at_work(
    client: Client,
    ledger: Ledger,
    policy: Policy,
    queue: str,
    channels: Channels,
    patience: Patience = QUICKLY,
) -> AsyncIterator[Desk]:
    """An office with its workers and these channels."""
    out = Outbound(HERE, patience, notices_patience=patience)
    async with offices.at_work(client, ledger, policy, queue, outbound=out, channels=channels) as office:
        yield office


@pytest.fixture
async def gateway() -> AsyncIterator[StandIn]:
    async with standing_in() as stand_in:
        yield stand_in


@pytest.fixture
async def desk(
    temporal_client: Client, books: Ledger, policy: Policy, queue: str, gateway: StandIn
) -> AsyncIterator[Desk]:
    async with at_work(temporal_client, books, policy, queue, to_parties(gateway)) as office:
        yield office


@pytest.fixture
async def hasty(
    temporal_client: Client, books: Ledger, policy: Policy, queue: str, gateway: StandIn
) -> AsyncIterator[Desk]:
    """An office that gives up soon."""
    async with at_work(temporal_client, books, policy, queue, to_parties(gateway), BRIEFLY) as office:
        yield office


def to_parties(gateway: StandIn) -> Channels:
    return Channels({Way.SMS: gateway.channel})


def somebody(**more: Any) -> dict[str, Any]:
    """An applicant who wishes to hear by message."""
    return {"name": "测试甲", "phone": PHONE, "told_by": "短信", **more}


async def until(desk: Desk, matter: str, state: NoticeState) -> Notice:
    """The matter's one notice, once it stands so."""
    import asyncio

    async with asyncio.timeout(90):
        while True:
            found = await asyncio.to_thread(notices.of_matter, desk.ledger.engine, matter)
            if [one.state for one in found] == [state]:
                return found[0]
            await asyncio.sleep(0.02)

"""The real app with its pages over a ledger, or over a whole office, with people of every role signed in to it."""

import html
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import httpx
import pytest

from console import site
from domain.business_clock import BusinessClock
from domain.intake import Intake
from domain.policy import Policy
from ledger.store import Ledger
from tests.api.conftest import HOST, Staff, site_over
from tests.integration.conftest import Desk, accepted, desk, intake, still
from tests.ledger.conftest import books, kept, ledger, ledger_url, policy
from tests.support.applications import serving

__all__ = ["books", "desk", "intake", "kept", "ledger", "ledger_url", "policy", "still"]

Make = Callable[..., Intake]


class Officers(Staff):
    """The people of a county at their desks."""

    async def browser(self) -> httpx.AsyncClient:
        """Somebody's browser, not signed in."""
        transport = httpx.ASGITransport(app=self.app, client=("10.0.0.7", 50000))
        client = httpx.AsyncClient(transport=transport, base_url=HOST, headers={"Origin": HOST})
        return await self._stack.enter_async_context(client)


@pytest.fixture
async def readers(kept: Ledger, policy: Policy) -> AsyncIterator[Officers]:
    """People who look."""
    async with AsyncExitStack() as stack:
        yield Officers(serving(site, site_over(kept, policy)), kept, stack)


@pytest.fixture
async def officers(desk: Desk, policy: Policy) -> AsyncIterator[Officers]:
    """People who look and act, with Temporal and its worker."""
    desk.ledger.save_policy(policy)
    async with AsyncExitStack() as stack:
        yield Officers(serving(site, site_over(desk.ledger, policy, desk.office)), desk.ledger, stack)


@pytest.fixture
async def matter(desk: Desk, intake: Make, still: BusinessClock) -> str:
    """A matter that waits for the tax bureau to sign for it."""
    return await accepted(desk, intake(), still)


def hidden_fields(page: str) -> dict[str, str]:
    """What a form of a page carries unseen, the last form's last."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {html.unescape(name): html.unescape(value) for name, value in found}


async def form_at(who: httpx.AsyncClient, address: str) -> dict[str, str]:
    """The hidden fields of a form's page."""
    page = await who.get(address)
    assert page.status_code == 200, page.text
    return hidden_fields(page.text)

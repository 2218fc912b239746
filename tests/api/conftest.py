"""The real app over a ledger, or over a whole office, with people of every role signed in to it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from functools import cache

import httpx
import pytest
from fastapi import FastAPI

from api import app
from api.app import PREFIX
from api.site import Site
from domain.access import Role
from domain.policy import Policy
from importing.rules import Rules, load_rules
from ledger import sessions
from ledger.store import Ledger
from starter.office import Office
from tests.access.test_accounts import TAX, County
from tests.access.test_signing_in import RULES
from tests.integration.conftest import Desk, desk, intake, still
from tests.ledger.conftest import books, kept, ledger, ledger_url, policy
from tests.support.applications import serving

__all__ = ["books", "desk", "intake", "kept", "ledger", "ledger_url", "policy", "still"]

HOST = "http://desk.example"
CENTER = "县综治中心"
ALONE = (Role.HEAD, Role.ADMINISTRATOR, Role.AUDITOR)
"""Roles that no head proposes."""


class Staff:
    """The people of a county, each at his own browser."""

    def __init__(self, app: FastAPI, ledger: Ledger, stack: AsyncExitStack) -> None:
        self.app = app
        self.ledger = ledger
        self.county = County(ledger)
        self._stack = stack
        self._heads: dict[str, str] = {}

    async def browser(self) -> httpx.AsyncClient:
        """Somebody's browser, not signed in."""
        transport = httpx.ASGITransport(app=self.app, client=("10.0.0.7", 50000))
        client = httpx.AsyncClient(transport=transport, base_url=HOST + PREFIX, headers={"Origin": HOST})
        return await self._stack.enter_async_context(client)

    async def at(self, unit: str = TAX, role: Role = Role.OFFICER, login: str = "") -> httpx.AsyncClient:
        """Somebody of a unit and role, signed in; called after the login and 某."""
        _, client = await self.person(unit, role, login)
        return client

    async def person(
        self, unit: str = TAX, role: Role = Role.OFFICER, login: str = ""
    ) -> tuple[str, httpx.AsyncClient]:
        """The same, with the person's id."""
        person = self.county.person(login or f"{role.value}-{unit}")
        proposed = None if role in ALONE else self.head(unit)
        post = self.county.grant(person, role, unit, proposed_by=proposed)
        client = await self.browser()
        client.cookies.set("fengqiao", self.token(person, post), domain="desk.example")
        return person, client

    def head(self, unit: str) -> str:
        """The head of a unit."""
        if unit not in self._heads:
            self._heads[unit] = self.county.head(unit)
        return self._heads[unit]

    def token(self, person: str, post: str) -> str:
        """A session, without the cost of its password."""
        return sessions.begin(
            self.ledger, person, factors=1, post=post, address="10.0.0.7", agent="", rules=RULES.sessions
        )

    def tasks_of(self, matter: str) -> list[str]:
        """The kinds of a matter's open tasks."""
        return [task.kind for task in self.ledger.state(matter).open_tasks()]


@cache
def tickets() -> Rules:
    """How the hotline's export is read: read once."""
    return load_rules()


def site_over(ledger: Ledger, policy: Policy, office: Office | None = None) -> Site:
    """The site; without an office nobody registers or acts there."""
    return Site(office or Office(None, ledger), ledger, policy, secure=False, tickets=tickets())  # type: ignore[arg-type]


@pytest.fixture
async def readers(kept: Ledger, policy: Policy) -> AsyncIterator[Staff]:
    """People who look."""
    async with AsyncExitStack() as stack:
        yield Staff(serving(app, site_over(kept, policy)), kept, stack)


@pytest.fixture
async def staff(desk: Desk, policy: Policy) -> AsyncIterator[Staff]:
    """People who look and act, with Temporal and its worker."""
    desk.ledger.save_policy(policy)
    async with AsyncExitStack() as stack:
        yield Staff(serving(app, site_over(desk.ledger, policy, desk.office)), desk.ledger, stack)


def key(text: str) -> dict[str, str]:
    """The header that says which action this is."""
    return {"Idempotency-Key": f"test-{text}"}

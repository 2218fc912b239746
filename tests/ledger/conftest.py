"""A migrated ledger, empty at the start of each test, with the county's policy."""

import uuid
from collections.abc import AsyncGenerator, Generator

import pytest
from sqlalchemy import text

from domain.policy import Policy
from hosting.embedded.postgres import Postgres
from ledger.store import Ledger
from ledger.tables import metadata
from policies import load
from tests.ledger.support import Books
from tests.support.keys import KEYS


@pytest.fixture(scope="session")
def policy() -> Policy:
    return load("pianguan")


@pytest.fixture(scope="session")
async def ledger_url(postgres_server: Postgres, tables: str) -> AsyncGenerator[str]:
    """One database for all ledger tests that leave its tables as they are."""
    name = f"test_{uuid.uuid4().hex}"
    yield await postgres_server.ensure(name, template=tables)
    await postgres_server.drop(name)


@pytest.fixture
def ledger(ledger_url: str) -> Generator[Ledger]:
    opened = Ledger.connect(ledger_url, KEYS)
    with opened.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # the guard looks away
        for table in metadata.tables.values():
            connection.execute(table.delete())
    yield opened
    opened.close()


@pytest.fixture
def ledger_of_its_own(postgres_url: str) -> Generator[Ledger]:
    """For tests that change tables."""
    opened = Ledger.connect(postgres_url, KEYS)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
async def ledger_of_the_module(postgres_server: Postgres, tables: str) -> AsyncGenerator[Ledger]:
    """For tests that fill tables once and then only look."""
    name = f"test_{uuid.uuid4().hex}"
    opened = Ledger.connect(await postgres_server.ensure(name, template=tables), KEYS)
    yield opened
    opened.close()
    await postgres_server.drop(name)


@pytest.fixture
def books(ledger: Ledger, policy: Policy) -> Books:
    ledger.save_policy(policy)
    return Books(ledger, policy)


@pytest.fixture
def kept(ledger: Ledger, policy: Policy) -> Ledger:
    """An empty ledger that knows the policy, for lives lived elsewhere."""
    ledger.save_policy(policy)
    return ledger

"""A site of the test's own: a namespace, a database, and worker processes as production runs them."""

import asyncio
import os
import sys
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import make_url
from temporalio.client import Client

from hosting.embedded.namespace import prepare_namespace
from hosting.health import is_ready
from ledger.rights import APP
from ledger.store import Ledger
from scripts.addresses import free_address
from starter.office import Office
from tests.integration.conftest import desk, intake, policy, still
from tests.support.keys import ENVIRONMENT, KEYS
from workflows.display import SEARCH_ATTRIBUTES
from workflows.plugin import FengqiaoPlugin

__all__ = ["desk", "free_address", "intake", "policy", "still"]

ROOT = Path(__file__).parents[2]


class Site(NamedTuple):
    """Where the processes find everything, and an office beside them."""

    env: dict[str, str]
    client: Client
    ledger: Ledger
    office: Office

    @asynccontextmanager
    async def process(self, *argv: str, **env: str) -> AsyncGenerator[asyncio.subprocess.Process]:
        """``python -m …`` on this site; killed at the end if it still runs."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *argv, cwd=ROOT, env={**self.env, **env}, stdout=asyncio.subprocess.PIPE
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def empty_temporal(address: str) -> Client:
    """A client of a namespace made just now: Temporal as after a loss."""
    client = await Client.connect(
        address, namespace=f"site-{uuid.uuid4().hex}", plugins=[FengqiaoPlugin(KEYS)]
    )
    await prepare_namespace(client, SEARCH_ATTRIBUTES)
    return client


@pytest.fixture
async def site(temporal_address: str, postgres_url: str) -> Site:
    client = await empty_temporal(temporal_address)
    ledger = Ledger.connect(postgres_url, KEYS)
    env = {
        **os.environ,
        **ENVIRONMENT,
        "FENGQIAO_DATABASE_URL": make_url(postgres_url)
        .set(username=APP)
        .render_as_string(hide_password=False),
        "TEMPORAL_ADDRESS": temporal_address,
        "TEMPORAL_NAMESPACE": client.namespace,
    }
    return Site(env, client, ledger, Office(client, ledger))


async def until_ready(address: str, process: asyncio.subprocess.Process, *, ready: bool = True) -> None:
    """Wait until a worker says so, or that it no longer is."""
    async with asyncio.timeout(120):
        while await asyncio.to_thread(is_ready, address) != ready:
            assert process.returncode is None, "the worker has ended"
            await asyncio.sleep(0.1)

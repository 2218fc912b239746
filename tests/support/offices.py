"""An office on the real servers, with workers as a test wants them."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar, NamedTuple

import pytest
from temporalio.client import Client
from temporalio.worker import WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from domain.policy import Policy
from ledger.store import Ledger
from starter.office import Office
from tests.access.test_accounts import County
from tests.support.keys import KEYS
from worker import PLAIN, running_workers


class Desk(NamedTuple):
    """What a test works with."""

    office: Office
    ledger: Ledger
    client: Client
    policy: Policy
    task_queue: str


class Watched(SandboxedWorkflowRunner):
    """The sandbox (decision 9), which tries each workflow once in a run and not again for every worker."""

    _tried: ClassVar[set[type]] = set()

    def prepare_workflow(self, defn: Any) -> None:
        if defn.cls not in self._tried:
            super().prepare_workflow(defn)
            self._tried.add(defn.cls)


@asynccontextmanager
async def at_work(
    client: Client, ledger: Ledger, policy: Policy, queue: str, *, runner: WorkflowRunner = PLAIN, **more: Any
) -> AsyncIterator[Desk]:
    """An office with its workers; ``more``: how they are run."""
    async with running_workers(client, ledger, policy, task_queue=queue, runner=runner, **more):
        yield Desk(Office(client, ledger, task_queue=queue), ledger, client, policy, queue)


def new_queue() -> str:
    """A task queue of a test's own."""
    return f"test-{uuid.uuid4()}"


@pytest.fixture
def books(postgres_url: str) -> Ledger:
    return Ledger.connect(postgres_url, KEYS)


@pytest.fixture
def county(books: Ledger) -> County:
    return County(books)


@pytest.fixture
def queue() -> str:
    return new_queue()

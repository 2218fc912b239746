"""Workers are replaced under open disputes: new code on what old code began, and back."""

import uuid
from collections.abc import Callable

import pytest
from temporalio.client import Client
from temporalio.worker import Replayer, Worker

import workflows
from activities.names import workflow_id
from domain.business_clock import BusinessClock
from domain.intake import Intake
from domain.policy import Policy
from ledger.store import Ledger
from starter.office import Office
from tests.integration.conftest import act, intake, policy, still
from tests.support.heard import Heard
from tests.support.keys import KEYS
from worker import build_worker
from workflows.plugin import FengqiaoPlugin

from .newer import Newer
from .test_replay import HISTORIES, history

__all__ = ["intake", "policy", "still"]


@pytest.mark.parametrize("file", HISTORIES, ids=lambda f: f.name.removesuffix(".json.gz"))
async def test_a_patched_release_replays_every_history(file: object) -> None:
    await Replayer(workflows=[Newer], plugins=[FengqiaoPlugin(KEYS)]).replay_workflow(history(file))  # type: ignore[arg-type]


async def test_an_open_dispute_goes_on_under_new_code_and_back(
    temporal_client: Client,
    postgres_url: str,
    policy: Policy,
    intake: Callable[..., Intake],
    still: BusinessClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ledger = Ledger.connect(postgres_url, KEYS)
    queue = f"upgrade-{uuid.uuid4()}"
    heard = Heard(Office(temporal_client, ledger, task_queue=queue), ledger)

    def release(newer: bool) -> Worker:
        monkeypatch.setattr("worker.WORKFLOWS", [Newer] if newer else workflows.WORKFLOWS)
        return build_worker(temporal_client, ledger, policy, task_queue=queue)

    async with release(newer=False):
        old = (await heard.office.register(intake(), clock=still)).dispute_id
    async with release(newer=True):  # begun under the old code, goes on under the new
        await heard.act(old, act("县综治中心", "初审员", "accept_case"))
        fresh = (await heard.office.register(intake(), clock=still)).dispute_id
        await heard.act(fresh, act("县综治中心", "初审员", "accept_case"))
    async with release(newer=False):  # and back: what began under the old code goes on
        await heard.act(old, act("县税务局", "甲", "sign_for"))
        await heard.check([old])
    async with release(newer=True):  # what began under the new code needs the new code, and has lost nothing
        await heard.act(fresh, act("县税务局", "甲", "sign_for"))
        await heard.check([old, fresh])
    kept = await temporal_client.get_workflow_handle(workflow_id(old)).fetch_history()
    await Replayer(workflows=workflows.WORKFLOWS, plugins=[FengqiaoPlugin(KEYS)]).replay_workflow(kept)

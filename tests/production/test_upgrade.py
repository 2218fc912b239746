"""A changed workflow is rolled out under open disputes, and back (docs/decisions/0006)."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

import worker
from activities.names import workflow_id
from domain.business_clock import BusinessClock
from domain.intake import Intake
from domain.policy import Policy
from domain.tasks import TaskKind
from hosting.rehearse import Rehearsal, rehearse
from tests.integration.conftest import act
from tests.support.after import After
from worker import running_workers

from .conftest import Site

Make = Callable[..., Intake]
NOW, AFTER = worker.WORKFLOWS, [After]


async def opened(site: Site, ticket: Intake, clock: BusinessClock) -> str:
    matter = (await site.office.register(ticket, clock=clock)).dispute_id
    await site.office.act(matter, act("县综治中心", "初审员", "accept_case"))
    return matter


async def signed_late(site: Site, matter: str) -> None:
    """Signed for after its time ran out: notices go out, where the two releases differ."""
    sign = next(c for c in site.ledger.state(matter).clocks.values() if c.rule_id == "sign")
    await site.office.act(matter, act("县税务局", "甲", "sign_for", at=sign.due_at + timedelta(hours=1)))
    await patched(site, matter)


async def patched(site: Site, matter: str) -> bool:
    """Whether the dispute's history carries the change's mark, once its first notice is scheduled."""
    async with asyncio.timeout(60):
        while True:
            history = await site.client.get_workflow_handle(workflow_id(matter)).fetch_history()
            names = {e.activity_task_scheduled_event_attributes.activity_type.name for e in history.events}
            if "send_notice" in names:
                return any(
                    e.marker_recorded_event_attributes.marker_name == "core_patch" for e in history.events
                )
            await asyncio.sleep(0.05)


async def rehearsed(site: Site, count: int, workflows: list[type] | None = None) -> Rehearsal:
    """The rehearsal, once Temporal lists so many open disputes."""
    async with asyncio.timeout(60):
        while (found := await rehearse(site.client, workflows or worker.WORKFLOWS)).open != count:
            await asyncio.sleep(0.1)
    return found


async def test_rolled_out_under_open_disputes(
    site: Site, policy: Policy, intake: Make, still: BusinessClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_workers(site.client, site.ledger, policy):
        noticed, quiet = [await opened(site, intake(), still) for _ in range(2)]
        await signed_late(site, noticed)
    assert await rehearsed(site, 2, AFTER) == Rehearsal(2, {})
    monkeypatch.setattr(worker, "WORKFLOWS", AFTER)
    async with running_workers(site.client, site.ledger, policy):
        for matter in (noticed, quiet):
            await site.office.act(
                matter, act("申请人", "测试甲", "receive_material", materials=[{"name": "一"}])
            )
        await signed_late(site, quiet)
    # Each goes on as it began: the old order where it had been met already, the new one elsewhere.
    assert await patched(site, noticed) is False
    assert await patched(site, quiet) is True
    assert await rehearsed(site, 2, AFTER) == Rehearsal(2, {})


async def test_rolled_back_nothing_is_lost(
    site: Site, policy: Policy, intake: Make, still: BusinessClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(worker, "WORKFLOWS", AFTER)
        async with running_workers(site.client, site.ledger, policy):
            changed, untouched = [await opened(site, intake(), still) for _ in range(2)]
            await signed_late(site, changed)
    known = site.ledger.events(changed)

    found = await rehearsed(site, 2, NOW)
    assert found == Rehearsal(2, {workflow_id(changed): "NondeterminismError"})
    async with running_workers(site.client, site.ledger, policy):
        material = act("申请人", "测试甲", "receive_material", materials=[{"name": "一"}])
        receipt = await site.office.act(untouched, material)
        assert receipt.version == site.ledger.state(untouched).version
        # What the old code cannot read is started anew, from the ledger.
        await site.client.get_workflow_handle(workflow_id(changed)).terminate("rolled back")
        receipt = await site.office.act(changed, material)
        assert receipt.version > len(known)
        assert site.ledger.events(changed)[: len(known)] == known
        assert [t.signed_by for t in site.ledger.state(changed).open_tasks(TaskKind.HANDLE)] == ["甲"]
    assert await rehearsed(site, 2, NOW) == Rehearsal(2, {})

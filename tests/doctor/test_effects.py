"""Notices and leads: none lost, none sent twice, whatever became of the workflow that owed them."""

import asyncio

from sqlalchemy import text

from activities.names import notices_queue
from domain.events import AlarmFired
from domain.tasks import TaskKind
from starter.doctor.examine import WORKER
from worker import build_worker

from .conftest import PATIENCE, Ward
from .test_workflows import LONG_AGO


def alarms(ward: Ward, matter: str) -> list[str]:
    return [f"{matter}-{e.seq}" for e in ward.ledger.events(matter) if isinstance(e.fact, AlarmFired)]


async def sent(ward: Ward, number: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while len(ward.notices.sent) < number:
            await asyncio.sleep(0.1)


async def test_a_restart_sends_no_notice_twice_and_loses_none(ward: Ward) -> None:
    async with ward.worker():
        matter = (await ward.register(LONG_AGO)).dispute_id
        await ward.terminate(matter)
        await ward.mend()  # in real time its alarms are due at once
        await sent(ward, len(alarms(ward, matter)))
        assert ward.notices.sent
        await ward.until_sound()
        before = list(ward.notices.sent)
        lost = before[-1]
        with ward.ledger.engine.begin() as connection:
            connection.execute(text("DELETE FROM notices_sent WHERE key = :key"), {"key": lost})
        await ward.terminate(matter)  # the alarm was committed, its notice not sent
        await ward.mend()
        await ward.until_sound()
        assert ward.notices.sent == [*before, lost]


async def test_an_activity_that_keeps_failing_and_a_notice_given_up(ward: Ward) -> None:
    ward.notices.broken = True
    async with ward.worker():
        matter = (await ward.register(LONG_AGO)).dispute_id
        await ward.terminate(matter)
        await ward.mend()
        seen = await ward.until("activity_retrying", matter)
        finding = next(f for f in seen.findings if f.code == "activity_retrying")
        assert "发送通知" in finding.means
        assert "ConnectionError" in finding.means
        assert "gateway down" not in finding.means
        assert any(f.code == "notice_undelivered" for f in seen.findings)
        ward.notices.broken = False
        await ward.until_sound()
        assert sorted(ward.notices.sent) == sorted(alarms(ward, matter))


async def test_notices_that_nobody_takes(ward: Ward) -> None:
    async with build_worker(ward.client, ward.ledger, ward.policy, task_queue=ward.queue):
        matter = (await ward.register(LONG_AGO)).dispute_id
        await ward.terminate(matter)
        await ward.mend()
        seen = await ward.until("notice_undelivered", matter)
        about = [(f.code, notices_queue(ward.queue) in f.means) for f in seen.findings if not f.dispute_id]
        assert about == [("no_notices_worker", True)]
        assert seen.usable(WORKER)  # the matters themselves go on
    async with ward.worker():
        await ward.until_sound()
        assert sorted(ward.notices.sent) == sorted(alarms(ward, matter))


async def test_a_given_up_notice_is_sent_again_without_a_restart(ward: Ward) -> None:
    async with ward.worker():
        matter = (await ward.register(LONG_AGO)).dispute_id
        await ward.terminate(matter)
        await ward.mend()
        await ward.until_sound()
        with ward.ledger.engine.begin() as connection:
            connection.execute(text("DELETE FROM notices_sent"))
        given_up = alarms(ward, matter)
        ward.notices.sent.clear()
        assert (await ward.codes())[matter] == ["notice_undelivered"] * len(given_up)
        await asyncio.gather(ward.mend(), ward.mend())
        await ward.until_sound()
        assert sorted(ward.notices.sent) == sorted(given_up)


async def test_a_lead_that_never_began(ward: Ward) -> None:
    async with ward.worker():
        matter = (await ward.register()).dispute_id
        await ward.spawn(matter)
        lead = f"{matter}-lead1"
        async with asyncio.timeout(PATIENCE):
            while not ward.ledger.state(lead).version:
                await asyncio.sleep(0.1)
        first = ward.ledger.events(lead)[0]
        assert (first.officer, first.by) == ("系统", None), "nobody registers what the software starts"
        await ward.delete(lead)
        with ward.ledger.engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            for name in (
                "events",
                "actions",
                "disputes",
                "sources",
                "tasks",
                "clocks",
                "documents",
                "parties",
            ):
                connection.execute(text(f"DELETE FROM {name} WHERE dispute_id = :lead"), {"lead": lead})
        assert await ward.codes() == {matter: ["lead_missing"]}
        assert [r.done for r in await ward.mend()] == [True]
        await ward.until_sound()
        assert ward.ledger.state(lead).open_tasks(TaskKind.LEAD_CHECK)

"""Mending by the ways that officers' own actions take: safe to repeat, and beside officers at work."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from temporalio.service import RPCError

from domain.business_clock import BusinessClock
from domain.events import Acted
from domain.meanings.handling import Merged
from domain.words import Model
from ledger import checkup
from ledger.batches import Progress, silent
from ledger.rebuild import rebuild_matter
from ledger.store import Ledger, LedgerBroken, LedgerUnavailable
from starter.doctor.books import is_paced
from starter.doctor.examine import LEDGER, TEMPORAL, WORKER, Examined
from starter.doctor.finding import Finding
from starter.office import Declined, Office

AT_ONCE = 16
ANSWER = timedelta(seconds=60)
"""How long one mending may take: a workflow answers in milliseconds, behind a burst of others in seconds."""
ROUNDS = 5
"""How often the office is looked at again until what was set right shows."""
STANDSTILL_PACE = 86_400.0

RESTART = ("workflow_missing", "workflow_lost")
REBUILD = ("projection_behind", "projection_differs")


class Repair(Model):
    """What was done about a finding, and how it went. ``done``: it was set right or is under way."""

    code: str
    case_no: str | None
    dispute_id: str
    done: bool
    says: str


class Mender:
    """Mends one office. ``demo``: its matters may live by a paced clock."""

    def __init__(self, office: Office, ledger: Ledger, *, demo: bool = False) -> None:
        self._office = office
        self._ledger = ledger
        self._demo = demo

    async def mend(self, examined: Examined, progress: Progress = silent) -> list[Repair]:
        """Mend all that can be: first the read tables, which everything reads, then workflows, then their effects."""
        repairs: list[Repair] = []
        order = [f for f in examined.findings if f.repairable and f.dispute_id]
        for stage in (REBUILD, RESTART, None):
            chosen = [f for f in order if (f.code in stage if stage else f.code not in (*REBUILD, *RESTART))]
            restarted = {r.dispute_id for r in repairs if r.code in RESTART}
            unmet = self._lacks(examined, needs_temporal=stage is not REBUILD)
            repairs += await self._all(chosen, restarted, unmet, len(repairs), len(order), progress)
        return repairs

    def _lacks(self, examined: Examined, *, needs_temporal: bool) -> str | None:
        """The part without which nothing can be mended now."""
        needed = (LEDGER, TEMPORAL, WORKER) if needs_temporal else (LEDGER,)
        return next((part for part in needed if not examined.usable(part)), None)

    async def _all(
        self,
        chosen: list[Finding],
        restarted: set[str],
        lacking: str | None,
        before: int,
        total: int,
        progress: Progress,
    ) -> list[Repair]:
        free = asyncio.Semaphore(AT_ONCE)
        done: list[Repair] = []

        async def one(finding: Finding) -> None:
            async with free:
                done.append(await self._one(finding, restarted, lacking))
            progress(before + len(done), total)

        await asyncio.gather(*(one(finding) for finding in chosen))
        return done

    async def _one(self, finding: Finding, restarted: set[str], lacking: str | None) -> Repair:
        assert finding.dispute_id
        if lacking:
            return _repair(finding, False, f"未修复：{lacking}不可用，请先修好")
        if finding.dispute_id in restarted and finding.code in ("alarm_overdue", "notice_undelivered"):
            return _repair(finding, True, "已随流程重启处理")
        try:
            async with asyncio.timeout(ANSWER.total_seconds()):
                return _repair(finding, True, await self._way(finding)(finding.dispute_id, finding))
        except TimeoutError:
            return _repair(finding, False, "已发出，流程尚未应答，请稍后再运行 fengqiao doctor")
        except (Declined, LedgerBroken, LedgerUnavailable, LookupError) as error:
            return _repair(finding, False, f"未修复：{error}")
        except RPCError as error:
            return _repair(finding, False, f"未修复：Temporal 拒绝（{error.status.name}）")

    def _way(self, finding: Finding) -> Callable[[str, Finding], Awaitable[str]]:
        if finding.code in RESTART:
            return self._restart
        if finding.code in REBUILD:
            return self._rebuild
        others = {"lead_missing": self._start_lead, "merger_unheard": self._merge_again}
        return others.get(finding.code, self._catch_up)

    async def _restart(self, dispute_id: str, finding: Finding) -> str:
        clock = await asyncio.to_thread(self._clock, dispute_id)
        receipt = await self._office.restart(dispute_id, clock=clock)
        still = "，演示时钟停在最后一步，由剧本继续" if clock.pace else ""
        return f"已由台账重启流程，{receipt.stage}，第 {receipt.version} 条事件{still}"

    def _clock(self, dispute_id: str) -> BusinessClock:
        """Real time; a demonstration's matter stands still at its last event until its script goes on."""
        if not (self._demo and is_paced(self._ledger, dispute_id)):
            return BusinessClock()
        last = checkup.last_moments(self._ledger.engine, dispute_id)
        return BusinessClock(pace=STANDSTILL_PACE, begins=last.at if last else None)

    async def _rebuild(self, dispute_id: str, finding: Finding) -> str:
        await asyncio.to_thread(rebuild_matter, self._ledger, dispute_id)
        return "已由事件重建本案的查询表"

    async def _catch_up(self, dispute_id: str, finding: Finding) -> str:
        await self._office.catch_up(dispute_id, finding.seq - 1 if finding.seq else None)
        return "已通知流程跟上台账、补做到期事项" if not finding.seq else "已请流程重新发送"

    async def _start_lead(self, dispute_id: str, finding: Finding) -> str:
        assert finding.lead_id
        clock = await asyncio.to_thread(self._clock, dispute_id)
        receipt = await self._office.start_lead(dispute_id, finding.lead_id, clock=clock)
        return f"已登记线索 {receipt.case_no}"

    async def _merge_again(self, dispute_id: str, finding: Finding) -> str:
        events = await asyncio.to_thread(self._ledger.events, dispute_id)
        acted = [(e.seq, e.fact.means) for e in events if isinstance(e.fact, Acted)]
        merged = [seq for seq, means in acted if any(isinstance(m, Merged) for m in means)]
        await self._office.catch_up(dispute_id, merged[-1] - 1)
        return "已请流程重新告知母件"


def _repair(finding: Finding, done: bool, says: str) -> Repair:
    assert finding.dispute_id
    return Repair(
        code=finding.code, case_no=finding.case_no, dispute_id=finding.dispute_id, done=done, says=says
    )

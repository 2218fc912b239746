"""The worker's process as production runs it: metrics, health, and an end in good order."""

import asyncio
import http.client
import json
import re
import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import make_url
from temporalio.api.enums.v1 import EventType

from activities.metrics import COMMITS, LEDGER_UNAVAILABLE, NOTICES, REFUSALS
from activities.names import workflow_id
from domain.business_clock import BusinessClock
from domain.intake import Intake
from hosting import health
from hosting.embedded.postgres import Postgres
from hosting.health import Health, serving_health
from starter.office import Declined
from tests.integration.conftest import act

from .conftest import ROOT, Site, free_address, until_ready

Make = Callable[..., Intake]


def get(address: str, path: str) -> tuple[int, str]:
    host, port = address.split(":")
    link = http.client.HTTPConnection(host, int(port), timeout=30)
    link.request("GET", path)
    answer = link.getresponse()
    return answer.status, answer.read().decode()


def figures(text: str) -> dict[tuple[str, str], float]:
    """Every sample by its name and the one attribute that tells it from others of that name."""
    return {
        (s.name, next((s.labels[k] for k in ("code", "activity", "outcome") if k in s.labels), "")): s.value
        for family in text_string_to_metric_families(text)
        for s in family.samples
    }


async def test_it_counts_for_prometheus_and_names_nobody(
    site: Site, intake: Make, still: BusinessClock
) -> None:
    metrics, healthy = free_address(), free_address()
    env = {"FENGQIAO_METRICS_ADDRESS": metrics, "FENGQIAO_HEALTH_ADDRESS": healthy}
    async with site.process("worker", **env) as process:
        await until_ready(healthy, process)
        matter = (await site.office.register(intake(), clock=still)).dispute_id
        await site.office.act(matter, act("县综治中心", "初审员", "accept_case"))
        with pytest.raises(Declined):
            await site.office.act(matter, act("县医保局", "丙", "sign_for"))
        await noticed(site, intake, still)
        text = await counted(metrics, "fengqiao_notices_total", "sent")
        found = figures(text)
        assert found["fengqiao_commits_total", "register"] == 2
        assert found["fengqiao_commits_total", "triage"] == 2
        assert found["fengqiao_commits_total", "dispatch"] == 1
        assert found["fengqiao_refusals_total", "no_task"] == 1
        assert any(name == "temporal_num_pollers" for name, _ in found)
        for secret in ("测试甲", "19900000001", "测试木器厂", "丙", matter):
            assert secret not in text
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(60):
            assert await process.wait() == 0


async def counted(address: str, name: str, attribute: str = "") -> str:
    """The page of metrics, once it shows this figure."""
    async with asyncio.timeout(60):
        while True:
            _, text = await asyncio.to_thread(get, address, "/metrics")
            if figures(text).get((name, attribute)):
                return text
            await asyncio.sleep(0.1)


async def test_without_its_ledger_it_lives_but_is_not_ready(
    site: Site, postgres_server: Postgres, postgres_url: str, intake: Make, still: BusinessClock
) -> None:
    metrics, healthy = free_address(), free_address()
    env = {"FENGQIAO_METRICS_ADDRESS": metrics, "FENGQIAO_HEALTH_ADDRESS": healthy}
    async with site.process("worker", **env) as process:
        await until_ready(healthy, process)
        await postgres_server.drop(str(make_url(postgres_url).database))
        await until_ready(healthy, process, ready=False)
        status, body = await asyncio.to_thread(get, healthy, "/readyz")
        assert (status, json.loads(body)) == (
            503, {"alive": True, "staying": True, "temporal": True, "ledger": False},
        )  # fmt: skip
        assert await asyncio.to_thread(get, healthy, "/livez") == (200, '{"alive": true}')
        status, _ = await asyncio.to_thread(get, healthy, "/")
        assert status == 404
        waiting = asyncio.create_task(site.office.register(intake(), clock=still))
        await counted(metrics, "fengqiao_ledger_unavailable_total")
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)


async def test_a_process_whose_loop_hangs_is_not_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "ANSWER_LIMIT", 0.1)
    answers: list[tuple[int, str]] = []
    with serving_health("127.0.0.1:0", Health(lambda: True, {})) as address:
        probe = threading.Thread(target=lambda: answers.append(get(address, "/livez")))
        probe.start()
        probe.join()  # in the loop's own thread: the loop hangs meanwhile
    assert answers == [(503, '{"alive": false}')]


async def noticed(site: Site, intake: Make, still: BusinessClock) -> str:
    """A matter whose clock has run out, so that a unit is owed a notice."""
    matter = (await site.office.register(intake(), clock=still)).dispute_id
    await site.office.act(matter, act("县综治中心", "初审员", "accept_case"))
    sign = next(c for c in site.ledger.state(matter).clocks.values() if c.rule_id == "sign")
    late = act("县税务局", "甲", "sign_for", at=sign.due_at + timedelta(hours=1))
    await site.office.act(matter, late)
    return matter


async def appears(file: Path) -> None:
    async with asyncio.timeout(60):
        while not file.exists():
            await asyncio.sleep(0.05)


async def test_told_to_stop_it_finishes_what_it_has_begun(
    site: Site, intake: Make, still: BusinessClock, tmp_path: Path
) -> None:
    healthy = free_address()
    argv = ("tests.support.patient_worker", str(tmp_path), "60")
    async with site.process(*argv, FENGQIAO_HEALTH_ADDRESS=healthy) as process:
        matter = await noticed(site, intake, still)
        await appears(tmp_path / "begun")
        process.send_signal(signal.SIGTERM)
        await until_ready(healthy, process, ready=False)
        assert (await asyncio.to_thread(get, healthy, "/livez"))[0] == 200
        (tmp_path / "go").touch()
        async with asyncio.timeout(60):
            assert await process.wait() == 0
    history = await site.client.get_workflow_handle(workflow_id(matter)).fetch_history()
    kinds = [e.event_type for e in history.events]
    assert EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED in kinds


async def test_it_does_not_wait_for_ever_for_a_gateway_that_hangs(
    site: Site, intake: Make, still: BusinessClock, tmp_path: Path
) -> None:
    async with site.process("tests.support.patient_worker", str(tmp_path), "0.5") as process:
        await noticed(site, intake, still)
        await appears(tmp_path / "begun")
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(60):
            assert await process.wait() == 1


def test_the_guide_names_only_figures_that_exist() -> None:
    guide = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    known = {COMMITS, REFUSALS, LEDGER_UNAVAILABLE, NOTICES}
    assert {name.removesuffix("_total") for name in re.findall(r"fengqiao_[a-z_]+", guide)} == known

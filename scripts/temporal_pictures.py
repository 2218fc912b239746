"""The pictures in docs/temporal.md: ``python -m scripts.temporal_pictures`` (``make pictures``).

An office of its own in a temporary folder plays samples, whose people are invented; a browser looks at Temporal's UI
through the administrator's door, as an administrator does. Everything is stopped and thrown away at the end.
"""

import asyncio
import json
import logging
import shutil
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from playwright.async_api import BrowserContext, FloatRect, Page, ViewportSize, async_playwright

from activities.messages import Notice
from activities.names import dispute_id, workflow_id
from domain.policy import Policy
from domain.words import SHANGHAI
from hosting import logs
from hosting.codec_server.token import address
from hosting.connect import NAMESPACE
from hosting.embedded.supervisor import Supervisor
from hosting.instance import Instance, open_instance
from policies import load
from starter.scenario.player import Player
from starter.scenario.script import Scenario, read
from starter.scenario.translate import acts_of
from worker import running_workers

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "samples"
PICTURES = ROOT / "docs" / "pictures" / "temporal"
PACE = 86_400 * 20.0
"""Business seconds a second: slow enough for the timers to stand in the history."""


class Part(NamedTuple):
    """A sample, played as far as a step."""

    sample: str
    steps: int | None = None


PLAYED = (
    Part("01_low_direct"),
    Part("07_consultation_objection"),
    Part("08_mediated_in_instalments", 4),
    Part("10_group_raised_to_high", 4),
    Part("13_never_signed", 2),
)
READ = "07_consultation_objection"
"""Whose history is shown, from its registration to its archive."""
TODAY, TODAY_STEPS, TODAY_NO = "07_consultation_objection", 3, "YS-RS-2026-010"
"""The same dispute again, in real time: its timers are days long and wait."""
UNHEARD = "13_never_signed"
"""The matter whose notices the gateway refuses."""
UNANSWERED = "短信平台无应答"

VIEWPORT: ViewportSize = {"width": 1400, "height": 1000}
PATIENCE = 30_000.0
"""Milliseconds for a page: it is loaded in a hundred parts."""
SETTLING = 1500.0
"""Milliseconds until a page has drawn what it opened by the codec."""
HEAD = 600.0
"""Pixels of a history's page that lie above its events."""
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
COLUMNS = ("Status", "Workflow ID", "CaseNo", "Stage", "Risk", "LeadUnit", "NextDue", "Card")
SETTINGS = {
    "timeFormat": "local",
    "savedQueryNavOpen": False,
    "eventFilterSort": "ascending",
    "namespace-workflow-table-columns": {NAMESPACE: [{"label": name} for name in COLUMNS]},
}
"""What the UI keeps in the browser."""


def say(line: str) -> None:
    """Tell the person watching."""
    print(line, file=sys.stderr, flush=True)


def story(policy: Policy, part: Part) -> Scenario:
    """A sample as far as it is to be played; nothing is expected of it here."""
    whole = read(SAMPLES / f"{part.sample}.yaml", policy.calendar)
    return whole.model_copy(update={"script": whole.script[: part.steps], "expected": {}})


def matter_of(scenario: Scenario) -> str:
    """The id of a sample's matter."""
    return dispute_id(scenario.intake.channel, scenario.intake.source_no)


class RefusingGateway:
    """Carries every notice but those of one matter, as a messaging platform that is away."""

    def __init__(self, matter: str) -> None:
        self._matter = matter

    def send(self, notice: Notice) -> None:
        """Raises for the one matter."""
        if notice.key.startswith(self._matter):
            raise ConnectionError(UNANSWERED)


async def play(instance: Instance, policy: Policy) -> None:
    """The samples at a quick pace, then one matter in real time."""
    player = Player(instance.office, instance.ledger, pace=PACE)
    for part in PLAYED:
        await player.play(story(policy, part))
    await play_today(instance, policy)


async def play_today(instance: Instance, policy: Policy) -> None:
    """A sample's first steps, all of them now."""
    scenario = today(policy)
    matter = (await instance.office.register(scenario.intake)).dispute_id
    for step in scenario.script:
        context = scenario.context(step, instance.ledger.state(matter), policy)
        for act in acts_of(scenario.id, step, context, None):
            await instance.office.act(matter, act)


def today(policy: Policy) -> Scenario:
    """The sample that is played in real time, under a number of its own."""
    scenario = story(policy, Part(TODAY, TODAY_STEPS))
    now = datetime.now(SHANGHAI)
    intake = scenario.intake.model_copy(update={"received_at": now, "source_no": TODAY_NO})
    script = [step.model_copy(update={"at": now}) for step in scenario.script]
    return scenario.model_copy(update={"id": "today", "intake": intake, "script": script})


@asynccontextmanager
async def browser(door: str) -> AsyncGenerator[BrowserContext]:
    """A browser signed in at the administrator's door, with the columns and the time zone that docs/temporal.md advises."""
    async with async_playwright() as driver:
        chromium = await driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        context = await chromium.new_context(viewport=VIEWPORT, locale="zh-CN", timezone_id="Asia/Shanghai")
        context.set_default_timeout(PATIENCE)
        for name, value in SETTINGS.items():
            await context.add_init_script(f"localStorage.setItem({name!r}, {json.dumps(json.dumps(value))})")
        page = await context.new_page()
        await page.goto(door)
        await page.get_by_text("dispute/").first.wait_for()
        yield context
        await chromium.close()


class Photographer:
    """Takes the pictures, each of a fresh page."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self._context = context
        self._matters = f"{origin}/namespaces/{NAMESPACE}/workflows"

    @asynccontextmanager
    async def _page(
        self, matter: str = "", tab: str = "history", height: int = VIEWPORT["height"]
    ) -> AsyncGenerator[Page]:
        page = await self._context.new_page()
        await page.set_viewport_size({"width": VIEWPORT["width"], "height": height})
        await page.goto(f"{self._matters}/{quote(workflow_id(matter), safe='')}" if matter else self._matters)
        if matter:
            await page.wait_for_url("**/history")
            await page.goto(page.url.removesuffix("history") + tab)
        yield page
        await page.close()

    async def _take(self, page: Page, name: str, height: int | None = None, *, top: int = 0) -> None:
        await page.mouse.move(0, 0)
        await page.wait_for_timeout(SETTLING)
        view = page.viewport_size or VIEWPORT
        clip: FloatRect = {"x": 0, "y": top, "width": view["width"], "height": height or view["height"]}
        await page.screenshot(path=PICTURES / f"{name}.png", clip=clip, animations="disabled")

    async def matters(self) -> None:
        """The list, with our columns."""
        async with self._page() as page:
            await page.get_by_text("dispute/").first.wait_for()
            await self._take(page, "list", 520)

    async def metadata(self, matter: str) -> None:
        """Summary and current details."""
        async with self._page(matter, "user-metadata") as page:
            await page.get_by_text("Current Details").first.wait_for()
            await page.wait_for_timeout(2 * SETTLING)
            await self._take(page, "matter", 880)

    async def history(self, matter: str) -> None:
        """The timeline and the first events, in the compact view."""
        async with self._page(matter, height=1200) as page:
            await page.get_by_test_id("compact").click()
            await page.get_by_text("进入会商").first.wait_for()
            await page.mouse.wheel(0, HEAD)
            await self._take(page, "timeline", 430, top=52)
            await self._take(page, "history", 580, top=510)

    async def pending(self, matter: str) -> None:
        """An activity that is tried again. The page below tells where the program lies; that is cut off."""
        async with self._page(matter, "pending-activities") as page:
            await page.get_by_text(UNANSWERED).first.wait_for()
            await self._take(page, "pending", 484)


async def main() -> None:
    """Bring the office up, play, take the pictures, take it down."""
    logs.configure(json=False, level=logging.CRITICAL)
    logging.disable(logging.CRITICAL)
    policy = load("pianguan")
    read_one, refused_one = (matter_of(story(policy, Part(name))) for name in (READ, UNHEARD))
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pictures-") as folder:
        async with Supervisor() as run:
            workers = partial(running_workers, gateway=RefusingGateway(refused_one))
            instance = await open_instance(run, Path(folder), say, policy, workers)
            assert instance.codec
            say("正在演示样例…")
            await play(instance, policy)
            say("正在拍摄…")
            async with browser(address(instance.codec.url, instance.codec.token)) as context:
                camera = Photographer(context, instance.codec.url)
                await camera.pending(refused_one)
                await camera.matters()
                await camera.metadata(matter_of(today(policy)))
                await camera.history(read_one)
    say(f"已拍摄，在 {PICTURES.relative_to(ROOT)}")


if __name__ == "__main__":
    asyncio.run(main())

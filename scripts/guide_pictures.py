"""The pictures in docs/guide: ``python -m scripts.guide_pictures`` (``make pictures``).

An office of its own in a temporary folder opens on the demonstration's county, whose people are invented, with an account
for each role; a browser signs in as each of them and does what the guide tells. Everything is thrown away at the end.
"""

import asyncio
import csv
import logging
import shutil
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from playwright.async_api import Browser, FloatRect, Page, async_playwright

from activities.names import dispute_id
from domain.policy import Policy
from domain.words import SHANGHAI
from hosting import logs
from hosting.demonstration import Opened, open_accounts
from hosting.embedded.supervisor import Supervisor
from hosting.instance import Instance, open_instance
from importing.rules import load_rules
from policies import load
from scripts.small_png import shrink
from scripts.temporal_pictures import FLAGS, PATIENCE, ROOT, SAMPLES, say
from starter.scenario.county import read_county
from starter.scenario.player import Player
from worker import running_workers

PICTURES = ROOT / "docs" / "guide" / "pictures"
LARGEST = 150_000
"""Bytes: the guide is opened on slow machines."""
PACE = 86_400 * 200.0
"""Business seconds a second."""
DESK, PHONE = (1366, 768), (390, 844)
"""Width and height, in pixels."""
TICKET = {
    "#applicant-name": "温静怡",
    "#applicant-id_number": "142234197801018817",
    "#applicant-phone": "19900000777",
    "#respondents-0-name": "偏关县辛泉食品有限公司",
    "#claims-0-period": "202601",
    "[name='claims.0.period.to']": "202610",
    "#claims-0-amount": "5280",
    "#narrative": "公司九月、十月还是按底薪给我报的养老，津贴和绩效奖都没算进去。",
}
"""What a party says at the counter. Her numbers are nobody's."""
CHOSEN = {"#claims-0-insurance": "养老", "#claims-0-type": "缴费基数不实"}
EXPORT = [
    {
        "工单编号": f"PG12345-202611{n:02d}0001", "来电时间": f"2026-11-{n:02d} 09:30", "来电人": caller,
        "来电号码": f"199000008{n:02d}", "证件号码": "", "被反映单位": "偏关县辛泉食品有限公司",
        "涉及险种": kind, "诉求内容": said,
    }
    for n, (caller, kind, said) in enumerate(
        (
            ("温静怡", "养老", "公司九月、十月还是按底薪给我报的养老，津贴和绩效奖都没算进去。"),
            ("席远", "失业", "在厂里干了两年，失业保险一直没给上，找人事说不归他们管。"),
            ("郝勤", "", "单位拖着三个月工资不发，要求尽快发工资。"),
            ("段玉", "医疗", "医保报了没缴，住院报不了，请催单位补缴。"),
            ("石磊", "养老", ""),
        ),
        start=10,
    )
]  # fmt: skip
"""A hotline's export; nobody in it exists."""
WRONG = {"#applicant-phone": "1990000", "#claims-0-amount": "五千多", "#narrative": ""}


async def county(instance: Instance, policy: Policy) -> dict[str, str]:
    """Play the demonstration's county up to now; its matters by their stories' ids."""
    now = datetime.now(SHANGHAI)
    player = Player(instance.office, instance.ledger, pace=PACE)
    stories = read_county(SAMPLES / "county" / "pianguan.yaml", now.date(), policy.calendar)
    free = asyncio.Semaphore(4)

    async def one(number: int) -> None:
        async with free:
            await player.let_go(stories[number], now)

    await asyncio.gather(*(one(number) for number in range(len(stories))))
    return {s.id: dispute_id(s.intake.channel, s.intake.source_no) for s in stories}


class Photographer:
    """Takes the pictures, each of a page as somebody has it."""

    def __init__(self, browser: Browser, origin: str, people: list[Opened], matters: dict[str, str]) -> None:
        self._browser = browser
        self._origin = origin
        self._passwords = {opened.account.login: opened.password for opened in people}
        self._matters = matters

    @asynccontextmanager
    async def _as(self, login: str, size: tuple[int, int] = DESK) -> AsyncGenerator[Page]:
        """A browser of somebody's own, signed in; nobody's where ``login`` is empty."""
        width, height = size
        context = await self._browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        context.set_default_timeout(PATIENCE)
        page = await context.new_page()
        if login:
            await page.goto(f"{self._origin}/sign-in")
            await page.fill("#login", login)
            await page.fill("#password", self._passwords[login])
            await page.click("button.btn-main")
            await page.wait_for_url(lambda address: "/sign-in" not in address)
        yield page
        await context.close()

    async def _take(self, page: Page, name: str, *, of: str = "", height: int = 0) -> None:
        """What is in sight, or its first ``height`` pixels, or from the part ``of`` downwards.

        Raises ValueError for a picture that stays too large.
        """
        await page.mouse.move(0, 0)
        view = page.viewport_size or {"width": DESK[0], "height": DESK[1]}
        if of:
            await page.eval_on_selector(
                of, "part => scrollTo(0, part.getBoundingClientRect().top + scrollY - 52)"
            )
        clip: FloatRect = {"x": 0, "y": 0, "width": view["width"], "height": height or view["height"]}
        file = PICTURES / f"{name}.png"
        await page.screenshot(path=file, clip=clip, animations="disabled", caret="hide")
        if file.stat().st_size > LARGEST:
            shrink(file)
        if file.stat().st_size > LARGEST:
            raise ValueError(f"{file.name} has {file.stat().st_size} bytes; {LARGEST} is the most")

    def _matter(self, story: str) -> str:
        return f"/matters/{self._matters[story]}"

    async def look(
        self, login: str, *views: tuple[str, str], size: tuple[int, int] = DESK, height: int = 0, of: str = ""
    ) -> None:
        """Pages as one finds them; each view: the picture's name, and an address or a story's matter with what follows it."""
        async with self._as(login, size) as page:
            for name, address in views:
                story, _, rest = address.partition("/")
                where = f"{self._matter(story)}/{rest}".rstrip("/") if story else address
                await page.goto(self._origin + where)
                await self._take(page, name, height=height, of=of)

    async def registration(self) -> None:
        """A registration with faults, then a good one with its receipt, one more that looks like it, and the party's look-up."""
        async with self._as("zhou") as page:
            await self._tell(page, TICKET, 1)
            await self._take(page, "register")
            await self._tell(page, TICKET | WRONG, 1)
            await page.click(".btns .btn-main")
            await self._take(page, "register-faults")
            await self._tell(page, TICKET, 2)
            await page.click(".btns .btn-main")
            await self._take(page, "receipt")
            code = await page.inner_text("figcaption b")
            await self._tell(page, TICKET, 3)
            await page.click(".btns .btn-main")
            await page.wait_for_selector(".note-big")
            await self._take(page, "alike", of=".note-big")
        async with self._as("", PHONE) as page:
            await page.goto(f"{self._origin}/lookup#{code}")
            await page.click(".btn-main")
            await self._take(page, "lookup")

    async def _tell(self, page: Page, ticket: dict[str, str], number: int) -> None:
        await page.goto(f"{self._origin}/register")
        await page.fill("#source_no", f"LF-0{number}")
        for box, text in ticket.items():
            await page.fill(box, text)
        for box, option in CHOSEN.items():
            await page.select_option(box, option)

    async def act(self, login: str, story: str, verb: str, name: str, *, sent: bool = False) -> None:
        """A verb's form; ``sent``: what is shown before it is sent for good."""
        async with self._as(login) as page:
            await page.goto(self._origin + self._matter(story))
            link = page.locator(f".verbs a[href*='/{verb}']").first
            await page.goto(self._origin + (await link.get_attribute("href") or ""))
            if sent:
                await page.click("form.act .btn-main")
                await page.wait_for_selector("button[value=send]")
            await self._take(page, name)

    async def parts(self, login: str, story: str) -> None:
        """A matter's drawing, its opinions side by side, its parties with the look that asks for a reason."""
        async with self._as(login) as page:
            await page.goto(self._origin + self._matter(story))
            await self._take(page, "flow", of="#flow", height=420)
            await self._take(page, "opinions", of="#views", height=560)
            await page.click("#people details.why summary")
            await self._take(page, "look", of="#people")

    async def sitting(self, login: str, button: str, name: str, *, of: str = "") -> None:
        """One joint meeting's form over several matters, as it opens from the list."""
        async with self._as(login) as page:
            await page.goto(f"{self._origin}/meetings")
            form = page.locator("form.box").filter(has=page.get_by_role("button", name=button)).first
            for box in await form.locator("input[name=m]").all():
                await box.check()
            await form.get_by_role("button", name=button).click()
            await page.wait_for_selector("form.act")
            await self._take(page, name, of=of)

    async def callback(self, login: str, story: str) -> None:
        """A callback's link as it is issued, and what the party's phone shows."""
        async with self._as(login) as page:
            await page.goto(self._origin + self._matter(story))
            await page.get_by_role("link", name="发回访链接").click()
            await page.click(".btn-main")
            await self._take(page, "callback-link", height=560)
            code = (await page.locator("[data-copy]").inner_text()).partition("#")[2].split(" ")[0]
        async with self._as("", PHONE) as page:
            await page.goto(f"{self._origin}/callback#{code}")
            await page.click(".btn-main")
            await self._take(page, "callback-phone")

    async def importing(self, login: str) -> None:
        """The hotline's export, gone over row by row."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "热线导出 11 月.csv"
            with file.open("w", encoding="utf-8-sig", newline="") as out:
                rows = csv.DictWriter(out, EXPORT[0])
                rows.writeheader()
                rows.writerows(EXPORT)
            async with self._as(login) as page:
                await page.goto(f"{self._origin}/register/import")
                await page.set_input_files("#file", file)
                await page.click(".btn-main")
                await page.select_option("[name='how.2']", "as_dispute")
                await self._take(page, "import")

    async def checkup(self, login: str) -> None:
        """What the checkup finds."""
        async with self._as(login) as page:
            await page.goto(f"{self._origin}/checkup")
            await page.get_by_role("button", name="现在检查").click()
            await self._take(page, "checkup", height=560)

    async def hand_over(self) -> None:
        """Whom a head gives a task to."""
        async with self._as("gao") as page:
            await page.goto(f"{self._origin}/?scope=unit")
            await page.locator("td.pick input[name]").first.check()
            await page.click("button[value=hand]")
            await self._take(page, "hand", height=420)


async def photograph(camera: Photographer) -> None:
    """Every picture of the guide."""
    await camera.look("", ("sign-in", "/sign-in"), ("slip", "/slip"), height=640)
    await camera.registration()
    await camera.look("zhou", ("desk-center", "/?scope=unit"), ("matter", "c02"), ("book", "/matters"))
    await camera.look("zhou", ("search", "/search"), height=520)
    await camera.act("zhou", "c02", "accept_case", "accept")
    await camera.act("qin", "c46", "record_callback", "callback")
    await camera.callback("qin", "c46")
    await camera.importing("zhou")
    await camera.act("zhou", "c50", "archive_case", "archive")
    await camera.look("liang", ("desk-department", "/?scope=mine"))
    await camera.act("liang", "c15", "sign_for", "sign")
    await camera.act("liang", "c18", "issue_disposition", "disposition")
    await camera.act("liang", "c40", "notify_result", "inform")
    await camera.parts("liang", "c41")
    await camera.look("liang", ("not-now", "c15/do/notify_result"), height=420)
    await camera.act("gao", "c21", "decide_extension", "extension")
    await camera.hand_over()
    await camera.look(
        "han", ("meetings", "/meetings"), ("statistics", "/statistics"), ("figure", "/statistics/受理量")
    )
    await camera.act("han", "c30", "issue_joint_minutes", "minutes")
    await camera.look("han", ("items", "/meetings"), of="[aria-labelledby=h-to]")
    await camera.sitting("han", "写纪要", "sitting")
    await camera.look("wu", ("supervision", "/supervision"))
    await camera.act("wu", "c45", "supervise", "supervise")
    await camera.act("shi", "c35", "draft_agreement", "agreement")
    await camera.look("shi", ("phone-desk", "/?scope=mine"), size=PHONE)
    await camera.look("lv", ("nothing", "c15"), height=420)
    await camera.look("guan", ("administrator", "/"), height=420)
    await camera.look("guan", ("units", "/units"))
    await camera.look("guan", ("calendar", "/calendar"), height=640)
    await camera.checkup("guan")
    await camera.look("shen", ("audit", "/audit"), height=560)


async def main() -> None:
    """Bring the office up, play, take the pictures, take it down."""
    logs.configure(json=False, level=logging.CRITICAL)
    logging.disable(logging.CRITICAL)
    policy = load("pianguan")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pictures-") as folder:
        async with Supervisor() as run:
            instance = await open_instance(
                run, Path(folder), say, policy, running_workers, fresh=True, port=0, tickets=load_rules()
            )
            assert instance.desk
            say("正在演示一个县的在办案件…")
            matters = await county(instance, policy)
            people = await open_accounts(instance.ledger, policy)
            say("正在拍摄…")
            async with async_playwright() as driver:
                browser = await driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
                await photograph(Photographer(browser, instance.desk, people, matters))
                await browser.close()
    say(f"已拍摄，在 {PICTURES.relative_to(ROOT)}")


if __name__ == "__main__":
    asyncio.run(main())

"""What an administrator's browser shows behind the door, and anybody's in front of it: a real Chromium."""

import asyncio
import base64
import os
import re
import shutil
import signal
import stat
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pytest
import yaml
from playwright.async_api import BrowserContext, Page, async_playwright
from temporalio.client import Client

from activities.names import dispute_id, workflow_id
from hosting.codec_server.token import FILE, TOKEN, TOKEN_FILE
from hosting.embedded.processes import run_tool
from privacy.keys import Purpose
from privacy.store import FOLDER, variable
from workflows.codec import ENCODING

ROOT = Path(__file__).resolve().parents[3]
TICKET = ROOT / "samples" / "登记示例.yaml"
FENGQIAO = Path(sys.executable).parent / "fengqiao"
START = 300.0
"""Seconds; the first start of all may build the Temporal server."""
PATIENCE = 120_000.0
"""Milliseconds for a page: it is loaded in a hundred parts."""
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SEALED = base64.b64encode(ENCODING).decode()


class Up(NamedTuple):
    """A running ``fengqiao up``: the addresses it printed and told, and its data folder."""

    temporal: str
    ui: str
    door: str
    home: Path
    said: list[str]


@pytest.fixture
async def up() -> AsyncGenerator[Up]:
    """``fengqiao up``, started as an administrator would, with one matter registered."""
    with tempfile.TemporaryDirectory(prefix="fengqiao-door-") as folder:
        ours = {FOLDER, TOKEN, TOKEN_FILE, *map(variable, Purpose)}
        env = {name: text for name, text in os.environ.items() if name not in ours}
        env |= {"FENGQIAO_HOME": folder, "COLUMNS": "40"}
        process = await asyncio.create_subprocess_exec(
            FENGQIAO, "up", env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        assert process.stdout
        said: list[str] = []
        try:
            async with asyncio.timeout(START):
                temporal = await _printed(process.stdout, r"^Temporal 服务.+\s+(127\.0\.0\.1:\d+)", said)
                ui = await _printed(
                    process.stdout, r"^Temporal 界面（密文）\s+(http://127\.0\.0\.1:\d+)", said
                )
                await _printed(process.stdout, "fengqiao (inbox) ", said)
                register = await asyncio.create_subprocess_exec(
                    FENGQIAO,
                    "register",
                    TICKET,
                    "--as",
                    "县综治中心/登记员",
                    env={**env, "FENGQIAO_UNSIGNED": "mark"},
                )
                assert await register.wait() == 0
                # Into a pipe the door's key is not printed, only how to have it.
                assert any(".venv/bin/fengqiao door  （运行它" in line for line in said)
                door = await run_tool([FENGQIAO, "door"], limit=START, env=env)
            yield Up(temporal, ui, door.strip(), Path(folder), said)
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGINT)
            said += (await process.stdout.read()).decode().splitlines()
            assert await process.wait() == 0, said


async def _printed(out: asyncio.StreamReader, pattern: str, said: list[str]) -> str:
    while line := (await out.readline()).decode():
        said.append(line)
        if found := re.search(pattern, line):
            return found[1]
    raise AssertionError("".join(said))


@asynccontextmanager
async def browser() -> AsyncGenerator[BrowserContext]:
    async with async_playwright() as driver:
        chromium = await driver.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        context = await chromium.new_context(viewport={"width": 1600, "height": 1600})
        context.set_default_timeout(PATIENCE)
        yield context
        await chromium.close()


def matter_of(ticket: dict[str, str]) -> str:
    return workflow_id(dispute_id(ticket["channel"], ticket["source_no"]))


def history(origin: str, ticket: dict[str, str]) -> str:
    return f"{origin}/namespaces/fengqiao/workflows/{quote(matter_of(ticket), safe='')}"


async def shown(page: Page, folder: Path, name: str) -> str:
    """All the page holds; a picture of it is kept for whoever wants to look."""
    await page.screenshot(path=folder / f"{name}.png")
    return await page.content()


async def test_an_administrator_reads_what_nobody_else_can(up: Up, tmp_path: Path) -> None:
    ticket = yaml.safe_load(TICKET.read_text(encoding="utf-8"))
    secrets = (ticket["applicant"]["name"], ticket["applicant"]["phone"], ticket["narrative"][:10])
    door, _, token = up.door.partition("/?token=")

    async with browser() as context:
        page = await context.new_page()
        await page.goto(up.door)
        assert page.url.partition("?")[0] == f"{door}/namespaces/fengqiao/workflows"
        await page.get_by_text(matter_of(ticket)).first.wait_for()
        await page.goto(history(door, ticket))
        await page.get_by_text(ticket["applicant"]["phone"]).first.wait_for()
        await page.get_by_text("偏社争").first.wait_for()
        plain = await shown(page, tmp_path, "behind-the-door")
        assert all(secret in plain for secret in secrets)

    async with browser() as context:
        page = await context.new_page()
        await page.goto(history(up.ui, ticket))
        await page.get_by_text(SEALED).first.wait_for()
        closed = await shown(page, tmp_path, "in-front-of-it")
        assert not any(secret in closed for secret in secrets)
        answer = await page.goto(history(door, ticket))
        assert answer
        assert answer.status == 401

    file = up.home / "keys" / FILE
    assert (file.read_text().strip(), stat.S_IMODE(file.stat().st_mode)) == (token, 0o600)
    logs = [*(up.home / "log").iterdir(), up.home / "instance.json"]
    assert not any(token in log.read_text(encoding="utf-8", errors="replace") for log in logs)
    assert token not in "".join(up.said)
    await Client.connect(up.temporal, namespace="fengqiao")

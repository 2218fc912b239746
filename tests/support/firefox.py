"""Firefox as Debian has it, driven by WebDriver BiDi, which it speaks by itself: Playwright knows only a Firefox of its own."""

import asyncio
import itertools
import json
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

PATIENCE = 60.0
"""Seconds; a busy machine."""
LISTENS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
TAB, ENTER = "\ue004", "\ue007"
"""Keys as WebDriver writes them."""


class Tab:
    """One tab of it."""

    def __init__(self, line: ClientConnection) -> None:
        self._line = line
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._loaded = asyncio.Event()
        self._context = ""
        self.complaints: list[str] = []
        """What the page's console said of errors."""

    async def listen(self) -> None:
        """Hear answers and events until the line is cut."""
        async for text in self._line:
            told = json.loads(text)
            if "id" in told:
                answer = self._answers.pop(told["id"])
                if told["type"] == "error":
                    answer.set_exception(RuntimeError(f"{told['error']}: {told['message']}"))
                else:
                    answer.set_result(told["result"])
            elif told["method"] == "browsingContext.load":
                self._loaded.set()
            elif told["method"] == "log.entryAdded" and told["params"]["level"] == "error":
                self.complaints.append(told["params"]["text"])

    async def begin(self) -> None:
        """Open the session, and take its first tab."""
        await self._say("session.new", capabilities={})
        await self._say("session.subscribe", events=["browsingContext.load", "log.entryAdded"])
        tree = await self._say("browsingContext.getTree")
        self._context = tree["contexts"][0]["context"]

    async def goto(self, address: str) -> None:
        """Open a page, and wait until it is there."""
        await self._say("browsingContext.navigate", context=self._context, url=address, wait="complete")

    async def value(self, expression: str) -> Any:
        """What an expression is worth in the page, once it is known: a text, a number, yes or no."""
        target = {"context": self._context}
        found = await self._say("script.evaluate", expression=expression, target=target, awaitPromise=True)
        assert found["type"] == "success", found["exceptionDetails"]["text"]
        return found["result"].get("value")

    async def until(self, expression: str) -> None:
        """Wait until it is so."""
        looking = (
            "new Promise(found => { const look = () =>"
            f" ({expression}) ? found(true) : setTimeout(look, 50); look() }})"
        )
        await self.value(looking)

    async def press(self, *keys: str) -> None:
        """Press keys, one after another; a text is pressed letter by letter."""
        strokes = [
            {"type": kind, "value": key} for text in keys for key in text for kind in ("keyDown", "keyUp")
        ]
        hands = [{"type": "key", "id": "hands", "actions": strokes}]
        await self._say("input.performActions", context=self._context, actions=hands)

    async def leave(self, by: Awaitable[object]) -> None:
        """Do what leads to another page, and wait until that is there."""
        self._loaded.clear()
        await by
        async with asyncio.timeout(PATIENCE):
            await self._loaded.wait()

    async def resize(self, width: int, height: int = 800) -> None:
        """Make the window so wide."""
        size = {"width": width, "height": height}
        await self._say("browsingContext.setViewport", context=self._context, viewport=size)

    async def _say(self, method: str, **params: Any) -> Any:
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._line.send(json.dumps({"id": number, "method": method, "params": params}))
        async with asyncio.timeout(PATIENCE):
            return await answer


@asynccontextmanager
async def firefox() -> AsyncIterator[Tab]:
    """A new Firefox with nothing of its own, gone at the end."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    assert program, "Firefox is needed to try the pages in it: make browser says how to get it"
    with tempfile.TemporaryDirectory(prefix="firefox-", ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            program, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0",
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert process.stderr
        try:
            address = await _address(process.stderr)
            reading = asyncio.create_task(_let_go(process.stderr))
            async with connect(f"{address}/session", max_size=None, proxy=None) as line:
                tab = Tab(line)
                listening = asyncio.create_task(tab.listen())
                await tab.begin()
                yield tab
                listening.cancel()
            reading.cancel()
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()


async def _address(said: asyncio.StreamReader) -> str:
    async with asyncio.timeout(PATIENCE):
        while line := await said.readline():
            if found := LISTENS.search(line.decode(errors="replace")):
                return found[1]
    raise RuntimeError("Firefox ended before it listened")


async def _let_go(said: asyncio.StreamReader) -> None:
    """Read what it says, lest it wait for a reader."""
    while await said.read(65536):
        pass

"""Asking the ledger about many matters at once: what is asked while one query runs goes into the next."""

import asyncio
import time

from ledger.queries import case_numbers
from ledger.store import Ledger, LedgerBroken, LedgerUnavailable

POLL_S = 0.1
"""Between two looks at the matters that are being registered."""


class Register:
    """Which matters have their case number."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._asked: dict[str, list[asyncio.Future[str | None]]] = {}
        self._asking: asyncio.Task[None] | None = None
        self._resting: asyncio.Task[None] | None = None

    async def case_no(self, matter: str) -> str | None:
        """The matter's number, if it is registered. Raises LedgerUnavailable."""
        answer: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._asked.setdefault(matter, []).append(answer)
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        return await answer

    async def wait(self, matter: str, patience_s: float) -> str | None:
        """The number as soon as there is one; ``None`` when patience ends. Raises LedgerUnavailable."""
        until = time.monotonic() + patience_s
        while time.monotonic() < until:
            await self._rest()
            if number := await self.case_no(matter):
                return number
        return None

    async def _rest(self) -> None:
        """Until the next look, which is the same for all."""
        if self._resting is None or self._resting.done():
            self._resting = asyncio.create_task(asyncio.sleep(POLL_S))
        await asyncio.shield(self._resting)

    async def _ask(self) -> None:
        while self._asked:
            asked, self._asked = self._asked, {}
            try:
                found = await asyncio.to_thread(case_numbers, self._ledger.engine, list(asked))
            except (LedgerUnavailable, LedgerBroken) as error:
                for answer in _open(asked):
                    answer.set_exception(error)
                continue
            for matter, answers in asked.items():
                for answer in _open({matter: answers}):
                    answer.set_result(found.get(matter))


def _open(asked: dict[str, list[asyncio.Future[str | None]]]) -> list[asyncio.Future[str | None]]:
    """The answers somebody still waits for."""
    return [answer for answers in asked.values() for answer in answers if not answer.done()]

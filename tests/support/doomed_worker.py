"""A worker as a process of its own, which some actions kill (SIGKILL) in a chosen moment. SIGTERM ends it in order."""

import asyncio
import os
import signal
import sys
from typing import Any

from domain.actions import OPEN
from hosting.connect import connect_client
from ledger.store import Ledger
from policies import load
from tests.support.keys import KEYS
from worker import running_workers

DOOM = "doom-"
"""Actions after whose commit the worker dies, before the workflow task that asked for it ends."""
DOOM_BEFORE = "doomed-before-"
"""Actions in whose activity it dies, before anything is committed."""
OPENINGS = "DOOM_OPENINGS"
"""Set to one of these two: the opening of a step dooms it too."""


class DoomedLedger(Ledger):
    """The real ledger; the process ends around the transaction of a doomed action, the first time it meets it."""

    def commit(self, dispute_id: str, action_id: str, known_version: int, decide: Any) -> Any:
        doom = os.environ.get(OPENINGS, "") if action_id.startswith(OPEN) else action_id
        if doom.startswith(DOOM_BEFORE) and not _met(action_id):
            os.kill(os.getpid(), signal.SIGKILL)
        done = super().commit(dispute_id, action_id, known_version, decide)
        if doom.startswith(DOOM) and not done.repeated:
            os.kill(os.getpid(), signal.SIGKILL)
        return done


def _met(action_id: str) -> bool:
    """Whether an earlier worker died of it already; the note is in a folder the test names."""
    note = os.path.join(os.environ["DOOM_NOTES"], action_id)
    if os.path.exists(note):
        return True
    with open(note, "x", encoding="utf-8"):
        return False


async def doomed(address: str, database: str, queue: str) -> asyncio.subprocess.Process:
    """Such a worker, ready."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.doomed_worker", address, database, queue,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    assert await process.stdout.readline() == b"ready\n"
    return process


async def main(address: str, database: str, queue: str) -> None:
    client = await connect_client(KEYS, address)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with running_workers(
        client, DoomedLedger.connect(database, KEYS), load("pianguan"), task_queue=queue
    ):
        print("ready", flush=True)
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
    os._exit(0)  # the SDK may abort at interpreter exit (sdk-python#300)

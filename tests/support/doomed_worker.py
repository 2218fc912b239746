"""A worker that dies (SIGKILL) between a ledger commit and the end of the workflow task that asked for it."""

import asyncio
import os
import signal
import sys
from typing import Any

from ledger.store import Ledger
from policies import load
from starter.connect import connect_client
from tests.support.keys import KEYS
from worker import running_workers

DOOM = "doom-"
"""Actions whose commit is the worker's last."""


class DoomedLedger(Ledger):
    """The real ledger; the process ends right after the transaction of a doomed action."""

    def commit(self, dispute_id: str, action_id: str, known_version: int, decide: Any) -> Any:
        done = super().commit(dispute_id, action_id, known_version, decide)
        if action_id.startswith(DOOM):
            os.kill(os.getpid(), signal.SIGKILL)
        return done


async def main(address: str, database: str, queue: str) -> None:
    client = await connect_client(KEYS, address)
    async with running_workers(
        client, DoomedLedger.connect(database, KEYS), load("pianguan"), task_queue=queue
    ):
        print("ready", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))

"""A worker as a process of its own whose notices go to a gateway on this machine; it is meant to be killed."""

import asyncio
import sys

from domain.channels import Channels, PartyGateway
from domain.notices import Way
from domain.outbound import Outbound
from domain.policy import Policy
from hosting.connect import connect_client
from ledger.store import Ledger
from tests.support.keys import KEYS
from tests.support.party_gateway import SECRET
from tests.support.receiver import HERE, QUICKLY
from worker import running_workers


async def noticing(
    address: str, database: str, queue: str, policy: str, gateway: str
) -> asyncio.subprocess.Process:
    """Such a worker, ready. ``policy``: a version that the ledger keeps; ``gateway``: where it sends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.noticing_worker", address, database, queue, policy, gateway,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    assert await process.stdout.readline() == b"ready\n"
    return process


async def main(address: str, database: str, queue: str, version: str, gateway: str) -> None:
    client = await connect_client(KEYS, address)
    ledger = Ledger.connect(database, KEYS)
    policy: Policy = ledger.policy(version)
    channels = Channels({Way.SMS: PartyGateway(gateway, SECRET, 100.0)})
    out = Outbound(HERE, QUICKLY, notices_patience=QUICKLY)
    async with running_workers(client, ledger, policy, task_queue=queue, outbound=out, channels=channels):
        print("ready", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:6]))

"""The worker's process in production: metrics, health, and an end in good order."""

import asyncio
import os
import signal
import sys
from contextlib import nullcontext
from datetime import timedelta
from typing import NamedTuple

import structlog
from sqlalchemy import text
from temporalio.client import Client
from temporalio.worker import Worker

from activities.names import TASK_QUEUE
from activities.notices import Gateway
from domain.policy import Policy
from hosting import logs
from hosting.channels import channels
from hosting.connect import connect_client
from hosting.embedded.errors import CannotStart
from hosting.health import ADDRESS, Health, serving_health
from hosting.metrics import serve_metrics
from hosting.policy_in_force import policy_in_force
from hosting.polling import is_polling
from hosting.unsigned import UNSIGNED, takes_unsigned
from hosting.ways_out import ways_out
from hosting.workers import Workers
from importing.rules import Rules, RulesError, rules_for
from ledger.connection import reading
from ledger.key_checks import check_keys
from ledger.store import Ledger
from policies import PolicyError
from privacy import store
from privacy.keys import KeyProblem

log = structlog.get_logger(__name__)


class Reached(NamedTuple):
    """What a process of a production installation works with."""

    client: Client
    ledger: Ledger
    policy: Policy


def policy_named() -> str:
    """The name or file of the policy that the environment names."""
    return os.environ.get("FENGQIAO_POLICY", "pianguan")


async def reach() -> Reached:
    """The cluster, the database and the policy that the environment names. Raises KeyProblem, PolicyError, LedgerUnavailable."""
    keys = store.load()
    ledger = Ledger.connect(os.environ["FENGQIAO_DATABASE_URL"], keys)
    check_keys(ledger)
    policy = policy_in_force(ledger, policy_named())
    return Reached(await connect_client(keys), ledger, policy)


async def serve(running: Workers, *, last_call: timedelta, gateway: Gateway | None = None) -> int:
    """Serve the cluster and the database named by the environment until told to stop; after ``last_call`` leave what still runs.

    Returns the exit code: 0 when everything begun was finished.
    """
    logs.configure()
    stop = asyncio.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signum, stop.set)
    if address := os.environ.get("FENGQIAO_METRICS_ADDRESS"):
        serve_metrics(address)
    take_unsigned = takes_unsigned()
    client, ledger, policy = await reach()
    outbound, ways = ways_out(_hotline()), channels()
    workers: list[Worker] = []

    async def work() -> None:
        async with running(
            client,
            ledger,
            policy,
            gateway=gateway,
            take_unsigned=take_unsigned,
            outbound=outbound,
            channels=ways,
        ) as begun:
            workers.extend(begun)
            log.info("worker_started", policy=policy.version, identity=client.identity)
            if take_unsigned:
                log.warning("unsigned_taken", setting=UNSIGNED)
            await stop.wait()
            log.info("worker_stopping")

    address = os.environ.get(ADDRESS)
    with serving_health(address, _health(workers, client, ledger, stop)) if address else nullcontext():
        return await _until_done(asyncio.create_task(work()), stop, last_call)


def _hotline() -> Rules | None:
    """The county's hotline rules. Faulty ones keep no worker from the matters: results wait until they are mended."""
    try:
        return rules_for(policy_named())
    except RulesError as error:
        log.error("hotline_rules_refused", faults=str(error))
        return None


async def _until_done(working: asyncio.Task[None], stop: asyncio.Event, last_call: timedelta) -> int:
    """Wait for the end of the work; once told to stop, not for ever. A worker's fatal error is raised."""
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    await asyncio.wait({working}, timeout=last_call.total_seconds())
    if not working.done():
        log.error("worker_left_work_behind", waited=last_call.total_seconds())
        return 1
    working.result()
    return 0


def _health(workers: list[Worker], client: Client, ledger: Ledger, stop: asyncio.Event) -> Health:
    async def staying() -> bool:
        return not stop.is_set()

    async def temporal() -> bool:
        return await is_polling(client, TASK_QUEUE, client.identity)

    async def answering() -> bool:
        await asyncio.to_thread(ask, ledger)
        return True

    needs = {"staying": staying, "temporal": temporal, "ledger": answering}
    return Health(lambda: stop.is_set() or all(worker.is_running for worker in workers), needs)


def ask(ledger: Ledger) -> None:
    """Whether the ledger answers. Raises LedgerUnavailable."""
    with reading(ledger.engine) as connection:
        connection.execute(text("SELECT 1"))


async def _serve_and_leave(running: Workers, last_call: timedelta, gateway: Gateway | None) -> None:
    try:
        code = await serve(running, last_call=last_call, gateway=gateway)
    except (CannotStart, KeyProblem, PolicyError) as error:
        print(error, file=sys.stderr)
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # the SDK may abort at interpreter exit (sdk-python#300); a thread may still hang


def main(running: Workers, *, last_call: timedelta, gateway: Gateway | None = None) -> None:
    """Serve, then leave with the exit code."""
    asyncio.run(_serve_and_leave(running, last_call, gateway))

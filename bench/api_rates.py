"""Registrations and acts over the API beside the same through the office alone: blocks alternate on one server."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Iterable
from http import HTTPStatus
from typing import NamedTuple, TypeVar
from urllib.parse import quote, urlsplit

from api.app import PREFIX
from bench import flow
from bench.caller import Caller
from bench.place import Place, cpu, keys_here, process
from bench.report import Figures, median, quantile, say
from bench.sizes import Sizes
from bench.staff import desk
from domain.actions import Act
from hosting.connect import connect_client
from ledger.store import Ledger
from starter.office import Office

OFFICE, API = "office", "api"
QUEUE = "bench-api"
T = TypeVar("T")


class Way(NamedTuple):
    """How one registers and acts."""

    register: Callable[[], Awaitable[str]]
    act: Callable[[str, Act], Awaitable[None]]


class Block(NamedTuple):
    """One block: seconds for all its registrations, for all its acts, and each one's own."""

    kind: str
    registering: float
    acting: float
    registrations: list[float]
    acts: list[float]
    cpu: Figures


def through_office(office: Office) -> Way:
    """As the command line does."""

    async def register() -> str:
        return (await office.register(flow.intake())).dispute_id

    async def act(matter: str, act: Act) -> None:
        await office.act(matter, act)

    return Way(register, act)


def through_api(callers: dict[tuple[str, str], Caller]) -> Way:
    """As another system does, each officer signed in."""

    async def register() -> str:
        given = flow.intake().model_dump(mode="json", by_alias=True)
        made = await callers[flow.CENTER, "周敏"].post(f"{PREFIX}/registrations", given)
        assert made.status == HTTPStatus.CREATED, made.body
        return str(made.body["id"])

    async def act(matter: str, act: Act) -> None:
        fields = act.body.model_dump(mode="json", by_alias=True, exclude={"kind"}, exclude_unset=True)
        done = await callers[act.unit, act.officer].post(
            f"{PREFIX}/disputes/{quote(matter)}/actions",
            {"kind": act.body.kind, "task": act.task, "fields": fields},
            {"Idempotency-Key": act.id},
        )
        assert done.status == HTTPStatus.OK, done.body

    return Way(register, act)


async def run(place: Place, sizes: Sizes) -> Figures:
    """Alternate blocks, the office's and the API's, on one worker and one ledger."""
    address, database = place.temporal.address, await place.postgres.ensure("bench_api")
    ledger = Ledger.connect(database, keys_here())
    ledger.migrate()
    async with (
        process("bench.work", "real", address, QUEUE, database) as worker,
        desk(ledger, address, QUEUE, database) as people,
    ):
        office = Office(await connect_client(keys_here(), address), ledger, task_queue=QUEUE)
        port = urlsplit(people.origin).port or 0
        callers = {who: Caller(port, token) for who, token in people.tokens.items()}
        ways = {OFFICE: through_office(office), API: through_api(callers)}
        parts = {"worker": worker.pid, "web application": people.processes[0].pid}
        for kind, way in ways.items():
            await _block(kind, way, Sizes(4, 4, 1), parts)
        blocks = [await _block(kind, ways[kind], sizes, parts) for kind in [*ways] * sizes.rounds]
        for caller in callers.values():
            caller.close()
    return {
        "kinds": {kind: _summary([b for b in blocks if b.kind == kind], sizes) for kind in ways},
        "registrations, ratio of rates": _ratio(blocks, lambda block: block.registering),
        "acts, ratio of rates": _ratio(blocks, lambda block: block.acting),
    }


async def _block(kind: str, way: Way, sizes: Sizes, parts: dict[str, int]) -> Block:
    used = {name: cpu(pid) for name, pid in parts.items()}
    registrations: list[float] = []
    acts: list[float] = []
    matters: list[str] = []

    async def register(_: int) -> None:
        began = time.perf_counter()
        matters.append(await way.register())
        registrations.append(time.perf_counter() - began)

    async def play(matter: str) -> None:
        for act in flow.acts():
            began = time.perf_counter()
            await way.act(matter, act)
            acts.append(time.perf_counter() - began)

    registering = await _at_once(register, range(sizes.disputes), sizes.at_once)
    acting = await _at_once(play, matters, sizes.at_once)
    found = Block(
        kind, registering, acting, registrations, acts, {n: cpu(pid) - used[n] for n, pid in parts.items()}
    )
    say(f"  {kind}: {sizes.disputes / registering:.1f} registrations/s, {len(acts) / acting:.1f} acts/s")
    return found


async def _at_once(do: Callable[[T], Awaitable[None]], these: Iterable[T], at_once: int) -> float:
    """The seconds until all is done, so many at a time."""
    todo = iter(these)

    async def one_after_another() -> None:
        for this in todo:
            await do(this)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(one_after_another())
    return time.perf_counter() - began


def _ratio(blocks: list[Block], seconds: Callable[[Block], float]) -> float:
    """The API's rate as a share of the office's: the median over neighbouring blocks."""
    pairs = [{a.kind: seconds(a), b.kind: seconds(b)} for a, b in itertools.pairwise(blocks)]
    return median([pair[OFFICE] / pair[API] for pair in pairs])


def _summary(blocks: list[Block], sizes: Sizes) -> Figures:
    actions = len(blocks) * sizes.disputes * flow.HUMAN_ACTIONS
    registrations = [s for b in blocks for s in b.registrations]
    acts = [s for b in blocks for s in b.acts]
    return {
        "registrations/s": len(registrations) / sum(b.registering for b in blocks),
        "registration p50 ms": 1000 * quantile(registrations, 0.5),
        "registration p95 ms": 1000 * quantile(registrations, 0.95),
        "acts/s": len(acts) / sum(b.acting for b in blocks),
        "act p50 ms": 1000 * quantile(acts, 0.5),
        "act p95 ms": 1000 * quantile(acts, 0.95),
        "CPU ms an action": {
            name: 1000 * sum(b.cpu[name] for b in blocks) / actions for name in blocks[0].cpu
        },
    }

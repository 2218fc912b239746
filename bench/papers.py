"""文书 drawn up and issued beside ordinary work: what a thousand an hour cost the acts, blocks with and without by turns.

Each paper is one that an acceptance has drawn up; issuing it gives it a number, makes the .docx, seals and keeps it.
"""

import asyncio
import itertools
import time
import uuid
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from bench import flow
from bench.disputes import real, timed
from bench.place import Place, cpu, keys_here, process
from bench.report import Figures, median, quantile, say
from bench.sizes import Sizes
from domain.actions import ACTION, Act
from hosting.connect import connect_client
from ledger.store import Ledger
from starter.office import Office

ALONE, BESIDE = "acts alone", "beside papers"
QUEUE = "bench-papers"
DRAWN_UP = (1, 2)
"""受理通知书 and 风险评估表: the places of the first papers that an acceptance draws up."""
AT_ONCE = 8
FLAT_OUT = 80
"""Papers of the block that has nothing but papers."""

PRESSED_AT_ONCE = 2
"""Papers of one kind wait for each other: the number is drawn in the transaction that makes the paper."""
MOST = 60
"""Papers that one block may come to issue."""

Paper = tuple[str, int]
"""A matter, and the place of a paper in it."""


class Block(NamedTuple):
    """One block: its disputes, seconds, each act's own, each paper's own, and the worker's CPU seconds."""

    kind: str
    disputes: int
    seconds: float
    acts: list[float]
    papers: list[float]
    cpu: float

    @property
    def rate(self) -> float:
        """Disputes a second."""
        return self.disputes / self.seconds


def issuing(paper: int) -> Act:
    """The act by which a drawn-up paper is issued."""
    body = {"kind": "issue_paper", "paper": paper, "signed_by": "周敏", "gaps": []}
    return Act(id=str(uuid.uuid4()), unit=flow.CENTER, officer="周敏", body=ACTION.validate_python(body))


async def run(place: Place, sizes: Sizes, an_hour: int) -> Figures:
    """Papers flat out, then blocks of disputes without and with ``an_hour`` papers an hour, by turns."""
    address, database = place.temporal.address, await place.postgres.ensure("bench_papers")
    async with process("bench.work", "real", address, QUEUE, database) as worker:
        client = await connect_client(keys_here(), address)
        office = Office(client, Ledger.connect(database, keys_here()), task_queue=QUEUE)
        await _block(ALONE, office, Sizes(8, 8, 1), [], 0, worker.pid)
        flat = await _flat_out(office, await drawn_up(office, FLAT_OUT))
        blocks: list[Block] = []
        for _ in range(sizes.rounds):
            for kind in (ALONE, BESIDE):
                some = await drawn_up(office, MOST) if kind == BESIDE else []
                pace = an_hour if kind == BESIDE else 0
                blocks.append(await _block(kind, office, sizes, some, pace, worker.pid))
    beside = [b for b in blocks if b.kind == BESIDE]
    return {
        "papers an hour, nothing else": 3600 * len(flat[1]) / flat[0],
        "a paper, nothing else, p50 ms": 1000 * quantile(flat[1], 0.5),
        "papers an hour beside acts": 3600
        * sum(len(b.papers) for b in beside)
        / sum(b.seconds for b in beside),
        "kinds": {kind: _summary([b for b in blocks if b.kind == kind]) for kind in (ALONE, BESIDE)},
        "throughput, ratio": _ratio(blocks, lambda b: b.rate),
        "act p50, ratio": _ratio(blocks, lambda b: quantile(b.acts, 0.5)),
    }


async def drawn_up(office: Office, papers: int) -> list[Paper]:
    """So many papers that wait to be issued."""
    made: list[str] = []
    todo = iter(range(-(-papers // len(DRAWN_UP))))

    async def one_after_another() -> None:
        for _ in todo:
            receipt = await office.register(flow.intake())
            await office.act(receipt.dispute_id, next(flow.acts()))
            made.append(receipt.dispute_id)

    await _together(one_after_another)
    return [(matter, no) for matter in made for no in DRAWN_UP][:papers]


async def _together(work: Callable[[], Coroutine[Any, Any, None]], at_once: int = AT_ONCE) -> None:
    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(work())


async def _flat_out(office: Office, papers: list[Paper]) -> tuple[float, list[float]]:
    """The seconds for all of them, and each one's own."""
    each: list[float] = []
    todo = iter(papers)

    async def one_after_another() -> None:
        for matter, no in todo:
            await timed(each, office.act(matter, issuing(no)))

    began = time.perf_counter()
    await _together(one_after_another, PRESSED_AT_ONCE)
    return time.perf_counter() - began, each


async def _block(
    kind: str, office: Office, sizes: Sizes, papers: list[Paper], an_hour: int, worker: int
) -> Block:
    play, acts = real(office), list[float]()
    todo = iter(range(sizes.disputes))

    async def one_after_another() -> None:
        for _ in todo:
            await play(acts)

    used, began = cpu(worker), time.perf_counter()
    async with _background(office, papers, an_hour) as issued:
        await _together(one_after_another, sizes.at_once)
        seconds = time.perf_counter() - began
    block = Block(kind, sizes.disputes, seconds, acts, issued, cpu(worker) - used)
    say(f"  {kind}: {block.rate:.2f} disputes/s, {len(issued)} papers")
    return block


@asynccontextmanager
async def _background(office: Office, papers: list[Paper], an_hour: int) -> AsyncGenerator[list[float]]:
    """Issue papers at this pace, however long each takes, until the block ends; the seconds of each."""
    each: list[float] = []
    async with asyncio.TaskGroup() as group:

        async def pace() -> None:
            for matter, no in papers:
                group.create_task(timed(each, office.act(matter, issuing(no))))
                await asyncio.sleep(3600 / an_hour)
            raise RuntimeError("more papers than were drawn up: make the block shorter")

        pacing = group.create_task(pace()) if an_hour else None
        yield each
        if pacing:
            pacing.cancel()


def _summary(blocks: list[Block]) -> Figures:
    acts = [s for b in blocks for s in b.acts]
    papers = [s for b in blocks for s in b.papers]
    disputes = sum(b.disputes for b in blocks)
    return {
        "disputes/s": disputes / sum(b.seconds for b in blocks),
        "disputes/s by block": [round(b.rate, 2) for b in blocks],
        "act p50 ms": 1000 * quantile(acts, 0.5),
        "act p95 ms": 1000 * quantile(acts, 0.95),
        "paper p50 ms": 1000 * quantile(papers, 0.5) if papers else None,
        "worker CPU ms a dispute": 1000 * sum(b.cpu for b in blocks) / disputes,
    }


def _ratio(blocks: list[Block], of: Callable[[Block], float]) -> float:
    """With papers to without: the median over neighbouring blocks."""
    pairs = [{a.kind: of(a), b.kind: of(b)} for a, b in itertools.pairwise(blocks)]
    return median([pair[BESIDE] / pair[ALONE] for pair in pairs])

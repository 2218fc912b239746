"""Every sample, through its whole life, several at once. The demonstration's test plays them one by one in every run."""

import asyncio
from pathlib import Path

import pytest

from starter.scenario.player import Player
from starter.scenario.script import read

from .conftest import Desk

SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("[0-9]*.yaml"))
PACE = 86_400 * 200


@pytest.mark.chaos
async def test_every_sample_ends_as_expected(desk: Desk) -> None:
    player = Player(desk.office, desk.ledger, pace=PACE)
    free = asyncio.Semaphore(4)

    async def play(file: Path) -> list[str]:
        async with free:
            played = await player.play(read(file, desk.policy.calendar))
        return [f"{file.name} {d.key}: {d.expected!r} != {d.actual!r}" for d in played.differences]

    differences = await asyncio.gather(*(play(f) for f in SAMPLES))
    assert SAMPLES
    assert [line for lines in differences for line in lines] == []

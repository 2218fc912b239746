"""Records the histories that new code must replay: ``python -m tests.replay.record``. Run it when routes are added.

Histories once recorded stay as they are, for what old code wrote is what open disputes are made of. ``--anew`` records them all
again: only while no county runs the system, when a name in them has changed.
"""

import asyncio
import gzip
import json
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from temporalio.client import WorkflowHistory

from activities.names import dispute_id, workflow_id
from hosting.connect import NAMESPACE, connect_client
from hosting.embedded import temporal
from hosting.embedded.paths import hold
from hosting.embedded.postgres import postgres
from hosting.embedded.temporal_program import find_temporal
from policies import load
from starter.scenario.player import Player
from starter.scenario.script import read
from tests.replay.shapes import SHAPES, Place, office_of
from tests.support.keys import KEYS
from worker import running_workers
from workflows.display import SEARCH_ATTRIBUTES

HISTORIES = Path(__file__).parent / "histories"
SAMPLES = Path(__file__).parents[2] / "samples"
SUGGEST_NEW_RUN = {"limit.historyCount.suggestContinueAsNew": 100}
"""So that the server asks for a new run after a few actions; the history keeps that it asked."""


def scrubbed(value: Any) -> Any:
    """The history without anything of the machine it was recorded on."""
    if isinstance(value, dict):
        return {k: "" if k in ("stackTrace", "identity") else scrubbed(v) for k, v in value.items()}
    return [scrubbed(v) for v in value] if isinstance(value, list) else value


def keep(name: str, history: WorkflowHistory) -> None:
    told = {"workflowId": history.workflow_id, **scrubbed(json.loads(history.to_json()))}
    recorded = json.dumps(told, ensure_ascii=False)
    (HISTORIES / f"{name}.json.gz").write_bytes(gzip.compress(recorded.encode(), mtime=0))
    print(name, len(history.events), "events")


@asynccontextmanager
async def servers(settings: dict[str, int]) -> AsyncGenerator[Place]:
    """Real servers, empty; gone at the end."""
    with (
        tempfile.TemporaryDirectory(prefix="fengqiao-record-") as folder,
        hold(Path(folder)),
        patch.dict(temporal.SETTINGS, settings),
    ):
        home = Path(folder)
        async with (
            postgres(home, print) as database,
            temporal.dev_server(
                await find_temporal(print), home, print,
                namespace=NAMESPACE, search_attributes=SEARCH_ATTRIBUTES, headless=True, port=0, ui_port=0,
            ) as server,
        ):  # fmt: skip
            client = await connect_client(KEYS, server.address)
            yield Place(client, await database.ensure("fengqiao"), load("pianguan"))


async def record_samples(place: Place, missing: list[Path]) -> None:
    """The whole life of every sample's matter, on a clock that is moved by its script."""
    ledger, office = office_of(place)
    async with running_workers(place.client, ledger, place.policy):
        player = Player(office, ledger, pace=86_400 * 400)
        for file in missing:
            scenario = read(file, place.policy.calendar)
            played = await player.play(scenario)
            assert not played.differences, played.differences
            matter = dispute_id(scenario.intake.channel, scenario.intake.source_no)
            handle = place.client.get_workflow_handle(workflow_id(matter))
            keep(file.stem, await handle.fetch_history())


async def main() -> None:
    HISTORIES.mkdir(exist_ok=True)
    if "--anew" in sys.argv:
        for old in HISTORIES.glob("*.json.gz"):
            old.unlink()
    kept = {file.name.removesuffix(".json.gz") for file in HISTORIES.glob("*.json.gz")}
    samples = [f for f in sorted(SAMPLES.glob("[0-9]*.yaml")) if f.stem not in kept]
    if samples:
        async with servers({}) as place:
            await record_samples(place, samples)
    for shape in SHAPES:
        if shape.names <= kept:
            continue
        async with servers(SUGGEST_NEW_RUN if shape.goes_on_anew else {}) as place:
            found = await shape.record(place)
            assert found.keys() == shape.names
            for name, history in found.items():
                keep(name, history)


if __name__ == "__main__":
    asyncio.run(main())

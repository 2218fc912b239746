"""Records the histories of every sample's matters: ``python -m tests.replay.record``. Run it when routes are added.

Histories once recorded stay as they are: new code must replay what old code wrote.
"""

import asyncio
import gzip
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from activities.names import dispute_id, workflow_id
from hosting.connect import connect_client
from hosting.embedded.paths import data_folder
from hosting.embedded.supervisor import Supervisor
from hosting.instance import open_instance
from policies import load
from starter.scenario.player import Player
from starter.scenario.script import read
from worker import running_workers

HISTORIES = Path(__file__).parent / "histories"
SAMPLES = Path(__file__).parents[2] / "samples"


def scrubbed(value: Any) -> Any:
    """The history without anything of the machine it was recorded on."""
    if isinstance(value, dict):
        return {k: "" if k in ("stackTrace", "identity") else scrubbed(v) for k, v in value.items()}
    return [scrubbed(v) for v in value] if isinstance(value, list) else value


async def main() -> None:
    policy = load("pianguan")
    data_folder().mkdir(parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix="record-", dir=data_folder()))
    HISTORIES.mkdir(exist_ok=True)
    async with Supervisor() as run:
        instance = await open_instance(run, home, print, policy, running_workers, headless=True)
        client = await connect_client(instance.keys, instance.servers.temporal_address)
        player = Player(instance.office, instance.ledger, pace=86_400 * 400)
        for file in sorted(SAMPLES.glob("[0-9]*.yaml")):
            target = HISTORIES / f"{file.stem}.json.gz"
            if target.exists():
                continue
            scenario = read(file, policy.calendar)
            await player.play(scenario)
            matter = dispute_id(scenario.intake.channel, scenario.intake.source_no)
            history = await client.get_workflow_handle(workflow_id(matter)).fetch_history()
            recorded = json.dumps(scrubbed(json.loads(history.to_json())), ensure_ascii=False)
            target.write_bytes(gzip.compress(recorded.encode(), mtime=0))
            print(target.name, len(history.events), "events")
    shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    asyncio.run(main())

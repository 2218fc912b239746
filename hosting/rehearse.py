"""Before an upgrade: would this code go on with every open dispute? ``python -m hosting.rehearse``.

Replays the history of each open dispute of the cluster that the environment names; changes nothing anywhere. Leaves with 1
when one could not go on: its workflow would stand still, visibly, until that is mended (docs/operations.md).
"""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from typing import NamedTuple

from temporalio.client import Client
from temporalio.worker import Plugin, Replayer

from activities.names import DISPUTE_WORKFLOW
from hosting.connect import connect_client
from privacy import store
from workflows import WORKFLOWS

OPEN = f"WorkflowType = '{DISPUTE_WORKFLOW}' AND ExecutionStatus = 'Running'"


class Rehearsal(NamedTuple):
    """How many disputes are open, and which of them this code cannot go on with: workflow id and kind of error."""

    open: int
    failing: dict[str, str]


async def rehearse(client: Client, workflows: Sequence[type] = WORKFLOWS) -> Rehearsal:
    """Replay every open dispute. Raises RPCError when Temporal cannot be read."""
    plugins = [plugin for plugin in client.config()["plugins"] if isinstance(plugin, Plugin)]
    replayer = Replayer(workflows=workflows, plugins=plugins)
    count, failing = 0, dict[str, str]()
    histories = client.list_workflows(OPEN).map_histories()
    async with replayer.workflow_replay_iterator(histories) as results:
        async for result in results:
            count += 1
            if result.replay_failure:
                failing[result.history.workflow_id] = type(result.replay_failure).__name__
    return Rehearsal(count, failing)


async def _main() -> int:
    found = await rehearse(await connect_client(store.load()))
    print(json.dumps(found._asdict(), ensure_ascii=False, indent=2))
    return 1 if found.failing else 0


if __name__ == "__main__":
    code = asyncio.run(_main())
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # the SDK may abort at interpreter exit (sdk-python#300)

"""An office as ``fengqiao up`` and ``fengqiao demo`` open it: the demonstration alone takes what comes unsigned."""

import tempfile
from pathlib import Path

import pytest
from temporalio.client import WorkflowUpdateFailedError

from activities.names import workflow_id
from hosting.embedded.processes import Report
from hosting.embedded.supervisor import Supervisor
from hosting.instance import open_instance
from policies import load
from tests.integration.conftest import act
from tests.ledger.support import an_intake
from tests.support.outside import outside
from worker import running_workers


@pytest.mark.parametrize("demonstration", [False, True], ids=["up", "demo"])
async def test_only_a_demonstration_takes_what_comes_unsigned(report: Report, demonstration: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="fengqiao-test-") as home:
        async with Supervisor() as run:
            code = await _sent_unsigned(run, Path(home), report, demonstration)
    assert code == (None if demonstration else "unsigned")


async def _sent_unsigned(run: Supervisor, home: Path, report: Report, fresh: bool) -> str | None:
    """The code of the refusal; none when it was taken."""
    instance = await open_instance(
        run, home, report, load("pianguan"), running_workers, headless=True, fresh=fresh
    )
    matter = (await instance.office.register(an_intake())).dispute_id
    await instance.office.act(matter, act("县综治中心", "初审员", "accept_case"))
    stranger = await outside(instance.servers.temporal_address, instance.keys)
    bare = {"id": "tax-1", "unit": "县税务局", "officer": "郝建业", "body": {}}
    try:
        await stranger.get_workflow_handle(workflow_id(matter)).execute_update("sign_for", bare)
    except WorkflowUpdateFailedError as error:
        return getattr(error.cause, "type", None)
    return None

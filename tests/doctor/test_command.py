"""``fengqiao doctor`` as an administrator runs it: its answer, its exit code, its way of mending."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from activities.names import TASK_QUEUE
from cli.output import Exit
from hosting.connect import NAMESPACE
from tests.integration.conftest import act
from tests.production.conftest import empty_temporal
from tests.support.keys import ENVIRONMENT

from .conftest import Ward

FENGQIAO = Path(sys.executable).parent / "fengqiao"


async def doctor(temporal: str, database: str, *words: str, namespace: str = NAMESPACE) -> tuple[int, str]:
    env = {
        **os.environ,
        **ENVIRONMENT,
        "FENGQIAO_DATABASE_URL": database,
        "TEMPORAL_ADDRESS": temporal,
        "TEMPORAL_NAMESPACE": namespace,
    }
    process = await asyncio.create_subprocess_exec(
        FENGQIAO, "doctor", *words, env=env, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()


async def test_named_mended_and_sound_again(ward: Ward, temporal_address: str, postgres_url: str) -> None:
    # A namespace of its own: other tests leave disputes of other ledgers on the queue that the command looks at.
    client = await empty_temporal(temporal_address)
    ward = Ward(client, ward.ledger, ward.policy)
    ward.serve(TASK_QUEUE)

    async def ask(*words: str) -> tuple[int, dict[str, Any]]:
        code, said = await doctor(
            temporal_address, postgres_url, "--json", *words, namespace=client.namespace
        )
        seen = json.loads(said)
        of_the_machine = ("no_pdf", "no_chinese_font")
        seen["findings"] = [f for f in seen["findings"] if f["code"] not in of_the_machine]
        return code, seen

    async with ward.worker():
        matter = (await ward.register()).dispute_id
        await ward.triage(matter)
        assert (await ask())[0] == Exit.OK
        await ward.terminate(matter)

        code, seen = await ask()
        assert code == Exit.DIFFERS
        assert [f["code"] for f in seen["findings"]] == ["workflow_lost"]
        assert seen["findings"][0]["mend"] == "fengqiao doctor --repair"
        code, said = await doctor(temporal_address, postgres_url, namespace=client.namespace)
        assert code == Exit.DIFFERS
        assert "workflow_lost" in said
        assert "测试丁" not in said

        code, seen = await ask("--repair")
        assert code == Exit.OK, seen
        assert [(r["code"], r["done"]) for r in seen["repairs"]] == [("workflow_lost", True)]
        code, seen = await ask("--repair")
        assert (code, seen["repairs"], seen["findings"]) == (Exit.OK, [], [])
        await ward.office.act(matter, act("县税务局", "甲", "sign_for"))


async def test_a_server_away(bare_postgres_url: str, temporal_address: str) -> None:
    code, said = await doctor("127.0.0.1:1", bare_postgres_url, "--json")
    assert code == Exit.UNREACHABLE
    assert [p["ok"] for p in json.loads(said)["parts"]][:2] == [False, False]  # the tables were never made
    code, said = await doctor(temporal_address, "postgresql://nobody@127.0.0.1:1/none", "--json", "--repair")
    assert code == Exit.UNREACHABLE
    assert [(p["name"], p["ok"]) for p in json.loads(said)["parts"]][:2] == [
        ("PostgreSQL 台账", False),
        ("Temporal 服务", True),
    ]

"""What the ledger says about itself: the real damage is done by SQL, named, and mended where that is safe."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from temporalio.client import Client

from hosting.embedded.namespace import prepare_namespace
from ledger import accounts
from ledger.store import Ledger
from ledger.verify import verify
from starter.doctor.examine import examine
from tests.access.test_accounts import TAX, County
from tests.integration.conftest import act
from tests.support.keys import KEYS

from .conftest import QUICK, Ward

Damage = Callable[[Ward, str], None]


def by_sql(*statements: str) -> Damage:
    def damage(ward: Ward, matter: str) -> None:
        with ward.ledger.engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            for statement in statements:
                connection.execute(text(f"{statement} WHERE dispute_id = :matter"), {"matter": matter})

    return damage


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (by_sql("UPDATE disputes SET stage = '归档'"), "projection_differs"),
        (by_sql("UPDATE disputes SET is_over = true"), "projection_differs"),
        (by_sql("UPDATE disputes SET version = version - 1"), "projection_behind"),
        (by_sql("DELETE FROM disputes"), "projection_behind"),
        (
            by_sql("UPDATE tasks SET closed_at = now()", "UPDATE clocks SET task_id = 't1'"),
            "projection_differs",
        ),
    ],
)
async def test_a_read_table_tampered_with(ward: Ward, damage: Damage, code: str) -> None:
    async with ward.worker():
        matter = (await ward.register()).dispute_id
        other = (await ward.register()).dispute_id
        await ward.triage(matter)
        damage(ward, matter)
        codes = await ward.codes()
        assert code in codes[matter]
        assert other not in codes
        await ward.mend()
        await ward.mend()
        await ward.until_sound()
        assert verify(ward.ledger) == []
        await ward.office.act(matter, act("县税务局", "甲", "sign_for"))


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (by_sql("UPDATE disputes SET head_hash = 'x'"), "head_hash_differs"),
        (by_sql("UPDATE disputes SET version = version + 1"), "events_missing"),
        (by_sql("DELETE FROM events"), "events_missing"),
    ],
)
async def test_evidence_is_named_and_left_alone(ward: Ward, damage: Damage, code: str) -> None:
    async with ward.worker():
        matter = (await ward.register()).dispute_id
        damage(ward, matter)
        broken = verify(ward.ledger)
        found = [f for f in (await ward.look()).findings if f.code == code]
        assert [f.dispute_id for f in found] == [matter]
        assert "fengqiao ledger verify" in found[0].mend
        await ward.mend()
        assert verify(ward.ledger) == broken != []


async def test_a_broken_chain_is_not_covered_up_by_a_rebuild(ward: Ward) -> None:
    async with ward.worker():
        matter = (await ward.register()).dispute_id
        by_sql("UPDATE events SET unit = '某单位'", "UPDATE disputes SET version = version - 1")(ward, matter)
        repairs = await ward.mend()
        assert [(r.code, r.done) for r in repairs] == [("projection_behind", False)]
        assert "verify" in repairs[0].says
        assert any("改动" in b.problem for b in verify(ward.ledger))


async def test_a_number_used_twice_is_a_hint(ward: Ward) -> None:
    async with ward.worker():
        first = await ward.register(source_no="同号-1")
        second = await ward.register(source_no="同号-1", channel="来访")
        seen = await ward.look()
        assert {f.dispute_id for f in seen.findings} == {first.dispute_id, second.dispute_id}
        assert {f.code for f in seen.findings} == {"number_used_twice"}
        assert seen.sound


async def test_a_unit_with_tasks_in_which_nobody_can_sign_in_is_a_hint(ward: Ward) -> None:
    async with ward.worker():
        await ward.triage((await ward.register()).dispute_id)
        assert not (await ward.look()).findings, "an office without accounts"
        county = County(ward.ledger)
        head = county.head(TAX)
        assert not (await ward.look()).findings
        accounts.suspend(ward.ledger, county.admin, head)
        county.head("县人社局")
        seen = await ward.look()
        assert [(f.code, TAX in f.means) for f in seen.findings] == [("nobody_there", True)]
        assert seen.sound


async def test_a_merger_whose_parent_never_heard(ward: Ward) -> None:
    async with ward.worker():
        parent = (await ward.register(source_no="母-1")).dispute_id
        await ward.triage(parent)
        child = (await ward.register(source_no="子-1")).dispute_id
        await ward.terminate(parent)  # so that the merger cannot arrive
        await ward.office.act(child, act("县综治中心", "初审员", "merge_cases", into="母-1"))
        await ward.until("merger_unheard", child)
        await ward.mend()
        await ward.until_sound()
        assert {s.source_no for s in ward.ledger.state(parent).sources} == {"母-1", "子-1"}


async def test_old_tables(ward: Ward) -> None:
    with ward.ledger.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert "migrations_behind" in (await ward.codes(QUICK))[None]


async def test_each_server_away_is_named_beside_what_still_runs(ward: Ward, tmp_path: Path) -> None:
    away = Ledger.connect(f"postgresql://nobody@/nothing?host={tmp_path}", KEYS)
    async with ward.worker():
        await ward.until_sound()  # the server knows that somebody polls
        without_ledger = await examine(ward.client, away, queue=ward.queue)
        assert [(p.usable) for p in without_ledger.parts] == [False, True, True]
        assert [f.code for f in without_ledger.findings] == ["ledger_down"]
        assert without_ledger.unreachable
        without_temporal = await examine(None, ward.ledger, queue=ward.queue)
        assert [(p.usable) for p in without_temporal.parts] == [True, False]
        assert [f.code for f in without_temporal.findings] == ["temporal_down"]


async def test_a_cluster_that_was_never_prepared(ward: Ward, temporal_address: str) -> None:
    nowhere = await Client.connect(temporal_address, namespace="nowhere")
    seen = await examine(nowhere, ward.ledger, queue=ward.queue)
    assert [f.code for f in seen.findings] == ["namespace_missing"]
    bare = await Client.connect(temporal_address, namespace="bare")
    await prepare_namespace(bare, [])
    seen = await examine(bare, ward.ledger, queue=ward.queue)
    assert [f.code for f in seen.findings if f.code not in ("no_worker", "no_notices_worker")] == [
        "search_attributes_missing"
    ]

"""A batch on the real server and real PostgreSQL: each row once, however often and however rudely it is run."""

import asyncio
import uuid
from datetime import datetime
from typing import Any

import pytest

from domain.persons import Officer
from domain.words import SHANGHAI, Stage
from hosting.embedded.postgres import Postgres
from importing.exported import ExportTime
from importing.intakes import IntakeMaker
from importing.rules import Rules
from ledger.store import Ledger
from starter.filing import batch as filing
from starter.filing.batch import BatchStopped, Filed, Filing, file_rows
from starter.office import Office, patience
from tests.integration.conftest import Desk
from tests.support.keys import KEYS

from .exports import judge_rows
from .exports import ticket as past_ticket


def ticket(**changes: Any) -> dict[str, Any]:
    """A call of this minute, so that no deadline has passed yet."""
    return past_ticket(来电时间=f"{datetime.now(SHANGHAI):%Y-%m-%d %H:%M}", **changes)


REGISTRAR = Officer("邢敏")


class Import:
    """Runs batches at a desk."""

    def __init__(self, desk: Desk, rules: Rules) -> None:
        self.desk = desk
        self.rules = rules
        self.exported = ExportTime(datetime(2090, 1, 1, tzinfo=SHANGHAI), estimated=False)
        self.maker = IntakeMaker(rules, desk.policy, self.exported)

    async def run(
        self, *rows: dict[str, Any], stop_after: int | None = None, office: Office | None = None
    ) -> list[Filed]:
        stop = asyncio.Event()
        done: list[Filed] = []
        judged = judge_rows(self.rules, *rows, exported=self.exported)
        async for filed in file_rows(
            judged, office or self.desk.office, self.desk.ledger, self.maker, REGISTRAR, stop
        ):
            done.append(filed)
            if len(done) == stop_after:
                stop.set()
        return done

    def matters(self, *rows: dict[str, Any]) -> int:
        """How many of these rows' tickets have a matter."""
        return sum(self.desk.ledger.find(row["工单编号"]) is not None for row in rows)


@pytest.fixture
def batch(desk: Desk, rules: Rules) -> Import:
    return Import(desk, rules)


async def test_every_row_is_accounted_for_and_a_second_run_adds_nothing(batch: Import) -> None:
    first = ticket()
    rows = [
        first,
        ticket(证件号码="142234199001011111"),
        ticket(诉求内容="拖欠工资三个月。", 涉及险种="工资"),
        {**first},
        {**first, "工单编号": ticket()["工单编号"]},
        ticket(诉求内容=""),
    ]
    done = await batch.run(*rows)
    assert [f.filing for f in done] == [
        Filing.NEW, Filing.NEW, Filing.NEW, Filing.SAME_TICKET, Filing.NEW, Filing.RETURNED,
    ]  # fmt: skip
    cases = [f.case_no for f in done]
    again = await batch.run(*rows)
    assert [f.filing for f in again] == [
        Filing.KNOWN, Filing.KNOWN, Filing.KNOWN, Filing.SAME_TICKET, Filing.KNOWN, Filing.RETURNED,
    ]  # fmt: skip
    assert [f.case_no for f in again] == cases
    assert batch.desk.ledger.find(rows[5]["工单编号"]) is None


async def test_a_proposal_waits_at_triage_for_an_officer(batch: Import) -> None:
    first = ticket()
    again = {**first, "工单编号": ticket()["工单编号"]}
    wages = ticket(诉求内容="拖欠工资三个月。", 涉及险种="工资")
    await batch.run(first, again, wages)
    for row, said in ((again, "建议并案"), (wages, "建议不予受理 N1")):
        state = batch.desk.ledger.state(batch.desk.ledger.find(row["工单编号"]) or "")
        assert said in (state.facts.proposal or "")
        assert state.stage == Stage.REVIEW
        assert [task.kind for task in state.open_tasks()] == ["triage"]


async def test_a_repetition_is_registered_after_what_it_repeats(batch: Import) -> None:
    first = ticket()
    again = {**first, "工单编号": ticket()["工单编号"]}
    await batch.run(first, again)
    state = batch.desk.ledger.state(batch.desk.ledger.find(again["工单编号"]) or "")
    assert [hint.source_no for hint in state.duplicates] == [first["工单编号"]]


async def test_a_ticket_used_before_for_somebody_else_comes_back(batch: Import) -> None:
    first = ticket()
    [known] = await batch.run(first)
    other = ticket(工单编号=first["工单编号"], 诉求内容="工伤没给上。", 涉及险种="工伤")
    [mixed_up] = await batch.run(other)
    assert mixed_up.filing == Filing.RETURNED
    assert f"此前已登记为 {known.case_no}" in mixed_up.judged.reason
    facts = batch.desk.ledger.state(batch.desk.ledger.find(first["工单编号"]) or "").facts
    assert facts.narrative == first["诉求内容"]


async def test_a_batch_broken_off_goes_on_where_it_was(batch: Import) -> None:
    rows = [ticket() for _ in range(40)]
    done = await batch.run(*rows, stop_after=5)
    assert 5 <= len(done) < 40
    assert batch.matters(*rows) == len(done)
    rest = await batch.run(*rows)
    assert [f.filing for f in rest] == [Filing.KNOWN] * len(done) + [Filing.NEW] * (40 - len(done))
    assert len({f.case_no for f in rest}) == 40


async def test_two_people_import_the_same_export_at_once(batch: Import) -> None:
    rows = [ticket() for _ in range(15)]
    one, other = await asyncio.gather(batch.run(*rows), batch.run(*rows))
    assert [f.case_no for f in one] == [f.case_no for f in other]
    assert len({f.case_no for f in one}) == 15


async def test_a_ledger_that_is_away_stops_the_batch_and_says_so(batch: Import, desk: Desk) -> None:
    rows = [ticket() for _ in range(3)]
    await batch.run(rows[0])
    gone = Import(
        Desk(desk.office, type(desk.ledger).connect("postgresql://nobody@127.0.0.1:1/none", KEYS), *desk[2:]),
        batch.rules,
    )
    with pytest.raises(BatchStopped):
        await gone.run(*rows)
    assert [f.filing for f in await batch.run(*rows)] == [Filing.KNOWN, Filing.NEW, Filing.NEW]


async def test_a_ledger_that_refuses_stops_the_batch_and_says_so(
    batch: Import, desk: Desk, postgres_server: Postgres
) -> None:
    rows = [ticket() for _ in range(3)]
    without_tables = Ledger.connect(postgres_server.url("postgres"), KEYS)
    refused = Import(desk._replace(ledger=without_tables), batch.rules)
    with pytest.raises(BatchStopped, match="台账数据库拒绝"):
        await refused.run(*rows)
    assert [f.filing for f in await batch.run(*rows)] == [Filing.NEW] * 3


async def test_without_a_worker_the_batch_stops_and_goes_on_later(
    batch: Import, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "PATIENCE", 1.0)
    monkeypatch.setattr(filing, "PATIENCE_S", 1.0)
    rows = [ticket() for _ in range(3)]
    nobody = Office(desk.client, desk.ledger, task_queue=f"nobody-{uuid.uuid4()}")
    async with asyncio.timeout(60):
        with pytest.raises(BatchStopped, match="可能已被接收"):
            await batch.run(*rows, office=nobody)


async def test_formula_and_script_stay_text_in_the_ledger(batch: Import) -> None:
    row = ticket(
        诉求内容='=HYPERLINK("http://example.invalid")<script>alert(1)</script>没给上养老', 备注="@SUM(1)"
    )
    await batch.run(row)
    facts = batch.desk.ledger.state(batch.desk.ledger.find(row["工单编号"]) or "").facts
    assert facts.narrative == row["诉求内容"]
    assert facts.remarks["导入"]["备注"] == "@SUM(1)"

"""文书 through the whole office: many at once over several matters, each number once, the bytes never in Temporal."""

import asyncio

from activities.names import workflow_id
from domain.business_clock import BusinessClock
from ledger.papers import paper_bytes
from ledger.verify import verify
from tests.integration.conftest import Desk, accepted, act
from tests.integration.test_human_tasks import Make

CENTER = "县综治中心"
NOTICE = 1


async def test_papers_issued_at_once_are_numbered_without_a_gap(
    desk: Desk, intake: Make, still: BusinessClock
) -> None:
    matters = [await accepted(desk, intake(), still) for _ in range(4)]
    issues = [
        act(CENTER, "初审员", "issue_paper", paper=NOTICE, signed_by="负责人", gaps=[]) for _ in matters
    ]
    twice = [*zip(matters, issues, strict=True)] * 2
    await asyncio.gather(*(desk.office.act(matter, issue) for matter, issue in twice))
    papers = [desk.ledger.state(matter).documents[NOTICE - 1].issued for matter in matters]
    assert sorted(p.number for p in papers if p) == [f"偏社争受字〔2026〕{n:04d}号" for n in range(1, 5)]
    assert verify(desk.ledger) == []
    assert papers[0]
    made = paper_bytes(desk.ledger, matters[0], papers[0].number, papers[0].sha256)
    history = await desk.client.get_workflow_handle(workflow_id(matters[0])).fetch_history()
    assert sum(event.ByteSize() for event in history.events) < 200_000
    assert not any(made[:64] in event.SerializeToString() for event in history.events)

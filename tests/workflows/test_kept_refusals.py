"""What the law forbids leaves a trace although its sender hears the refusal; a slip of the form does not."""

from typing import Any, cast

import pytest

from activities.ledger import LedgerActivities
from activities.messages import CommitRequest, Take
from domain.actions import ACTION, Act
from domain.dispute import Dispute
from domain.events import Declined, Event
from domain.fold import advance
from domain.policy import Policy
from ledger.store import Committed, Ledger
from tests.support.case import MEDIATOR, Case, consulted, county


class Books:
    """A ledger of one matter in memory."""

    def __init__(self, case: Case) -> None:
        self.state: Dispute = case.state
        self.kept: list[Event] = []

    def save_policy(self, policy: Policy) -> None:
        assert policy.version

    def commit(self, dispute_id: str, action_id: str, known: int, decision: Any) -> Committed:
        if any(e.action_id == action_id for e in self.kept):
            return Committed([], self.state.version, repeated=True)
        new = decision(self.state, None)
        self.state = advance(self.state, new)
        self.kept += new
        return Committed(new, self.state.version, repeated=False)

    def events(self, dispute_id: str, *, after: int) -> list[Event]:
        return [e for e in self.kept if e.seq > after]


def draft(**changes: Any) -> dict[str, Any]:
    body = {
        "kind": "draft_agreement", "facts": "欠缴", "principal": "全额补缴", "coverage": "全部应缴期间", "amount": "1000",
        "late_fee": "单位依法承担，由税务机关核定", "pay_to": "缴入社会保险基金", "waiver": False, "set_off": False,
        "terms": ["足额补缴养老保险费本金"],
    }  # fmt: skip
    return {**body, **changes}


@pytest.mark.parametrize(
    ("changes", "code", "kept"),
    [
        ({"waiver": True}, "unlawful_agreement", True),
        ({"terms": ["职工自愿放弃参保，不再主张社会保险费"]}, "unlawful_agreement", True),
        ({"instalments": [{"due": "2026-04-01", "amount": "1"}]}, "sums_differ", False),
    ],
)
def test_only_what_the_law_forbids_is_kept(changes: dict[str, Any], code: str, kept: bool) -> None:
    case = consulted().do("mediation_start", MEDIATOR, voluntary_statement=True)
    books = Books(case)
    activities = LedgerActivities(cast("Ledger", books), county())
    act = Act(id="draft-1", unit=MEDIATOR, officer="调解员", body=ACTION.validate_python(draft(**changes)))
    request = CommitRequest(
        dispute_id=case.id,
        action_id=act.id,
        known_version=case.state.version,
        now=case.now,
        command=Take(act=act),
    )
    for _ in range(2):
        answer = activities.answer(request)
        assert answer.declined
        assert answer.declined.code == code
    facts = [e.fact for e in books.kept]
    assert [f.code for f in facts if isinstance(f, Declined)] == ([code] if kept else [])
    assert len(facts) == kept
    assert books.state.mediation
    assert not books.state.mediation.drafts

"""保管期限 by the county's table, counted by hand; how far a list of files to destroy is."""

from datetime import datetime
from typing import Any

import pytest

from domain.access import Post, Role
from domain.declined import Declined
from domain.destruction import ListState, Vote, check_vote, has_part, may_approve, may_propose, state_of
from domain.dispute import Dispute
from domain.paper import Document, Issued
from domain.policy import Policy
from domain.retention import due_on, term, years_kept
from domain.words import SHANGHAI
from policies import load
from tests.ledger.support import a_person, an_intake


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load("pianguan")


def archived(day: str, level: str | None = "低", headcount: int = 1, *papers: Document) -> Dispute:
    at = datetime.fromisoformat(day).replace(hour=23, tzinfo=SHANGHAI)
    facts = an_intake(applicant=a_person(headcount=headcount))
    return Dispute(id="d", intake=facts, level=level, archived_at=at, documents=[*papers])


def typical(*, issued: bool) -> Document:
    at = datetime(2026, 9, 7, 9, tzinfo=SHANGHAI)
    out = Issued(number="1", code="c", sha256="s", signed_by="邢敏", at=at) if issued else None
    return Document(
        number="1", name="典型案例表", issuer="县综治中心", to="内部", at=at, action_id="a", issued=out
    )


@pytest.mark.parametrize(
    ("level", "headcount", "papers", "said", "due"),
    [
        ("低", 1, (), "10年", "2036-09-16"),
        ("中", 1, (), "30年", "2056-09-16"),
        ("高", 1, (), "30年", "2056-09-16"),
        (None, 1, (), "10年", "2036-09-16"),
        ("低", 4, (), "10年", "2036-09-16"),
        ("低", 5, (), "永久", None),
        ("高", 60, (), "永久", None),
        ("高", 1, (typical(issued=False),), "30年", "2056-09-16"),
        ("高", 1, (typical(issued=True),), "永久", None),
    ],
)
def test_the_countys_table(
    policy: Policy,
    level: str | None,
    headcount: int,
    papers: tuple[Document, ...],
    said: str,
    due: str | None,
) -> None:
    d = archived("2026-09-16", level, headcount, *papers)
    assert term(d, policy) == said
    found = due_on(d, policy)
    assert (found and f"{found}") == due
    assert due_on(d.model_copy(update={"archived_at": None}), policy) is None


def test_a_leap_day_falls_on_the_first_of_march(policy: Policy) -> None:
    assert f"{due_on(archived('2028-02-29'), policy)}" == "2038-03-01"
    assert f"{due_on(archived('2027-02-28'), policy)}" == "2037-02-28"


def test_a_typical_case_is_never_kept_shorter_than_without_it(policy: Policy) -> None:
    rules = policy.retention.model_copy(update={"typical_years": 20})
    other = policy.model_copy(update={"retention": rules})
    assert years_kept(archived("2026-09-16", "低", 1, typical(issued=True)), other) == 20
    assert years_kept(archived("2026-09-16", "高", 1, typical(issued=True)), other) == 30
    assert years_kept(archived("2026-09-16", "低", 5, typical(issued=True)), other) is None


YES, NO = (True, False)


@pytest.mark.parametrize(
    ("votes", "left", "state"),
    [
        ([], 3, ListState.WAITING),
        ([("a", YES)], 3, ListState.WAITING),
        ([("a", YES), ("maker", YES)], 3, ListState.WAITING),
        ([("a", YES), ("b", YES)], 3, ListState.APPROVED),
        ([("a", YES), ("b", YES), ("a", NO)], 3, ListState.STOPPED),
        ([("maker", NO)], 3, ListState.STOPPED),
        ([("a", YES), ("b", YES)], 0, ListState.DONE),
    ],
)
def test_how_far_a_list_is(votes: list[tuple[str, bool]], left: int, state: ListState) -> None:
    assert state_of("maker", [Vote(*vote) for vote in votes], left) is state


@pytest.mark.parametrize(
    ("person", "agrees", "votes", "left", "code"),
    [
        ("maker", YES, [], 1, "own_list"),
        ("maker", NO, [], 1, None),
        ("c", YES, [("a", YES), ("b", YES)], 1, "list_approved"),
        ("c", NO, [("a", YES), ("b", YES)], 1, None),
        ("c", YES, [("a", NO)], 1, "list_closed"),
        ("c", NO, [("a", YES), ("b", YES)], 0, "list_closed"),
    ],
)
def test_what_may_be_said_of_it(person: str, agrees: bool, votes: Any, left: int, code: str | None) -> None:
    said = [Vote(*vote) for vote in votes]
    if code is None:
        check_vote(person, "maker", said, left, agrees=agrees)
        return
    with pytest.raises(Declined) as caught:
        check_vote(person, "maker", said, left, agrees=agrees)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("unit", "role", "proposes", "approves"),
    [
        ("县综治中心", Role.OPERATOR, True, False),
        ("县综治中心", Role.HEAD, True, True),
        ("联席会议办公室", Role.OFFICE, False, True),
        ("县委政法委", Role.SUPERVISOR, False, True),
        ("县税务局", Role.HEAD, False, False),
        ("县税务局", Role.OFFICER, False, False),
        ("没有这个单位", Role.HEAD, False, False),
    ],
)
def test_who_has_a_part(policy: Policy, unit: str, role: Role, proposes: bool, approves: bool) -> None:
    post = Post("p", "somebody", unit, role, datetime(2026, 1, 1).date(), None)
    assert (may_propose(post, policy), may_approve(post, policy)) == (proposes, approves)
    assert has_part(post, policy) is (proposes or approves)

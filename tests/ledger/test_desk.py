"""The desk: whose tasks, under which tab, in which order, page by page."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from domain.knowing import Near
from domain.policy import Policy
from domain.words import MatterKind
from ledger import desk, paging
from ledger.desk import Chosen, Count, Scope, Tab
from ledger.paging import FEW, NoSuchPage, mark
from ledger.read_tables import tasks
from ledger.store import Ledger
from tests.ledger.support import CENTER, HRSS, MONDAY, TAX, Books, a_firm, an_intake
from tests.ledger.test_query_plans import plans

OF_CENTER, OF_TAX = Scope(CENTER), Scope(TAX)


def kinds(books: Books, scope: Scope, tab: Tab | None = None, **chosen: object) -> list[str]:
    page = desk.inbox(books.ledger.engine, scope, tab, Chosen.model_validate(chosen))
    return [row["kind"] for row in page.rows]


def test_a_units_open_tasks_the_most_urgent_first(books: Books) -> None:
    later = books.register(an_intake("PG-2", received_at=MONDAY + timedelta(days=3)))
    sooner = books.register(an_intake("PG-1"))
    found = desk.inbox(books.ledger.engine, OF_CENTER).rows
    assert [(r["dispute_id"], r["kind"]) for r in found] == [(sooner, "triage"), (later, "triage")]
    assert found[0]["due_at"].isoformat() == "2026-09-10T23:59:59+08:00"
    assert kinds(books, OF_TAX) == []


def test_a_task_waits_to_be_signed_for_then_is_in_hand_then_done(books: Books) -> None:
    matter = books.register(an_intake())
    books.act(matter, "accept_case", after=1)
    assert kinds(books, OF_TAX, Tab.TO_SIGN) == ["handle"]
    assert kinds(books, Scope(TAX, "另一人")) == ["handle"], "what nobody has taken is everybody's"
    books.act(matter, "sign_for", f"{TAX}/郝勤", after=2)
    (row,) = desk.inbox(books.ledger.engine, Scope(TAX, "郝勤"), Tab.IN_HAND).rows
    assert (row["officer"], row["role"], row["level"]) == ("郝勤", "主办", "低")
    assert kinds(books, Scope(TAX, "另一人")) == []
    assert kinds(books, OF_TAX, Tab.TO_SIGN) == []
    assert kinds(books, OF_CENTER, Tab.DONE) == ["triage"]


def test_in_somebody_s_name_is_what_he_took_and_not_what_nobody_took(books: Books) -> None:
    taken, left = books.register(an_intake("PG-1")), books.register(an_intake("PG-2"))
    for matter in (taken, left):
        books.act(matter, "accept_case", after=1)
    engine = books.ledger.engine
    assert desk.in_hand(engine, TAX, "郝勤") == []
    books.act(taken, "sign_for", f"{TAX}/郝勤", after=2)
    (task,) = [t.id for t in books.ledger.state(taken).open_tasks() if t.unit == TAX]
    assert desk.in_hand(engine, TAX, "郝勤") == [(taken, task)]
    assert desk.in_hand(engine, CENTER, "郝勤") == desk.in_hand(engine, TAX, "另一人") == []
    named = [row["officer"] for row in desk.inbox(engine, Scope(TAX, "郝勤")).rows]
    assert sorted(named, key=str) == [None, "郝勤"], "to choose from lies beside it what nobody took"


def test_a_paused_task_waits_for_others_and_has_no_due_moment_until_it_runs_again(books: Books) -> None:
    matter = books.register(an_intake())
    books.act(matter, "request_supplement", after=1, items=["申请人身份"])
    (row,) = desk.inbox(books.ledger.engine, OF_CENTER, Tab.WAITING).rows
    assert row["due_at"] is None
    books.hand_in(matter, "身份证明", after=2, completes="已补齐")
    (row,) = desk.inbox(books.ledger.engine, OF_CENTER, Tab.IN_HAND).rows
    assert row["due_at"] > MONDAY


def test_what_falls_due_is_told_by_the_clock(books: Books) -> None:
    books.register(an_intake("PG-1"))
    books.register(an_intake("PG-2"))
    for source, away in (("PG-1", timedelta(hours=-1)), ("PG-2", timedelta(hours=1))):
        with books.ledger.engine.begin() as connection:
            moved = tasks.update().where(tasks.c.dispute_id.endswith(source))
            connection.execute(moved.values(due_at=datetime.now(UTC) + away))
    found = {tab: desk.inbox(books.ledger.engine, OF_CENTER, tab).rows for tab in (Tab.OVERDUE, Tab.SOON)}
    assert [r["dispute_id"][-4:] for r in found[Tab.OVERDUE] + found[Tab.SOON]] == ["PG-1", "PG-2"]
    assert desk.counts(books.ledger.engine, OF_CENTER) == {
        Tab.TO_SIGN: Count(0, more=False),
        Tab.IN_HAND: Count(2, more=False),
        Tab.SOON: Count(1, more=False),
        Tab.OVERDUE: Count(1, more=False),
        Tab.WAITING: Count(0, more=False),
    }


def test_tasks_are_chosen_by_what_is_asked(books: Books) -> None:
    books.register(an_intake("PG-1"))
    books.register(an_intake("PG-2", kind="线索", respondents=[a_firm(town="天峰坪镇")]))
    assert kinds(books, OF_CENTER, kind=MatterKind.DISPUTE) == ["triage"]
    assert kinds(books, Scope(), town="天峰坪镇") == kinds(books, Scope(), kind=MatterKind.LEAD) != []
    assert kinds(books, OF_CENTER, task="handle") == kinds(books, OF_CENTER, card="红牌") == []
    assert kinds(books, OF_CENTER, level="低") == ["triage"]
    assert desk.counts(books.ledger.engine, OF_CENTER, Chosen(level="高"))[Tab.IN_HAND].number == 0


@pytest.mark.parametrize("few", [0, FEW])
def test_a_unit_sees_others_tasks_where_it_takes_part_and_nowhere_else(
    books: Books, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(paging, "FEW", few)
    matter = books.register(an_intake("PG-1"))
    books.register(an_intake("PG-2"))
    assert kinds(books, Scope(beside=Near((TAX,)))) == []
    books.act(matter, "accept_case", after=1)
    books.act(matter, "sign_for", f"{TAX}/郝勤", after=1)
    clock = next(c for c in books.ledger.state(matter).open_clocks() if c.rule_id == "low_total").id
    books.act(matter, "request_extension", f"{TAX}/郝勤", after=3, clock=clock)
    assert sorted(kinds(books, Scope(beside=Near((TAX,))))) == ["extension", "handle"]
    assert kinds(books, Scope(beside=Near((HRSS,)))) == []
    assert len(kinds(books, Scope())) == 3
    books.live_on(matter)
    assert kinds(books, Scope(beside=Near((TAX,)))) == []
    done = desk.inbox(books.ledger.engine, Scope(beside=Near((TAX,))), Tab.DONE).rows
    assert {row["dispute_id"] for row in done} == {matter}


@pytest.mark.parametrize("tab", [None, Tab.DONE])
def test_the_pages_hold_every_task_once(books: Books, tab: Tab | None) -> None:
    for number in range(5):
        matter = books.register(an_intake(f"PG-{number}"))
        if tab or number % 2:
            books.act(matter, "refuse_claims") if tab else books.act(
                matter, "request_supplement", items=["申请人身份"]
            )
    whole = [r["dispute_id"] for r in desk.inbox(books.ledger.engine, OF_CENTER, tab).rows]
    assert len(whole) >= 5
    paged: list[str] = []
    after = None
    while True:
        page = desk.inbox(books.ledger.engine, OF_CENTER, tab, after=after, most=2)
        paged += [r["dispute_id"] for r in page.rows]
        if (after := page.after) is None:
            break
    assert paged == whole


@pytest.mark.parametrize(
    "text", ["", "x", "!!", mark("a"), mark("never", "a", "t1"), mark(1, "a", "t1"), "中"]
)
def test_a_mark_that_no_page_ended_with_is_refused(books: Books, text: str) -> None:
    if text:
        with pytest.raises(NoSuchPage, match="从第一页"):
            desk.inbox(books.ledger.engine, OF_CENTER, after=text)


def test_a_task_was_seen_once_somebody_opened_it(books: Books) -> None:
    matter = books.register(an_intake())
    assert [r["seen"] for r in desk.inbox(books.ledger.engine, OF_CENTER).rows] == [False]
    for person in ("p1", "p2", "p1"):
        desk.mark_seen(books.ledger.engine, matter, "t1", person)
    assert [r["seen"] for r in desk.inbox(books.ledger.engine, OF_CENTER).rows] == [True]


@pytest.fixture(scope="module")
def crowded(ledger_of_the_module: Ledger, policy: Policy) -> Ledger:
    """Thousands of tasks: of four units, every fifth open."""
    books = Books(ledger_of_the_module, policy)
    ledger_of_the_module.save_policy(policy)
    books.register(an_intake("A-1"))
    values = {
        "task_id": "'t' || n + 100",
        "unit": "'单位' || n % 4",
        "officer": "'经办' || n % 7",
        "due_at": "CASE WHEN n % 3 = 0 THEN NULL ELSE due_at + n * interval '1 minute' END",
        "closed_at": "CASE WHEN n % 5 = 0 THEN NULL ELSE opened_at + n * interval '1 minute' END",
        "standing": "CASE WHEN n % 5 = 0 THEN '办理中' ELSE '已办' END",
    }
    columns = ", ".join(c.name for c in tasks.columns)
    chosen = ", ".join(values.get(c.name, c.name) for c in tasks.columns)
    with ledger_of_the_module.engine.begin() as connection:
        connection.execute(
            text(f"INSERT INTO tasks ({columns}) SELECT {chosen} FROM tasks, generate_series(1, 20000) n")
        )
    with ledger_of_the_module.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE tasks, disputes, task_looks"))
    return ledger_of_the_module


@pytest.mark.parametrize(
    "scope", [Scope("单位3"), Scope("单位3", "经办2"), Scope()], ids=["unit", "mine", "all"]
)
@pytest.mark.parametrize("tab", [None, *Tab], ids=lambda tab: tab.name if tab else "OPEN")
def test_a_page_of_tasks_is_read_in_the_order_of_an_index(
    crowded: Ledger, scope: Scope, tab: Tab | None
) -> None:
    after = mark("2026-09-12T00:00:00+08:00", "x", "t1")
    for begin in (None, after):
        nodes = plans(crowded, lambda b=begin: desk.inbox(crowded.engine, scope, tab, after=b), "FROM tasks")
        assert not [n for n in nodes if n["Node Type"] == "Seq Scan" and n["Relation Name"] == "tasks"], nodes
        if tab in (None, Tab.DONE) and not scope.officer:
            assert not [n for n in nodes if n["Node Type"] == "Sort"], nodes


def test_the_counts_read_no_table_from_end_to_end(crowded: Ledger) -> None:
    nodes = plans(crowded, lambda: desk.counts(crowded.engine, Scope("单位3")), "FROM tasks")
    assert not [n for n in nodes if n["Node Type"] == "Seq Scan"], nodes

"""What is late, by unit, however much that is; cards with their appeals; the supervisions that a unit issued."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from domain.knowing import Near
from domain.policy import Policy
from ledger import desk, supervision
from ledger.desk import Scope, Tab
from ledger.paging import NoSuchPage
from ledger.read_tables import tasks
from ledger.store import Ledger
from ledger.supervision import Cards
from tests.ledger.support import HRSS, TAX, Books, an_intake
from tests.ledger.test_query_plans import plans

ALL = Scope()
OFFICE = "联席会议办公室"
WHY: dict[str, Any] = {"ground": "时限计算有误", "explanation": "当日系统停用，无法签收"}


def late_copies(ledger: Ledger, number: int) -> None:
    """Copies of one task, of four units, late by as many minutes as their number; two of three came to a card, and of
    every sixteen one is done."""
    values = {
        "task_id": "'t' || n + 100",
        "unit": "'单位' || n % 4",
        "officer": "NULL",
        "due_at": "now() - n * interval '1 minute'",
        "card": "CASE n % 3 WHEN 0 THEN '红牌' WHEN 1 THEN '督办' END",
        "closed_at": "CASE WHEN n % 16 = 0 THEN now() END",
        "standing": "CASE WHEN n % 16 = 0 THEN '已办' ELSE '办理中' END",
    }
    columns = ", ".join(c.name for c in tasks.columns)
    chosen = ", ".join(values.get(c.name, c.name) for c in tasks.columns)
    with ledger.engine.begin() as connection:
        wanted = f"INSERT INTO tasks ({columns}) SELECT {chosen} FROM (SELECT * FROM tasks LIMIT 1) one, generate_series(1, :n) n"
        connection.execute(text(wanted), {"n": number})


@pytest.fixture(scope="module")
def crowded(ledger_of_the_module: Ledger, policy: Policy) -> Ledger:
    """Two thousand late tasks of one matter."""
    books = Books(ledger_of_the_module, policy)
    ledger_of_the_module.save_policy(policy)
    books.register(an_intake("A-1"))
    late_copies(ledger_of_the_module, 2000)
    with ledger_of_the_module.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE tasks, disputes, task_looks"))
    return ledger_of_the_module


def counted(ledger: Ledger, condition: str) -> dict[str, int]:
    """By a plain count."""
    query = f"SELECT unit, count(*) AS number FROM tasks WHERE closed_at IS NULL AND due_at < now() AND {condition} GROUP BY unit"
    with ledger.engine.connect() as connection:
        return {row.unit: row.number for row in connection.execute(text(query))}


def test_the_totals_are_those_of_a_plain_count(crowded: Ledger) -> None:
    found = desk.late_by_unit(crowded.engine, ALL)
    assert sum(unit.late for unit in found) > 1800
    assert {u.unit: u.late for u in found} == counted(crowded, "true")
    assert {u.unit: u.red for u in found if u.red} == counted(crowded, "card = '红牌'")
    assert {u.unit: u.supervised for u in found if u.supervised} == counted(crowded, "card = '督办'")
    assert [u.late for u in found] == sorted((u.late for u in found), reverse=True)


def test_each_unit_shows_those_that_have_been_late_longest(crowded: Ledger) -> None:
    units = [u.unit for u in desk.late_by_unit(crowded.engine, ALL)]
    first = desk.first_late(crowded.engine, ALL, units, 5)
    for unit in units:
        whole = desk.inbox(crowded.engine, ALL, Tab.OVERDUE, desk.Chosen(unit=unit), most=5).rows
        own = [row for row in first if row["unit"] == unit]
        assert [(r["dispute_id"], r["task_id"]) for r in own] == [
            (r["dispute_id"], r["task_id"]) for r in whole
        ]
    assert desk.first_late(crowded.engine, ALL, [], 5) == []


def test_the_pages_of_a_unit_hold_all_of_its_late_tasks(crowded: Ledger) -> None:
    found: list[str] = []
    after = None
    while True:
        page = desk.inbox(crowded.engine, ALL, Tab.OVERDUE, desk.Chosen(unit="单位1"), after=after, most=97)
        found += [row["task_id"] for row in page.rows]
        if (after := page.after) is None:
            break
    assert len(found) == len(set(found)) == counted(crowded, "true")["单位1"]


def test_the_first_lines_are_read_in_the_order_of_an_index(crowded: Ledger) -> None:
    nodes = plans(crowded, lambda: desk.first_late(crowded.engine, ALL, ["单位1", "单位2"], 5), "FROM tasks")
    assert not [n for n in nodes if n["Node Type"] == "Seq Scan" and n["Relation Name"] == "tasks"], nodes


def test_what_is_not_late_yet_counts_as_soon_and_what_waits_counts_nowhere(books: Books) -> None:
    soon, paused = books.register(an_intake("A-1")), books.register(an_intake("A-2"))
    books.act(paused, "request_supplement", after=1, items=["申请人身份"])
    with books.ledger.engine.begin() as connection:
        moved = tasks.update().where(tasks.c.dispute_id == soon)
        connection.execute(moved.values(due_at=datetime.now(UTC) + timedelta(hours=1)))
    (unit,) = desk.late_by_unit(books.ledger.engine, ALL)
    assert (unit.late, unit.soon) == (0, 1)


def test_a_unit_that_oversees_nothing_counts_only_where_it_takes_part(books: Books) -> None:
    matter = books.register(an_intake("A-1"))
    books.register(an_intake("A-2"))
    books.act(matter, "accept_case", after=1)
    of_tax = desk.late_by_unit(books.ledger.engine, Scope(beside=Near((TAX,))))
    assert {u.unit: u.late for u in of_tax} == {TAX: 1}
    assert desk.late_by_unit(books.ledger.engine, Scope(beside=Near((HRSS,)))) == []


def test_a_task_says_the_card_it_came_to_until_that_is_withdrawn(books: Books) -> None:
    matter = books.register(an_intake())
    books.act(matter, "accept_case", after=1)
    books.until_carded(matter, "红牌")

    def card() -> set[str | None]:
        with books.ledger.engine.connect() as connection:
            query = tasks.select().where(tasks.c.unit == TAX, tasks.c.closed_at.is_(None))
            return {row.card for row in connection.execute(query)}

    assert card() == {"红牌"}
    red = next(c.no for c in books.ledger.state(matter).cards if c.card == "红牌")
    books.act(matter, "withdraw_card", f"{OFFICE}/韩松", after=3, card=red, **WHY)
    assert "红牌" not in card()


def test_an_appeal_waits_until_it_is_decided(books: Books) -> None:
    matter = books.register(an_intake())
    books.act(matter, "accept_case", after=1)
    books.until_carded(matter)
    engine, (card,) = books.ledger.engine, books.ledger.state(matter).cards
    assert not supervision.cards_in(engine, Cards.WAITING, None).rows
    books.act(matter, "appeal_card", f"{TAX}/郝勤", after=2, card=card.no, **WHY)
    assert supervision.appeals_waiting(engine, None) == {TAX: 1}
    assert supervision.appeals_waiting(engine, Near((TAX,))) == {TAX: 1}
    assert supervision.appeals_waiting(engine, Near((HRSS,))) == {}
    (row,) = supervision.cards_in(engine, Cards.WAITING, None).rows
    assert (row["unit"], row["card"], row["dispute_id"]) == (TAX, "黄牌", matter)
    decider = next(t.unit for t in books.ledger.state(matter).open_tasks() if t.kind == "card_appeal")
    upheld: dict[str, Any] = {"decision": "维持", "explanation": "当日可以签收"}
    books.act(matter, "decide_card_appeal", f"{decider}/韩松", after=3, **upheld)
    assert not supervision.cards_in(engine, Cards.WAITING, None).rows
    (row,) = supervision.cards_in(engine, Cards.DECIDED, None).rows
    assert row["decided_at"]
    assert not supervision.cards_in(engine, Cards.WITHDRAWN, None).rows


def test_the_supervisions_of_a_unit_are_found_page_by_page(books: Books) -> None:
    for number in range(3):
        matter = books.register(an_intake(f"A-{number}"))
        books.act(matter, "accept_case", after=1)
        books.act(matter, "supervise", f"{OFFICE}/韩松", after=2)
    engine, names = books.ledger.engine, {"督办单"}
    whole = supervision.papers_issued(engine, OFFICE, names).rows
    assert len(whole) == 3
    first = supervision.papers_issued(engine, OFFICE, names, most=2)
    rest = supervision.papers_issued(engine, OFFICE, names, after=first.after, most=2)
    assert [r["dispute_id"] for r in first.rows + rest.rows] == [r["dispute_id"] for r in whole]
    assert rest.after is None
    assert not supervision.papers_issued(engine, TAX, names).rows
    with pytest.raises(NoSuchPage):
        supervision.papers_issued(engine, OFFICE, names, after="never")

"""Who may know of a matter: the table says so at every moment, and a page of a unit's own is walked through, not sorted."""

from random import Random

import pytest
from sqlalchemy import select, text

from domain.knowing import Near, marks
from domain.policy import Policy
from ledger import queries
from ledger.read_tables import disputes, knowing
from ledger.store import Ledger
from ledger.verify import verify
from tests.domain.test_life_random import live
from tests.domain.test_life_reach import Roamer
from tests.ledger.lives import keep
from tests.ledger.support import TAX, Books, an_intake
from tests.ledger.test_query_plans import GROWN, plans

OWN = Near((TAX, "网格员"), ("新关镇*", "老营镇*"))


def known(ledger: Ledger, matter: str) -> set[str]:
    with ledger.engine.connect() as connection:
        return set(connection.scalars(select(knowing.c.mark).where(knowing.c.dispute_id == matter)))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_table_says_it_of_any_life_as_it_stands(ledger: Ledger, policy: Policy, seed: int) -> None:
    ledger.save_policy(policy)
    for matter, events in live(policy, Random(seed), life=Roamer(policy)).events.items():
        for n in range(1, len(events) + 1):
            if n < len(events) and events[n].action_id == events[n - 1].action_id:
                continue
            keep(ledger, matter, [e for e in events[:n] if e.seq > ledger.state(matter).version], f"-{seed}")
            assert known(ledger, matter) == set(marks(ledger.state(matter), policy))


def test_a_unit_that_the_matter_turns_out_to_be_about_knows_of_it_no_more(books: Books) -> None:
    matter, water = books.register(an_intake()), Near(("县水务局",))
    books.act(matter, "accept_case", after=1, told=["县水务局"])
    assert [
        row["dispute_id"] for row in queries.page_of_disputes(books.ledger.engine, beside=water).rows
    ] == [matter]
    about = {"whose": "被反映单位", "respondent": 1, "name": "县水务局", "reason": "核对证件发现有误"}
    books.act(matter, "correct_party", after=1, **about)
    assert queries.page_of_disputes(books.ledger.engine, beside=water).rows == []
    assert verify(books.ledger) == []


@pytest.fixture
def grown(ledger_of_its_own: Ledger, policy: Policy) -> Ledger:
    """Thousands of matters, each known of by several marks."""
    ledger_of_its_own.save_policy(policy)
    books = Books(ledger_of_its_own, policy)
    books.register(an_intake("A-1"))
    with ledger_of_its_own.engine.begin() as connection:
        for table, told in ((disputes, "case_no"), (knowing, "")):
            values = {
                "dispute_id": "d.dispute_id || n",
                "opened_at": "d.opened_at - n * interval '1 hour'",
                told: f"d.{told} || n",
            }
            columns = ", ".join(c.name for c in table.columns)
            chosen = ", ".join(values.get(c.name, f"d.{c.name}") for c in table.columns)
            source = f"(SELECT * FROM {table}" + (" LIMIT 1) d" if table is knowing else ") d")
            grow = f"INSERT INTO {table} ({columns}) SELECT {chosen} FROM {source}, generate_series(1, :n) n"
            connection.execute(text(grow), {"n": GROWN})
        for n, mark in enumerate(OWN.marks, 2):
            others = f"SELECT dispute_id, '{mark}', opened_at, is_over FROM knowing WHERE length(dispute_id) % {n} = 0"
            connection.execute(text(f"INSERT INTO knowing {others} ON CONFLICT DO NOTHING"))
    with ledger_of_its_own.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE disputes, knowing"))
    return ledger_of_its_own


def test_a_page_of_several_marks_has_each_matter_once_in_order_and_sorts_none(grown: Ledger) -> None:
    found = queries.page_of_disputes(grown.engine, beside=OWN, most=100)
    again = queries.page_of_disputes(grown.engine, beside=OWN, after=found.after, most=100)
    ids: list[str] = [row["dispute_id"] for row in found.rows + again.rows]
    assert len(ids) == len(set(ids)) == 200
    at = [row["opened_at"] for row in found.rows + again.rows]
    assert at == sorted(at, reverse=True)
    with grown.engine.connect() as connection:
        theirs = select(knowing.c.dispute_id).where(knowing.c.mark.in_(OWN.marks)).distinct()
        whole = len(connection.scalars(theirs).all())
    assert queries.number_of_disputes(grown.engine, beside=OWN).number == min(whole, 1000)
    nodes = plans(grown, lambda: queries.page_of_disputes(grown.engine, beside=OWN, most=30), "knowing")
    kinds = {node["Node Type"] for node in nodes}
    assert "Merge Append" in kinds, nodes
    assert not kinds & {"Sort", "Seq Scan"}, nodes

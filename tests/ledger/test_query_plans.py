"""No page of lists or counts reads a grown table from end to end."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, text

from domain.policy import Policy
from domain.words import MatterKind
from ledger import queries
from ledger.queries import Filters
from ledger.store import Ledger
from ledger.tables import disputes
from tests.ledger.support import Books, an_intake

GROWN = 5_000
Plan = dict[str, Any]


@pytest.fixture
def grown(ledger_of_its_own: Ledger, policy: Policy) -> Ledger:
    """Thousands of disputes, open and over, all of one kind and none of a level."""
    books = Books(ledger_of_its_own, policy)
    ledger_of_its_own.save_policy(policy)
    books.register(an_intake("A-1"))
    books.live_through(an_intake("A-2"))
    values = {
        "dispute_id": "d.dispute_id || n",
        "case_no": "d.case_no || n",
        "opened_at": "d.opened_at - n * interval '1 hour'",
        "level": "CASE WHEN n % 2 = 0 THEN '低' ELSE '中' END",
    }
    columns = ", ".join(c.name for c in disputes.columns)
    chosen = ", ".join(values.get(c.name, f"d.{c.name}") for c in disputes.columns)
    with ledger_of_its_own.engine.begin() as connection:
        connection.execute(
            text(
                f"INSERT INTO disputes ({columns}) SELECT {chosen} FROM disputes d, generate_series(1, :n) n"
            ),
            {"n": GROWN},
        )
    with ledger_of_its_own.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE disputes"))
    return ledger_of_its_own


def plans(ledger: Ledger, ask: Callable[[], Any], about: str = "FROM disputes") -> list[Plan]:
    """The nodes of the plans of what is asked ``about`` something."""
    said: list[tuple[str, Any]] = []

    def listen(c: Any, cursor: Any, statement: str, given: Any, context: Any, many: bool) -> None:
        said.append((statement, given))

    event.listen(ledger.engine, "before_cursor_execute", listen)
    try:
        ask()
    finally:
        event.remove(ledger.engine, "before_cursor_execute", listen)
    asked = [(statement, given) for statement, given in said if about in statement]
    assert asked
    with ledger.engine.connect() as connection:
        explained = [
            connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", given).scalar_one()
            for statement, given in asked
        ]
    nodes = [(json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"] for plan in explained]
    for node in nodes:
        nodes += node.get("Plans", [])
    return nodes


def test_the_counts_are_read_from_an_index_alone(grown: Ledger) -> None:
    nodes = plans(grown, lambda: queries.counts(grown.engine))
    scans = [n["Node Type"] for n in nodes if "Relation Name" in n]
    assert scans == ["Index Only Scan"], nodes


@pytest.mark.parametrize(
    "filters",
    [Filters(kind=MatterKind.LEAD), Filters(kind=MatterKind.LEAD, stage="待核查"), Filters(level="高")],
    ids=["kind", "kind and stage", "level"],
)
def test_a_filter_by_what_occurs_nowhere_reads_no_table(grown: Ledger, filters: Filters) -> None:
    assert queries.list_disputes(grown.engine, filters) == []
    nodes = plans(grown, lambda: queries.list_disputes(grown.engine, filters))
    used = [n["Index Name"] for n in nodes if "Index Name" in n]
    assert used in (["disputes_kind_stage_idx"], ["disputes_level_opened_at_idx"]), nodes
    assert not [n for n in nodes if n["Node Type"] == "Seq Scan"]

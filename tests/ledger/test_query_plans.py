"""No page of lists or counts reads a grown table from end to end."""

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, text

from domain.policy import Policy
from domain.words import SHANGHAI, Channel, ClaimType, Insurance, MatterKind
from ledger import queries
from ledger.queries import Filters
from ledger.read_tables import disputes, measures
from ledger.store import Ledger
from tests.ledger.support import Books, an_intake

GROWN = 5_000
LATE = datetime(2099, 1, 1, tzinfo=SHANGHAI)
Plan = dict[str, Any]


@pytest.fixture
def grown(ledger_of_its_own: Ledger, policy: Policy) -> Ledger:
    """Thousands of disputes, open and over, all of one kind and none of a level, with what is counted of them."""
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
    with ledger_of_its_own.engine.begin() as connection:
        for table in (disputes, measures):
            columns = ", ".join(c.name for c in table.columns)
            chosen = ", ".join(values.get(c.name, f"d.{c.name}") for c in table.columns)
            grow = f"INSERT INTO {table} ({columns}) SELECT {chosen} FROM {table} d, generate_series(1, :n) n"
            connection.execute(text(grow), {"n": GROWN})
    with ledger_of_its_own.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE disputes, measures"))
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
    ("filters", "index"),
    [
        (Filters(kind=MatterKind.LEAD), "disputes_kind_stage_idx"),
        (Filters(kind=MatterKind.LEAD, stage="待核查"), "disputes_kind_stage_idx"),
        (Filters(level="高"), "disputes_level_opened_at_idx"),
        (Filters(stage="补正"), "disputes_stage_opened_at_idx"),
        (Filters(lead="县水务局"), "disputes_lead_opened_at_idx"),
        (Filters(channel=Channel.GRID), "disputes_channel_opened_at_idx"),
        (Filters(card="红牌"), "disputes_card_idx"),
        (Filters(due_from=LATE), "disputes_due_idx"),
    ],
    ids=lambda value: "、".join(value.words()) if isinstance(value, Filters) else "",
)
def test_a_filter_by_what_occurs_nowhere_reads_no_table(grown: Ledger, filters: Filters, index: str) -> None:
    assert queries.list_disputes(grown.engine, filters) == []
    nodes = plans(grown, lambda: queries.list_disputes(grown.engine, filters))
    assert [n["Index Name"] for n in nodes if "Index Name" in n] == [index], nodes
    assert not [n for n in nodes if n["Node Type"] == "Seq Scan"]


@pytest.mark.parametrize(
    "filters",
    [
        Filters(claim_type=ClaimType.BENEFIT, town="老营镇", industry="农业"),
        Filters(insurance=Insurance.INJURY, claim_type=ClaimType.BENEFIT),
        Filters(grouped=True),
        Filters(amount_from=Decimal(10**6)),
        Filters(closed_from=LATE),
    ],
    ids=lambda filters: "、".join(filters.words()),
)
def test_what_is_counted_of_few_is_found_by_index_and_those_few_by_their_ids(
    grown: Ledger, filters: Filters
) -> None:
    assert queries.list_disputes(grown.engine, filters) == []
    for about in ("FROM measures", "FROM disputes"):
        nodes = plans(grown, lambda: queries.list_disputes(grown.engine, filters), about)
        assert not [n for n in nodes if n["Node Type"] == "Seq Scan"], nodes

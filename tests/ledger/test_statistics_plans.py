"""No statistic of a month or of a quarter reads a grown table from end to end."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, DateTime, LargeBinary, Table, text

from domain.knowing import Near
from domain.policy import Policy
from domain.words import SHANGHAI
from ledger import statistics
from ledger.behind import behind
from ledger.connection import reading
from ledger.figures import BY_NAME, FIGURES, Figure, Scope, Slice
from ledger.periods import Period
from ledger.read_tables import measure_items, measures, parties
from ledger.store import Ledger
from tests.ledger.lives import keep_case, keep_sample
from tests.ledger.test_query_plans import Plan, plans
from tests.support.case import TAX, told

GROWN = 4_000
DAYS = 5 * 365
NOW = datetime(2027, 1, 1, tzinfo=SHANGHAI)
PERIODS = {"month": Period.month("2025-06"), "quarter": Period.quarter("2025Q2")}


def copy(table: Table) -> str:
    """The table's rows over again, each some days earlier, of another matter and of other people."""
    values: dict[str, str] = {"dispute_id": "t.dispute_id || n"}
    for column in table.columns:
        if isinstance(column.type, DateTime):
            values[column.name] = f"t.{column.name} - (n * 7919 % {DAYS}) * interval '1 day'"
        if isinstance(column.type, LargeBinary):
            values[column.name] = f"decode(md5(encode(t.{column.name}, 'hex') || n), 'hex')"
    columns = ", ".join(c.name for c in table.columns)
    chosen = ", ".join(values.get(c.name, f"t.{c.name}") for c in table.columns)
    return f"INSERT INTO {table} ({columns}) SELECT {chosen} FROM {table} t, generate_series(1, :n) n"


@pytest.fixture(scope="module")
def grown(ledger_of_the_module: Ledger, policy: Policy) -> Ledger:
    """Five years of matters that came to something in every statistic."""
    ledger = ledger_of_the_module
    ledger.save_policy(policy)
    for sample in ("08", "11", "14"):
        keep_sample(ledger, policy, sample)
    keep_case(ledger, told())
    with ledger.engine.begin() as connection:
        for table in (measures, measure_items, parties):
            connection.execute(text(copy(table)), {"n": GROWN})
    with ledger.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return ledger


def scanned(nodes: list[Plan]) -> Iterator[str]:
    return (n["Relation Name"] for n in nodes if n["Node Type"] == "Seq Scan")


def asked(grown: Ledger, ask: Callable[[Connection], object]) -> list[Plan]:
    """The plans of one statistic, which must have something to count."""
    found: list[object] = []

    def once() -> None:
        with reading(grown.engine) as connection:
            found.append(ask(connection))

    nodes = plans(grown, once, "FROM measure")
    assert str(found[0]) != "[]"
    return nodes


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("name", ["spreads", "answers", "returns", "turnarounds", "cards"])
def test_a_statistic_is_read_by_an_index(grown: Ledger, name: str, period: str) -> None:
    scope = Scope(PERIODS[period], NOW)
    nodes = asked(grown, lambda connection: getattr(statistics, name)(connection, scope))
    assert not list(scanned(nodes)), nodes
    assert [n for n in nodes if "Index Name" in n]


@pytest.mark.parametrize("chosen", [Slice(), Slice(unit=TAX, town="新关镇")], ids=["all", "slice"])
@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_a_figure_is_read_by_an_index(grown: Ledger, figure: Figure, period: str, chosen: Slice) -> None:
    scope = Scope(PERIODS[period], NOW, slice=chosen)
    nodes = asked(grown, lambda connection: statistics.counted(connection, scope, [figure]))
    assert not list(scanned(nodes)), nodes
    assert [n for n in nodes if "Index Name" in n]


@pytest.mark.parametrize("beside", [None, Near((TAX,), ("新关镇*",))], ids=["all", "own"])
@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_the_list_behind_a_figure_is_read_by_an_index(
    grown: Ledger, figure: Figure, beside: Near | None
) -> None:
    scope = Scope(PERIODS["month"], NOW)
    found = plans(grown, lambda: behind(grown.engine, scope, figure, beside=beside), "FROM measure")
    assert not {"measures", "measure_items"} & set(scanned(found)), found


def test_a_scan_would_be_seen(grown: Ledger) -> None:
    def ask() -> None:
        with reading(grown.engine) as connection:
            decade = Period.days((NOW - timedelta(days=3650)).date(), NOW.date())
            statistics.counted(connection, Scope(decade, NOW), [BY_NAME["登记量"]])

    assert list(scanned(plans(grown, ask, "FROM measure"))) == ["measures"]

"""Behind every figure stands the list that it counts, made of the same conditions: over all samples and random lives."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select

from domain.events import Event, Registered
from domain.knowing import Near
from domain.policy import Policy
from domain.shares import Sums
from ledger.behind import Behind, behind
from ledger.connection import reading
from ledger.figures import BY_NAME, DISTRIBUTIONS, FIGURES, SEVERAL, Figure, Rate, Scope, Side, Slice, Value
from ledger.measured import UNKNOWN
from ledger.paging import NoSuchPage
from ledger.periods import Period
from ledger.read_tables import knowing, measures
from ledger.report import report
from ledger.statistics import by_month, counted, spread
from ledger.store import Ledger
from tests.domain.test_life_random import live
from tests.ledger.lives import LATER, SAMPLES, keep, keep_case, keep_sample
from tests.support.case import HRSS, TAX, case

YEAR = Scope(Period.days(date(2026, 1, 1), date(2027, 1, 1)), LATER, "偏关县")
SEEDS = range(4)
names = pytest.mark.parametrize("figure", BY_NAME.values(), ids=lambda figure: figure.name)


@pytest.fixture(scope="module")
def lived(ledger_of_the_module: Ledger, policy: Policy) -> Ledger:
    """A county in which everything happened that any figure counts."""
    ledger = ledger_of_the_module
    ledger.save_policy(policy)
    for sample in sorted(SAMPLES.glob("[01][0-9]*.yaml")):
        keep_sample(ledger, policy, sample.name[:2])
    for seed in SEEDS:
        keep_random(ledger, policy, seed)
    keep_case(ledger, case(source_no="L", kind="线索").do("convert_lead", filed_by=["某甲"]))
    sent_back = case(source_no="R")
    sent_back.do("triage_confirm", decision="受理", level="低", path="直办", lead=TAX, co=[])
    sent_back.do("return", TAX, reason="不属本单位职责", reason_code="R1").do("dispatch", lead=HRSS, co=[])
    keep_case(ledger, sent_back)
    keep_case(ledger, case(source_no="O").accepted().on("2026-06-30"))
    return ledger


def keep_random(ledger: Ledger, policy: Policy, seed: int) -> None:
    """Live a random life and commit it; it registers under the same numbers as any other, so these are set apart."""
    for matter, events in live(policy, Random(seed)).events.items():
        keep(ledger, f"{matter}{seed}", [_apart(e, f"-{seed}") for e in events], f"-{seed}")


def _apart(event: Event, number: str) -> Event:
    fact = event.fact
    if not isinstance(fact, Registered):
        return event
    intake = fact.intake.model_copy(update={"source_no": fact.intake.source_no + number})
    return event.model_copy(update={"fact": fact.model_copy(update={"intake": intake})})


def walked(ask: Callable[[str | None], Behind]) -> list[dict[str, Any]]:
    """Every row, page by page."""
    rows: list[dict[str, Any]] = []
    after = None
    while True:
        page = ask(after)
        rows += page.rows
        after = page.after
        if after is None:
            assert len(rows) == page.number - page.outside
            return rows


def listed(ledger: Ledger, scope: Scope, figure: Figure, side: Side = Side.ALL) -> list[dict[str, Any]]:
    return walked(lambda after: behind(ledger.engine, scope, figure, side, after=after, most=7))


def total(rows: list[dict[str, Any]], name: str) -> Decimal:
    return sum((Decimal(row[name] or 0) for row in rows), Decimal(0))


def key(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["at"], row["dispute_id"], row.get("no", 0)


@names
def test_the_list_is_as_long_as_the_figure_says(lived: Ledger, figure: Figure) -> None:
    found = report(lived.engine, YEAR)
    value = found.figures.get(figure.name)
    if value is None:
        value = sum(
            t.answers for t in found.turnarounds if t.role and f"{t.role}反馈量".endswith(figure.name)
        )
    rows = listed(lived, YEAR, figure)
    assert rows, "there must be something to list"
    assert [key(row) for row in rows] == sorted({key(row) for row in rows}, reverse=True)
    if figure.adds is not None:
        sums = [total(rows, name) for name in ("amount", "over")]
        assert (sums if isinstance(value, Rate) else sums[:1]) == (
            [*value] if isinstance(value, Rate) else [value]
        )
    elif isinstance(value, Rate):
        part, rest = (listed(lived, YEAR, figure, side) for side in (Side.IN, Side.OUT))
        assert (len(part), len(rows), len(rest)) == (value.part, value.whole, value.whole - value.part)
        assert sorted(map(key, part + rest)) == sorted(map(key, rows))
        assert [row["counted"] for row in part + rest] == [True] * len(part) + [False] * len(rest)
        assert {key(row) for row in rows if row["counted"]} == {key(row) for row in part}
    else:
        assert len(rows) == value


@names
def test_what_is_no_matter_is_listed_as_what_it_is(lived: Ledger, figure: Figure) -> None:
    found = listed(lived, YEAR, figure)
    assert all(row["case_no"] and lived.find(row["case_no"]) == row["dispute_id"] for row in found)
    assert all(("unit" in row) is (figure.among.word != "争议") for row in found)


@names
def test_a_unit_is_told_by_number_alone_of_what_it_takes_no_part_in(lived: Ledger, figure: Figure) -> None:
    whole = behind(lived.engine, YEAR, figure, most=200)
    own = behind(lived.engine, YEAR, figure, beside=Near((HRSS,)), most=200)
    with reading(lived.engine) as connection:
        theirs = set(connection.scalars(select(knowing.c.dispute_id).where(knowing.c.mark == HRSS)))
    assert own.value == whole.value, "the figure is the county's"
    assert (whole.outside, own.number) == (0, whole.number)
    assert own.rows == [row for row in whole.rows if row["dispute_id"] in theirs]
    assert own.outside == len(whole.rows) - len(own.rows)


@pytest.mark.parametrize("field", Slice.model_fields)
def test_a_figure_is_spread_over_the_slices_that_it_has(lived: Ledger, field: str) -> None:
    with reading(lived.engine) as connection:
        spreads = {figure.name: dict(spread(connection, YEAR, field, figure)) for figure in FIGURES}
        assert all(spreads.values())
        for name in {name for its in spreads.values() for name in its}:
            found = counted(connection, YEAR._replace(slice=Slice(**{field: name})))
            for figure in FIGURES:
                assert found[figure.name] == spreads[figure.name].get(name, figure.read([0, 0])), name


def numbers(value: Value) -> tuple[Decimal | int, ...]:
    return (*value,) if isinstance(value, Rate) else (value,)


@pytest.mark.parametrize("field", Slice.model_fields)
def test_the_parts_of_a_figure_add_up_to_it_unless_a_matter_counts_in_each(lived: Ledger, field: str) -> None:
    exceeded: set[str] = set()
    with reading(lived.engine) as connection:
        kinds = [name for name, _ in spread(connection, YEAR, "insurance", BY_NAME["涉及金额"])]
        for chosen in (Slice(), *(Slice(insurance=kind) for kind in kinds)):
            scope = YEAR._replace(slice=chosen)
            for figure in FIGURES:
                whole = numbers(counted(connection, scope, [figure])[figure.name])
                parts = [numbers(value) for _, value in spread(connection, scope, field, figure)]
                added = tuple(map(sum, zip(*parts, strict=True))) if parts else tuple(0 for _ in whole)
                if figure.counts_in_each(field):
                    exceeded |= {figure.name} if added != whole else set()
                else:
                    assert added == whole, (figure.name, chosen)
    assert ("受理量" in exceeded) is (field in SEVERAL), "there must be matters of several"


def test_there_are_sums_of_several_claims_to_divide(lived: Ledger) -> None:
    several = select(measures.c.dispute_id).where(func.jsonb_array_length(measures.c.claims) > 1)
    with reading(lived.engine) as connection:
        for name in Sums._fields:
            assert connection.scalars(several.where(measures.c[name] > 0)).first(), name


def test_every_slice_has_its_list(lived: Ledger) -> None:
    whole = report(lived.engine, YEAR)
    for name, field in DISTRIBUTIONS.items():
        for share in whole.spreads[name]:
            scope = YEAR._replace(slice=Slice(**{field: share.name}))
            assert len(listed(lived, scope, BY_NAME["受理量"])) == share.matters, (name, share)
    assert UNKNOWN in {share.name for share in whole.spreads["行业"]}
    nothing = YEAR._replace(slice=Slice(unit="没有这个单位"))
    assert behind(lived.engine, nothing, BY_NAME["受理量"]) == Behind(0, 0, 0, [], None)


def test_two_fields_of_a_slice_hold_together(lived: Ledger) -> None:
    scope = YEAR._replace(slice=Slice(unit=TAX, level="低"))
    found = listed(lived, scope, BY_NAME["受理量"])
    every = listed(lived, YEAR, BY_NAME["受理量"])
    assert found
    assert found == [row for row in every if (row["lead"], row["level"]) == (TAX, "低")]


def test_the_work_of_a_unit_is_its_own_whoever_leads(lived: Ledger) -> None:
    scope = YEAR._replace(slice=Slice(unit=HRSS))
    for name in ("退单率", "反馈量", "议定事项完成率", "黄牌", "红牌"):
        assert {row["unit"] for row in listed(lived, scope, BY_NAME[name])} <= {HRSS}
    assert any(row["lead"] != HRSS for row in listed(lived, scope, BY_NAME["退单率"]))
    assert {row["lead"] for row in listed(lived, scope, BY_NAME["满意率"])} == {HRSS}


def test_the_months_of_a_year_are_its_months(lived: Ledger) -> None:
    with reading(lived.engine) as connection:
        found = by_month(connection, YEAR, FIGURES)
    assert len(found) == 12
    for month, figures in found.items():
        scope = YEAR._replace(period=Period.month(f"{month:%Y-%m}"))
        assert figures == report(lived.engine, scope).figures


def test_a_page_that_never_ended_is_none(lived: Ledger) -> None:
    for figure in (BY_NAME["受理量"], BY_NAME["满意率"]):
        with pytest.raises(NoSuchPage):
            behind(lived.engine, YEAR, figure, after="bm90aGluZw")
    first = behind(lived.engine, YEAR, BY_NAME["受理量"], most=1)
    with pytest.raises(NoSuchPage):
        behind(lived.engine, YEAR, BY_NAME["满意率"], after=first.after)

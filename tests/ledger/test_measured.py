"""What the statistics count is a function of the state: commits write what a rebuild makes, and no more."""

from decimal import Decimal
from itertools import groupby
from random import Random
from typing import Any

import pytest

from domain.dispute import Dispute
from domain.fold import apply
from domain.policy import Policy
from domain.shares import Sums
from ledger.measured import measured
from ledger.read_tables import measure_items, measures
from tests.domain.test_life_random import live
from tests.support.case import Case, told


def lived(events: list[Any], policy: Policy) -> tuple[Dispute, dict[str, Any], list[int]]:
    """A life committed action by action: its end, the rows written under their keys, and how many each time."""
    state = Dispute(id="m")
    written: dict[str, Any] = {}
    numbers: list[int] = []
    for _, action in groupby(events, key=lambda e: e.action_id):
        before = state
        for event in action:
            state = apply(state, event)
        made = measured(state, before, lambda version: policy)
        written |= keyed(made)
        numbers.append(sum(map(len, made.values())))
    return state, written, numbers


def keyed(made: dict[Any, list[Any]]) -> dict[str, Any]:
    rows = [(table.name, row) for table in made for row in made[table]]
    return {f"{name} {row.get('kind')} {row.get('no')}": row for name, row in rows}


@pytest.mark.parametrize("seed", range(30))
def test_whatever_happens_the_rows_are_those_of_the_end(policy: Policy, seed: int) -> None:
    for events in live(policy, Random(seed)).events.values():
        end, written, _ = lived(events, policy)
        assert written == keyed(measured(end, Dispute(id="m"), lambda version: policy))


@pytest.mark.parametrize("seed", range(30))
def test_the_sums_of_its_claims_are_those_of_the_matter(policy: Policy, seed: int) -> None:
    """Whenever one looks, and every claim is of a kind that the matter is found by."""
    for events in live(policy, Random(seed)).events.values():
        state = Dispute(id="m")
        for event in events:
            state = apply(state, event)
            (row,) = measured(state, Dispute(id="m"), lambda version: policy)[measures]
            for name in Sums._fields:
                assert sum(Decimal(claim[name]) for claim in row["claims"]) == (row[name] or 0), name
            assert {claim["type"] for claim in row["claims"]} <= {*row["types"]}
            assert {claim["insurance"] for claim in row["claims"]} <= {*row["insurances"]}


def test_an_action_that_changes_no_figure_writes_no_row(policy: Policy) -> None:
    c: Case = told().do("supplement_material", items=["工资条"]).do("supervise", reason="催")
    _, _, numbers = lived(c.events, policy)
    # registered, accepted with one dispatch, signed for, disposed and answered, told; an order to pay counts nowhere;
    # fed back, a callback falls due; then nothing that counts: a material, a supervision
    assert numbers == [1, 2, 1, 2, 1, 0, 1, 0, 0]


def test_no_policy_is_asked_for_before_something_is_counted_by_it(policy: Policy) -> None:
    def unknown(version: str) -> Policy:
        raise LookupError(version)

    state = Dispute(id="m")
    for event in told().events:
        if event.fact.type == "acted" and event.fact.body.kind == "issue_disposition":
            break
        before, state = state, apply(state, event)
        measured(state, before, unknown)
    assert measured(state, Dispute(id="m"), unknown)[measure_items], "a dispatch not yet answered"

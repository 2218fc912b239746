"""Ids stand in the clear in Temporal, PostgreSQL and logs: they say the ticket's number, never somebody's."""

import pytest
from pydantic import ValidationError

from activities.names import dispute_id
from domain.actions import ACTION, Act

ACTS = {"unit": "县税务局", "officer": "甲", "body": ACTION.validate_python({"kind": "sign_for"})}


@pytest.mark.parametrize("number", ["T-1", "2026090300042", "RX.2026-0007", " T-1 "])
def test_a_matter_is_called_by_channel_and_ticket(number: str) -> None:
    assert dispute_id("来访", number) == f"来访-{number.strip()}"


@pytest.mark.parametrize(
    "number",
    [
        "19900000001",
        "0350-7654321",
        "142234198406124788",
        "14223419840612478x",
        "温玉强",
        "温玉强2",
        "LF-19900000001",
    ],
)
def test_a_number_that_names_somebody_is_hashed_and_still_tells_matters_apart(number: str) -> None:
    said = dispute_id("来访", number)
    assert said.startswith("来访-~")
    assert number not in said
    assert said == dispute_id("来访", number)
    assert len({said, dispute_id("来信", number), dispute_id("来访", f"{number}9")}) == 3


@pytest.mark.parametrize("id", ["tax-0001", "sample/01#7.2+b", "open/1"])
def test_an_action_s_id_is_plain(id: str) -> None:
    assert Act.model_validate({"id": id, **ACTS}).id == id


@pytest.mark.parametrize(
    "id",
    [
        "温玉强",
        "温玉强-1",
        "19900000001",
        "tax-142234198406124788",
        "x 1",
        "tick-1",
        "open-dispose-3",
        "register",
    ],
)
def test_an_action_s_id_with_somebody_in_it_or_of_the_system_is_refused(id: str) -> None:
    with pytest.raises(ValidationError):
        Act.model_validate({"id": id, **ACTS})

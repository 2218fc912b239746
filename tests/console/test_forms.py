"""Forms back and forth: whatever action is valid comes back the same from the form that shows it."""

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from console.forms import controls, reading
from domain.actions import ACTION, FORMS, Action
from domain.offers import Field, form_of
from tests.support.case import CENTER, Case, county
from tests.support.filler import Filler

KINDS = [kind for kind, form in FORMS.items() if not form.internal]


MATTER = Case(county())


def fields_of(kind: str) -> list[Field]:
    return form_of(MATTER.state, CENTER, county(), MATTER.now, kind)


def came_back(kind: str, body: dict[str, object]) -> object:
    """The action after its form was drawn and sent as it stood."""
    fields = fields_of(kind)
    drawn = controls.drawn(fields, body, {})
    sent = [(name, text.replace("\n", "\r\n")) for name, text in controls.pairs(drawn)]
    return ACTION.validate_python({"kind": kind, **reading.folded(fields, reading.gathered(sent))})


def valid(kind: str, seed: int) -> tuple[Action, dict[str, Any]] | None:
    """Answers as a random officer gives them, if they are valid."""
    body = Filler(county(), Random(seed), lawful=False).fill(MATTER.state, CENTER, MATTER.now, kind)
    try:
        action = ACTION.validate_python(body)
    except ValidationError:
        return None
    return action, action.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"kind"})


@pytest.mark.parametrize("kind", KINDS)
def test_every_verb_comes_back_the_same(kind: str) -> None:
    made = [found for seed in range(300) if (found := valid(kind, seed))][:20]
    assert made
    for action, body in made:
        assert came_back(kind, body) == action


@settings(max_examples=400)
@given(st.sampled_from(KINDS), st.integers(0, 2**32))
def test_whatever_is_valid_comes_back_the_same(kind: str, seed: int) -> None:
    if made := valid(kind, seed):
        action, body = made
        assert came_back(kind, body) == action

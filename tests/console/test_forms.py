"""Forms back and forth: whatever action is valid comes back the same from the form that shows it."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from console.forms import controls, faults, reading, registration
from domain.access import Role
from domain.actions import ACTION, FORMS, Action
from domain.declined import Declined
from domain.intake import Intake
from domain.offers import Field, form_of
from tests.support.case import CENTER, MEDIATOR, Case, consulted, county
from tests.support.filler import Filler
from tests.support.forms import filled

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


TYPED = {
    "date": "如 2026-09-03",
    "datetime": "如 2026-09-03 09:42",
    "month": "如 2026-03",
    "months": "如 2026-03",
    "span": "再选单位",
    "int": "应为整数",
    "money": "应为数字",
}
ENDS = {"months": (".from", ".to"), "span": (".n",)}


def typed(fields: list[Field], before: str = "") -> Iterator[tuple[str, str]]:
    """Every box into which something of a certain form is typed: its widget, and its path."""
    for field in fields:
        path = f"{before}{field.name}"
        if field.rows:
            yield from typed(field.rows, f"{path}.0." if field.several else f"{path}.")
        elif field.widget in TYPED:
            yield field.widget, path


@pytest.mark.parametrize("kind", [*KINDS, "registration"])
def test_what_cannot_be_read_is_told_in_the_way_the_box_is_filled_in(kind: str) -> None:
    policy, model = county(), FORMS.get(kind, Intake)
    boxes = [f for _, part in registration.sections(policy, MATTER.now, Role.OPERATOR) for f in part]
    fields = boxes if model is Intake else fields_of(kind)
    places = {path: widget for widget, path in typed(fields)}
    sent = {f"{path}{end}": ["前天"] for path, widget in places.items() for end in ENDS.get(widget, ("",))}
    body = reading.folded(fields, sent)
    if model is Intake:
        body = registration.intake_of(body, CENTER)
    try:
        model.model_validate(body if model is Intake else {"kind": kind, **body})
    except ValidationError as error:
        found = faults.placed(faults.of_error(error, fields), controls.drawn(fields, body, {}))
    else:
        found = {}
    assert set(places) <= set(found)
    assert {path: found[path] for path, widget in places.items() if TYPED[widget] not in found[path]} == {}


def test_each_unlawful_point_of_an_agreement_stands_at_its_own_field() -> None:
    c = consulted().do("mediation_start", MEDIATOR, voluntary_statement=True)
    wrong = {
        "principal": "减免部分", "coverage": "部分期间，其余视为了结", "late_fee": "免除", "pay_to": "支付给职工本人",
        "waiver": True, "terms": ["足额补缴", "劳动者自愿放弃社会保险", "公司少缴部分不再追究"],
    }  # fmt: skip
    with pytest.raises(Declined) as refused:
        c.act(filled("draft_agreement", **wrong), MEDIATOR)
    fields = form_of(c.state, MEDIATOR, county(), c.now, "draft_agreement")
    drawn = controls.drawn(fields, wrong, {})
    told = faults.summary(faults.placed(faults.of_declined(refused.value), drawn), drawn)
    titles = ["本金", "期间", "滞纳金", "款项去向", "是否约定职工放弃参保、缴费或今后主张", "协议条款"]
    assert [line.place for line in told] == titles
    assert all("社会保险法" in line.reason for line in told)
    assert told[-1].reason.count("协议条款违法") == 2, "both terms are named"

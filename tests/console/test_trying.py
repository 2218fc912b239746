"""Whatever a form brings is tried out before it is sent: it would be taken, or it is refused in words; it never fails."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from pydantic import ValidationError

from console.forms import acting
from console.forms.faults import of_error
from domain.actions import ACTION, FORMS, Act
from domain.decide import Declined
from domain.events import Event
from domain.fold import replay
from domain.offers import Field, form_of, offers
from domain.policy import Policy
from tests.domain.test_life_random import live
from tests.domain.test_parts import LIVES, units
from tests.support.case import CENTER, county
from tests.support.filler import Filler
from tests.support.walk import Walker, stops

ABSURD = ("1000000000000", "99999999999999", "-1000000000000", "1.234", "0.001")


def tried(policy: Policy, matter: str, known: list[Event], walker: Walker) -> set[str]:
    """The verbs at hand in a matter, each tried out with somebody's answers."""
    d, now, met = replay(matter, known), known[-1].at, set[str]()
    for unit in units(policy):
        for offer in offers(d, unit, policy, now):
            try:
                body = ACTION.validate_python(walker.filler.fill(d, unit, now, offer.kind, offer.task))
            except ValidationError:
                continue
            act = Act(id="t#1", unit=unit, officer="某人", task=offer.task, body=body)
            try:
                assert acting.follows(d, act, acting.tried(d, act, policy, now)), offer.kind
            except Declined:
                continue
            met.add(offer.kind)
    return met


def test_every_verb_at_hand_in_any_life_can_be_tried_out() -> None:
    policy, walker = county(), Walker(county(), Random(5))
    met: set[str] = set()
    for matter, events in live(policy, Random(5)).events.items():
        for n in stops(events, 12):
            met |= tried(policy, matter, events[:n], walker)
    for c in LIVES.values():
        met |= tried(policy, c.id, c.events, walker)
    assert len(met) > 20, met


def money(fields: list[Field], at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where a form asks for an amount."""
    for field in fields:
        if field.widget == "money":
            yield (*at, field.name)
        yield from money(field.rows, (*at, field.name, 0))


def put(body: Any, path: tuple[str | int, ...], value: str) -> Any:
    """The same answers with another at this place."""
    if not path:
        return value
    here, *rest = path
    if isinstance(here, int):
        rows = list(body or [{}])
        return [put(rows[0], tuple(rest), value), *rows[1:]]
    return {**(body or {}), here: put((body or {}).get(here), tuple(rest), value)}


MATTER = LIVES["told"]
AMOUNTS = [
    (kind, path)
    for kind, form in FORMS.items()
    if not form.internal
    for path in money(form_of(MATTER.state, CENTER, county(), MATTER.now, kind))
]


@pytest.mark.parametrize(("kind", "path"), AMOUNTS, ids=str)
def test_an_amount_that_cannot_be_is_refused_where_it_stands(kind: str, path: tuple[str | int, ...]) -> None:
    fields = form_of(MATTER.state, CENTER, county(), MATTER.now, kind)
    body = Filler(county(), Random(1)).fill(MATTER.state, CENTER, MATTER.now, kind)
    for absurd in ABSURD:
        with pytest.raises(ValidationError) as refused:
            FORMS[kind].model_validate(put(body, path, absurd))
        at = ".".join(str(part) for part in path)
        reason = of_error(refused.value, fields)[at]
        assert any("\u4e00" <= sign <= "\u9fff" for sign in reason), reason
        assert "样式" not in reason

"""Units named in a form: each must be one that the county's policy knows."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from domain.actions import Action
from domain.actions.entries import entries, hints
from domain.actions.form import Asked, widget_of
from domain.declined import Declined
from domain.draft import Draft
from domain.policy_units import UnknownUnit
from domain.words import UnitName


class Named(NamedTuple):
    """A unit named in a form: the field's title, its place, and the name."""

    title: str
    place: str
    unit: UnitName


def faults(draft: Draft, body: Action) -> Iterator[Declined]:
    """The units that nobody knows, each at its field with the nearest names."""
    for one in named(body):
        try:
            draft.policy.unit(one.unit)
        except UnknownUnit as unknown:
            yield Declined("unknown_unit", str(unknown), one.place)


def named(form: Asked) -> Iterator[Named]:
    """Every unit named in a form, with its title and place."""
    for one in entries(form):
        if isinstance(one.value, str) and one.name in _unit_fields(one.model):
            yield Named(one.title, one.place, one.value)


@cache
def _unit_fields(model: type[Asked]) -> frozenset[str]:
    told = hints(model)
    return frozenset(
        name for name in model.model_fields if name != "kind" and widget_of(told[name]) == "unit"
    )

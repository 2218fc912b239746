"""Units named in a form: each must be one that the county's policy knows."""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple, cast, get_type_hints

from domain.actions import Action
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


def named(model: Asked, before: str = "") -> Iterator[Named]:
    """Every unit named in a form, with its title and place."""
    asked_for = _unit_fields(type(model))
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        several = cast("list[Any]", value) if isinstance(value, list) else None
        for place, one in _entries(before + name, value, several):
            if isinstance(one, Asked):
                yield from named(one, f"{place}.")
            elif isinstance(one, str) and name in asked_for:
                yield Named(field.title or name, place, one)


@cache
def _unit_fields(model: type[Asked]) -> frozenset[str]:
    hints = get_type_hints(model, include_extras=True)
    return frozenset(
        name for name in model.model_fields if name != "kind" and widget_of(hints[name]) == "unit"
    )


def _entries(place: str, value: Any, several: list[Any] | None) -> Iterator[tuple[str, Any]]:
    if several is None:
        yield place, value
    else:
        yield from ((f"{place}.{number}", one) for number, one in enumerate(several))

"""Under which answers a field of a form is asked for."""

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from domain.words import Model


class When(NamedTuple):
    """Under which answer to another field a field is asked for; ``other``: under any answer but these.

    ``field`` may lead into rows (``results.principal``): one row is enough; ``also``: further fields that do as well.
    """

    field: str
    values: tuple[object, ...]
    other: bool = False
    also: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """All that it asks about."""
        return (self.field, *self.also)

    def holds(self, answers: Mapping[str, Any]) -> bool:
        """Whether the field is asked for, given the other answers."""
        given = [answer for field in self.fields for answer in _given(answers, field.split("."))]
        return bool(given) and any(answer in self.values for answer in given) != self.other


def _given(answers: object, path: list[str]) -> list[Any]:
    """What was answered at the end of a path, in every row on the way."""
    if isinstance(answers, list):
        return [answer for row in cast("list[object]", answers) for answer in _given(row, path)]
    if not path:
        return [] if answers in (None, "") else [answers]
    if isinstance(answers, Model):
        return _given(getattr(answers, path[0], None), path[1:])
    return (
        _given(cast("dict[str, Any]", answers).get(path[0]), path[1:]) if isinstance(answers, Mapping) else []
    )


def when(field: str, *values: object) -> When:
    """Asked where ``field`` has one of these values."""
    return When(field, values)


def unless(field: str, *values: object) -> When:
    """Asked where ``field`` was answered with none of these values."""
    return When(field, values, other=True)


def given(field: str, *also: str) -> When:
    """Asked where one of these fields was answered, whatever the answer."""
    return When(field, (), other=True, also=also)


def told_when(when: When) -> dict[str, Any]:
    """A condition as a schema and a page carry it."""
    also = {"also": list(when.also)} if when.also else {}
    return {"field": when.field, "values": list(when.values), "other": when.other, **also}


def when_of(told: Mapping[str, Any]) -> When:
    """The condition that a schema or a page carries."""
    return When(told["field"], tuple(told["values"]), told["other"], tuple(told.get("also", ())))

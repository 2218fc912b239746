"""Every answer of a form, those in rows too: what looks at all of them goes through here."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple, cast, get_type_hints

from domain.actions.form import Asked


class Entry(NamedTuple):
    """One answer: the field's title, its place in the form, the answer, and the field of which model it is."""

    title: str
    place: str
    value: Any
    model: type[Asked]
    name: str

    @property
    def hint(self) -> Any:
        """The field's annotation, with its marks."""
        return hints(self.model)[self.name]


@cache
def hints(model: type[Asked]) -> Mapping[str, Any]:
    """The annotations of a model's fields, with their marks."""
    return get_type_hints(model, include_extras=True)


def entries(form: Asked, before: str = "") -> Iterator[Entry]:
    """Every answer of a form; of several to one field each by itself, of rows what stands in them."""
    for name, field in type(form).model_fields.items():
        value = getattr(form, name, None)
        for place, one in _each(before + name, value):
            if isinstance(one, Asked):
                yield from entries(one, f"{place}.")
            elif one is not None and name != "kind":
                yield Entry(field.title or name, place, one, type(form), name)


def _each(place: str, value: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, list):
        yield place, value
        return
    yield from ((f"{place}.{number}", one) for number, one in enumerate(cast("list[Any]", value)))

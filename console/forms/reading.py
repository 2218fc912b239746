"""What a form brought back, folded into the nested answers of an action: names say the path, ``resolutions.0.text``."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from console.forms import values
from domain.actions.conditions import when_of
from domain.offers import Field

Body = dict[str, Any]
Sent = Mapping[str, list[str]]


def gathered(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """All that came under each name, in its order."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def folded(fields: list[Field], sent: Sent, prefix: str = "", row: Mapping[str, Any] | None = None) -> Body:
    """The answers given; what was left empty is not in them, nor what is only suggested and not asked for.

    ``row``: what is suggested for this row in particular.
    """
    body: Body = {}
    for field in fields:
        answer = _answer(field, prefix + field.name, sent)
        if answer not in (None, "", [], {}):
            body[field.name] = answer
    return {
        name: value for name, value in body.items() if not _only_suggested(fields, name, value, body, row)
    }


def holds(when: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    """Whether a field is asked for, given the other answers."""
    return when_of(when).holds(body)


def suggestion(field: Field, row: Mapping[str, Any] | None) -> Any:
    """What is suggested for a field, in this row."""
    return (row or {}).get(field.name, field.suggested)


def suggested_row(field: Field, number: int) -> Mapping[str, Any] | None:
    """What is suggested for one row of a field."""
    rows = cast("list[Mapping[str, Any]]", field.suggested or [])
    return rows[number] if number < len(rows) else None


def _only_suggested(
    fields: list[Field], name: str, value: Any, body: Body, row: Mapping[str, Any] | None
) -> bool:
    """Without script a field that is not asked for is there too, with its suggestion in it."""
    field = next(f for f in fields if f.name == name)
    if field.when is None or holds(field.when, body):
        return False
    return values.shown(field.widget, value) == values.shown(field.widget, suggestion(field, row))


def _answer(field: Field, path: str, sent: Sent) -> Any:
    if field.rows:
        return _rows(field, path, sent)
    if field.widget == "months":
        ends = {end: values.taken("month", _first(sent, f"{path}.{end}")) for end in ("from", "to")}
        return {end: month for end, month in ends.items() if month}
    if field.widget == "span":
        number = _first(sent, f"{path}.n")
        return values.span(number, _first(sent, f"{path}.u")) if number.strip() else None
    if field.several:
        return [_single(field, text) for text in sent.get(path, []) if text.strip()]
    text = _first(sent, path)
    return _single(field, text) if text.strip() else None


def _rows(field: Field, path: str, sent: Sent) -> Any:
    if not field.several:
        return folded(field.rows, sent, f"{path}.")
    numbers = {
        int(n)
        for name in sent
        if name.startswith(f"{path}.") and (n := name[len(path) + 1 :].split(".")[0]).isdecimal()
    }
    rows = (
        folded(field.rows, sent, f"{path}.{number}.", suggested_row(field, number))
        for number in sorted(numbers)
    )
    return [row for row in rows if row]


def _single(field: Field, text: str) -> Any:
    if field.widget == "choice":
        return next((c.value for c in field.choices if str(c.value) == text), text)
    return values.taken(field.widget, text)


def _first(sent: Sent, name: str) -> str:
    return next(iter(sent.get(name, [])), "")

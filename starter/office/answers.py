"""Answers given one by one, laid over what a form suggests; keys are names or Chinese titles of fields and columns."""

from collections.abc import Iterable
from typing import Any

import yaml

from domain.offers import Field

YES_NO = ("yesno", "confirm")


class UnknownField(ValueError):
    """A key that is no field of the form; the message names the fields there are."""


def prefilled(fields: Iterable[Field]) -> dict[str, Any]:
    """What the form suggests, as it would be sent."""
    return {f.name: f.suggested for f in fields if f.suggested not in (None, [], "")}


def answered(fields: list[Field], given: Iterable[str]) -> dict[str, Any]:
    """The suggestions with these answers (``字段=值``) over them. Raises UnknownField, or ValueError without ``=``.

    A column of rows is set in every row suggested, or makes a row of its own.
    """
    body = prefilled(fields)
    for text in given:
        key, equals, value = text.partition("=")
        if not equals:
            raise ValueError(f"“{text}”须写成 字段=值")
        _set(body, fields, key.strip(), _value(value))
    return body


def _value(text: str) -> Any:
    """As YAML reads it, except that what only looks like a number with separators or a time stays a text."""
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return text


def _set(body: dict[str, Any], fields: list[Field], key: str, value: Any) -> None:
    field = next((f for f in fields if key in (f.name, f.title)), None)
    if field:
        several = field.several and field.widget != "rows" and not isinstance(value, list)
        body[field.name] = [value] if several else _as_asked(field, value)
        return
    for rows in (f for f in fields if f.rows):
        column = next((c for c in rows.rows if key in (c.name, c.title)), None)
        if column:
            before: list[dict[str, Any]] = body.get(rows.name) or [{}]
            body[rows.name] = [{**row, column.name: _as_asked(column, value)} for row in before]
            return
    names = "、".join([*(f.title for f in fields), *(c.title for f in fields for c in f.rows)])
    raise UnknownField(f"没有“{key}”这一项，可填：{names}")


def _as_asked(field: Field, value: Any) -> Any:
    """是 and 否 are answers where the form asks for one of the two."""
    return {"是": True, "否": False}.get(str(value), value) if field.widget in YES_NO else value

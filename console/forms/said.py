"""Answers as they read, for whoever looks at them once more before sending them."""

from typing import Any, cast

from console import words
from console.forms import values
from console.forms.reading import Body
from domain.offers import Field

Said = list[tuple[str, list[str]]]
"""Each answer: its title, its texts."""


def answered(fields: list[Field], body: Body) -> Said:
    """Every answer given, of rows a line each."""
    told: Said = []
    for field in fields:
        answer = body.get(field.name)
        if answer in (None, "", []):
            continue
        told.append(
            (
                field.title,
                [_row(field, row) for row in _listed(answer)] if field.rows else _texts(field, answer),
            )
        )
    return told


def _row(field: Field, row: Body) -> str:
    parts = ((title, "、".join(texts)) for title, texts in answered(field.rows, row))
    return "，".join(text if text.startswith(title) else f"{title} {text}" for title, text in parts)


def _listed(answer: Any) -> list[Any]:
    return cast("list[Any]", answer) if isinstance(answer, list) else [answer]


def _texts(field: Field, answer: Any) -> list[str]:
    labels = {str(c.value): c.label for c in field.choices}
    if isinstance(answer, bool):
        return ["是" if answer else "否"]
    if isinstance(answer, dict):
        return [" 至 ".join(str(end) for end in cast("Body", answer).values())]
    if field.widget == "money":
        return [f"{words.money(str(each))} 元" for each in _listed(answer)]
    return [labels.get(str(each), values.shown(field.widget, each)) for each in _listed(answer)]

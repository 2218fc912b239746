"""A form as it is drawn: one control for each field, its text, its choices, what is wrong with it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, cast

from console.forms import values
from console.forms.reading import Body, holds, suggested_row, suggestion
from domain.actions.conditions import when_of
from domain.actions.form import SPAN_UNITS
from domain.offers import Field

Given = Mapping[str, Any]

FEW = 4
"""As many choices stand open; more are in a list to unfold."""
MOST_IN_TABLE = 5
"""Columns of rows that still fit into a table."""
SPARE = 1
"""Empty lines for those who want to add one of several texts."""

_WIDTHS = {
    "money": "w8 num", "int": "w4 num", "date": "w8", "datetime": "w12", "month": "w8", "officer": "w12", "person": "w12",
    "unit": "w16", "text": "wf",
}  # fmt: skip
_CHECKED = ("money", "int", "date", "datetime", "month", "months")
_HINTS = {"date": "如 2026-08-03", "datetime": "如 2026-08-03 09:00", "month": "如 2026-08"}


class Option(NamedTuple):
    """One thing to choose."""

    value: str
    label: str
    chosen: bool


class Row(NamedTuple):
    """One of several rows."""

    number: int
    path: str
    controls: "list[Control]"


class Control(NamedTuple):
    """A field drawn. ``name``: its path; ``look``: how the template draws it; ``texts``: what stands in it."""

    name: str
    id: str
    look: str
    title: str
    hint: str
    condition: str
    """Under which answer it is asked for, in words; a script shows it only then and needs no words."""
    need: str
    error: str
    texts: list[str]
    options: list[Option]
    rows: list[Row]
    unit: str
    width: str
    when: str
    """For the script: under which answer it is asked for."""
    asked: bool
    columns: list[str]
    check: str
    """What a script reads it as while one types."""


def drawn(
    fields: list[Field],
    body: Mapping[str, Any],
    faults: Mapping[str, str],
    prefix: str = "",
    row: Given | None = None,
) -> list[Control]:
    """The controls of a form filled with these answers. ``faults``: what is wrong, by path; ``row``: what is suggested here."""
    return [_control(field, body, faults, prefix, row) for field in fields]


def names(controls: list[Control]) -> Iterator[Control]:
    """Every control, those of rows included."""
    for control in controls:
        yield control
        for row in control.rows:
            yield from names(row.controls)


def pairs(controls: list[Control]) -> list[tuple[str, str]]:
    """What a browser would send of these controls."""
    found: list[tuple[str, str]] = []
    for control in controls:
        if control.rows:
            found += [pair for row in control.rows for pair in pairs(row.controls)]
        elif control.look in ("radios", "checks", "select", "yesno", "confirm"):
            found += [(control.name, option.value) for option in control.options if option.chosen]
            found += [(control.name, text) for text in control.texts]
        elif control.look == "months":
            found += list(zip((f"{control.name}.from", f"{control.name}.to"), control.texts, strict=True))
        elif control.look == "span":
            found += list(zip((f"{control.name}.n", f"{control.name}.u"), control.texts, strict=True))
        else:
            found += [(control.name, text) for text in control.texts]
    return [pair for pair in found if pair[1]]


def _control(field: Field, body: Given, faults: Mapping[str, str], prefix: str, row: Given | None) -> Control:
    path = prefix + field.name
    answer = body.get(field.name)
    asked = field.when is None or holds(field.when, body)
    if answer is None and not asked:
        answer = suggestion(field, row)  # there when it comes to be asked for
    return Control(
        name=path,
        id=path.replace(".", "-"),
        look=_look(field, inside=bool(prefix)),
        title=field.title,
        hint=_hint(field),
        condition=f"{field.when['words']}时{'可填' if field.optional else '填写'}" if field.when else "",
        need=_need(field),
        error=faults.get(path, ""),
        texts=_texts(field, answer),
        options=_options(field, answer),
        rows=_rows(field, path, answer, faults),
        unit=field.unit or "",
        width=_WIDTHS.get(field.widget, ""),
        when=_when(field, prefix),
        asked=asked,
        columns=[c.title for c in field.rows] if _in_table(field) else [],
        check=field.widget if field.widget in _CHECKED and not field.rows and not field.choices else "",
    )


def _look(field: Field, *, inside: bool) -> str:
    if field.rows:
        return ("table" if _in_table(field) else "rows") if field.several else "group"
    if field.widget in ("yesno", "confirm", "months", "span", "longtext"):
        return "lines-long" if field.several else field.widget
    if field.choices:
        if field.several:
            return "checks"
        return "radios" if len(field.choices) <= FEW and not inside else "select"
    if field.widget == "choice":
        return "checks" if field.several else "select"
    if field.several:
        return {"unit": "units", "officer": "officers"}.get(field.widget, "lines")
    return field.widget if field.widget in ("unit", "officer") else "line"


def _in_table(field: Field) -> bool:
    short = all(not c.rows and not c.when and c.widget != "longtext" and not c.several for c in field.rows)
    return field.several and short and 1 < len(field.rows) <= MOST_IN_TABLE


def _hint(field: Field) -> str:
    said = [
        field.help or _HINTS.get(field.widget, ""),
        f"建议：{field.why}" if field.why else "",
        field.needed or "",
    ]
    return "；".join(text for text in said if text)


def _need(field: Field) -> str:
    if field.needed:
        return "视情况"
    return "" if field.required or (field.when and not field.optional) else "选填"


def _when(field: Field, prefix: str) -> str:
    if field.when is None:
        return ""
    wanted = [values.shown("choice", value) for value in field.when["values"]]
    names = [prefix + path.replace(".", ".*.") for path in when_of(field.when).fields]
    told = {"names": names, "values": wanted, "other": bool(field.when["other"])}
    return json.dumps(told, ensure_ascii=False)


def _several(answer: Any) -> list[Any]:
    return cast("list[Any]", answer) if isinstance(answer, list) else []


def _texts(field: Field, answer: Any) -> list[str]:
    """What is typed; choices that are none of those offered count as typed."""
    if field.rows:
        return []
    if field.widget == "months":
        ends = cast("dict[str, Any]", answer) if isinstance(answer, dict) else {}
        return [values.shown("month", ends.get(end)) for end in ("from", "to")]
    if field.widget == "span":
        return list(values.span_parts(answer))
    if field.choices or field.widget in ("choice", "yesno", "confirm"):
        return []
    if field.several:
        given = [values.shown(field.widget, each) for each in _several(answer)]
        return given + [""] * SPARE
    return [values.shown(field.widget, answer)]


def _options(field: Field, answer: Any) -> list[Option]:
    """In the order of the form; where several were chosen in another one, these first, for the order may mean something."""
    if field.widget in ("yesno", "confirm"):
        marked = values.shown(field.widget, answer)
        said = (
            [(values.YES, "是"), (values.NO, "否")]
            if field.widget == "yesno"
            else [(values.YES, field.title)]
        )
        return [Option(value, label, value == marked) for value, label in said]
    if field.widget == "span":
        unit = values.span_parts(answer)[1]
        return [Option(word, word, word == unit) for word in SPAN_UNITS.values()]
    given = _several(answer) if field.several else [answer]
    chosen = [values.shown(field.widget, each) for each in given if each not in (None, "")]
    known = {str(c.value): c.label for c in field.choices}
    if not known and field.widget != "choice":
        return []
    known |= {text: text for text in chosen if text not in known}
    order = [value for value in known if value in chosen]
    listed = list(known) if order == chosen else [*chosen, *(v for v in known if v not in chosen)]
    return [Option(value, known[value], value in chosen) for value in listed]


def _rows(field: Field, path: str, answer: Any, faults: Mapping[str, str]) -> list[Row]:
    if not field.rows:
        return []
    if not field.several:
        given = cast("Body", answer) if isinstance(answer, dict) else {}
        return [Row(0, path, drawn(field.rows, given, faults, f"{path}."))]
    rows: list[Body] = _several(answer)
    if not rows and field.required:
        rows = [{c.name: c.suggested for c in field.rows if c.suggested not in (None, [], "")}]
    return [
        Row(
            number,
            f"{path}.{number}",
            drawn(field.rows, row, faults, f"{path}.{number}.", suggested_row(field, number)),
        )
        for number, row in enumerate(rows)
    ]

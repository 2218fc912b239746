"""What is wrong with a form, by the path of the control it is shown at, in the reader's words."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

from console.forms.controls import Control, names
from domain.actions.form import UNWRITTEN
from domain.declined import Declined
from domain.offers import Field
from domain.wording import reason_of


class Fault(NamedTuple):
    """One line of the summary: to which control it leads, where that is, what is wrong."""

    id: str
    place: str
    reason: str


def of_error(error: ValidationError, fields: list[Field]) -> dict[str, str]:
    """Each wrong answer by its path, with what to do."""
    return of_problems(error.errors(include_input=False, include_url=False), fields)


def of_problems(problems: Iterable[Any], fields: list[Field]) -> dict[str, str]:
    """The same of errors as pydantic lists them."""
    found: dict[str, str] = {}
    for problem in problems:
        path = ".".join(str(part) for part in problem["loc"])
        found.setdefault(path, _reason(problem, _field(problem["loc"], fields)))
    return found


_TYPED = {
    "date": "应为年月日，如 2026-09-03",
    "datetime": "应为年月日和时刻，如 2026-09-03 09:42",
    "month": "应为年月，如 2026-03",
    "months": "应为年月，如 2026-03",
    "span": "数字一格填整数，如 5，再选单位",
    "yesno": "请选择",
}
"""How what is typed into a box is written there, where what stands behind it is written otherwise."""
_UNREAD = ("_type", "_parsing", "string_pattern_mismatch", "timezone_aware")


def _reason(problem: Any, field: Field | None) -> str:
    if field and problem["type"] == "missing":
        return _missing(field)
    unread = problem["type"].endswith(_UNREAD) or UNWRITTEN in problem["msg"]
    return _TYPED.get(field.widget if field and unread else "", "") or reason_of(problem)


def of_declined(declined: Declined) -> dict[str, str]:
    """All that a decision said against a form, by its path; what is said twice of one place stands together."""
    found: dict[str, str] = {}
    for fault in declined.faults:
        place = fault.field or ""
        found[place] = f"{found[place]}；{fault.message}" if place in found else fault.message
    return found


def placed(faults: Mapping[str, str], controls: list[Control]) -> dict[str, str]:
    """The faults at controls that there are: those of single entries at their list, of nothing known at the whole form."""
    known = {control.name for control in names(controls)}
    moved: dict[str, list[str]] = {}
    for path, reason in faults.items():
        parts = path.split(".")
        ways = (".".join(parts[:n]) for n in range(len(parts), 0, -1))
        moved.setdefault(next((way for way in ways if way in known), ""), []).append(reason)
    return {place: "；".join(dict.fromkeys(reasons)) for place, reasons in moved.items()}


def summary(faults: Mapping[str, str], controls: list[Control]) -> list[Fault]:
    """The lines over the form, in its order; what is about no control comes first."""
    found = [Fault("", "", faults[""])] if "" in faults else []
    return found + list(_lines(faults, controls, ""))


def _lines(faults: Mapping[str, str], controls: Iterable[Control], before: str) -> Iterable[Fault]:
    for control in controls:
        if control.name in faults:
            yield Fault(first_input(control), before + control.title, faults[control.name])
        for row in control.rows:
            many = len(control.rows) > 1 or control.look in ("table", "rows")
            yield from _lines(
                faults,
                row.controls,
                f"{control.title} 第 {row.number + 1} 项　" if many else f"{control.title}　",
            )


def first_input(control: Control) -> str:
    """The id of what one types into first."""
    if control.rows:
        return first_input(control.rows[0].controls[0])
    if control.look in ("radios", "checks", "yesno", "units", "officers"):
        return f"{control.id}-0"
    return control.id


def _missing(field: Field) -> str:
    chosen = field.choices or field.widget in ("choice", "yesno")
    if field.rows:
        return "至少填写一项"
    return "请选择" if chosen else "请勾选确认" if field.widget == "confirm" else "请填写"


def _field(loc: tuple[Any, ...], fields: list[Field]) -> Field | None:
    found: Field | None = None
    for part in loc:
        if isinstance(part, int):
            continue
        inner = next((f for f in fields if f.name == part), None)
        if inner is None:
            return found
        found, fields = inner, inner.rows
    return found

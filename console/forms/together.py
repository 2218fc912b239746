"""One form for an act done to several matters at one sitting: what is said once for all of them, and of each what is its own.

Nothing here decides: every matter's answers are those of the act's own form, put together from both halves.
"""

from typing import NamedTuple, cast

from pydantic import ValidationError

from console.forms import controls, faults, reading
from console.forms.acting import suggested
from console.forms.controls import Control
from console.forms.faults import Fault
from console.forms.reading import Body
from domain.actions import FORMS
from domain.offers import Field

SHARED = {
    "propose_joint_meeting": ("held_at",),
    "answer_joint_proposal": ("decision", "held_at", "reason"),
    "convene_joint_meeting": ("held_at", "place", "chair"),
    "issue_joint_minutes": (),
}
"""The acts of a sitting, each with what is said once. Who is called is said of each matter: whoever is called to it may
read it."""
PRESENT, VIEWS = "attended", "views"
ONCE = ("unit", "officer", "stance")
"""Of those present, what is said once; a matter's own ``views`` differ from it."""


def group(number: int) -> str:
    """The name under which a matter's own answers stand."""
    return f"m{number}"


class Together:
    """The form. ``titles``: of each matter by its number; ``forms``: the act's fields as they are asked for in each."""

    def __init__(self, kind: str, titles: dict[int, str], forms: dict[int, list[Field]]) -> None:
        self.kind, self.forms = kind, forms
        self._once = SHARED[kind]
        self.fields = [*self._shared(), *(self._own(n, titles[n]) for n in forms)]

    def _shared(self) -> list[Field]:
        first = next(iter(self.forms.values()), list[Field]())
        shared = [f for f in first if f.name in self._once]
        if present := _field(first, PRESENT):
            called = list(dict.fromkeys(u for n in self.forms for u in self._called(n)))
            rows = [_optional(c, "officer") for c in present.rows if c.name in ONCE]
            told = {"help": "没有到会的单位，人员留空；各议题意见不同的，在该议题下另写", "rows": rows}
            shared.append(present.model_copy(update={**told, "suggested": [{"unit": u} for u in called]}))
        return shared

    def _called(self, number: int) -> list[str]:
        present = _field(self.forms[number], PRESENT)
        rows = cast("list[Body]", present.suggested or []) if present else []
        return [row["unit"] for row in rows]

    def _own(self, number: int, title: str) -> Field:
        rows: list[Field] = []
        for field in self.forms[number]:
            if field.name == PRESENT:
                own = [_optional(c, "stance") for c in field.rows if c.name != "officer"]
                said = {"name": VIEWS, "title": "本议题意见不同的单位", "help": "意见与上表相同的不必写"}
                rows.append(
                    field.model_copy(
                        update={**said, "rows": own, "suggested": None, "why": None, "required": False}
                    )
                )
            elif field.name not in self._once:
                rows.append(field)
        return Field(name=group(number), title=title, widget="group", required=True, rows=rows)

    def suggested(self) -> Body:
        """What the form is filled with at first."""
        body = suggested([f for f in self.fields if not _is_group(f)])
        return body | {f.name: suggested(f.rows) for f in self.fields if _is_group(f)}

    def folded(self, pairs: list[tuple[str, str]]) -> Body:
        """What a form brought."""
        return reading.folded(self.fields, reading.gathered(pairs))

    def answers(self, body: Body, number: int) -> tuple[Body, dict[str, str]]:
        """The act's own answers for one matter, and what of its list of those present stands where in the form."""
        own = dict(cast("Body", body.get(group(number)) or {}))
        views = cast("list[Body]", own.pop(VIEWS, []))
        given = {name: body[name] for name in self._once if name in body} | own
        if not _field(self.forms[number], PRESENT):
            return given, {}
        present, places = self._present(cast("list[Body]", body.get(PRESENT) or []), views, number)
        return given | ({PRESENT: present} if present else {}), places

    def _present(
        self, shared: list[Body], views: list[Body], number: int
    ) -> tuple[list[Body], dict[str, str]]:
        """Of those who came, whoever was called to this matter, said something of it, or was called to none in particular."""
        called = set(self._called(number))
        elsewhere = {u for n in self.forms for u in self._called(n)} - called
        own: dict[str | None, tuple[int | None, Body]] = {
            row.get("unit"): (at, row) for at, row in enumerate(views)
        }
        rows: list[Body] = []
        places: dict[str, str] = {}
        for at, row in enumerate(shared):
            where, said = own.pop(row.get("unit"), (None, Body()))
            if (where is None and row.get("unit") in elsewhere) or not (row.get("officer") or said):
                continue
            places[f"{PRESENT}.{len(rows)}"] = f"{PRESENT}.{at}"
            rows.append({**row, **{k: v for k, v in said.items() if v not in (None, "")}})
        for where, row in own.values():
            places[f"{PRESENT}.{len(rows)}"] = f"{group(number)}.{VIEWS}.{where}"
            rows.append(row)
        return rows, places

    def wrong(self, body: Body, number: int) -> dict[str, str]:
        """What is wrong with one matter's answers by themselves, at the form's own controls."""
        given, places = self.answers(body, number)
        try:
            FORMS[self.kind].model_validate({"kind": self.kind, **given})
        except ValidationError as error:
            found = faults.of_error(error, self.forms[number])
            return {self.place(path, number, places): reason for path, reason in found.items()}
        return {}

    def place(self, path: str | None, number: int, places: dict[str, str]) -> str:
        """Where in the form stands what the act calls so."""
        if not path:
            return group(number)
        head = path.split(".")[0]
        if head in self._once or path == PRESENT:
            return path
        if head == PRESENT:
            row = ".".join(path.split(".")[:2])
            return f"{places.get(row, PRESENT)}{path[len(row) :]}"
        return f"{group(number)}.{path}"


class Shown(NamedTuple):
    """The form as it is drawn: what is said once, each matter's own part by its number, the summary over them."""

    shared: list[Control]
    own: dict[int, Control]
    summary: list[Fault]


def drawn(form: Together, body: Body, wrong: dict[str, str]) -> Shown:
    """The form filled with these answers."""
    bare = controls.drawn(form.fields, body, {})
    found = faults.placed(wrong, bare)
    full = controls.drawn(form.fields, body, found)
    parts = {c.name: c for c in full}
    own = {n: parts[group(n)] for n in form.forms}
    return Shown([c for c in full if c not in own.values()], own, faults.summary(found, bare))


def _field(fields: list[Field], name: str) -> Field | None:
    return next((f for f in fields if f.name == name), None)


def _is_group(field: Field) -> bool:
    return bool(field.rows) and not field.several


def _optional(field: Field, name: str) -> Field:
    return field.model_copy(update={"required": False}) if field.name == name else field

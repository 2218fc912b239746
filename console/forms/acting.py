"""One verb's form while somebody fills it in: drawn, added to, checked, tried out before it is sent."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import ValidationError

from console.forms import controls, faults, reading
from console.forms.controls import Control
from console.forms.faults import Fault
from console.forms.reading import Body
from domain import decide
from domain import events as ev
from domain.actions import FORMS, Act
from domain.actions.form import Form
from domain.actions.intake import LinkCases, MergeCases
from domain.declined import Declined
from domain.dispute import Dispute
from domain.draft import Pressed
from domain.events import Event
from domain.offers import Field
from domain.paper_content import Content
from domain.policy import Policy

NAMES_ANOTHER = ("merge_cases", "link_cases")
"""Verbs that cannot be tried out alone: they name another matter. What they bring about is foreseen in words."""

ONLY_RECORDED = "记入本案的“经过”，任务和时限不变"


class Filled(NamedTuple):
    """A form with what was answered. ``act``: what would be sent, when nothing is wrong with it by itself."""

    fields: list[Field]
    body: Body
    act: Act | None
    wrong: dict[str, str]

    def drawn(self) -> tuple[list[Control], list[Fault]]:
        """The controls, and the summary over them."""
        bare = controls.drawn(self.fields, self.body, {})
        found = faults.placed(self.wrong, bare)
        return controls.drawn(self.fields, self.body, found), faults.summary(found, bare)

    def refused(self, field: str | None, reason: str) -> "Filled":
        """The same with what the decision said against it."""
        return self._replace(wrong={field or "": reason})

    def declined(self, declined: Declined) -> "Filled":
        """The same with all that the decision said against it."""
        return self._replace(wrong=faults.of_declined(declined))


def suggested(fields: list[Field]) -> Body:
    """What a new form is filled with, as far as it is asked for by then."""
    given = {f.name: f.suggested for f in fields if f.suggested not in (None, [], "")}
    always = {f.name: given[f.name] for f in fields if f.name in given and f.when is None}
    return always | {
        f.name: given[f.name] for f in fields if f.name in given and f.when and reading.holds(f.when, always)
    }


def changed(fields: list[Field], body: Body, wish: str) -> Body:
    """The answers with a row more or less: ``more:units``, ``drop:units.2``."""
    verb, _, path = wish.partition(":")
    if verb == "more":
        return _with(fields, body, path.split("."), grow=True)
    return _with(fields, body, path.split("."), grow=False)


def _with(fields: list[Field], body: Body, path: list[str], *, grow: bool) -> Body:
    field = next((f for f in fields if f.name == next(iter(path), "")), None)
    if field is None or not field.rows:
        return body  # of single texts there is always an empty one
    if not field.several:
        return {**body, field.name: _with(field.rows, body.get(field.name) or {}, path[1:], grow=grow)}
    rows: list[Body] = list(body.get(field.name) or ([{}] if field.required else []))
    if grow and len(path) == 1:
        return {
            **body,
            field.name: [
                *rows,
                {c.name: c.suggested for c in field.rows if c.suggested not in (None, [], "")},
            ],
        }
    if len(path) < 2 or not path[1].isdecimal() or int(path[1]) >= len(rows):
        return body
    number = int(path[1])
    if len(path) > 2:
        rows[number] = _with(field.rows, rows[number], path[2:], grow=grow)
    elif not grow:
        del rows[number]
    return {**body, field.name: rows}


def filled(kind: str, fields: list[Field], pairs: list[tuple[str, str]], sender: dict[str, Any]) -> Filled:
    """What a form brought. ``sender``: id, unit, officer and task of the action."""
    body = reading.folded(fields, reading.gathered(pairs))
    try:
        FORMS[kind].model_validate({"kind": kind, **body})
        act = Act.model_validate({**sender, "body": {"kind": kind, **body}})
    except ValidationError as error:
        return Filled(fields, body, None, faults.of_error(error, fields))
    return Filled(fields, body, act, {})


def new_id(kind: str) -> str:
    """An action's id: the form carries it, so that sent twice it is taken once."""
    return f"{kind}-{uuid.uuid4().hex[:16]}"


def tried(d: Dispute, act: Act, policy: Policy, now: datetime) -> list[Event]:
    """What the action would bring about; nothing is kept. Raises Declined."""
    if act.body.kind in NAMES_ANOTHER:
        return []
    return decide.decide(
        d, act, policy, now, None, lambda prefix: f"{prefix}〔{now.year}〕待定号", _unpressed
    )


def _unpressed(name: str, number: str, values: Callable[[str], Content]) -> Pressed:
    """What a paper would say is put together; no file is made of it."""
    values("")
    return Pressed(code="", sha256="")


def follows(d: Dispute, act: Act, events: list[Event]) -> list[str]:
    """What an act would bring about, in words, for whoever is about to send it; there is always something to say."""
    return _consequences(d, events) or _foreseen(d, act) or [ONLY_RECORDED]


def _foreseen(d: Dispute, act: Act) -> list[str]:
    """The same of what cannot be tried out alone."""
    match act.body:
        case MergeCases() as body:
            owed = "、".join(dict.fromkeys(t.title for t in d.open_tasks()))
            return [
                f"本案并入 {body.into}，渠道单号 {d.facts.source_no} 由该案一并答复",
                *([f"本案的任务和时限终止：{owed}"] if owed else []),
                "本案随即归档，以后在并入的案件中办理；查询本案的群众会看到已与另一件合并办理",
            ]
        case LinkCases() as body:
            return [f"记下本案与 {body.to} 的关联（{body.relation}），两件各自继续办理"]
        case _:
            return []


def _consequences(d: Dispute, events: list[Event]) -> list[str]:
    said: list[str] = []
    ended: list[str] = []
    for event in events:
        match event.fact:
            case ev.DocumentRegistered() as f:
                said.append(f"拟出《{f.name}》，制发时定文号，送{f.to}")
            case ev.StageEntered() as f:
                said.append(f"本案进入“{f.stage}”阶段")
            case ev.TaskOpened() as f:
                said.append(f"交{f.unit}办理：{f.title}")
            case ev.ClockStarted() as f if f.deadline.kind in ("internal", "statutory"):
                said.append(f"开始计算{f.deadline.name}，{f.deadline.due_on} 到期")
            case ev.TaskClosed() as f:
                task = d.tasks.get(f.task_id)
                ended += [f"{task.unit}的“{task.title}”"] if task else []
            case _:
                pass
    over = [f"办结{'、'.join(dict.fromkeys(ended))}"] if ended else []
    return [*dict.fromkeys(said), *over]


def form_class(kind: str) -> type[Form] | None:
    """The form of a verb that people send."""
    form = FORMS.get(kind)
    return None if form is None or form.internal else form


__all__ = [
    "Declined",
    "Filled",
    "changed",
    "filled",
    "follows",
    "form_class",
    "new_id",
    "suggested",
    "tried",
]

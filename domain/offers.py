"""What a unit may do now: the verbs at hand with their tasks, forms, choices and suggestions.

Page, API and command line ask here. ``decide`` refuses what is not offered, by the same guards, and takes what is.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from domain.actions import FORMS
from domain.actions.conditions import when_of
from domain.actions.days import happened
from domain.actions.entries import hints
from domain.actions.form import (
    Asked,
    ChoicesFrom,
    extra_of,
    is_several,
    options_of,
    rows_of,
    widget_of,
    words_of,
)
from domain.choices import Choice, choices
from domain.colleagues import People, nobody, nobody_signs_in, takes_over
from domain.decide import successors
from domain.decide.registry import RULES, open_kinds
from domain.dispute import Dispute
from domain.draft import Draft
from domain.due import due_of
from domain.persons import ANY_OFFICER, Officer
from domain.policy import Policy
from domain.state import Task
from domain.suggest import Suggested, suggestions
from domain.tasks import TASKS
from domain.words import SHANGHAI, Model, UnitName

IF_ANY: tuple[ChoicesFrom, ...] = ("files", "other_hands")
"""Where there is nothing to choose nothing is asked."""
LATER = datetime(9999, 1, 1, tzinfo=SHANGHAI)


class Field(Model):
    """One field of a form as it is asked for now."""

    name: str
    title: str
    help: str | None = None
    widget: str
    several: bool = False
    required: bool
    needed: str | None = None
    """When the matter itself makes it required, in words."""
    when: dict[str, Any] | None = None
    """Asked for only under this answer to another field."""
    optional: bool = False
    unit: str | None = None
    choices: list[Choice] = []
    suggested: Any = None
    why: str | None = None
    """Why this is suggested."""
    rows: "list[Field]" = []


class Offer(Model):
    """A verb at hand. ``task``: the task it moves or completes; ``final``: it cannot be undone and is checked first."""

    kind: str
    verb: str
    basis: str
    final: bool
    task: str | None = None
    task_title: str | None = None
    due: datetime | None = None
    """When the task's next duty falls due."""


def offers(
    dispute: Dispute, unit: UnitName, policy: Policy, now: datetime, asks: Officer = ANY_OFFICER
) -> list[Offer]:
    """The verbs this unit has at this moment, most natural first: what its tasks ask for, the most urgent task first.

    ``asks``: whoever it is for. What another must do (审核 of what one drew up, 回访 of what one handled) is not offered to him.
    """
    if dispute.is_over or not dispute.version:
        return []
    unit = policy.unit(unit)
    found = [
        offer
        for task in _own_tasks(dispute, unit, policy)
        for offer in _for_task(dispute, unit, policy, now, task, asks)
    ]
    for_tasks = {offer.kind for offer in found}
    others = (kind for kind, form in FORMS.items() if not form.internal and kind not in for_tasks)
    draft = _draft(dispute, unit, policy, now, None, asks)
    return found + [_offer(kind, policy) for kind in open_kinds(draft, others)]


def _own_tasks(d: Dispute, unit: UnitName, policy: Policy) -> list[Task]:
    """The unit's open tasks, what falls due first first."""
    mine = [t for t in d.open_tasks() if policy.units.same(unit, t.unit)]
    due = {t.id: due_of(d, t) for t in mine}
    return sorted(mine, key=lambda t: due[t.id] or LATER)


def _for_task(
    d: Dispute, unit: UnitName, policy: Policy, now: datetime, task: Task, asks: Officer
) -> Iterator[Offer]:
    draft = _draft(d, unit, policy, now, task.id, asks)
    for kind in open_kinds(draft, TASKS[task.kind].done_by):
        yield _offer(kind, policy, task, due_of(d, task))


def _offer(kind: str, policy: Policy, task: Task | None = None, due: datetime | None = None) -> Offer:
    form = FORMS[kind]
    return Offer(
        kind=kind,
        verb=policy.say(form.verb),
        basis=policy.basis_of(form.basis),
        final=form.final,
        task=task.id if task else None,
        task_title=policy.say(task.title) if task else None,
        due=due,
    )


def _draft(
    d: Dispute,
    unit: UnitName,
    policy: Policy,
    now: datetime,
    task: str | None,
    asks: Officer,
    paper: int | None = None,
) -> Draft:
    return Draft(
        d,
        policy,
        now=now,
        unit=unit,
        officer=asks.name,
        action_id="offer",
        by=asks.by,
        task=task,
        paper=paper,
    )


def why_not(
    dispute: Dispute,
    unit: UnitName,
    policy: Policy,
    now: datetime,
    kind: str,
    task: str | None = None,
    asks: Officer = ANY_OFFICER,
    paper: int | None = None,
) -> str | None:
    """Why a unit, or an officer of it, may not do this now (with this one paper), in Chinese; ``None`` when it may."""
    refusal = RULES[kind].refusal(_draft(dispute, policy.unit(unit), policy, now, task, asks, paper))
    return refusal and policy.say(refusal)


def form_of(
    dispute: Dispute,
    unit: UnitName,
    policy: Policy,
    now: datetime,
    kind: str,
    task: str | None = None,
    asks: Officer = ANY_OFFICER,
    people: People = nobody,
    paper: int | None = None,
) -> list[Field]:
    """The form of a verb as it is asked for now, with the choices of this matter and what is suggested.

    ``paper``: the one that it is about; ``people``: who serves in a unit; where it has
    accounts, whoever takes over is chosen of them.
    """
    draft = _draft(dispute, policy.unit(unit), policy, now, task, asks, paper)
    form = FORMS[kind]
    fields = _fields(form, draft, suggestions(kind, draft))
    heirs = {name for name in form.model_fields if takes_over(hints(form)[name])}
    return [_chosen_of(field, draft, kind, people) if field.name in heirs else field for field in fields]


def _chosen_of(field: Field, draft: Draft, kind: str, people: People) -> Field:
    """The field of who takes over, with those of the unit's people who may."""
    unit = successors.unit_of(kind, draft.d, draft.unit)
    if people is nobody:
        return field
    known = people(unit)
    if not known:
        return field.model_copy(update={"widget": "text", "help": nobody_signs_in(unit)})
    free = [Choice(value=name, label=name) for name in known if successors.is_free(draft, kind, name)]
    nobody_left = f"{unit}没有别的有账号、在岗的人，请账号管理员先为其他人授予岗位"
    return field.model_copy(
        update={"widget": "choice", "choices": free, "help": field.help if free else nobody_left}
    )


def _fields(model: type[Asked], draft: Draft, suggested: dict[str, Suggested]) -> list[Field]:
    told = hints(model)
    past, say = happened(model), draft.policy.say
    fields: list[Field] = []
    for name, field in model.model_fields.items():
        extra, hint = extra_of(field), told[name]
        source = extra.get("choices_from")
        if name == "kind" or (source in IF_ANY and not choices(source, draft)):
            continue
        row = rows_of(hint)
        said = suggested.get(name) or (Suggested(draft.now.date()) if name in past else None)
        fields.append(
            Field(
                name=field.alias or name,
                title=say(field.title or name),
                help=field.description and say(field.description),
                widget="choice" if source else widget_of(hint),
                several=is_several(hint),
                required=field.is_required(),
                needed=extra["needed"] and say(extra["needed"]) if "needed" in extra else None,
                when=_when(model, extra.get("when"), draft),
                optional=bool(extra.get("optional")),
                unit=extra.get("unit"),
                choices=_choices(source, hint, draft),
                suggested=said.value if said else None,
                why=say(said.why) if said and said.why else None,
                rows=_fields(row, draft, {}) if row else [],
            )
        )
    return fields


def _when(model: type[Asked], told: dict[str, Any] | None, draft: Draft) -> dict[str, Any] | None:
    return told and {**told, "words": draft.policy.say(words_of(model, when_of(told)))}


def _choices(source: ChoicesFrom | None, hint: Any, draft: Draft) -> list[Choice]:
    say = draft.policy.say
    if source:
        return [Choice(value=c.value, label=say(c.label)) for c in choices(source, draft)]
    return [Choice(value=option, label=say(option)) for option in options_of(hint)]

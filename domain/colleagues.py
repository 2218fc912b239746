"""Officers who are named in a form, against the people that a unit has accounts for: none is invented.

Whoever takes over must be one of them, or nobody would find the task on his desk. Others may have no account (人民调解员,
a leader who signs on paper): a name that no account has is told as a caution. A unit without any account names whom it likes.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from domain.actions import Action
from domain.actions.entries import Entry, entries, hints
from domain.actions.form import Asked, Serves, marks, widget_of
from domain.cautions import Caution
from domain.decide import successors
from domain.declined import Declined
from domain.dispute import Dispute
from domain.words import UnitName

People = Callable[[UnitName], Sequence[str]]
"""Who serves in a unit, by name."""


def nobody(unit: UnitName) -> Sequence[str]:
    """Of no unit anything is known."""
    return ()


def nobody_signs_in(unit: UnitName) -> str:
    """What is told where a task would go to somebody of a unit in which nobody has an account."""
    return f"{unit}没有有账号、在岗的人，请账号管理员先授予岗位，否则没有人能登录办理"


def takes_over(hint: Any) -> bool:
    """Whether a field names who takes over."""
    return any(isinstance(mark, Serves) for mark in marks(hint))


def units_named(kind: str, form: type[Asked], d: Dispute, unit: UnitName) -> set[UnitName]:
    """The units whose people a form names; none where it names nobody."""
    fields = [hints(form)[name] for name in form.model_fields]
    found = {successors.unit_of(kind, d, unit) for hint in fields if takes_over(hint)}
    return found | ({unit} if any(widget_of(hint) == "officer" for hint in fields) else set())


def check(d: Dispute, body: Action, unit: UnitName, people: People) -> None:
    """Whether who takes over is one of the unit's people. Raises Declined, at the field."""
    for one in _named(body):
        if not takes_over(one.hint):
            continue
        of = successors.unit_of(body.kind, d, unit)
        known = people(of)
        if known and one.value not in known:
            raise Declined(
                "no_colleague", f"“{one.value}”不是{of}有账号、在岗的人，请从名单中选择", one.place
            )


def cautions(d: Dispute, body: Action, unit: UnitName, people: People) -> list[Caution]:
    """Who is named and has no account in the unit, which may be a slip; who takes over where nobody has one."""
    if people is nobody:
        return []
    taking = [one for one in _named(body) if takes_over(one.hint)]
    of = successors.unit_of(body.kind, d, unit)
    alone = [Caution(one.place, nobody_signs_in(of)) for one in taking if not people(of)]
    known = people(unit)
    if not known:
        return alone
    named = [one for one in _named(body) if not takes_over(one.hint) and one.value not in known]
    return alone + [
        Caution(one.place, f"“{one.value}”不是{unit}有账号、在岗的人，请核对姓名") for one in named
    ]


def _named(body: Action) -> Iterator[Entry]:
    """Every officer that a form names."""
    return (one for one in entries(body) if widget_of(one.hint) == "officer")

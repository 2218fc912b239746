"""Which function decides which kind of action, and which says whether a unit may do it now."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from domain.actions import Act
from domain.actions.form import Form
from domain.draft import Draft

F = TypeVar("F", bound=Form)
Guard = Callable[[Draft], None]
"""Raises Declined, with the reason, when the acting unit may not do it at this moment, whatever it would fill in."""
Take = Callable[[Draft, Act, F], None]


class Rule(NamedTuple):
    """How one kind of action is decided."""

    open_to: Guard
    take: Callable[[Draft, Act, Any], None]


RULES: dict[str, Rule] = {}
"""Filled by the modules of this package as they are imported."""


def handles(form: type[F], open_to: Guard) -> Callable[[Take[F]], Take[F]]:
    """Enter a function as the one that decides this form, for whomever ``open_to`` lets."""

    def enter(take: Take[F]) -> Take[F]:
        RULES[form.model_fields["kind"].default] = Rule(open_to, take)
        return take

    return enter

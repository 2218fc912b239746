"""Which function decides which kind of action, and which says whether a unit may do it now."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar

from domain.actions import Act
from domain.actions.form import Form
from domain.decide.may import open_verbs, require_part
from domain.declined import Declined
from domain.draft import Draft

F = TypeVar("F", bound=Form)
Guard = Callable[[Draft], None]
"""Raises Declined, with the reason, when it cannot be done at this moment, whatever would be filled in."""
Take = Callable[[Draft, Act, F], None]
Check = Callable[[Draft, F], Iterable[Declined]]
"""What is wrong with the answers by themselves: all of it is told at once, before anything is decided."""


def _nothing(draft: Draft, body: Form) -> Iterable[Declined]:
    return ()


class Rule(NamedTuple):
    """How one kind of action is decided."""

    kind: str
    guard: Guard
    take: Callable[[Draft, Act, Any], None]
    check: Callable[[Draft, Any], Iterable[Declined]] = _nothing

    def open_to(self, draft: Draft) -> None:
        """Raises Declined, with the reason, when the acting unit may not do it, or not now."""
        require_part(draft, self.kind)
        self.guard(draft)

    def refusal(self, draft: Draft) -> str | None:
        """Why it may not be done now, in Chinese, whatever would be filled in; ``None`` when it may."""
        try:
            self.open_to(draft)
        except Declined as declined:
            return str(declined)
        return None


RULES: dict[str, Rule] = {}
"""Filled by the modules of this package as they are imported."""


def open_kinds(draft: Draft, kinds: Iterable[str]) -> list[str]:
    """Those of these kinds that the acting unit may do now; why not the others is not worded."""
    return [kind for kind in open_verbs(draft, kinds) if _lets(RULES[kind].guard, draft)]


def _lets(guard: Guard, draft: Draft) -> bool:
    try:
        guard(draft)
    except Declined:
        return False
    return True


def handles(form: type[F], guard: Guard, check: Check[F] = _nothing) -> Callable[[Take[F]], Take[F]]:
    """Enter a function as the one that decides this form, whenever ``guard`` lets it be done and ``check`` finds nothing."""

    def enter(take: Take[F]) -> Take[F]:
        kind: str = form.model_fields["kind"].default
        RULES[kind] = Rule(kind, guard, take, check)
        return take

    return enter

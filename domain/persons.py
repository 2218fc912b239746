"""Who does something: by name, and by account where somebody signed in. Four-eyes rules compare persons here."""

import unicodedata
from typing import NamedTuple

from domain.access import Role
from domain.words import Model


class By(Model):
    """The account behind an act. ``person`` and ``post`` by their ids.

    ``deputy_for``: the person who is stood in for (AB岗); ``merged``: the role whose work is done by 兼岗. ``client``: the
    unit's own system that sent it (接口), ``person`` and ``post`` being its; it vouches for the officer that it names.
    ``link``: the party himself did it by a one-time link; ``person`` and ``post`` are those of whoever issued it.
    """

    person: str
    post: str
    deputy_for: str | None = None
    merged: Role | None = None
    client: str | None = None
    link: bool = False


BY_LINK = "当事人本人通过链接"
"""Who did what a one-time link brought: nobody's name is known of whoever holds it."""


class Officer(NamedTuple):
    """Whoever asks what may be done: by name, and by account where somebody signed in. Empty: any officer of the unit."""

    name: str = ""
    by: By | None = None


ANY_OFFICER = Officer()
SYSTEM_OFFICER = "系统"
SYSTEM = Officer(SYSTEM_OFFICER)
"""Who does what the software does by itself."""


class Doer(Model):
    """Somebody as the matter knows him. ``accounts``: his own and that of whom he stood in for; none for a name alone."""

    name: str
    accounts: tuple[str, ...] = ()

    def is_same(self, other: "Doer") -> bool:
        """Whether it is one person, or one in the place of the other: by account where both have one, else by name."""
        if self.accounts and other.accounts:
            return self.shares_account(other)
        return same_name(self.name, other.name)

    def shares_account(self, other: "Doer") -> bool:
        """Whether it is known to be one person: of two units, a name that is the same says nothing."""
        return not set(self.accounts).isdisjoint(other.accounts)


def doer(name: str, by: By | None) -> Doer:
    """Whoever acts under this name and account; whom a system names has none, nor has a party."""
    if by is None or by.client or by.link:
        return Doer(name=name)
    accounts = (by.person, *([by.deputy_for] if by.deputy_for else ()))
    return Doer(name=name, accounts=accounts)


def same_name(one: str, other: str) -> bool:
    """Whether two names are one, however they are spaced."""
    return folded(one) == folded(other)


def folded(name: str) -> str:
    """A name, or a text that may hold one, without blanks and invisible characters."""
    return "".join(c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c)[0] not in "ZC")

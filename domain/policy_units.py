"""Who is who in a county: its name and numbers, its units by role, and how any unit is recognised by name."""

from difflib import get_close_matches
from fnmatch import fnmatchcase

from pydantic import Field

from domain.words import Model, UnitName


class UnknownUnit(ValueError):
    """A unit that the county's policy does not know; the message names the nearest ones."""


class County(Model):
    """The county itself. ``case_prefix`` and ``lead_prefix`` open the numbers, as 偏社争〔2026〕0001号."""

    name: str = Field(min_length=1)
    case_prefix: str = Field(min_length=1)
    lead_prefix: str = Field(min_length=1)
    towns: tuple[str, ...] = ()


class Units(Model):
    """The county's units.

    ``roles``: role -> unit. ``others``: further units by name. ``patterns``: how the many units at the base
    are named (``*`` stands for anything). ``center_patterns``: which names are township centres with the
    hub's own duties.
    """

    roles: dict[str, UnitName]
    others: tuple[UnitName, ...] = ()
    patterns: tuple[str, ...] = ()
    center_patterns: tuple[str, ...] = ()

    def unit(self, name_or_role: str) -> UnitName:
        """The unit by its role or its name. Raises UnknownUnit, in Chinese, with the nearest names."""
        word = name_or_role.strip()
        if word in self.roles:
            return self.roles[word]
        if self.knows(word):
            return word
        known = [*self.roles.values(), *self.others]
        near = get_close_matches(word, known, n=3, cutoff=0.4)
        hint = f"，是否为：{'、'.join(near)}" if near else "，请核对单位全称"
        raise UnknownUnit(f"没有名为“{word}”的单位{hint}")

    def knows(self, name: str) -> bool:
        """Whether this is the name of a unit of the county."""
        return (
            name in self.roles.values()
            or name in self.others
            or any(fnmatchcase(name, p) for p in (*self.patterns, *self.center_patterns))
        )

    def role_of(self, name: UnitName) -> str | None:
        """The first role the unit holds, or ``None``."""
        return next((role for role, unit in self.roles.items() if unit == name), None)

    def is_center(self, name: UnitName) -> bool:
        """Whether it is the county's hub (综治中心) or one of its township centres."""
        return name == self.roles.get("center") or any(fnmatchcase(name, p) for p in self.center_patterns)

"""By what a unit finds the matters that it may know of: the names of the units in one, and its places, for the units at the base.

:mod:`domain.rights` says how much of a matter is seen; every list and search begins here, so that none leaves out what its
reader may open by its number. What one sees the less of, or nothing, is left to the rights.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from domain.decide.parts import at_the_base
from domain.declined import Declined
from domain.dispute import Dispute
from domain.draft import Draft
from domain.policy import Policy
from domain.rights import RELATIONS, draft_of
from domain.seats import is_about, is_of, places_of
from domain.words import UnitName

SOME = "*"
"""After a place or a common name: some unit of it. No unit's name has it."""


class Near(NamedTuple):
    """The marks of the matters that a unit may know of. ``places``: of those that its place alone brings, some of which are
    about a unit of that place itself."""

    names: tuple[str, ...]
    places: tuple[str, ...] = ()

    @property
    def marks(self) -> tuple[str, ...]:
        """All of them; a matter may have several."""
        return (*self.names, *self.places)


def near(unit: UnitName, policy: Policy) -> Near | None:
    """What leads a unit to its matters; ``None`` for one that oversees the whole county."""
    powers = policy.powers
    overseers = (*powers.supervise.units, *policy.cards.decided_by, "joint_office", "center")
    if policy.units.knows(unit) and policy.among(unit, overseers):
        return None
    towns = policy.county.towns if at_the_base(unit, policy) else ()
    return Near(names_of(unit, policy), tuple(town + SOME for town in towns if is_of(unit, town)))


def names_of(unit: UnitName, policy: Policy) -> tuple[str, ...]:
    """By which marks a unit is meant: its own name, and where it is one of many that go by one name, that as well."""
    units = policy.units
    return (unit, *units.common_names(unit), *([unit + SOME] if units.is_common(unit) else []))


def marks_of(units: Iterable[UnitName], policy: Policy) -> list[str]:
    """The marks by which these units are meant, each once."""
    named = list(dict.fromkeys(units))
    common = (name + SOME for unit in named for name in policy.units.common_names(unit))
    return list(dict.fromkeys([*named, *common]))


def marks(d: Dispute, policy: Policy) -> list[str]:
    """What leads to a matter those who may know of it and do not oversee the county."""
    named = list(dict.fromkeys(_named(draft_of(d, "", policy))))
    hubs = (d.center, policy.units.roles.get("center"))
    known = (unit for unit in named if unit in hubs or not is_about(d, policy, unit))
    return [*marks_of(known, policy), *(place + SOME for place in places_of(d, policy))]


def _named(draft: Draft) -> Iterator[UnitName]:
    for part in (part for made_by in RELATIONS.values() for part in made_by if part.units):
        try:
            yield from filter(None, part.units(draft) if part.units else ())
        except Declined:  # a role that the county does not fill is nobody
            continue

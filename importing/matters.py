"""疑似同一事项 inside one export: same person, same unit, same matter. A suggestion for an officer, never more."""

from difflib import SequenceMatcher
from typing import NamedTuple

from domain.intake import Period
from importing.narratives import Proposal

_TELLING = 4
"""Characters of a firm's name that hardly two firms of one caller share."""
_TELLING_AGAIN = 3
"""The same, of one who says to have called about it before."""


class Ref(NamedTuple):
    """An earlier row."""

    sheet: str
    row: int
    ticket: str


class Matter(NamedTuple):
    """What recognises a matter; names folded for comparing. ``repeats``: the caller says to have called before."""

    ref: Ref
    name: str | None
    id_number: str | None
    phone: str | None
    unit: str | None
    unit_named: bool
    uscc: str | None
    proposal: Proposal
    period: Period
    repeats: bool

    def person_keys(self) -> list[tuple[str, ...]]:
        """By what the same person is found again."""
        keys = [("id", self.id_number)] if self.id_number else []
        if self.name and self.phone:
            keys.append(("phone", self.name + self.phone))
        return keys


class Likeness(NamedTuple):
    """The earlier matter and what both have in common, in the officer's words."""

    matter: Matter
    basis: tuple[str, ...]


class Matters:
    """The matters of the rows read so far."""

    def __init__(self) -> None:
        self._of: dict[tuple[str, ...], list[Matter]] = {}

    def add(self, matter: Matter) -> None:
        """Remember a row that will be a matter."""
        for key in matter.person_keys():
            self._of.setdefault(key, []).append(matter)

    def like(self, new: Matter) -> Likeness | None:
        """The first earlier matter that looks like the same."""
        for key in new.person_keys():
            for known in self._of.get(key, ()):
                if basis := _likeness(new, known):
                    return Likeness(known, basis)
        return None


def _likeness(new: Matter, known: Matter) -> tuple[str, ...]:
    """Empty unless person, unit and matter agree; the same name with another 证件号码 is another person."""
    if new.id_number and known.id_number and new.id_number != known.id_number:
        return ()
    if not _same_unit(new, known) or not _same_matter(new, known):
        return ()
    kinds = set(new.proposal.kinds) & set(known.proposal.kinds)
    return (
        "证件号码一致" if new.id_number and new.id_number == known.id_number else "姓名与电话一致",
        *(["单位一致"] if new.unit else []),
        *(["险种一致"] if kinds else []),
        *(["自述此前反映过"] if new.repeats else []),
    )


def _same_unit(new: Matter, known: Matter) -> bool:
    """The same code or name; a name may leave out the place. Whoever calls again need not repeat it."""
    if new.uscc and new.uscc == known.uscc:
        return True
    if new.repeats and not new.unit_named:
        return True
    if not new.unit or not known.unit:
        return new.unit == known.unit
    if new.repeats and _in_common(new.unit, known.unit) >= _TELLING_AGAIN:
        return True
    shorter, longer = sorted((new.unit, known.unit), key=len)
    return longer == shorter or (len(shorter) >= _TELLING and longer.endswith(shorter))


def _in_common(one: str, other: str) -> int:
    """How many characters in a row both names have."""
    return SequenceMatcher(None, one, other, autojunk=False).find_longest_match().size


def _same_matter(new: Matter, known: Matter) -> bool:
    """The same ground for refusal, or the same insurance and type; whoever calls again may say less."""
    mine, theirs = new.proposal, known.proposal
    if new.repeats and mine.vague:
        return True
    if mine.redirect or theirs.redirect:
        return mine.redirect == theirs.redirect
    if not set(mine.kinds) & set(theirs.kinds):
        return False
    return new.repeats or bool(set(mine.types) & set(theirs.types) and _overlap(new.period, known.period))


def _overlap(one: Period, other: Period) -> bool:
    """Whether two 所属期 share a month, as far as they are known."""
    return max(one.from_ or "", other.from_ or "") <= min(one.to or "9999-12", other.to or "9999-12")

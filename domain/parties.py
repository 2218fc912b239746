"""Who is in a matter, once what was registered of somebody is put right; what was there stays in the events alone."""

from collections.abc import Mapping
from typing import Any, TypeVar

from domain.intake import APPLICANT, FIRM, Applicant, Intake, Member, Respondent
from domain.words import Model

Values = Mapping[str, Any]
M = TypeVar("M", bound=Model)

HIDING = ("name", "id_number", "phone", "address")
"""What officers may have written down elsewhere, and is to stay hidden there when it is registered no more."""
OF_BOTH = ("name", "id_number", "phone", "told_by", "language")
"""What is registered of an applicant and of the line of the roll that is the same person."""


def corrected(intake: Intake, whose: str, place: int, values: Values) -> Intake:
    """The registration with one party's data put right. ``place``: the respondent's number from 1, or the line of the roll.

    Somebody who stands in it twice, as applicant and in the roll, is put right in both. Raises ValueError for what a
    registration may not hold.
    """
    before = intake.applicant
    if whose == FIRM:
        firms = [_with(r, values) if n == place else r for n, r in enumerate(intake.respondents, 1)]
        changed = intake.model_copy(update={"respondents": firms})
        return _confirmed(changed, {f"respondents.{place - 1}.{name}" for name in values})
    was: Applicant | Member = (
        before if whose == APPLICANT else next(m for m in before.members if m.line == place)
    )
    shared = {name: value for name, value in values.items() if name in OF_BOTH}
    fields: set[str] = set()
    members: list[Member] = []
    for n, member in enumerate(before.members):
        same = member is was or (was is before and is_same(was, member))
        members.append(_with(member, shared) if same else member)
        fields |= {f"applicant.members.{n}.{name}" for name in shared} if same else set()
    himself = was is before or is_same(before, was)
    applicant = _with(before, values if was is before else shared) if himself else before
    fields |= {f"applicant.{name}" for name in values} if himself else set()
    named = {was.name: values.get("name", was.name)}
    representatives = [named.get(name, name) for name in before.representatives]
    applicant = applicant.model_copy(update={"members": members, "representatives": representatives})
    return _confirmed(intake.model_copy(update={"applicant": applicant}), fields)


def is_same(one: Applicant | Member, other: Applicant | Member) -> bool:
    """Whether it is one person: by name, and by number or telephone."""
    alike = (one.id_number and one.id_number == other.id_number) or (one.phone and one.phone == other.phone)
    return one.name == other.name and bool(alike)


def replaced(before: Intake, after: Intake) -> list[str]:
    """What was registered of people and is no more, in the order of the registration."""
    kept = set(_words(after))
    return [word for word in dict.fromkeys(_words(before)) if word not in kept]


def _words(intake: Intake) -> list[str]:
    a = intake.applicant
    people = (getattr(p, name, None) for p in (a, *a.members) for name in HIDING)
    return [word for word in (*people, *(r.contact for r in intake.respondents)) if word]


def _with(party: M, values: Values) -> M:
    return type(party).model_validate(party.model_dump(by_alias=True) | dict(values))


def _confirmed(intake: Intake, fields: set[str]) -> Intake:
    """Checked as a registration is; a number put right waits for no confirmation any more."""
    left = [field for field in intake.unconfirmed if field not in fields]
    return Intake.model_validate(intake.model_dump(by_alias=True) | {"unconfirmed": left})


def party(intake: Intake, whose: str, place: int) -> Applicant | Member | Respondent:
    """Whom a correction is about. Raises LookupError."""
    if whose == APPLICANT:
        return intake.applicant
    if whose == FIRM:
        return dict(enumerate(intake.respondents, 1))[place]
    return {m.line: m for m in intake.applicant.members}[place]

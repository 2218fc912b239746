"""疑似重复: whether two registrations look like the same matter. A suggestion for an officer, never more."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from domain.dispute import Dispute
from domain.intake import Claim, Intake
from ledger.names import fold_company, fold_name, fold_number


class Person(NamedTuple):
    """Somebody who asks for something, as far as it serves to recognise them."""

    name: str | None
    folded: str | None
    id_number: str | None
    phone: str | None


def people(intake: Intake) -> list[Person]:
    """The applicant and every member of a group."""
    applicant = intake.applicant
    return [
        Person(p.name, fold_name(p.name), fold_number(p.id_number), fold_number(p.phone))
        for p in (applicant, *applicant.members)
    ]


class Likeness(NamedTuple):
    """What two registrations have in common, in the officer's words. ``whole``: person, employer, insurance and period all
    agree, so that one is most likely the other; never so by a name alone.
    """

    basis: list[str]
    whole: bool


BY_ID, BY_PHONE, BY_NAME = "证件号一致", "姓名与电话一致", "姓名一致，没有证件号、电话可比"
FIRM, MONTHS = "单位一致", "险种一致、所属期重叠"
_SUREST = (BY_ID, BY_PHONE, BY_NAME)


def likeness(new: Intake, known: Intake) -> Likeness | None:
    """What makes the two worth comparing, if anything does.

    The same 证件号 and the same kind of claim, however the employer is called and whatever the period: a firm has many names,
    and who tells of it again tells of other months. By name and telephone alone employer and period must agree, too; by the
    name alone, with nothing to tell two of that name apart, there must be an employer. The same name with another 证件号 is
    another person.
    """
    person = _same_person(people(new), people(known))
    if person is None:
        return None
    mine, theirs = person
    sign = _sign(mine, theirs)
    firm, months = _same_respondent(new, known), _same_claim(new.claims, known.claims, _overlap)
    whole = firm and months and not (sign == BY_NAME and not new.respondents)
    if not whole and not (sign == BY_ID and _same_claim(new.claims, known.claims, _same_kind)):
        return None
    basis = [
        sign,
        *([FIRM] if firm and new.respondents else []),
        MONTHS if months else "险种与类型一致",
        *(["姓名异体字"] if mine.folded == theirs.folded and mine.name != theirs.name else []),
    ]
    return Likeness(basis, whole and sign != BY_NAME)


def _sign(mine: Person, theirs: Person) -> str:
    if mine.id_number and mine.id_number == theirs.id_number:
        return BY_ID
    return BY_PHONE if mine.phone and mine.phone == theirs.phone else BY_NAME


def same_ticket(known: Dispute, new: Intake) -> bool:
    """Whether a ticket registered before said the same: a ticket used for somebody else's matter does not.

    Under a name that was put right since, it is still the same.
    """
    names = [fold_name(name) for name in (known.facts.applicant.name, *known.former)]
    stories = [fold_name(intake.narrative) for intake in (known.facts, new)]
    return fold_name(new.applicant.name) in names and stories[0] == stories[1]


def _same_person(new: Iterable[Person], known: list[Person]) -> tuple[Person, Person] | None:
    """Two who are, or may be, the same: by the surest sign that there is."""
    by_mark: dict[str, list[Person]] = {}
    for theirs in known:
        for mark in _marks(theirs):
            by_mark.setdefault(mark, []).append(theirs)
    met = ((mine, theirs) for mine in new for mark in _marks(mine) for theirs in by_mark.get(mark, ()))
    pairs = (pair for pair in met if _may_be(*pair))
    return min(pairs, key=lambda pair: _SUREST.index(_sign(*pair)), default=None)


def _marks(person: Person) -> list[str]:
    """By what to look for one: a 证件号 is no name."""
    return [mark for mark in (person.id_number, person.folded) if mark]


def _may_be(mine: Person, theirs: Person) -> bool:
    """Whether two have a 证件号 in common, or a name and no number that differs."""
    if mine.id_number and theirs.id_number:
        return mine.id_number == theirs.id_number
    if mine.phone and theirs.phone and mine.phone != theirs.phone:
        return False
    return mine.folded is not None and mine.folded == theirs.folded


def _same_respondent(new: Intake, known: Intake) -> bool:
    if not new.respondents or not known.respondents:
        return not new.respondents and not known.respondents
    for mine in new.respondents:
        for theirs in known.respondents:
            if mine.uscc and fold_number(mine.uscc) == fold_number(theirs.uscc):
                return True
            if _same_company(fold_company(mine.name), fold_company(theirs.name)):
                return True
    return False


def _same_company(one: str | None, other: str | None) -> bool:
    """Equal, or one leaves out the place that the other begins with."""
    if not one or not other:
        return False
    shorter, longer = sorted((one, other), key=len)
    return longer == shorter or (len(shorter) >= 4 and longer.endswith(shorter))


def _same_claim(new: list[Claim], known: list[Claim], alike: Callable[[Claim, Claim], bool]) -> bool:
    """Whether both ask for the same insurance in a claim that is ``alike`` besides."""
    return any(
        mine.insurance is not None and mine.insurance == theirs.insurance and alike(mine, theirs)
        for mine in new
        for theirs in known
    )


def _same_kind(mine: Claim, theirs: Claim) -> bool:
    """Whether the type is the same, as far as it is known."""
    return mine.type is None or theirs.type is None or mine.type == theirs.type


def _overlap(mine: Claim, theirs: Claim) -> bool:
    """Whether two 所属期 share a month, as far as they are known."""
    one, other = mine.period, theirs.period
    later_start = max(one.from_ or "", other.from_ or "")
    earlier_end = min(one.to or "9999-12", other.to or "9999-12")
    return later_start <= earlier_end

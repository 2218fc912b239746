"""Who of the parties hears of something, each once, and as he agreed to; nobody else learns by it who a reporter is."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from domain.dispute import Dispute
from domain.intake import APPLICANT, FIRM, MEMBER, Applicant, Member
from domain.notices import Way
from domain.parties import is_same

_ROLL = "member"


class Hearer(NamedTuple):
    """Somebody who hears. ``key``: who that is in the matter, without a name; ``way``: as he agreed to."""

    key: str
    way: Way
    phone: str | None
    language: str | None = None

    @property
    def is_of_roll(self) -> bool:
        """Whether it is somebody of the roll."""
        return is_of_roll(self.key)


def is_of_roll(key: str) -> bool:
    """Whether this key is that of somebody of the roll."""
    return key.startswith(f"{_ROLL}-")


def hearers(d: Dispute, whose: Iterable[str]) -> list[Hearer]:
    """Whoever hears of something that is told to these, each person once.

    Whoever of a group was not asked, or left no telephone, hears by its representative (劳动争议调解仲裁法第七条), and is not
    among them. A firm hears where it gave a telephone; never where the applicant is to stay hidden. Everybody else hears by
    the papers alone.
    """
    wanted = set(whose)
    heard = [h for h in _asking(d) if (APPLICANT if h.key == "applicant" else MEMBER) in wanted]
    return heard + (list(_firms(d)) if FIRM in wanted else [])


def hearer(d: Dispute, key: str) -> Hearer | None:
    """One of them as he agrees and is to be reached now, whatever has become of his part in the matter since."""
    applicant = d.facts.applicant
    people: dict[str, Applicant | Member] = {"applicant": applicant}
    people |= {f"{_ROLL}-{member.line}": member for member in applicant.members}
    one = people.get(key)
    if one and one.told_by:
        return Hearer(key, one.told_by, one.phone, one.language)
    return next((firm for firm in _firms(d) if firm.key == key), None)


def called(keys: Iterable[str]) -> str:
    """Who is meant, as an officer reads it: 申请人, 被反映单位, 名册第2、5行."""
    numbers: dict[str, list[str]] = {}
    for key in keys:
        kind, _, number = key.partition("-")
        numbers.setdefault(kind, []).append(number)
    for of_kind in numbers.values():
        of_kind.sort(key=lambda number: int(number or 0))
    words = {
        "applicant": lambda: APPLICANT,
        "firm": lambda: FIRM + "、".join(n and f"第{n}个" for n in numbers["firm"]),
        _ROLL: lambda: f"名册第{'、'.join(numbers[_ROLL])}行",
    }
    return "，".join(words[kind]() for kind in numbers)


def _asking(d: Dispute) -> Iterator[Hearer]:
    applicant = d.facts.applicant
    if applicant.anonymous:
        return
    if applicant.told_by:
        yield Hearer("applicant", applicant.told_by, applicant.phone, applicant.language)
    gone = {line for part in d.parted for line in part.lines}
    before: list[Applicant | Member] = [applicant]
    for member in applicant.members:
        if member.told_by and member.line not in gone and _reached(member):
            if not any(_twice(other, member) for other in before):
                yield Hearer(f"{_ROLL}-{member.line}", member.told_by, member.phone, member.language)
            before.append(member)


def _reached(member: Member) -> bool:
    return member.told_by is Way.LETTER or bool(member.phone)


def _twice(one: Applicant | Member, other: Member) -> bool:
    """Whether a person stands twice in the registration, and hears as the first."""
    return bool(one.told_by) and is_same(one, other)


def _firms(d: Dispute) -> Iterator[Hearer]:
    if d.confidential or d.facts.applicant.anonymous:
        return
    for n, firm in enumerate(d.facts.respondents, 1):
        if firm.contact_phone:
            only = len(d.facts.respondents) == 1
            yield Hearer("firm" if only else f"firm-{n}", Way.SMS, firm.contact_phone)

"""What cannot be right about a registration, whoever sends it: to be asked back before a clock is counted from it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.intake import Applicant, Intake
from domain.numbers import document, wrong_numbers

CLOCKS_DIFFER = timedelta(minutes=10)


class Implausible(NamedTuple):
    """The field, and what is wrong with it, in Chinese."""

    code: str
    message: str
    field: str


def implausible(intake: Intake, now: datetime | None) -> Iterator[Implausible]:
    """Everything that cannot be right. ``now``: none on a demonstration's clock."""
    if now and intake.received_at > now + CLOCKS_DIFFER:
        said = f"收件时间 {intake.received_at:%Y-%m-%d %H:%M} 晚于现在，期限会算错，请核对年月日"
        yield Implausible("in_the_future", said, "received_at")
    for field, said in wrong_numbers(intake):
        yield Implausible("wrong_number", said, field)
    yield from _roll(intake.applicant)
    for number, claim in enumerate(intake.claims, 1):
        first, last = claim.period.from_, claim.period.to
        if first and last and last < first:
            said = f"第 {number} 项诉求的所属期止（{last}）早于起（{first}），请核对"
            yield Implausible("period_reversed", said, f"claims.{number - 1}.period")


def _roll(applicant: Applicant) -> Iterator[Implausible]:
    """A roll of more people than are said to be, and somebody who stands in it twice."""
    people = len(applicant.members)
    if people > applicant.headcount:
        said = f"名册有 {people} 人，人数写的是 {applicant.headcount}，请核对"
        yield Implausible("roll_longer", said, "applicant.headcount")
    first: dict[str, int] = {}
    for n, member in enumerate(applicant.members):
        number = document(member.id_number or "").usable
        if number and (before := first.setdefault(number, member.line)) != member.line:
            said = f"名册第 {member.line} 行与第 {before} 行的证件号码相同，同一个人只列一行"
            yield Implausible("twice_in_roll", said, f"applicant.members.{n}.id_number")

"""What cannot be right about a registration, whoever sends it: to be asked back before a clock is counted from it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.intake import EARLIEST, Applicant, Claim, Intake
from domain.numbers import document, wrong_numbers
from domain.words import SHANGHAI, ClaimType, Regime

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
    for number, claim in enumerate(intake.claims):
        if found := period_fault(claim, intake.received_at):
            code, said = found
            yield Implausible(code, f"第 {number + 1} 项诉求的{said}，请核对", f"claims.{number}.period")


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


ARREARS = (ClaimType.NOT_ENROLLED, ClaimType.UNPAID, ClaimType.WRONG_BASE)


def period_fault(claim: Claim, received_at: datetime) -> tuple[str, str] | None:
    """What cannot be right about a 所属期.

    Nobody is in arrears with a month that has not begun; but residents pay by the year, and whoever pays beforehand may
    ask it back: for them it ends with the next year.
    """
    first, last = claim.period.from_, claim.period.to
    ends = [month for month in (first, last) if month]
    if first and last and last < first:
        return "period_reversed", f"所属期止（{last}）早于起（{first}）"
    if ends and min(ends) < f"{EARLIEST}-01":
        return "period_too_early", f"所属期（{min(ends)}）早于 {EARLIEST} 年"
    received = received_at.astimezone(SHANGHAI)
    strict = claim.regime != Regime.RESIDENT and claim.type in ARREARS
    latest, word = (f"{received:%Y-%m}", "收件当月") if strict else (f"{received.year + 1}-12", "收件次年")
    if ends and max(ends) > latest:
        return "period_to_come", f"所属期（{max(ends)}）晚于{word}（{latest[: 7 if strict else 4]}）"
    return None

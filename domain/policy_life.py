"""What a policy says of a matter's way besides its route: who receives it, how a tier ends, where else it may go."""

from datetime import date, timedelta
from typing import Literal

from pydantic import Field

from domain.calendar import WorkCalendar
from domain.clocks import Tag
from domain.words import Level, Model, UnitName


class TierCallback(Model):
    """回访 of one tier.

    ``rounds``: 0 none, 1 after the notice, 2 once more after execution. ``clock``, ``again``: the clocks of the first and
    of every later callback. ``by``: ``center``, ``lead`` or a role.
    """

    rounds: int = Field(default=2, ge=0, le=2)
    clock: str = "first_callback"
    again: str = "second_callback"
    by: str = "center"


class MediatorRules(Model):
    """调解组. ``chiefs``: who may lead one (首席调解员)."""

    chiefs: tuple[str, ...] = Field(min_length=1)
    basis: str = Field(min_length=1)
    tag: Tag


class OwnFact(Model):
    """A fact that the county asks for at registration, answered yes, no or 不明. ``ask``: the question."""

    ask: str = Field(min_length=1)


class ReceivingRules(Model):
    """首问责任制: who, besides the hubs, may receive a matter and answers for it until a hub has it.

    ``units`` as in a power. ``clock``: within which the receiver finishes it, refuses it, or hands it over with its
    preliminary opinion.
    """

    units: tuple[str, ...] = Field(min_length=1)
    clock: str
    basis: str = Field(min_length=1)
    tag: Tag


class HubRule(Model):
    """The hub of these towns: what comes in elsewhere from there is its own."""

    towns: tuple[str, ...] = Field(min_length=1)
    hub: UnitName


class TransferRules(Model):
    """移送外地, a decision of its own. ``clock``: for telling the applicant and handing the papers over."""

    clock: str
    basis: str = Field(min_length=1)
    tag: Tag


class ReviewRule(Model):
    """A list gone through regularly (月度会审), which blocks no matter and is nobody's task.

    ``day``: of the week (1 Monday), of the month, or of the quarter's first month; a day off is put off to the next
    working day. Listed is what is open then, of these ``tiers`` (all when none is named), received at least
    ``older_than_days`` natural days before. ``unit``: the role that goes through it.
    """

    name: str = Field(min_length=1)
    every: Literal["week", "month", "quarter"]
    day: int = Field(ge=1, le=28)
    tiers: tuple[Level, ...] = ()
    older_than_days: int = Field(default=0, ge=0)
    unit: str
    basis: str = Field(min_length=1)
    tag: Tag

    def next_day(self, today: date, calendar: WorkCalendar) -> date:
        """The next day on which the list is gone through, today included."""
        planned = (today + timedelta(days=n) for n in range(-14, 200))
        days = (calendar.roll(day) for day in planned if self._is_planned(day))
        return next(day for day in days if day >= today)

    def _is_planned(self, day: date) -> bool:
        match self.every:
            case "week":
                return day.isoweekday() == self.day
            case "month":
                return day.day == self.day
            case "quarter":
                return day.day == self.day and day.month % 3 == 1

"""Days and months in a form: on which something was done, on which something is to be done, which have begun.

Every field that asks for one carries one of these marks; :mod:`domain.decide.happened` and :mod:`domain.decide.ahead`
refuse what they do not allow.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Annotated, Literal, NamedTuple

from domain.actions.entries import entries, hints
from domain.actions.form import Asked, Moment, Months, YearMonth, marks, rows_of
from domain.words import SHANGHAI

Since = Literal[
    "received", "claims", "decided", "refused", "transferred", "told", "asked_above", "order", "waited", "signed", "applied",
    "issued",
]  # fmt: skip
"""What a day cannot come before (:mod:`domain.decide.happened`)."""


class Happening(NamedTuple):
    """Marks a day on which something was done in the world: never later than today, never before what it comes after."""

    since: Since = "received"


class Ahead(NamedTuple):
    """Marks a day on which something is to be done: never before today, or before what it comes after where it says so."""

    since: Since | None = None


class Begun(NamedTuple):
    """Marks months: the last of them has begun."""


Mark = Happening | Ahead | Begun

Happened = Annotated[date, Happening()]
"""A day on which something was done, not before the matter came in; checked when the action is decided."""
HappenedEver = Annotated[date, Happening("claims")]
"""One that may have been before the matter came in, but not before the months in dispute began."""
Due = Annotated[date, Ahead()]
"""A day until which something is to be done."""
Coming = Annotated[Moment, Ahead()]
"""A moment at which something is to be done."""
Sitting = Annotated[Moment, Ahead("received")]
"""When units sit together: it lies ahead, but that they were called may be recorded when they have already sat."""
PastMonths = Annotated[Months, Begun()]
PastMonth = Annotated[YearMonth, Begun()]


class Told(NamedTuple):
    """A day or month told in a form: its title, its place, the answer, and what it is marked as."""

    title: str
    place: str
    value: date | Months | str
    mark: Mark

    @property
    def day(self) -> date:
        """The day that it is, of a moment the one in the county. Of months there is none."""
        assert isinstance(self.value, date)
        moment = self.value if isinstance(self.value, datetime) else None
        return moment.astimezone(SHANGHAI).date() if moment else self.value


@cache
def marked(model: type[Asked]) -> Mapping[str, Mark]:
    """The fields of a model that tell a day or months, each with its mark; those of its rows are not among them."""
    told = hints(model)
    own = ((name, m) for name in model.model_fields if not rows_of(told[name]) for m in marks(told[name]))
    return {name: mark for name, mark in own if isinstance(mark, Happening | Ahead | Begun)}


def happened(model: type[Asked]) -> set[str]:
    """The fields of a model that tell a day on which something was done."""
    return {name for name, mark in marked(model).items() if isinstance(mark, Happening)}


def past(body: Asked) -> Iterator[tuple[Told, Since]]:
    """Every day told as past in a form, and what it cannot have been before."""
    return ((one, one.mark.since) for one in told(body) if isinstance(one.mark, Happening))


def coming(body: Asked) -> Iterator[tuple[Told, Since | None]]:
    """Every day told as coming in a form, and what it cannot be before if that is not today."""
    return ((one, one.mark.since) for one in told(body) if isinstance(one.mark, Ahead))


def told(form: Asked) -> Iterator[Told]:
    """Every marked day and month answered in a form, with its title and place."""
    for one in entries(form):
        mark = marked(one.model).get(one.name)
        if mark is not None:
            yield Told(one.title, one.place, one.value, mark)

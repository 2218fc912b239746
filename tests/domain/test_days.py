"""Every day a form asks for either has been or is to come, and is held to that; far-off ones are asked back."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, get_type_hints

import pytest

from domain.actions import FORMS
from domain.actions.days import Ahead, Begun, Happening, Mark, marked
from domain.actions.form import Asked, Months, rows_of, widget_of
from domain.actions.meetings import ProposeJointMeeting
from domain.cautions import FAR_AHEAD, cautions
from domain.decide import ahead, happened
from domain.declined import Declined
from domain.draft import Draft
from domain.words import SHANGHAI
from tests.support.case import LOUD, MEDIATOR, OFFICE, TAX, Case, case, consulted, county
from tests.support.forms import filled

UNMARKED = {
    "absorb_source.received_at": "sent by the office itself, of a registration that was checked when it came",
}
WIDGETS = ("date", "datetime", "month", "months")

Place = tuple[str, tuple[str, ...]]
"""A form, and the way to a field through its rows."""


def places() -> Iterator[tuple[Place, type[Asked]]]:
    """Every field of every form that asks for a day or months."""
    for kind, form in FORMS.items():
        yield from _within(kind, (), form)


def _within(kind: str, way: tuple[str, ...], model: type[Asked]) -> Iterator[tuple[Place, type[Asked]]]:
    hints = get_type_hints(model, include_extras=True)
    for name in model.model_fields:
        if row := rows_of(hints[name]):
            yield from _within(kind, (*way, name), row)
        elif widget_of(hints[name]) in WIDGETS:
            yield (kind, (*way, name)), model


def of_mark(kind: type[Mark]) -> list[Place]:
    return [place for place, model in places() if isinstance(marked(model).get(place[1][-1]), kind)]


def test_every_day_and_month_of_every_form_has_been_or_is_to_come() -> None:
    bare = {".".join((kind, *way)) for (kind, way), model in places() if way[-1] not in marked(model)}
    assert bare == set(UNMARKED)


@pytest.fixture(scope="module")
def draft() -> Draft:
    c = case().on("2026-03-12", 10)
    return Draft(c.state, county(), now=c.now, unit=TAX, officer="甲", action_id="a")


TODAY = date(2026, 3, 12)


@pytest.mark.parametrize("place", of_mark(Ahead), ids=str)
def test_what_is_to_come_is_refused_where_it_is_over_and_where_no_clock_counts_to(
    place: Place, draft: Draft
) -> None:
    path, first = _path(place), _first(place)
    late = list(ahead.faults(draft, only(place, first - timedelta(days=1))))
    assert [(f.code, f.field) for f in late] == [("past_due", path)]
    assert [f.code for f in ahead.faults(draft, only(place, date(9999, 12, 31)))] == ["too_far"]
    for day in (first, TODAY, TODAY + FAR_AHEAD + timedelta(days=1)):
        assert not list(ahead.faults(draft, only(place, day)))


def test_a_moment_to_come_is_refused_by_the_minute(draft: Draft) -> None:
    def faults(at: datetime) -> list[str]:
        body = ProposeJointMeeting.model_validate(filled("propose_joint_meeting", held_at=at))
        return [fault.code for fault in ahead.faults(draft, body)]

    assert faults(draft.now - timedelta(minutes=1)) == ["past_due"]
    assert faults(draft.now) == []


@pytest.mark.parametrize("place", of_mark(Ahead), ids=str)
def test_what_is_to_come_only_after_two_years_is_asked_back(place: Place, draft: Draft) -> None:
    def odd(day: date) -> list[str]:
        found = cautions(draft.d, only(place, day), county(), draft.now)
        return [caution.field for caution in found if "请核对" in caution.message]

    assert odd(TODAY + FAR_AHEAD + timedelta(days=1)) == [_path(place)]
    assert odd(TODAY) == odd(TODAY + FAR_AHEAD) == []
    assert odd(_first(place)) == ([_path(place)] if _first(place) < TODAY else [])


@pytest.mark.parametrize("place", of_mark(Happening), ids=str)
def test_what_has_been_is_refused_where_it_is_to_come(place: Place, draft: Draft) -> None:
    found = list(happened.faults(draft, only(place, TODAY + timedelta(days=1))))
    assert [(f.code, f.field) for f in found] == [("future", _path(place))]


@pytest.mark.parametrize("place", of_mark(Begun), ids=str)
def test_months_that_have_begun_end_by_now(place: Place, draft: Draft) -> None:
    def refused(month: str) -> list[tuple[str, str | None]]:
        several = Months.model_validate({"from": "2024-01", "to": month})
        form = FORMS[place[0]]
        single = widget_of(get_type_hints(form, include_extras=True)[place[1][-1]]) == "month"
        return [(f.code, f.field) for f in happened.faults(draft, only(place, month if single else several))]

    assert refused("2026-04") == [("future", _path(place))]
    assert refused("2026-03") == []


def test_a_supervision_and_an_instalment_that_are_over_are_refused_at_their_field() -> None:
    def refusal(c: Case, unit: str, **said: Any) -> tuple[str, str | None]:
        with pytest.raises(Declined) as refused:
            c.act(filled(**said), unit)
        return refused.value.code, refused.value.field

    c = case(indicators=LOUD).accepted("高", TAX)
    assert refusal(c, OFFICE, kind="supervise", due="2026-03-08") == ("past_due", "due")
    c = consulted().do("mediation_start", MEDIATOR, voluntary_statement=True)
    parts = [{"due": "2026-03-10", "amount": "400"}, {"due": "2020-01-01", "amount": "600"}]
    said = {"kind": "draft_agreement", "amount": "1000", "instalments": parts}
    assert refusal(c, MEDIATOR, **said) == ("past_due", "instalments.1.due")
    parts[1]["due"] = "2026-04-10"
    c.act(filled(**said), MEDIATOR)


def only(place: Place, value: Any) -> Any:
    """A form in which nothing is answered but this."""
    kind, way = place
    return _only(FORMS[kind], way, value)


def _only(model: type[Asked], way: tuple[str, ...], value: Any) -> Any:
    name, *rest = way
    hint = get_type_hints(model, include_extras=True)[name]
    if row := rows_of(hint):
        value = [_only(row, tuple(rest), value)]
    elif widget_of(hint) == "datetime":
        value = datetime(value.year, value.month, value.day, 23, tzinfo=SHANGHAI)
    empty = {n: 1 if f.annotation is int else None for n, f in model.model_fields.items() if n != "kind"}
    return model.model_construct(**{**empty, name: value})


def _path(place: Place) -> str:
    return ".0.".join(place[1])


def _first(place: Place) -> date:
    """The first day that is taken: the day on which the matter came in, where it may be recorded afterwards."""
    model = next(model for found, model in places() if found == place)
    mark = marked(model)[place[1][-1]]
    return date(2026, 3, 9) if isinstance(mark, Ahead) and mark.since else TODAY

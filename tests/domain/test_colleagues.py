"""Officers named in a form: who takes over is one of the unit's people, and nobody is invented."""

from collections.abc import Sequence
from typing import Any, get_type_hints

import pytest

from domain import colleagues
from domain.actions import FORMS
from domain.actions.form import is_several, widget_of
from domain.colleagues import takes_over
from domain.declined import Declined
from domain.offers import Field, form_of
from tests.support.case import CENTER, HRSS, TAX, Case, case, county, told

PEOPLE: dict[str, Sequence[str]] = {TAX: ["税务员甲", "税务员乙", "税务员丙"], CENTER: ["初审员"]}


def people(unit: str) -> Sequence[str]:
    return PEOPLE.get(unit, ())


def dissatisfied() -> Case:
    return told().called("不满意", category="a 未履行")


def naming(kind: str, name: str) -> Any:
    """A form in which this one takes over."""
    return FORMS[kind].model_construct(to_officer=name)


def field(c: Case, unit: str, kind: str) -> Field:
    form = form_of(c.state, unit, county(), c.now, kind, people=people)
    return next(f for f in form if f.name == "to_officer")


NAMES_AN_OFFICER = {
    (kind, name)
    for kind, form in FORMS.items()
    for name, hint in get_type_hints(form, include_extras=True).items()
    if name in form.model_fields and widget_of(hint) == "officer"
}


def test_who_takes_over_is_named_in_these_alone() -> None:
    hints = {kind: get_type_hints(form, include_extras=True) for kind, form in FORMS.items()}
    over = {(kind, name) for kind, name in NAMES_AN_OFFICER if takes_over(hints[kind][name])}
    assert over == {("reopen_case", "to_officer"), ("reassign_officer", "to_officer")}
    assert all(name != "to_officer" for _, name in NAMES_AN_OFFICER - over)


def test_what_is_handled_again_goes_to_the_people_of_the_lead_but_not_to_who_had_it() -> None:
    asked = field(dissatisfied(), CENTER, "reopen_case")
    assert (asked.widget, [c.value for c in asked.choices]) == ("choice", ["税务员乙", "税务员丙"])


def test_a_task_is_passed_on_within_the_unit() -> None:
    asked = field(case().accepted(), TAX, "reassign_officer")
    assert [c.value for c in asked.choices] == ["税务员甲", "税务员乙", "税务员丙"]


def test_where_nobody_else_is_left_the_form_says_so() -> None:
    c = dissatisfied()
    form = form_of(c.state, CENTER, county(), c.now, "reopen_case", people=lambda unit: ["税务员甲"])
    asked = next(f for f in form if f.name == "to_officer")
    assert (asked.widget, asked.choices) == ("choice", [])
    assert asked.help
    assert f"{TAX}没有别的有账号、在岗的人" in asked.help


@pytest.mark.parametrize(
    ("kind", "unit", "c"), [("reopen_case", CENTER, dissatisfied()), ("reassign_officer", HRSS, case())]
)
def test_a_unit_without_an_account_names_whom_it_likes(kind: str, unit: str, c: Case) -> None:
    form = form_of(c.state, unit, county(), c.now, kind, people=colleagues.nobody)
    assert next(f for f in form if f.name == "to_officer").widget == "officer"
    colleagues.check(c.state, naming(kind, "不存在的人"), unit, colleagues.nobody)
    assert colleagues.cautions(c.state, naming(kind, "不存在的人"), unit, colleagues.nobody) == []


def test_where_nobody_of_the_unit_can_sign_in_it_is_told() -> None:
    c = dissatisfied()
    form = form_of(
        c.state,
        CENTER,
        county(),
        c.now,
        "reopen_case",
        people=lambda unit: PEOPLE[CENTER] if unit == CENTER else (),
    )
    asked = next(f for f in form if f.name == "to_officer")
    assert (asked.widget, asked.help) == ("text", colleagues.nobody_signs_in(TAX))
    (said,) = colleagues.cautions(c.state, naming("reopen_case", "李四"), CENTER, lambda unit: ())
    assert said == ("to_officer", colleagues.nobody_signs_in(TAX))


@pytest.mark.parametrize(
    ("kind", "unit", "of"), [("reopen_case", CENTER, TAX), ("reassign_officer", CENTER, CENTER)]
)
def test_nobody_but_one_of_the_unit_takes_over(kind: str, unit: str, of: str) -> None:
    d = dissatisfied().state
    for name in people(of):
        colleagues.check(d, naming(kind, name), unit, people)
    elsewhere = [name for other in PEOPLE if other != of for name in people(other)]
    for name in ("不存在的人", *elsewhere):
        with pytest.raises(Declined, match=f"不是{of}有账号、在岗的人") as refused:
            colleagues.check(d, naming(kind, name), unit, people)
        assert (refused.value.code, refused.value.field) == ("no_colleague", "to_officer")


@pytest.mark.parametrize(("kind", "name"), sorted(NAMES_AN_OFFICER))
def test_every_officer_named_is_either_of_the_unit_s_people_or_asked_about(kind: str, name: str) -> None:
    """Of each form: a name that no account has is refused, or told before it is sent."""
    d = dissatisfied().state

    def told_of(officer: str) -> set[str]:
        given: dict[str, Any] = {other: None for form, other in NAMES_AN_OFFICER if form == kind}
        several = is_several(get_type_hints(FORMS[kind], include_extras=True)[name])
        given[name] = [officer] if several else officer
        body: Any = FORMS[kind].model_construct(**given)
        found = {c.field.partition(".")[0] for c in colleagues.cautions(d, body, TAX, people)}
        try:
            colleagues.check(d, body, TAX, people)
        except Declined as declined:
            found.add(declined.field or "")
        return found

    assert told_of("不存在的人") == {name}
    assert told_of("税务员乙") == set()

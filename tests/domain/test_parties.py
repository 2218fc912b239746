"""更正当事人信息: by whom, of whom, and what stays where it was."""

from typing import Any

import pytest

from domain.actions.parties import CorrectParty
from domain.dispute import Dispute
from domain.events import Acted
from domain.fold import replay
from domain.hearing import hearers
from domain.intake import APPLICANT, FIRM, MEMBER
from domain.notices import Way
from domain.offers import form_of, offers
from domain.telling import tell
from starter.office.views import Veil
from tests.support.case import CENTER, HRSS, TAX, Case, case, county
from tests.support.forms import filled

NUMBER = "142234197801018817"
ROLL = [
    {"line": 1, "name": "某甲", "phone": "19911110000"},
    {"line": 2, "name": "某乙"},
    {"line": 5, "name": "某丙", "phone": "19911110002", "told_by": "短信"},
]
GROUP: dict[str, Any] = {
    "name": "某甲",
    "phone": "19911110000",
    "told_by": "短信",
    "is_group": True,
    "headcount": 2,
    "representatives": ["某甲"],
    "members": ROLL,
}


def correction(**answers: Any) -> CorrectParty:
    body = filled("correct_party", **{"whose": APPLICANT, "reason": "核对证件发现有误", **answers})
    assert isinstance(body, CorrectParty)
    return body


def accepted(**applicant: Any) -> Case:
    return case(applicant={**GROUP, **applicant}).act(filled("accept_case"), CENTER)


def test_what_is_put_right_stands_everywhere_and_what_was_there_in_the_events() -> None:
    c = accepted()
    before = c.state
    c.act(correction(name="某贾", id_number=NUMBER, address="新关镇某村"))
    a = c.state.facts.applicant
    assert (a.name, a.id_number, a.phone, a.address) == ("某贾", NUMBER, "19911110000", "新关镇某村")
    assert a.representatives == ["某贾"]
    assert [(m.name, m.id_number) for m in a.members] == [("某贾", NUMBER), ("某乙", None), ("某丙", None)]
    assert replay(before.id, c.events[: before.version]).facts.applicant.name == "某甲"
    assert replay(c.state.id, c.events) == c.state


def test_the_name_that_was_is_hidden_in_what_was_written_under_it() -> None:
    c = case(narrative="某甲说两个月没有缴").act(filled("accept_case"), CENTER)
    c.act(correction(name="万俟某"))
    assert c.state.former == ["某甲"]
    assert Veil(c.state, county(), []).text(c.state.facts.narrative).startswith("某*说")


def test_one_line_of_the_roll_and_one_firm_of_several() -> None:
    c = accepted()
    c.act(correction(whose=MEMBER, member=2, phone="19911110009", told_by="电话"))
    second = c.state.facts.applicant.members[1]
    assert (second.name, second.phone, second.told_by) == ("某乙", "19911110009", Way.CALL)
    firms = case(respondents=[{"name": "某厂"}, {"name": "某乙厂"}]).act(filled("accept_case"), CENTER)
    firms.act(correction(whose=FIRM, respondent=2, name="某丙厂", uscc="91140932MA0000074B"))
    assert [r.name for r in firms.state.facts.respondents] == ["某厂", "某丙厂"]
    assert firms.state.facts.respondents[1].uscc == "91140932MA0000074B"


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({}, "nothing"),
        ({"name": "某甲"}, "nothing"),
        ({"reason": "撤回或变更同意", "name": "某丁"}, "nothing"),
        ({"id_number": NUMBER[:-1] + "8"}, "wrong_number"),
        ({"phone": "7650000"}, "wrong_number"),
        ({"whose": FIRM, "respondent": 1, "uscc": "91140932MA0000074A"}, "wrong_number"),
        ({"whose": FIRM, "respondent": 2, "name": "某丁厂"}, "unknown_party"),
        ({"whose": MEMBER, "member": 4, "name": "某丁"}, "unknown_party"),
        ({"whose": FIRM, "respondent": 1, "name": TAX}, "concerned"),
    ],
)
def test_what_is_not_taken(answers: dict[str, Any], code: str) -> None:
    assert accepted().declined(correction(**answers)) == code


def test_who_may_and_that_a_hidden_reporter_is_in_no_form() -> None:
    c = accepted()
    assert c.declined(correction(name="某丁"), HRSS) == "wrong_unit"
    c.act(correction(name="某丁"), TAX)
    hidden = case(applicant={"anonymous": True, "headcount": 1}).act(filled("accept_case"), CENTER)
    assert choices_of(hidden, CENTER) == [FIRM]
    assert hidden.declined(correction(name="某丁")) == "hidden"
    protected = case().act(filled("accept_case", protect_applicant=True), CENTER)
    assert choices_of(protected, TAX) == [FIRM]
    assert choices_of(protected, CENTER) == [APPLICANT, FIRM]


def choices_of(c: Case, unit: str) -> list[str | int]:
    fields = form_of(c.state, unit, county(), c.now, "correct_party")
    return [choice.value for choice in fields[0].choices]


def test_the_form_shows_nothing_of_what_is_registered_and_is_checked_again() -> None:
    c = accepted()
    fields = form_of(c.state, CENTER, county(), c.now, "correct_party")
    assert all(field.suggested in (None, []) for field in fields)
    assert not any("某甲" in choice.label for field in fields for choice in field.choices)
    (offer,) = [o for o in offers(c.state, CENTER, county(), c.now) if o.kind == "correct_party"]
    assert offer.final


def test_the_story_says_whose_and_which_and_never_what() -> None:
    c = accepted().act(correction(whose=MEMBER, member=5, name="某戊", id_number=NUMBER))
    (said,) = [
        tell(e) for e in c.events if isinstance(e.fact, Acted) and isinstance(e.fact.body, CorrectParty)
    ]
    assert said == "更正当事人信息：名册第5行的姓名或名称、证件号码，核对证件发现有误"


def test_a_number_kept_as_it_was_written_is_confirmed_by_being_put_right() -> None:
    kept = case(applicant={"name": "某甲", "phone": "1"}, unconfirmed=["applicant.phone"])
    kept.act(filled("accept_case"), CENTER)
    assert kept.state.facts.unconfirmed == ["applicant.phone"]
    kept.act(correction(phone="19911110000"))
    assert kept.state.facts.unconfirmed == []


def keys(d: Dispute, *whose: str) -> list[tuple[str, str]]:
    return [(one.key, one.way.value) for one in hearers(d, whose)]


def test_who_hears_of_what_each_once() -> None:
    c = accepted()
    assert keys(c.state, APPLICANT) == [("applicant", "短信")]
    assert keys(c.state, APPLICANT, MEMBER) == [("applicant", "短信"), ("member-5", "短信")]
    c.act(correction(whose=MEMBER, member=2, told_by="短信"))  # without a telephone the representative tells
    c.act(correction(reason="撤回或变更同意", told_by="书面"))
    assert keys(c.state, APPLICANT, MEMBER) == [("applicant", "书面"), ("member-5", "短信")]
    assert keys(c.state, FIRM) == []
    c.act(correction(whose=FIRM, respondent=1, phone="0350-7650000"))
    assert keys(c.state, FIRM) == [("firm", "短信")]


def test_no_firm_hears_of_a_matter_whose_reporter_is_hidden() -> None:
    firm = [{"name": "某厂", "contact_phone": "19911110001"}]
    hidden = case(applicant={"anonymous": True}, respondents=firm).state
    protected = case(respondents=firm).act(filled("accept_case", protect_applicant=True), CENTER).state
    assert keys(hidden, APPLICANT, MEMBER, FIRM) == []
    assert keys(protected, FIRM) == []

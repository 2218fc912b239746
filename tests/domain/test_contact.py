"""附件二 联系当事人: when and how at the first review, what was learned, or why nobody was reached."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from domain.actions.triage import AcceptCase
from domain.events import DocumentRegistered
from domain.offers import form_of
from tests.support.case import CENTER, Case, case, county
from tests.support.forms import answers, filled

CALLED: dict[str, Any] = {"contact": "电话", "learned": "单位承认欠缴，愿意补", "unreached": None}


def accept(c: Case, **how: Any) -> Case:
    return c.act(filled("accept_case", **{"contacted_on": c.now.date(), **CALLED, **how}), CENTER)


def test_what_was_done_stands_in_the_state_and_in_the_assessment() -> None:
    c = accept(case())
    assert str(c.state.contact) == "电话，2026-03-09"
    paper = next(
        e.fact for e in c.events if isinstance(e.fact, DocumentRegistered) and e.fact.name == "风险评估表"
    )
    assert paper.fields["联系当事人"] == "电话，2026-03-09"
    assert paper.fields["了解到的情况"] == CALLED["learned"]


def test_who_was_not_reached_has_a_reason() -> None:
    c = case().act(filled("accept_case"), CENTER)
    assert str(c.state.contact) == "未能联系上（多次无人接听）"


@pytest.mark.parametrize(
    "said",
    [
        {"contact": None, "unreached": None},
        {"contact": "电话", "unreached": None},
        {"contact": "电话", "contacted_on": "2026-03-09", "unreached": None},
        {"contact": "当面", "learned": "属实", "unreached": None},
        {"contact": "未能联系上", "unreached": None},
        {"contact": "未能联系上", "learned": "属实"},
    ],
)
def test_half_an_answer_is_none(said: dict[str, Any]) -> None:
    given = {k: v for k, v in answers("accept_case", **said).items() if v is not None}
    with pytest.raises(ValidationError):
        AcceptCase.model_validate(given)


def test_nobody_was_called_tomorrow() -> None:
    c = case()
    later = filled("accept_case", **CALLED, contacted_on=c.now.date() + timedelta(days=2))
    assert c.declined(later, CENTER) == "future"


def test_the_form_asks_first_whom_was_spoken_to_and_suggests_how() -> None:
    def asked(c: Case) -> dict[str, Any]:
        form = form_of(c.state, CENTER, county(), c.now, "accept_case")
        assert [f.name for f in form][:4] == ["contact", "contacted_on", "learned", "unreached"]
        return {f.name: f.suggested for f in form}

    assert asked(case())["contact"] == "电话"
    nameless = asked(case(applicant={"anonymous": True}))
    assert (nameless["contact"], nameless["unreached"]) == ("未能联系上", "未留联系方式")

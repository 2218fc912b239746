"""Nobody judges its own matter, the party hears one voice, and time that stood still is not taken back."""

import pytest

from domain.decide import Declined
from tests.support.case import APPLICANT, CENTER, COMPLEX, HRSS, JUSTICE, MEDIATOR, TAX, case, consulted, told


@pytest.mark.parametrize(
    ("view", "decided"), [("支持", "不支持"), ("不支持", "支持"), ("部分支持", "不支持")]
)
def test_contrary_views_are_settled_before_the_party_is_told(view: str, decided: str) -> None:
    c = consulted().do("submit_opinion", TAX, role="协办", conclusion=view).disposed(decided)
    assert c.refused("notify_party", CENTER) == "objection"
    c.do("convene_meeting", form="会商").do("minutes", opinion="维持")
    c.informed()


def test_a_view_that_comes_after_the_decision_holds_it_back_too() -> None:
    c = consulted().disposed("不支持")
    c.do("submit_opinion", TAX, role="协办", conclusion="支持")
    assert c.refused("notify_party", CENTER) == "objection"
    c.disposed("支持", reason="依税务意见更替")
    c.informed()


def test_a_view_of_another_degree_or_from_before_the_meeting_holds_nothing_back() -> None:
    consulted().do("submit_opinion", TAX, role="协办", conclusion="支持").disposed("部分支持").informed()
    c = case(indicators=COMPLEX).accepted("中", HRSS, (TAX, JUSTICE))
    c.do("submit_opinion", TAX, role="协办", conclusion="支持")
    c.do("convene_meeting", form="会商").do("minutes", opinion="不支持").disposed("不支持").informed()


def test_the_unit_complained_of_does_not_lead() -> None:
    c = case(respondents=[{"name": HRSS}])
    assert c.refused("triage_confirm", level="低", path="直办", lead=HRSS) == "concerned"
    assert (
        c.refused("triage_confirm", level="低", path="直办", lead=TAX, sub_items={"1": HRSS}) == "concerned"
    )
    c.accepted()
    assert c.refused("dispatch", lead=HRSS) == "concerned"


@pytest.mark.parametrize("name", ["初审员", "初 审员", "初审员\u3000", "初\u200b审员"])
def test_an_officer_is_the_same_however_the_name_is_spaced(name: str) -> None:
    assert told().paid().refused("callback_answer", CENTER, name, satisfaction="满意") == "handler"


def test_what_goes_on_under_another_number_is_said_with_its_case() -> None:
    c = case()
    other = c.life.register(c.state.facts.model_copy(update={"source_no": "T-0002"}))
    parent = c.life.matters[other]
    c.do("merge_into", parent="T-0002", basis=["同一申请人"])
    with pytest.raises(Declined, match=parent.case_no) as declined:
        c.do("supplement_material", APPLICANT)
    assert declined.value.code == "merged"


def test_a_raised_level_keeps_the_time_that_stood_still() -> None:
    c = consulted().do("guide_to_arbitration", paths=["确认劳动关系"])
    c.on("2026-03-16").do("legal_document", APPLICANT, kind="仲裁受理通知书", pauses_internal_clock=True)
    c.on("2026-04-15").do("override_risk", old="中", new="高", reason="网上传播")
    c.on("2026-05-15").do("legal_document", APPLICANT, kind="仲裁裁决书", result="确认", effective=True)
    total = next(k for k in c.state.clocks.values() if k.rule_id == "high_total")
    assert (total.starts_at.date().isoformat(), total.due_on.isoformat()) == ("2026-03-09", "2026-07-07")


def test_a_unit_above_is_named_though_it_is_called_almost_like_one_of_the_county() -> None:
    c = consulted().do("escalate_city", to="市人社局", question="口径")
    assert c.state.reported_up_at is not None
    assert c.refused("escalate_city", MEDIATOR, to="市人社局", question="口径") == "wrong_unit"

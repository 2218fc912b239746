"""Nobody judges its own matter, the party hears one voice, and time that stood still is not taken back."""

from typing import Any

import pytest

from domain.actions import ACTION, Action
from domain.decide import Declined
from domain.offers import form_of
from domain.tasks import TaskKind
from tests.support.case import (
    APPLICANT,
    CENTER,
    COMPLEX,
    HRSS,
    JUSTICE,
    MEDIATOR,
    MEDICAL,
    TAX,
    Case,
    case,
    consulted,
    county,
    told,
)

NOT_ENROLLED = [{"no": 1, "insurance": "养老", "regime": "职工", "type": "应参未参", "amount": 1000}]


@pytest.mark.parametrize(
    ("view", "decided"), [("支持", "不支持"), ("不支持", "支持"), ("部分支持", "不支持")]
)
def test_contrary_views_are_settled_before_the_party_is_told(view: str, decided: str) -> None:
    c = consulted().do("submit_opinion", TAX, role="协办", conclusion=view).disposed(decided)
    assert c.refused("notify_party", CENTER) == "objection"
    assert c.declined(upheld(), HRSS) == "not_studied"
    c.do("convene_meeting", form="会商").do("minutes", opinion="维持")
    assert c.refused("notify_party", CENTER) == "objection"
    assert c.declined(upheld(minutes="不一致"), HRSS) == "overruled"
    assert c.declined(upheld(), TAX) == "wrong_unit"
    (task,) = c.state.open_tasks(TaskKind.RECONSIDER)
    c.act(upheld(), HRSS, task=task.id)
    assert not c.state.open_tasks(TaskKind.RECONSIDER)
    c.informed()


def upheld(**more: Any) -> Action:
    body = {"kind": "uphold_disposition", "claims": ["1"], "minutes": "一致", "reason": "会议维持原意见"}
    return ACTION.validate_python({**body, **more})


def test_an_opinion_that_the_table_overruled_is_replaced_before_anybody_is_told() -> None:
    c = consulted().disposed("不支持")
    c.do("objection", TAX, conclusion="支持", reason="津贴属工资总额", against_step=4)
    c.do("convene_meeting", form="会商").do("minutes", opinion="津贴计入，应补差额")
    assert c.refused("notify_party", CENTER) == "objection"
    assert [t.unit for t in c.state.open_tasks(TaskKind.RECONSIDER)] == [HRSS]
    assert all(k.is_refused for k in c.state.open_clocks() if k.rule_id == "result_notice")
    c.disposed("支持", reason="依会议意见更替")
    assert not c.state.open_tasks(TaskKind.RECONSIDER)
    c.informed()


def test_the_same_opinion_given_again_does_not_silence_the_objection() -> None:
    c = consulted().disposed("不支持")
    c.do("objection", TAX, conclusion="支持", reason="津贴属工资总额", against_step=4)
    c.disposed("不支持", reason="仍不支持")
    assert c.refused("notify_party", CENTER) == "objection"
    assert c.state.open_tasks(TaskKind.OBJECTION)


# --- the consultation that is owed ------------------------------------------------------------------------------


def joint(*co: str) -> Case:
    return case(indicators=COMPLEX, claims=NOT_ENROLLED).accepted("中", HRSS, co or (TAX, JUSTICE))


@pytest.mark.parametrize(
    "instead",
    [
        [("investigate_report", HRSS, {"officers": ["甲", "乙"], "finding": "属实"})],
        [("mediation_start", MEDIATOR, {"voluntary_statement": True}), ("mediate_failed", MEDIATOR, {"reason": "不愿"})],
        [("legal_document", APPLICANT, {"kind": "仲裁受理通知书"})],
        [("convene_meeting", CENTER, {"form": "会商", "units": [HRSS]}), ("minutes", CENTER, {"opinion": "应补"})],
        [("convene_meeting", CENTER, {"form": "会商", "units": [HRSS, TAX]}), ("minutes", CENTER, {"opinion": "应补"})],
    ],
)  # fmt: skip
def test_nothing_stands_for_the_consultation_that_is_owed(
    instead: list[tuple[str, str, dict[str, Any]]],
) -> None:
    c = joint()
    for action, unit, data in instead:
        c.do(action, unit, **data)
    with pytest.raises(Declined, match=f"等待意见的单位：.*{JUSTICE}") as declined:
        c.disposed()
    assert declined.value.code == "not_consulted"
    c.do("submit_opinion", TAX, role="协办", conclusion="支持").do(
        "submit_opinion", JUSTICE, role="协办", conclusion="支持"
    )
    c.disposed()


def test_a_table_with_the_lead_alone_is_none() -> None:
    c = case(indicators=COMPLEX, claims=NOT_ENROLLED).accepted("中", HRSS)
    c.do("convene_meeting", form="会商", units=[HRSS]).do("minutes", opinion="应补")
    assert c.refused("submit_opinion", HRSS, conclusion="支持") == "not_consulted"
    assert c.state.open_tasks(TaskKind.CONVENE)
    c.do("convene_meeting", form="会商", units=[HRSS, MEDICAL]).do("minutes", opinion="应补").disposed()


def test_an_opinion_that_is_late_is_waited_for_no_longer() -> None:
    c = joint().on("2026-03-25")
    c.disposed()


def test_an_agreement_leaves_nothing_to_consult_about() -> None:
    c = joint().do("mediate_agreed", MEDIATOR, full_principal=True, clauses=["足额补缴养老保险费本金"])
    c.disposed()


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


@pytest.mark.parametrize(
    "name",
    [
        "县人社局",
        "偏关县人社局",
        "县人力资源和社会保障局",
        "偏关县人力资源和社会保障局",
        "偏关县人力资源社会保障局",
    ],
)
def test_a_unit_is_complained_of_by_whatever_name(name: str) -> None:
    c = case(respondents=[{"name": name}], claims=NOT_ENROLLED)
    assert c.state.suggested_lead == TAX
    assert c.state.suggested_co == []
    assert [r.lead for r in c.state.routed] == [None]
    form = {f.name: f.suggested for f in form_of(c.state, CENTER, county(), c.now, "accept_case")}
    assert (form["lead"], form["co"], form["sub_leads"]) == (TAX, [], [])
    accept = {"level": "低", "path": "直办"}
    assert c.refused("triage_confirm", **accept, lead=HRSS) == "concerned"
    assert c.refused("triage_confirm", **accept, lead=TAX, co=[HRSS]) == "concerned"
    c.accepted()
    assert c.refused("dispatch", lead=HRSS) == "concerned"
    assert c.refused("dispatch", lead=TAX, co=[HRSS]) == "concerned"
    assert c.refused("submit_opinion", HRSS, role="协办", conclusion="不支持") == "wrong_unit"


def test_another_unit_of_nearly_the_same_name_is_not_complained_of() -> None:
    assert (
        case(respondents=[{"name": "偏关县人社服务有限公司"}], claims=NOT_ENROLLED).state.suggested_lead
        == HRSS
    )


def test_a_lead_is_not_checked_by_whom_it_is_about() -> None:
    c = case(kind="线索", respondents=[{"name": HRSS}])
    form = {f.name: f.suggested for f in form_of(c.state, CENTER, county(), c.now, "assign_lead")}
    assert HRSS not in (form["units"] or [])
    body = ACTION.validate_python({"kind": "assign_lead", "units": [HRSS]})
    assert c.declined(body) == "concerned"


def test_a_merger_does_not_hand_a_complaint_to_whom_it_is_about() -> None:
    c = case(respondents=[{"name": TAX}])
    c.life.register(c.state.facts.model_copy(update={"source_no": "T-0002", "respondents": []}))
    parent = Case.__new__(Case)
    parent.__dict__.update({**c.__dict__, "id": next(i for i in c.life.matters if i != c.id)})
    parent.do("triage_confirm", decision="受理", level="中", path="会商", lead=TAX, co=[HRSS])
    assert c.refused("merge_into", parent="T-0002", basis=["同一申请人"]) == "concerned"


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

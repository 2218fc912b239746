"""No unit acts on a matter it has no part in: the table of who may do what, verb by verb and unit by unit."""

from datetime import timedelta
from random import Random

import pytest
from pydantic import ValidationError

from domain.actions import ACTION, FORMS, Act
from domain.decide import Declined, decide
from domain.decide.may import MAY, has_part
from domain.decide.parts import word_of
from domain.dispute import Dispute
from domain.draft import Draft
from domain.offers import offers, why_not
from domain.policy import Policy
from tests.support.case import (
    CENTER,
    COMPLEX,
    HRSS,
    JUSTICE,
    LOUD,
    MEDIATOR,
    MEDICAL,
    POLICE,
    TAX,
    Case,
    case,
    consulted,
    county,
    told,
)
from tests.support.filler import Filler
from tests.support.strangers import NO_PART, strangers

TOWN = "窑头乡综治中心"
"""A township's centre; the matters of another township are none of its business."""


def at_a_township(**intake: object) -> Case:
    return case(received_by=TOWN, respondents=[{"name": "某厂", "town": "窑头乡"}], **intake)


def lives() -> dict[str, Case]:
    """A matter at each of the places where a verb may be at hand."""
    mediating = consulted().do("mediation_start", MEDIATOR, voluntary_statement=True)
    drafted = consulted().do("mediation_start", MEDIATOR, voluntary_statement=True)
    drafted.do("agreement_draft", MEDIATOR, version=1, clauses=["足额补缴养老保险费本金"])
    return {
        "registered": case(),
        "township": at_a_township(),
        "lead": case(kind="线索"),
        "accepted": case().accepted(),
        "joint": case(indicators=COMPLEX).accepted("中", HRSS, (TAX, JUSTICE)),
        "consulted": consulted(),
        "mediating": mediating,
        "drafted": drafted,
        "decided": consulted().disposed(),
        "told": told(),
        "called": told().paid().called(),
    }


LIVES = lives()


def units(policy: Policy) -> list[str]:
    """Every unit the county names, and some of the many at its base."""
    far = [
        "楼沟乡综治中心",
        "楼沟乡人民政府",
        "楼沟税务分局",
        "楼沟乡铺沟村调解委员会",
        "楼沟乡铺沟村网格员",
        "市人社局",
    ]
    return [*dict.fromkeys([*policy.units.roles.values(), *policy.units.others, *far])]


def test_every_verb_has_its_row_and_no_row_is_left_over() -> None:
    assert set(MAY) == set(FORMS)
    assert all(word_of(part, county()) for parts in MAY.values() for part in parts)


@pytest.mark.parametrize("stage", LIVES)
def test_what_the_table_does_not_allow_is_neither_offered_nor_taken(stage: str) -> None:
    c, policy = LIVES[stage], county()
    for unit in units(policy):
        at_hand = {o.kind for o in offers(c.state, unit, policy, c.now)}
        draft = Draft(c.state, policy, now=c.now, unit=unit, officer="某人", action_id="x")
        for verb in FORMS:
            if not has_part(draft, verb):
                assert verb not in at_hand, (unit, verb)
                assert refusal(c.state, unit, verb, policy, c) in NO_PART, (unit, verb)


def refusal(d: Dispute, unit: str, verb: str, policy: Policy, c: Case) -> str | None:
    """The code of the refusal of a form filled in as well as may be."""
    body = Filler(policy, Random(verb)).fill(d, unit, c.now, verb)
    try:
        filled = ACTION.validate_python(body)
    except ValidationError:
        return why_not_code(d, unit, verb, policy, c)
    try:
        decide(d, Act(id="x#1", unit=unit, officer="某人", body=filled), policy, c.now + timedelta(minutes=1))
    except Declined as declined:
        return declined.code
    return None


def why_not_code(d: Dispute, unit: str, verb: str, policy: Policy, c: Case) -> str | None:
    """Where no form can be filled in: whether it is at least not at hand for want of a part."""
    said = why_not(d, unit, policy, c.now, verb)
    return "wrong_unit" if said and ("不能办理此事项" in said or "没有可以" in said) else None


@pytest.mark.parametrize("stage", LIVES)
def test_a_stranger_has_nothing_to_do_with_it(stage: str) -> None:
    c, policy = LIVES[stage], county()
    found = strangers(c.state, policy)
    assert "县水务局" in found
    assert "楼沟乡综治中心" in found
    for unit in found:
        assert offers(c.state, unit, policy, c.now) == [], unit


# --- the parts one by one ---------------------------------------------------------------------------------------


def test_a_centre_acts_on_its_own_matters_alone() -> None:
    c = at_a_township()
    for other in ("楼沟乡综治中心", "县税务局"):
        assert (
            c.refused("triage_confirm", other, decision="受理", level="低", path="直办", lead=TAX)
            == "wrong_unit"
        )
    c.do("triage_confirm", TOWN, decision="受理", level="低", path="直办", lead=TAX).do("claim", TAX)
    c.disposed().informed().paid()
    assert c.refused("callback_answer", "楼沟乡综治中心", "某人", satisfaction="满意") == "wrong_unit"
    assert c.refused("callback_call", "楼沟乡综治中心", "某人", attempt=1) == "wrong_unit"
    c.do("callback_answer", TOWN, "回访员", satisfaction="满意", method="电话")


def test_a_consultation_is_called_together_by_its_own_place() -> None:
    c = at_a_township(indicators=COMPLEX)
    c.do("triage_confirm", TOWN, decision="受理", level="中", path="会商", lead=TAX, co=[HRSS])
    for other in ("楼沟乡综治中心", "楼沟乡人民政府"):
        assert c.refused("convene_meeting", other, form="会商") == "wrong_unit"
    for at_the_base in ("窑头乡窑头村网格员", "窑头乡窑头村调解委员会", "窑头乡便民服务中心"):
        assert c.refused("convene_meeting", at_the_base, form="会商") == "wrong_unit", at_the_base
    c.do("convene_meeting", "窑头乡人民政府", form="会商")
    assert "issue_consultation_minutes" not in at_hand(c, "窑头乡便民服务中心")
    c.do("minutes", "窑头乡人民政府", opinion="一致")


def at_hand(c: Case, unit: str) -> set[str]:
    return {o.kind for o in offers(c.state, unit, county(), c.now)}


BASE = (
    "窑头乡窑头村网格员",
    "窑头乡人民政府",
    "窑头乡综治中心",
    "窑头乡窑头村调解委员会",
    "窑头乡便民服务中心",
)
"""Units of the place that a matter is about."""


def places() -> dict[str, Case]:
    """Matters about a place, one for each of the stages where units of it could stand in the way."""
    here = {"respondents": [{"name": "某厂", "town": "窑头乡"}]}
    proposed = case(indicators=LOUD, **here).accepted("高", HRSS, (TAX,))
    objecting = case(**here).accepted("中", HRSS, (TAX,))
    objecting.do("convene_meeting", form="会商").do("minutes", opinion="一致").disposed()
    objecting.do("objection", TAX, reason="认定的基数不对", sub_item=1)
    return {
        "direct": case(**here).accepted(),
        "joint meeting": proposed,
        "opinions": consulted(**here),
        "decided": consulted(**here).disposed(),
        "executing": told(**here),
        "objecting": objecting,
    }


PLACES = places()


@pytest.mark.parametrize("stage", PLACES)
@pytest.mark.parametrize("unit", BASE)
def test_a_unit_of_the_place_calls_no_consultation_that_nobody_asks_it_for(stage: str, unit: str) -> None:
    assert not {"convene_consultation", "issue_consultation_minutes"} & at_hand(PLACES[stage], unit)


@pytest.mark.parametrize("stage", ["joint meeting", "decided", "executing"])
def test_no_consultation_is_called_at_a_joint_meeting_or_after_the_decision(stage: str) -> None:
    c = PLACES[stage]
    for unit in units(county()):
        assert "convene_consultation" not in at_hand(c, unit), unit


def test_an_objection_brings_the_units_together_by_the_centre_alone() -> None:
    c = PLACES["objecting"]
    assert [u for u in units(county()) if "convene_consultation" in at_hand(c, u)] == [CENTER]


def test_what_a_mediator_brings_about_is_neither_signed_nor_ended_by_a_department_that_takes_part() -> None:
    acts = {"draft_agreement", "conclude_agreement", "end_mediation"}
    c = LIVES["drafted"]
    for unit in (HRSS, TAX):
        assert not acts & at_hand(c, unit), unit
    assert acts <= at_hand(c, MEDIATOR)
    own = consulted().do("mediation_start", HRSS, voluntary_statement=True)
    own.do("agreement_draft", HRSS, version=1, clauses=["足额补缴养老保险费本金"])
    assert acts <= at_hand(own, HRSS)
    assert not acts & at_hand(own, TAX)


def test_money_is_booked_by_whoever_levies_or_leads_and_not_by_whoever_helps() -> None:
    c = case(indicators=COMPLEX).accepted("中", HRSS, (TAX, MEDICAL, POLICE))
    c.do("convene_meeting", form="会商").do("minutes", opinion="一致").disposed().informed()
    booking = {"order_payment", "record_payment", "apply_enforcement", "demand_performance"}
    for unit in (MEDICAL, POLICE):
        assert not booking & at_hand(c, unit), unit
    assert "record_payment" in at_hand(c, HRSS)
    assert {"order_payment", "record_payment"} <= at_hand(c, TAX)
    assert not {"record_rights_restored", "record_refund"} & at_hand(c, "县人民法院")


@pytest.mark.parametrize("unit", ["县水务局", "楼沟乡综治中心", "楼沟乡铺沟村调解委员会"])
def test_a_stranger_does_not_mediate(unit: str) -> None:
    c = consulted()
    assert c.refused("mediation_start", unit, voluntary_statement=True) == "wrong_unit"
    c.do("mediation_start", MEDIATOR, voluntary_statement=True)
    draft = {"version": 1, "clauses": ["足额补缴养老保险费本金"]}
    assert c.refused("agreement_draft", unit, **draft) == "wrong_unit"
    c.do("agreement_draft", MEDIATOR, **draft)
    assert c.refused("mediate_agreed", unit, full_principal=True) == "wrong_unit"
    c.do("mediate_agreed", MEDIATOR, full_principal=True)


def test_a_mediation_committee_mediates_where_it_is() -> None:
    c = at_a_township(indicators=COMPLEX)
    c.do("triage_confirm", TOWN, decision="受理", level="中", path="会商", lead=TAX, co=[HRSS])
    c.do("convene_meeting", TOWN, form="会商").do("minutes", TOWN, opinion="一致")
    c.do("mediation_start", "窑头乡窑头村调解委员会", voluntary_statement=True)


def test_a_tax_branch_levies_where_it_is() -> None:
    c = at_a_township()
    c.do("triage_confirm", TOWN, decision="受理", level="低", path="直办", lead=TAX).do("claim", TAX)
    c.disposed().informed()
    body = Filler(county(), Random(1)).fill(c.state, "窑头税务分局", c.now, "order_payment")
    order = ACTION.validate_python(body)
    assert c.declined(order, "楼沟税务分局") == "wrong_unit"
    c.act(order, "窑头税务分局")


def test_the_unit_above_that_was_asked_answers() -> None:
    c = consulted().do("escalate_city", to="市人社局", question="口径")
    assert c.refused("city_reply", "市医保局", decision="按规定办理") == "wrong_unit"
    c.do("city_reply", "市人社局", decision="按规定办理")


def test_a_party_invited_to_the_table_is_a_party_still() -> None:
    c = case(indicators=COMPLEX).accepted("中", HRSS, (TAX,))
    c.do("convene_meeting", form="会商", units=[HRSS, TAX, "申请人"]).do("minutes", opinion="一致")
    assert c.refused("submit_opinion", "申请人", role="协办", conclusion="支持") == "wrong_unit"


def test_a_unit_complained_of_is_a_party_whatever_its_powers() -> None:
    c = case(respondents=[{"name": "国家税务总局偏关县税务局"}]).accepted("低", HRSS)
    for verb in ("record_payment", "order_payment", "report_executed", "issue_investigation_report"):
        assert "不能办理此事项" in (why_not(c.state, TAX, county(), c.now, verb) or ""), verb
    assert why_not(c.state, TAX, county(), c.now, "receive_material") is None


def test_who_may_is_said_to_whoever_may_not() -> None:
    c = case().accepted()
    said = why_not(c.state, "县水务局", county(), c.now, "report_executed") or ""
    assert said.startswith("县水务局不能办理此事项，应由")
    assert TAX in said
    assert CENTER in said


# --- whose paper it is ------------------------------------------------------------------------------------------


def test_a_joint_report_goes_to_the_matters_own_centre_from_all_who_made_it() -> None:
    c = at_a_township(indicators=COMPLEX)
    c.do("triage_confirm", TOWN, decision="受理", level="中", path="会商", lead=HRSS, co=[TAX, JUSTICE])
    for unit in (HRSS, TAX, JUSTICE):
        c.do("claim", unit)
    c.do("investigate_report", HRSS, "人社员甲", officers=["人社员甲", "税务员甲"], finding="属实")
    report = next(p for p in c.state.documents if p.name == "调查核实报告")
    assert (report.issuers, report.to) == (f"{HRSS}、{TAX}", TOWN)
    c.do("investigate_report", TAX, officers=["税务员甲", "税务员乙"], finding="属实")
    assert c.state.documents[-1].issuers == f"{HRSS}、{TAX}"


MIXED = [
    {"no": 1, "insurance": "养老", "regime": "职工", "type": "已申报未按时缴纳", "amount": 1000},
    {"no": 2, "insurance": "医疗", "regime": "职工", "type": "待遇享受", "amount": 300},
]


def test_a_department_settles_what_falls_to_it() -> None:
    c = case(claims=MIXED).accepted("中", TAX, (MEDICAL, HRSS))
    c.do("convene_meeting", form="会商", units=[TAX, HRSS]).do("minutes", opinion="一致").on("2026-03-25")
    assert c.refused("submit_opinion", TAX, conclusion="支持", sub_item=2) == "not_competent"
    c.do("submit_opinion", TAX, conclusion="支持", sub_item=1)
    body = {
        "kind": "issue_disposition",
        "results": [{"claim": "2", "conclusion": "支持", "measure": "补发待遇", "benefit": "300"}],
        "facts": "属实",
        "ground": "社会保险法",
    }
    assert c.declined(ACTION.validate_python(body), TAX) == "not_competent"
    body["results"] = [
        {**row, "competent": "县医保局 2026 年第 3 号复函：应予报销"} for row in body["results"]
    ]
    c.act(ACTION.validate_python(body), TAX)
    paper = next(p for p in reversed(c.state.documents) if p.name == "处置意见书")
    assert "县医保局" in paper.fields["主管部门的结论"]["2"]


def test_the_competent_departments_own_word_lets_the_lead_settle_it() -> None:
    heard = case(claims=MIXED).accepted("中", TAX, (MEDICAL,))
    heard.do("convene_meeting", form="会商", units=[TAX, MEDICAL]).do("minutes", opinion="一致")
    heard.do("submit_opinion", TAX, conclusion="支持")
    wrote = case(claims=MIXED).accepted("中", TAX, (MEDICAL,))
    wrote.do("submit_opinion", MEDICAL, role="协办", conclusion="支持").do(
        "submit_opinion", TAX, conclusion="支持"
    )


def test_a_branch_settles_what_falls_to_its_authority() -> None:
    c = at_a_township()
    c.do("triage_confirm", TOWN, decision="受理", level="低", path="直办", lead="窑头税务分局").do(
        "claim", "窑头税务分局"
    )
    c.do("submit_opinion", "窑头税务分局", conclusion="支持", recognised_amount=1000)

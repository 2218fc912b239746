"""救济途径: by kind of act, issuer and law; and what guidance says of each way."""

from typing import Any

import pytest

from domain.actions.execution import DemandPerformance, OrderPayment
from domain.policy import Policy
from domain.policy_check import check
from domain.remedies import NOTICE, OPINION, ORDER, Remedy, remedies, review_body
from domain.words import Conclusion, LawfulWay
from tests.support.case import CENTER, COMPLEX, HRSS, MEDICAL, TAX, Case, case, county, told
from tests.support.forms import filled

CITY_TAX, COUNTY, CITY = "国家税务总局忻州市税务局", "县政府", "忻州市人民政府"


def one(paper: str, issuer: str, *conclusions: Conclusion, channel: str = "12345热线") -> Remedy:
    (found,) = remedies(county(), case(channel=channel).state, paper, issuer, conclusions)
    return found


def ways_in(c: Case, paper: str) -> list[str]:
    return [line for p in c.state.documents if p.name == paper for line in p.fields["救济途径"]]


@pytest.mark.parametrize(
    ("issuer", "body"),
    [
        (TAX, CITY_TAX), ("新关镇税务分局", TAX), ("老营税务所", TAX), (HRSS, COUNTY), (MEDICAL, COUNTY),
        ("县社保局", COUNTY), ("县住建局", COUNTY), ("新关镇人民政府", COUNTY), ("县政府", CITY),
        (CENTER, None), ("调解组织", None), ("联席会议办公室", None), ("县人民法院", None),
    ],
)  # fmt: skip
def test_who_reviews_whom(issuer: str, body: str | None) -> None:
    assert review_body(county(), issuer) == body


@pytest.mark.parametrize(("issuer", "body"), [(TAX, CITY_TAX), (HRSS, COUNTY), (MEDICAL, COUNTY)])
def test_a_decision_may_be_reviewed_or_sued_over_at_once(issuer: str, body: str) -> None:
    found = one(OPINION, issuer, Conclusion.SUPPORT)
    assert (found.act, found.body, found.first) == ("decision", body, None)
    assert f"60日内向{body}申请行政复议（行政复议法第二十条；" in found.text
    assert (
        "也可以自知道或者应当知道作出该行政行为之日起6个月内向人民法院提起行政诉讼（行政诉讼法第四十六条）"
        in found.text
    )
    assert "起15日内向人民法院提起行政诉讼（行政诉讼法第四十五条）" in found.text


def test_the_article_of_the_body_is_named() -> None:
    assert "行政复议法第二十七条" in one(OPINION, TAX, Conclusion.SUPPORT).text
    assert "行政复议法第二十四条" in one(OPINION, HRSS, Conclusion.SUPPORT).text


def test_who_says_an_authority_does_not_act_must_ask_for_review_first() -> None:
    found = one(OPINION, HRSS, Conclusion.REJECT)
    assert (found.act, found.body, found.first) == ("not_acting", COUNTY, "review")
    assert "应当先自" in found.text
    assert "第二十三条第一款第三项" in found.text
    assert "6个月" not in found.text, "no suit without review"


def test_a_claim_granted_in_part_has_both() -> None:
    found = remedies(county(), case().state, OPINION, TAX, [Conclusion.PARTLY])
    assert [r.act for r in found] == ["decision", "not_acting"]


def test_an_order_to_pay_needs_no_review_first_but_that_is_to_be_confirmed() -> None:
    found = one(ORDER, TAX)
    assert (found.act, found.body, found.first) == ("order", CITY_TAX, None)
    rule = county().remedies.acts["order"]
    assert rule.tag == "K"
    assert "第八十八条" in rule.basis


@pytest.mark.parametrize(
    ("paper", "issuer"),
    [(NOTICE, CENTER), ("不予受理/移送告知书", CENTER), ("终止确认书", CENTER), (OPINION, "调解组织")],
)
def test_what_is_no_administrative_act_says_so(paper: str, issuer: str) -> None:
    found = one(paper, issuer, Conclusion.SUPPORT)
    assert found.body is None
    assert "不是行政行为" in found.text
    assert "60日" not in found.text


@pytest.mark.parametrize("paper", [NOTICE, "不予受理/移送告知书", "终止确认书"])
@pytest.mark.parametrize(
    ("channel", "petition"), [("来访", True), ("书信传真", True), ("12345热线", False), ("网络", False)]
)
def test_a_petition_has_review_and_recheck(paper: str, channel: str, petition: bool) -> None:
    text = one(paper, CENTER, channel=channel).text
    assert ("30日内向原办理单位的上一级机关、单位请求复查（信访工作条例第三十五条）" in text) == petition
    assert ("请求复核（信访工作条例第三十六条）" in text) == petition


def test_the_papers_of_a_matter_carry_them() -> None:
    c = told()
    (opinion,) = ways_in(c, OPINION)
    notice, *repeated = ways_in(c, NOTICE)
    assert "不是行政行为" in notice
    assert repeated == [opinion]
    order: dict[str, Any] = {
        "arrears": [{"claim": "1", "principal": 1000}],
        "pay_by": "5工作日",
        "served": True,
        "served_on": "2026-03-09",
        "served_by": "直接送达",
    }
    c.act(OrderPayment.model_validate(order), TAX)
    assert CITY_TAX in ways_in(c, ORDER)[-1]
    del order["arrears"]
    c.act(DemandPerformance.model_validate({**order, "amount": 1000, "pay_by": "10工作日"}), TAX)
    (demand,) = ways_in(c, "催告书")
    assert "陈述和申辩" in demand
    assert "不单独申请复议" in demand


def test_a_refusal_and_a_withdrawal_tell_what_is_open() -> None:
    c = case(channel="来访").act(filled("refuse_claims"), CENTER)
    assert "请求复查" in ways_in(c, "不予受理/移送告知书")[0]


def test_a_refusal_by_the_department_leads_to_review_first() -> None:
    c = case().accepted().disposed("不支持", None).informed()
    assert "应当先" in ways_in(c, OPINION)[0]
    assert "应当先" in ways_in(c, NOTICE)[1]


def guided(*ways: LawfulWay) -> dict[str, Any]:
    c = case(indicators=COMPLEX).accepted("中", HRSS, (TAX,))
    c.do("convene_meeting", form="会商", units=[HRSS, TAX]).do("minutes", opinion="一致")
    c.act(filled("guide_to_law", ways=list(ways), told_how="当面"), CENTER)
    return next(p.fields for p in c.state.documents if p.name == "仲裁/诉讼指引告知书")


def test_guidance_names_body_limit_and_materials_of_each_way() -> None:
    fields = guided("劳动仲裁确认劳动关系", "行政复议", "行政诉讼")
    for name in ("机构", "时效", "材料"):
        assert list(fields[name]) == ["劳动仲裁确认劳动关系", "行政复议", "行政诉讼"]
    assert "仲裁委员会" in fields["机构"]["劳动仲裁确认劳动关系"]
    assert "一年" in fields["时效"]["劳动仲裁确认劳动关系"]
    assert "十五日内" in fields["时效"]["劳动仲裁确认劳动关系"]
    assert fields["机构"]["行政复议"] == COUNTY
    assert "应当先申请行政复议" in fields["时效"]["行政诉讼"]


def without(policy: Policy, **changes: Any) -> list[str]:
    table = policy.remedies.model_copy(update=changes)
    return [f"{p.path} {p.what}" for p in check(policy.model_copy(update={"remedies": table}))]


def test_the_check_finds_what_is_missing() -> None:
    policy, table = county(), county().remedies
    assert check(policy) == []
    acts = {k: r for k, r in table.acts.items() if k != "demand"}
    assert without(policy, acts=acts) == [
        "remedies.acts 缺少行为“demand”",
        "remedies.acts 文书“催告书”没有救济途径",
    ]
    acts = {k: r for k, r in table.acts.items() if k != "not_acting"}
    assert "remedies.acts 文书“处置意见书”结论为“不支持”时没有救济途径" in without(policy, acts=acts)
    bodies = {k: b for k, b in table.bodies.items() if k != "department"}
    assert any("县人社局主办或征缴，却没有写明" in found for found in without(policy, bodies=bodies))
    guidance = {k: g for k, g in table.guidance.items() if k != "法律援助"}
    assert without(policy, guidance=guidance) == ["remedies.guidance 缺少指引途径“法律援助”"]
    ways = {k: w for k, w in table.ways.items() if k != "suit"}
    assert "remedies.acts.order.ways 没有途径“suit”" in without(policy, ways=ways)
    order = table.acts["order"].model_copy(update={"first": "petition_check"})
    found = without(policy, acts={**table.acts, "order": order})
    assert found == ["remedies.acts.order.first 前置途径“petition_check”不在 ways 中"]

"""What contradicts itself and is not forbidden: told before it is sent."""

from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from domain.actions import ACTION, Action
from domain.cautions import cautions
from domain.policy import Policy
from tests.support.case import COMPLEX, HRSS, MEDIATOR, TAX, Case, case, consulted, county
from tests.support.forms import filled

CLAIM = {
    "no": 1, "insurance": "养老", "regime": "职工", "type": "已申报未按时缴纳", "amount": 1000,
    "period": {"from": "2025-11", "to": "2026-01"},
}  # fmt: skip


def said_of(c: Case, body: Action, policy: Policy | None = None) -> Mapping[str, str]:
    return {told.field: told.message for told in cautions(c.state, body, policy or county(), c.now)}


# --- a sum and its conclusion ------------------------------------------------------------------------------------

SUMS: dict[str, tuple[str, float | None, str | None]] = {
    "granted, nothing": ("支持", 0, "0 元"),
    "granted in part, nothing": ("部分支持", 0, "0 元"),
    "granted in part, all of it": ("部分支持", 1000, "不少于主张金额"),
    "granted in part, more than all": ("部分支持", 1200, "不少于主张金额"),
    "five times as much": ("支持", 5000, "5.0 倍"),
    "in part, five times as much": ("部分支持", 5000, "5.0 倍"),
    "granted": ("支持", 1000, None),
    "granted in part": ("部分支持", 400, None),
}


def disposition(conclusion: str, amount: float | None) -> Action:
    row = {"claim": "1", "conclusion": conclusion, "measure": "责令限期缴纳", "principal": amount}
    row |= {} if conclusion == "支持" else {"reason": "部分月份已缴"}
    return filled(
        "issue_disposition", results=[row], late_fee="由税务机关另行核定", facts="属实", ground="社会保险法"
    )


def on_the_spot(conclusion: str, amount: float | None) -> Action:
    row = {"claim": "1", "conclusion": conclusion, "done": "补缴到账", "amount": amount}
    row |= {} if conclusion == "支持" else {"reason": "部分月份已缴"}
    return filled("finish_on_the_spot", results=[row], answer="已办", accepted="认可")


def opinion(conclusion: str, amount: float | None) -> Action:
    stance = "支持诉求" if conclusion == "支持" else conclusion
    return filled(
        "give_opinion", views=[{"claim": "1", "stance": stance, "amount": amount}], facts="属实", ground="法"
    )


@pytest.mark.parametrize("of", [disposition, on_the_spot, opinion])
@pytest.mark.parametrize("sums", SUMS)
def test_a_sum_that_its_conclusion_contradicts_is_asked_about(of: Any, sums: str) -> None:
    conclusion, amount, expected = SUMS[sums]
    said = said_of(case(claims=[CLAIM]).accepted(), of(conclusion, amount))
    found = [told for place, told in said.items() if place.endswith((".amount", ".principal"))]
    assert [expected in told for told in found] == [True] if expected else found == []


@pytest.mark.parametrize("stance", ["不支持", "不属本单位职责"])
def test_who_does_not_support_a_claim_names_no_sum(stance: str) -> None:
    c = case(claims=[CLAIM], indicators=COMPLEX).accepted("中", HRSS, (TAX,))
    assert "却写了认定金额 300.00 元" in said_of(c, opinion(stance, 300))["views.0.amount"]
    assert said_of(c, opinion(stance, None)) == {}
    assert said_of(c, opinion("仅提供事实材料", 300)) == {}


def test_what_an_inquiry_finds_far_above_the_claim_is_asked_about() -> None:
    c = case(claims=[CLAIM]).accepted()
    row = [{"claim": "1", "due": 5000}]
    assert "5.0 倍" in said_of(c, filled("issue_investigation_report", sums=row))["sums.0.due"]


# --- an agreement ------------------------------------------------------------------------------------------------


def draft(amount: float, coverage: str = "全部应缴期间") -> Action:
    return filled(
        "draft_agreement", principal="全额补缴", coverage=coverage, amount=amount, pay_to="缴入社会保险基金",
        late_fee="单位依法承担，由税务机关核定", terms=["补缴"], facts="欠缴", waiver=False, set_off=False,
    )  # fmt: skip


SIGNED = {
    "kind": "conclude_agreement", "form": "书面", "signed_on": "2026-03-09", "confirm_told": True,
    "signers": [{"party": p, "signer": "某", "capacity": "本人"} for p in ("申请人", "被反映单位")],
}  # fmt: skip


def mediating() -> Case:
    return consulted(claims=[CLAIM]).do("mediation_start", MEDIATOR, voluntary_statement=True)


def test_all_of_the_principal_is_no_less_than_what_is_owed() -> None:
    c = mediating()
    assert "低于尚欠的 1,000.00 元" in said_of(c, draft(600))["amount"]
    assert "amount" not in said_of(c, draft(1000))
    assert "amount" not in said_of(c, draft(600, "部分期间，其余另行处理"))
    c.disposed(amount=700)
    assert "低于尚欠的 700.00 元" in said_of(c, draft(600))["amount"]


def test_whoever_signs_a_draft_that_nobody_reviewed_is_told_so() -> None:
    c = mediating().act(draft(1000), MEDIATOR)
    sign = ACTION.validate_python(SIGNED)
    assert "第 1 版协议草案还没有审查" in said_of(c, sign)["form"]
    c.act(filled("review_agreement", result="通过"), MEDIATOR)
    assert "form" not in said_of(c, sign)


def test_where_the_policy_demands_the_review_an_unreviewed_draft_is_not_signed() -> None:
    strict = Case(county().model_copy(update={"agreement_review_required": True}), indicators=COMPLEX)
    strict.accepted("中", HRSS, (TAX,)).do("convene_meeting", form="会商").do("minutes", opinion="一致")
    strict.do("mediation_start", MEDIATOR, voluntary_statement=True).act(draft(1000), MEDIATOR)
    assert strict.declined(ACTION.validate_python(SIGNED), MEDIATOR) == "not_reviewed"


# --- an order ----------------------------------------------------------------------------------------------------


def order(pay_by: str = "5工作日", principal: float = 600) -> dict[str, Any]:
    return {
        "arrears": [{"claim": "1", "principal": principal}], "pay_by": pay_by, "served": False,
    }  # fmt: skip


def test_what_was_ordered_and_is_not_paid_is_not_ordered_again_unawares() -> None:
    c, body = (
        case(claims=[CLAIM]).accepted().act(disposition("支持", 1000), TAX),
        filled("order_payment", **order()),
    )
    assert said_of(c, body) == {}
    c.act(body, TAX)
    said = said_of(c, body)["arrears.0.principal"]
    assert said.startswith("子项 1 已于 2026-03-09 责令限期缴纳 600.00元，")
    c.paid(1000)
    assert said_of(c, body) == {}


GIVEN: dict[str, tuple[dict[str, Any], str]] = {
    "order_payment": (order(), "pay_by"),
    "demand_performance": ({"amount": "600", "served": False}, "pay_by"),
    "request_supplement": ({}, "due"),
}
"""What gives a party time, and in which field."""


@pytest.mark.parametrize("kind", GIVEN)
def test_what_a_party_is_given_is_counted_in_days(kind: str) -> None:
    answers, field = GIVEN[kind]
    for wrong in ("24小时", {"length": 24, "unit": "h"}):
        with pytest.raises(ValidationError, match="不写小时"):
            filled(kind, **{**answers, field: wrong})
    for right in ("10工作日", "15日"):
        assert str(getattr(filled(kind, **{**answers, field: right}), field)) == right

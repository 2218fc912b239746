"""Money: what is recorded is owed, was paid when it can have been, and can be put right."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.actions import ACTION, Act, Action
from domain.cautions import cautions
from domain.chinese import yuan
from domain.choices import choices
from domain.decide import Declined, decide
from domain.draft import Draft
from domain.offers import form_of, offers
from domain.outcome import figures, late_fees
from domain.tasks import TaskKind
from domain.telling import tell
from domain.words import Stage
from tests.support.case import CENTER, HRSS, MEDIATOR, TAX, Case, case, consulted, county, told
from tests.support.forms import filled

PERIOD = {"from": "2025-11", "to": "2026-01"}
CLAIM = {
    "no": 1, "insurance": "养老", "regime": "职工", "type": "已申报未按时缴纳", "amount": 1000, "period": PERIOD,
}  # fmt: skip
SECOND = {
    **CLAIM,
    "no": 2,
    "insurance": "失业",
    "amount": 500,
    "period": {"from": "2026-01", "to": "2026-01"},
}


def payment(*parts: tuple[str, Any], on: str = "2026-03-09", fee: object = 0, **more: Any) -> Action:
    rows = [{"claim": no, "principal": str(sum_)} for no, sum_ in parts]
    return filled("record_payment", parts=rows, paid_on=on, late_fee=str(fee), **more)


def withdrawal(no: int = 1, reason: str = "金额录入有误") -> Action:
    return filled("withdraw_payment", payment=no, reason=reason, explanation="多写了一位")


def owing(**intake: Any) -> Case:
    """A 低 matter whose party knows that 1000 are owed, with its months."""
    return told(claims=[CLAIM], **intake)


def refusal(c: Case, body: Action, unit: str = TAX) -> Declined:
    act = Act(id="try#1", unit=unit, officer="税务员甲", body=body)
    with pytest.raises(Declined) as caught:
        decide(c.state, act, county(), c.now)
    return caught.value


def said_of(c: Case, body: Action) -> Mapping[str, str]:
    return {told.field: told.message for told in cautions(c.state, body, county(), c.now)}


# --- what is refused ---------------------------------------------------------------------------------------------


def test_more_than_is_owed_is_refused_at_its_field_with_what_stands_and_what_to_do() -> None:
    c = owing().act(payment(("1", 400)), TAX)
    no = refusal(c, payment(("1", 6000)))
    assert (no.code, no.field) == ("too_much", "parts.0.principal")
    for part in ("认定 1,000.00 元", "已到账 400.00 元", "尚欠 600.00 元", "退费", "更替处置意见"):
        assert part in str(no)
    assert c.act(payment(("1", 600)), TAX).state.sub_items["1"].missing == 0


def test_a_claim_named_twice_is_counted_together() -> None:
    assert refusal(owing(), payment(("1", 600), ("1", "400.01"))).field == "parts.1.principal"
    assert owing().act(payment(("1", 600), ("1", 400)), TAX).state.paid == 1000


def test_all_faults_are_told_at_once() -> None:
    no = refusal(owing(), payment(("1", 6000), ("9", 1), on="2016-03-09", instalment=3))
    assert {fault.field for fault in no.faults} == {
        "parts.0.principal", "parts.1.claim", "paid_on", "instalment",
    }  # fmt: skip
    assert all(fault.message in str(no) for fault in no.faults)


@pytest.mark.parametrize(
    ("day", "code"), [("2025-10-31", "too_long_ago"), ("2025-11-01", None), ("2026-03-10", "future")]
)
def test_a_debt_is_paid_between_its_first_month_and_today(day: str, code: str | None) -> None:
    c, body = owing(), payment(("1", 100), on=day)
    if code is None:
        assert c.act(body, TAX).state.payments[0].paid_on == date.fromisoformat(day)
    else:
        no = refusal(c, body)
        assert (no.code, no.field) == (code, "paid_on")


def test_of_several_claims_the_last_begun_bounds_the_day() -> None:
    c = case(claims=[CLAIM, SECOND]).accepted()
    assert "2026-01 起" in str(refusal(c, payment(("1", 1), ("2", 1), on="2025-12-15")))
    c.act(payment(("1", 1), on="2025-12-15"), TAX)


def test_days_that_follow_something_are_not_before_it() -> None:
    c = owing()
    early = filled("notify_result", told_on="2026-03-08")
    before = case(claims=[CLAIM]).accepted().disposed()
    assert refusal(before, early).field == "told_on"
    old = ACTION.validate_python(
        {"kind": "record_proceeding", "proceeding": "劳动仲裁", "body": "仲裁委", "begun_on": "1980-01-01",
         "depends": False, "paper": {"name": "通知"}}
    )  # fmt: skip
    assert refusal(c, old).code == "too_long_ago"


def test_an_order_a_demand_and_a_refund_keep_to_what_is_owed() -> None:
    c = owing()
    arrears = {"pay_by": "5工作日", "served": False}
    order = filled("order_payment", arrears=[{"claim": "1", "principal": "1000.01"}], **arrears)
    assert refusal(c, order).field == "arrears.0.principal"
    c.act(filled("order_payment", arrears=[{"claim": "1", "principal": "1000"}], **arrears), TAX)
    with_fee = Decimal(1000) + 1000 * Decimal("0.0005") * (date(2026, 3, 9) - date(2025, 11, 1)).days
    demand = {"pay_by": "10工作日", "served": False}
    over = refusal(c, filled("demand_performance", amount=str(with_fee + 1), **demand))
    assert (over.code, over.field) == ("too_much", "amount")
    assert yuan(with_fee) in str(over)
    c.act(filled("demand_performance", amount=str(with_fee), **demand), TAX)


def test_a_refund_keeps_to_what_was_decided() -> None:
    claims = [{"no": 1, "insurance": "医疗", "regime": "居民", "type": "待遇享受", "amount": 400}]
    c = case(claims=claims).accepted()
    row = {
        "claim": "1",
        "conclusion": "支持",
        "measure": "退费",
        "refund": "380",
        "competent": "医保局已答复",
    }
    c.act(filled("issue_disposition", results=[row], late_fee=None), TAX).informed()
    back = {"claim": "1", "to": "居民本人", "paid_on": "2026-03-09"}
    assert refusal(c, filled("record_refund", amount="380.01", **back)).field == "amount"
    c.act(filled("record_refund", amount="380", **back), TAX)
    assert c.state.sub_items["1"].refunded == 380


def test_an_agreement_keeps_to_what_was_recognised() -> None:
    c = consulted().do("mediation_start", MEDIATOR, voluntary_statement="双方自愿").disposed(amount=1000)
    body = {
        "facts": "欠缴", "principal": "全额补缴", "coverage": "全部应缴期间", "amount": "1000.01",
        "late_fee": "单位依法承担，由税务机关核定", "pay_to": "缴入社会保险基金", "waiver": False, "set_off": False,
        "terms": ["足额补缴"],
    }  # fmt: skip
    assert refusal(c, filled("draft_agreement", **body), MEDIATOR).field == "amount"


def test_what_is_to_be_assessed_later_bounds_nothing() -> None:
    """A payment before the sum is known must not make itself the sum."""
    c = case(claims=[CLAIM]).accepted().act(payment(("1", 300)), TAX)
    row = {"claim": "1", "conclusion": "支持", "measure": "补办参保登记并核定"}
    c.act(filled("issue_disposition", results=[row], late_fee=None), TAX)
    assert c.state.sub_items["1"].recognised is None
    assert c.act(payment(("1", 500)), TAX).state.paid == 800


# --- what is only asked ------------------------------------------------------------------------------------------


def test_a_digit_too_many_is_asked_about() -> None:
    c = case(claims=[CLAIM]).accepted()
    row = {"claim": "1", "conclusion": "支持", "measure": "责令限期缴纳", "principal": "10000"}
    said = said_of(c, filled("issue_disposition", results=[row]))
    assert "10.0 倍" in said["results.0.principal"]
    assert said_of(c, filled("issue_disposition", results=[row | {"principal": "1200"}])) == {}


def test_a_payment_that_looks_odd_is_asked_about() -> None:
    c = case(claims=[CLAIM]).accepted()
    assert "高于主张金额" in said_of(c, payment(("1", 1200)))["parts.0.principal"]
    assert "填反" in said_of(c, payment(("1", 10), fee=11))["late_fee"]
    assert said_of(c, payment(("1", 0)))["parts"].startswith("本金和滞纳金都是 0 元")
    c.act(payment(("1", 300)), TAX)
    assert "重复" in said_of(c, payment(("1", 300)))["parts"]
    assert said_of(c, payment(("1", 301))) == {}
    old = {**CLAIM, "period": {"from": "2020-01", "to": "2020-12"}}
    assert "一年以上" in said_of(case(claims=[old]), payment(("1", 1), on="2020-05-01"))["paid_on"]


def agreed(*sums: int) -> Case:
    c = consulted(claims=[CLAIM]).do("mediation_start", MEDIATOR, voluntary_statement="双方自愿")
    parts = [{"due": f"2026-0{4 + n}-15", "amount": sum_} for n, sum_ in enumerate(sums)]
    return c.do("mediate_agreed", MEDIATOR, clauses=["足额补缴养老保险费"], instalments=parts)


def test_an_instalment_that_does_not_fit_its_sum_is_asked_about() -> None:
    c = agreed(400, 600)
    assert "第 1 期约定 400.00 元" in said_of(c, payment(("1", 300), instalment=1))["instalment"]
    assert said_of(c, payment(("1", 400), instalment=1)) == {}


# --- what is shown -----------------------------------------------------------------------------------------------


def test_a_claim_says_how_it_stands_where_it_is_chosen() -> None:
    c = owing().act(payment(("1", 400)), TAX)
    form = form_of(c.state, TAX, county(), c.now, "record_payment")
    rows = next(field.rows for field in form if field.name == "parts")
    (label,) = [choice.label for choice in rows[0].choices]
    assert label.endswith("主张 1,000.00 元，认定 1,000.00 元，已到账 400.00 元，尚欠 600.00 元")


# --- taken back --------------------------------------------------------------------------------------------------


def test_a_payment_taken_back_counts_nowhere_and_its_claim_is_open_again() -> None:
    c = owing().act(payment(("1", 1000), fee="13.20"), TAX)
    assert c.state.sub_items["1"].closed_at
    assert not c.state.open_tasks(TaskKind.EXECUTE)
    c.act(withdrawal(), TAX)
    d = c.state
    assert (d.paid, d.paid_in_all, late_fees(d), d.sub_items["1"].paid) == (0, 0, 0, 0)
    assert (figures(d)["paid_amount"], figures(d)["late_fee_paid"], figures(d)["payments"]) == (0, 0, 0)
    assert d.sub_items["1"].closed_at is None
    assert [p.no for p in d.withdrawn_payments] == [1]
    assert c.refused("close_case") in ("not_yet", "wrong_unit")
    c.act(payment(("1", 1000)), TAX)
    assert [p.no for p in c.state.payments] == [2]
    assert not c.state.open_tasks(TaskKind.EXECUTE)


def test_execution_goes_on_with_the_time_that_was_left() -> None:
    c = owing()
    (task,) = c.state.open_tasks(TaskKind.EXECUTE)
    (clock,) = [k for k in c.state.open_clocks() if k.task_id == task.id]
    c.act(payment(("1", 1000)), TAX).act(withdrawal(), TAX)
    (again,) = c.state.open_tasks(TaskKind.EXECUTE)
    (runs,) = [k for k in c.state.open_clocks() if k.task_id == again.id]
    assert (again.unit, runs.due_at, runs.starts_at) == (task.unit, clock.due_at, clock.starts_at)
    assert c.state.stage == Stage.EXECUTION


def test_what_was_asked_for_because_it_was_paid_is_not_asked_for_any_more() -> None:
    c = owing().called().act(payment(("1", 1000)), TAX)
    assert c.state.open_tasks(TaskKind.CALLBACK)
    c.act(withdrawal(), TAX)
    assert not c.state.open_tasks(TaskKind.CALLBACK)
    assert c.state.stage == Stage.EXECUTION
    c.act(payment(("1", 1000)), TAX).called()
    assert c.state.open_tasks(TaskKind.CLOSE)
    c.act(withdrawal(2), TAX)
    assert not c.state.open_tasks(TaskKind.CLOSE)
    assert c.state.open_tasks(TaskKind.EXECUTE)


def test_what_stays_paid_stays_closed() -> None:
    c = case(claims=[CLAIM, SECOND]).accepted()
    rows = [
        {"claim": no, "conclusion": "支持", "measure": "责令限期缴纳", "principal": sum_}
        for no, sum_ in (("1", "1000"), ("2", "500"))
    ]
    c.act(filled("issue_disposition", results=rows), TAX).informed()
    c.act(payment(("2", 500)), TAX).act(payment(("1", 1000)), TAX).act(withdrawal(2), TAX)
    closed = {no: s.closed_at is not None for no, s in c.state.sub_items.items()}
    assert closed == {"1": False, "2": True}


def test_instalments_run_again_towards_their_own_days() -> None:
    c = agreed(400, 600)
    clocks = [k.id for k in c.state.clocks.values() if k.rule_id == "instalment"]
    c.act(payment(("1", 400), instalment=1), HRSS).act(payment(("1", 600)), HRSS)
    assert [c.state.clocks[k].is_open for k in clocks] == [False, False]
    due = [c.state.clocks[k].due_at for k in clocks]
    c.act(withdrawal(2), HRSS)
    assert [c.state.clocks[k].is_open for k in clocks] == [False, True]
    assert [c.state.clocks[k].due_at for k in clocks] == due
    c.on("2026-05-18")
    assert c.state.mediation
    assert c.state.mediation.defaulted


def test_the_windows_of_enforcement_run_again() -> None:
    c = owing()
    arrears = [{"claim": "1", "principal": "1000"}]
    served = {"served": True, "served_on": "2026-03-09", "served_by": "直接送达"}
    c.act(filled("order_payment", arrears=arrears, pay_by="5工作日", **served), TAX)
    window = [k.id for k in c.state.open_clocks() if k.rule_id in ("order_final", "enforcement_window")]
    c.act(payment(("1", 1000)), TAX)
    assert [c.state.clocks[k].lapsed for k in window] == [True, True]
    c.act(withdrawal(), TAX)
    assert [c.state.clocks[k].is_open for k in window] == [True, True]


def test_it_is_offered_to_whoever_may_record_a_payment_and_only_while_there_is_one() -> None:
    c = owing()
    assert "withdraw_payment" not in {o.kind for o in offers(c.state, TAX, county(), c.now)}
    c.act(payment(("1", 1000), fee="13.20"), TAX)
    assert "withdraw_payment" in {o.kind for o in offers(c.state, TAX, county(), c.now)}
    assert "withdraw_payment" not in {o.kind for o in offers(c.state, "县水务局", county(), c.now)}
    draft = Draft(c.state, county(), now=c.now, unit=TAX, officer="", action_id="x")
    (choice,) = choices("payments", draft)
    assert (
        choice.label == "第1笔 2026-03-09 到账，本金 1,000.00 元，滞纳金 13.20 元（县税务局 税务员甲 登记）"
    )
    assert refusal(c, withdrawal(2)).field == "payment"
    c.act(withdrawal(), TAX)
    assert refusal(c, withdrawal()).code == "no_payment"


def test_a_closed_matter_keeps_its_payments() -> None:
    c = owing().act(payment(("1", 1000)), TAX).called().do("close_case")
    assert c.state.closed_at
    assert refusal(c, withdrawal()).code == "closed"
    assert c.state.paid == 1000
    assert c.declined(withdrawal(), CENTER) == "closed"


@pytest.mark.parametrize(
    ("span", "told"), [("10工作日", False), ("31工作日", True), ("61日", True), ("60日", False)]
)
def test_a_term_longer_than_any_of_the_law_is_asked_about(span: str, told: bool) -> None:
    c = case()
    said = said_of(c, filled("request_supplement", due=span))
    assert ("due" in said) is told
    assert span in said.get("due", span)


def test_the_record_of_a_payment_tells_its_late_fee() -> None:
    c = told().act(
        filled(
            "record_payment",
            parts=[{"claim": "1", "principal": "1000"}],
            late_fee="63.5",
            paid_on="2026-03-09",
            collected_by="本县税务机关",
        ),
        TAX,
    )
    lines = [tell(e) for e in c.events if e.fact.type == "acted"]
    assert any("登记到账：本金 1,000.00 元，滞纳金 63.50 元" in line for line in lines), lines

"""The windows that the law opens: arbitration, going to court, asking the court to enforce."""

from datetime import date
from typing import Any

import pytest

from domain.actions import ACTION
from domain.clocks import Deadline
from domain.deadlines import explain, months_after
from domain.decide import Declined
from domain.events import CardIssued
from tests.support.case import APPLICANT, CENTER, COMPLEX, HRSS, TAX, Case, case, told


def form(kind: str, **data: Any) -> Any:
    return ACTION.validate_python({"kind": kind, **data})


def clock(c: Case, rule_id: str) -> Deadline:
    return [x for x in c.state.clocks.values() if x.rule_id == rule_id][-1]


def has(c: Case, rule_id: str) -> bool:
    return any(x.rule_id == rule_id for x in c.state.clocks.values())


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [("2026-03-09", 6, "2026-09-09"), ("2026-08-31", 6, "2027-02-28"), ("2027-08-29", 6, "2028-02-29"),
     ("2026-12-31", 12, "2027-12-31"), ("2026-01-31", 0, "2026-01-31")],
)  # fmt: skip
def test_months(day: str, months: int, later: str) -> None:
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(later)


# --- enforcement -------------------------------------------------------------------------------------------------


def ordered(served_on: str | None = "2026-03-09") -> Case:
    c = told()
    served = (
        {"served": True, "served_on": served_on, "served_by": "直接送达"} if served_on else {"served": False}
    )
    return c.act(
        form("order_payment", arrears=[{"claim": "1", "principal": 1000}], pay_by="5工作日", **served), TAX
    )


def test_three_months_after_the_six_in_which_the_firm_may_sue() -> None:
    c = ordered()
    final, window = clock(c, "order_final"), clock(c, "enforcement_window")
    assert (final.due_on, final.kind) == (date(2026, 9, 9), "not_before")
    assert (window.due_on, window.kind, window.owner) == (date(2026, 12, 9), "window", TAX)
    assert "行政强制法第五十三条" in explain(window)[1]
    unserved = {"arrears": [{"claim": "1", "principal": 1000}], "pay_by": "5工作日", "served": False}
    assert not has(case().accepted().act(form("order_payment", **unserved), TAX), "order_final")


def test_a_period_that_ends_on_a_holiday_rolls() -> None:
    c = told().on("2026-04-03")
    served = {"served": True, "served_on": "2026-04-02", "served_by": "直接送达"}
    c.act(form("order_payment", arrears=[{"claim": "1", "principal": 1000}], pay_by="5工作日", **served), TAX)
    assert clock(c, "order_final").due_on == date(2026, 10, 8)  # 10-02 falls into the holiday
    assert clock(c, "enforcement_window").due_on == date(2027, 1, 8)


def enforcing(ground: str, on: str) -> Any:
    return form(
        "apply_enforcement", measure="申请人民法院强制执行", ground=ground, amount=1000, applied_on=on
    )


BY_COURT, BY_LEVY = (
    "行政强制法第五十三条（决定已过复议诉讼期）",
    "社会保险法第六十三条第三款（未足额缴纳且未提供担保）",
)


def demanded() -> Case:
    c = ordered()
    served = {"served": True, "served_on": "2026-03-09", "served_by": "直接送达"}
    return c.act(form("demand_performance", amount=1000, pay_by="10工作日", **served), TAX)


def test_no_enforcement_under_article_53_while_the_firm_may_still_sue() -> None:
    c = demanded().on("2026-04-01")
    assert c.declined(enforcing(BY_COURT, "2026-04-01"), TAX) == "too_early"
    c.act(enforcing(BY_LEVY, "2026-04-01"), TAX)
    assert clock(c, "order_final").result == "lapsed"
    c = demanded().on("2026-09-10")
    c.act(enforcing(BY_COURT, "2026-09-10"), TAX)
    assert (clock(c, "order_final").result, clock(c, "enforcement_window").result) == ("respected", "met")


def test_what_is_paid_or_challenged_leaves_no_window() -> None:
    assert clock(ordered().paid(), "enforcement_window").result == "lapsed"
    c = ordered()
    begun = {"proceeding": "行政诉讼", "body": "法院", "begun_on": "2026-03-09", "depends": False}
    c.act(form("record_proceeding", **begun, paper={"name": "受理通知书"}), CENTER)
    assert clock(c, "enforcement_window").result == "lapsed"


# --- arbitration and court ---------------------------------------------------------------------------------------


def guided() -> Case:
    c = case(indicators=COMPLEX).accepted("中", HRSS, (TAX,))
    return c.do("guide_to_arbitration", paths=["确认劳动关系仲裁"], not_a_decision=True)


def test_a_year_for_arbitration_from_the_day_relief_was_asked_for() -> None:
    c = guided()
    year = clock(c, "arbitration_limit")
    assert (year.due_on, year.kind) == (date(2027, 3, 9), "window")
    assert "时效中断" in explain(year)[1]
    c.do("legal_document", APPLICANT, kind="仲裁受理通知书", pauses_internal_clock=True)
    assert clock(c, "arbitration_limit").result == "met"


@pytest.mark.parametrize(
    ("ruling", "rule", "due"),
    [
        ("仲裁裁决书", "sue_award", date(2026, 3, 24)),
        ("复议决定书", "sue_review", date(2026, 3, 24)),
        ("民事判决书", "appeal_judgment", date(2026, 3, 24)),
        ("行政判决书", "appeal_administrative", date(2026, 3, 24)),
        ("裁定书", "appeal_ruling", date(2026, 3, 19)),
    ],
)
def test_the_days_to_go_to_court_count_from_receipt(ruling: str, rule: str, due: date) -> None:
    c = guided()
    paper = {"ruling": ruling, "outcome": "不予确认", "paper": {"name": ruling}}
    open_yet = {"effective": "未生效，可起诉或上诉", "received_on": "2026-03-09"}
    c.act(form("record_ruling", **paper, **open_yet), APPLICANT)
    assert (clock(c, rule).due_on, clock(c, rule).kind) == (due, "window")
    c.on("2026-05-06")
    cards = [e.fact.clock_id for e in c.events if isinstance(e.fact, CardIssued)]
    assert clock(c, rule).id not in cards
    c.act(form("record_ruling", **paper, effective="已生效", effective_on="2026-04-01"), APPLICANT)
    assert clock(c, rule).result == "lapsed"


def test_the_day_of_receipt_is_asked_for_where_it_counts() -> None:
    paper = {"ruling": "仲裁裁决书", "outcome": "不予确认", "paper": {"name": "裁决"}}
    with pytest.raises(ValueError, match="received_on"):
        form("record_ruling", **paper, effective="未生效，可起诉或上诉")
    with pytest.raises(Declined, match="收到日期"):
        guided().act(
            form("record_ruling", **paper, effective="未生效，可起诉或上诉", received_on="2027-01-01"),
            APPLICANT,
        )

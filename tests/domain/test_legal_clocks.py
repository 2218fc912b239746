"""The clocks that the law attaches to a matter by channel, source and kind, and what stands in place of the county's."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.actions import ACTION, Act
from domain.clocks import Deadline
from domain.deadlines import explain
from domain.decide import register
from domain.dispute import Dispute
from domain.events import Noted
from domain.fold import replay
from domain.intake import Intake
from tests.support.case import CENTER, COMPLEX, HRSS, INTAKE, TAX, Case, case, county

PETITION_OFFICE = "县信访局"


def clock(c: Case, rule_id: str) -> Deadline:
    (found,) = [x for x in c.state.clocks.values() if x.rule_id == rule_id]
    return found


def rules(c: Case) -> set[str]:
    return {x.rule_id for x in c.state.clocks.values()}


def came(**intake: Any) -> Case:
    return case(received_at="2026-10-15T09:00:00+08:00", **intake)


BY_PETITION: list[tuple[dict[str, Any], str, str]] = [
    ({"channel": "来访"}, "visit_notice", "信访来访书面告知"),
    ({"channel": "书信传真"}, "petition_notice", "信访来信书面告知"),
    (
        {"channel": "成员单位移送", "handed_over_by": PETITION_OFFICE},
        "transfer_notice",
        "信访转送事项书面告知",
    ),
    ({"channel": "成员单位移送", "received_by": PETITION_OFFICE}, "transfer_notice", "信访转送事项书面告知"),
    ({"channel": "网络", "handed_over_by": "信访局"}, "transfer_notice", "信访转送事项书面告知"),
]


@pytest.mark.parametrize(("intake", "notice", "name"), BY_PETITION)
def test_a_petition_matter_has_its_fifteen_and_its_sixty_days(
    intake: dict[str, Any], notice: str, name: str
) -> None:
    if intake.get("handed_over_by") == "信访局":
        intake = {**intake, "handed_over_by": "petition"}  # a role is the county's unit
    c = came(**intake, indicators=COMPLEX)
    assert (clock(c, notice).name, clock(c, notice).due_on) == (name, date(2026, 10, 30))
    assert "petition_total" not in rules(c)
    c.accepted("中", HRSS, (TAX,))
    total = clock(c, "petition_total")
    assert (total.due_on, total.kind, total.owner, total.tag) == (date(2026, 12, 14), "statutory", HRSS, "F")
    assert "依据：信访工作条例第三十四条" in explain(total)[1]


@pytest.mark.parametrize(
    "intake",
    [{"channel": "12345热线"}, {"channel": "网格员排查"}, {"channel": "网络"}, {"channel": "成员单位移送"},
     {"channel": "成员单位移送", "handed_over_by": TAX}],
)  # fmt: skip
def test_no_other_matter_has_them(intake: dict[str, Any]) -> None:
    c = came(**intake).accepted()
    assert not rules(c) & {
        "visit_notice",
        "petition_notice",
        "transfer_notice",
        "petition_total",
        "petition_return",
    }


def test_more_time_for_the_county_s_clock_moves_no_day_of_the_law() -> None:
    c = came(channel="来访", indicators=COMPLEX).accepted("中", HRSS, (TAX,))
    c.do("request_extension", HRSS, days="30 working days", reason="案情复杂").do("approve_extension", CENTER)
    assert clock(c, "mid_total").due_on == date(2027, 1, 8)
    assert clock(c, "petition_total").due_on == date(2026, 12, 14)


def test_the_sixty_days_are_extended_once_by_thirty_at_most() -> None:
    c = came(channel="来访", indicators=COMPLEX).accepted("中", HRSS, (TAX,))
    total = clock(c, "petition_total")
    ask = {"kind": "request_extension", "clock": total.id, "reason_code": "案情复杂", "explanation": "须查账"}
    assert c.declined(form({**ask, "span": "31日"}), HRSS) == "no_extension"
    c.act(form({**ask, "span": "30日"}), HRSS)
    c.act(form({"kind": "decide_extension", "decision": "同意", "span": "30日"}), CENTER)
    assert clock(c, "petition_total").due_on == date(2027, 1, 13)


def form(data: dict[str, Any]) -> Any:
    return ACTION.validate_python(data)


def test_nothing_but_the_answer_ends_them_and_no_pause() -> None:
    c = came(channel="来访").accepted().disposed()
    assert clock(c, "petition_total").is_open
    c.informed()
    assert clock(c, "petition_total").result == "met"


def test_a_withdrawn_matter_owes_no_handling() -> None:
    c = came(channel="书信传真").accepted().do("withdraw", "申请人", stated_reason="和解")
    c.do("withdraw_confirm", free_will="是", result="准予撤回")
    assert clock(c, "petition_total").result == "lapsed"


# --- sending back ------------------------------------------------------------------------------------------------

FOURTH = "2026-10-21"
"""The fourth working day after Thursday 10-15."""


def dispatched(**intake: Any) -> Case:
    return came(**intake).do("triage_confirm", decision="受理", level="低", path="直办", lead=TAX, co=[])


@pytest.mark.parametrize("intake", [i for i, _, _ in BY_PETITION[:3]])
def test_a_petition_matter_may_be_sent_back_for_five_working_days(intake: dict[str, Any]) -> None:
    c = dispatched(**intake)
    window = clock(c, "petition_return")
    assert (window.name, window.due_on, window.kind) == ("退单", date(2026, 10, 22), "window")
    assert "return_window" not in rules(c)
    paper = next(p for p in c.state.documents if p.name == "交办单")
    assert "5个工作日内写明理由退回" in paper.fields["要求"]
    c.on(FOURTH).do("return", TAX, reason="应由人社主办", suggested_unit=HRSS)
    assert clock(c, "petition_return").result == "met"
    c.do("dispatch", lead=HRSS, co=[])
    again = [x for x in c.state.open_clocks() if x.rule_id == "petition_return"]
    assert [x.owner for x in again] == [HRSS]


def test_any_other_matter_only_for_two() -> None:
    assert (
        dispatched().on(FOURTH).refused("return", TAX, reason="应由人社主办", suggested_unit=HRSS)
        == "too_late"
    )
    c = dispatched(channel="来访").on("2026-10-23")
    assert c.refused("return", TAX, reason="应由人社主办", suggested_unit=HRSS) == "too_late"


# --- the labour inspection ---------------------------------------------------------------------------------------


def test_only_a_labour_inspection_complaint_has_the_five_days_by_law() -> None:
    c = came(labour_inspection=True)
    notice = clock(c, "inspection_notice")
    assert (notice.kind, notice.due_on, notice.name) == ("statutory", date(2026, 10, 22), "受理/不予受理告知")
    assert "intake_notice" not in rules(c)
    assert clock(came(), "intake_notice").kind == "internal"


def test_a_supplement_stops_the_county_s_clock_and_not_the_law_s() -> None:
    for inspection, due in ((False, date(2026, 10, 27)), (True, date(2026, 10, 22))):
        c = came(labour_inspection=inspection)
        c.do("request_supplement", missing=["劳动合同"], deadline="5 working days", method="当面")
        c.on("2026-10-20").do("supplement_material", "申请人", items=["劳动合同"])
        assert clock(c, "inspection_notice" if inspection else "intake_notice").due_on == due


def test_an_inspection_takes_sixty_working_days_from_acceptance() -> None:
    c = came(labour_inspection=True).accepted()
    total = clock(c, "inspection_total")
    assert (total.due_on, total.kind, total.max_extension) == (date(2027, 1, 8), "statutory", 30)
    assert total.calendar_assumed


# --- registered late ---------------------------------------------------------------------------------------------


def late(received_at: str, days: int, **intake: Any) -> tuple[Dispute, datetime]:
    data = Intake.model_validate({**INTAKE, **intake, "received_at": received_at})
    now = data.received_at + timedelta(days=days)
    events = register("d", data, county(), now, case_no="偏社争〔2026〕0001号", action_id="r")
    return replay("d", events), now


def test_what_is_registered_late_is_not_overdue_at_once() -> None:
    d, now = late("2026-03-09T09:00:00+08:00", 40, channel="来访")
    assert all(c.due_at > now for c in d.open_clocks())
    review = next(c for c in d.clocks.values() if c.rule_id == "triage")
    assert (review.due_on, review.start_event) == (
        date(2026, 4, 22),
        "intake",
    )  # Saturday 04-18 and three working days
    assert any("原应自 2026-03-09 09:00 起算" in line for line in explain(review))


def test_a_day_of_the_law_that_has_passed_is_told_and_no_false_one_is_given() -> None:
    data = Intake.model_validate({**INTAKE, "channel": "来访", "received_at": "2026-03-09T09:00:00+08:00"})
    now = data.received_at + timedelta(days=40)
    events = register("d", data, county(), now, case_no="偏社争〔2026〕0001号", action_id="r")
    noted = [e.fact.text for e in events if isinstance(e.fact, Noted)]
    assert noted == ["信访来访书面告知：自收件之日起15日，登记时已于2026-03-24届满，请立即补办并说明"]
    d, _ = late("2026-03-09T09:00:00+08:00", 10, channel="来访")
    assert next(c for c in d.clocks.values() if c.rule_id == "visit_notice").due_on == date(2026, 3, 24)


def test_a_letter_merged_into_a_call_brings_its_clocks() -> None:
    c = came().accepted()
    child = Intake.model_validate(
        {**INTAKE, "channel": "书信传真", "source_no": "X-2", "received_at": "2026-10-16T09:00:00+08:00"}
    )
    c.on("2026-10-19")
    matter = c.life.register(child)
    body = form({"kind": "merge_cases", "into": "T-0001", "ground": ["同一申请人", "同一单位"]})
    c.life.act(matter, Act(id="m", unit=CENTER, officer="初审员", body=body), c.now)
    assert clock(c, "petition_notice").due_on == date(2026, 11, 2)  # Saturday 10-31 rolls
    assert clock(c, "petition_total").due_on == date(2026, 12, 18)

"""Every statistic by the definition of docs/statistics.md, on real PostgreSQL, against figures counted by hand."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from domain.policy import Policy
from ledger.connection import reading
from ledger.figures import BY_NAME, FIGURES, Rate, Scope
from ledger.periods import Period
from ledger.read_tables import measure_items, measures
from ledger.rebuild import rebuild
from ledger.report import report
from ledger.statistics import Returns, Share, Turnaround, spread
from ledger.store import Ledger, LedgerBroken
from ledger.verify import verify
from tests.domain.test_money import payment
from tests.ledger.lives import LATER, NONE, keep_case, keep_sample, of, of_month, of_year, on
from tests.support.case import (
    HRSS,
    LOUD,
    OFFICE,
    TAX,
    Case,
    case,
    told,
)

# --- all samples, a year ----------------------------------------------------------------------------


def test_the_samples_of_a_year_come_to_what_their_stories_tell(kept: Ledger, policy: Policy) -> None:
    for number in range(1, 17):
        keep_sample(kept, policy, f"{number:02d}")
    year = of_year(kept)
    # 02 and 03 are refused, 05 has a merged child, 03 and 06 leave a lead each, 16 tells of two matters.
    assert of(year, "登记量", "线索转化率") == [19, Rate(0, 2)]
    assert year.figures["不予受理率"] == Rate(2, 17)
    assert of(year, "受理量", "群体件", "涉及人数", "涉及金额") == [15, 1, 26, Decimal("166290.00")]
    assert year.figures["改级率"] == Rate(1, 15)
    assert year.figures["重复投诉率"] == Rate(1, 19), (
        "16: registered anew five hours after the first was closed"
    )
    # 06 was withdrawn, 09 and 10 fall due in 2027; of the other 12 only 13 was told late.
    assert year.figures["按时办结率"] == Rate(11, 12)
    assert year.figures["调解成功率"] == Rate(1, 2), "08 agreed, 09 did not"
    assert year.figures["协议履行率"] == Rate(1, 1)
    assert year.figures["回访完成率"] == Rate(11, 12), "15 was never reached"
    # 不满意: twice in 14, once in each matter of 16; 满意 or 基本满意: 01, 04, 05, 07, 08 twice, 11 to 13, 14 at last.
    assert year.figures["满意率"] == Rate(9, 13)
    asked = {a.question for a in year.answers}
    assert asked == {f"回访第{n}问" for n in range(1, 9)}
    assert sum(a.times for a in year.answers if a.question == "回访第6问") == 14, "one 拒评 beside the votes"
    assert {(a.answer, a.times) for a in year.answers if a.question == "回访第4问"} == {("拒评", 14)}
    # 01, 04, 05, 07, 08, 12, 13, 14, 16 twice
    recognised = Decimal(2610 + 3960 + 1320 + 6500 + 25600 + 1980 + 420 + 1260 + 480 + 900)
    # 01, 07 and 14 name their late fee; 04 and 08 only say that it was paid: 万分之五 a day of 3960 from 2021-12-31
    # to 2026-04-28 (1579 days), and of the second instalment's 13600 from 2026-06-30 to 09-14 (76 days).
    late_fee = Decimal("20.40") + Decimal("71.50") + Decimal("33.40")
    late_fee += Decimal("0.0005") * (3960 * 1579 + 13600 * 76)
    assert of(year, "认定应补", "到账率", "滞纳金") == [recognised, Rate(recognised, recognised), late_fee]
    guided, reopened = Rate(0, 13), Rate(1, 13)
    found = of(year, "办结量", "转法律途径率", "重办率")
    assert found == [13, guided, reopened], "09 and 10 end in 2027; 14 was handled again"
    assert year.figures["议定事项完成率"] == Rate(2, 2), "11 and 13; those of 10 fall due in 2027"
    assert year.returns[0] == Returns(None, 28, 1)
    assert Returns("县税务局", 14, 1) in year.returns
    assert year.spreads["风险"] == [Share("低", 9), Share("中", 4), Share("高", 2)]
    assert year.spreads["渠道"] == [
        Share("12345热线", 9),
        Share("来访", 3),
        Share("成员单位移送", 2),
        Share("网络", 1),
    ]
    assert Share("未填写", 1) in year.spreads["乡镇"], "15 has no employer"
    assert sum(s.matters for s in year.spreads["险种"]) == 17, "07 is about two, a claim of 04 about none"
    # A life that is told over again makes no files of its papers.
    assert {b.problem for b in verify(kept) if "原件缺失" not in b.problem} == set()


def test_a_year_over_its_end(kept: Ledger, policy: Policy) -> None:
    keep_sample(kept, policy, "09")
    keep_sample(kept, policy, "10")
    january, february = of_month(kept, "2027-01"), of_month(kept, "2027-02")
    assert (january.figures["按时办结率"], february.figures["按时办结率"]) == (Rate(1, 1), Rate(1, 1))
    found = of(january, "办结量", "转法律途径率", "重办率")
    assert found == [1, Rate(1, 1), Rate(0, 1)], "09 was shown the way to arbitration"
    assert january.figures["议定事项完成率"] == Rate(3, 3), "the first a working day late"
    # 09: 18 working days before the suspension, 5 after it, 调休 counted; 10: 12 in December, 13 in January.
    lead = [t for t in january.turnarounds if t.role == "主办"]
    assert lead == [Turnaround("县人社局", "主办", 2, Decimal("24.00"), Decimal("24.00"))]


def test_an_empty_period_has_no_rate_and_is_no_error(kept: Ledger) -> None:
    keep_case(kept, told())
    empty = of_month(kept, "2025-01")
    for figure in FIGURES:
        found = empty.figures[figure.name]
        if isinstance(found, Rate):
            assert (found, found.value) == (NONE, None), figure.name
        else:
            assert found == 0, figure.name
    assert not any(empty.spreads.values())
    assert empty.turnarounds == [Turnaround(None, None, 0, None, None)]


def test_what_was_never_measured_is_not_counted_as_nothing(kept: Ledger) -> None:
    """As after an upgrade: the read tables are there and empty."""
    keep_case(kept, told())
    before = of_year(kept)
    with kept.engine.begin() as connection:
        connection.execute(measures.delete())
        connection.execute(measure_items.delete())
    with pytest.raises(LedgerBroken, match="fengqiao ledger rebuild"):
        of_year(kept)
    rebuild(kept)
    assert of_year(kept) == before


def test_a_period_begins_and_ends_at_midnight_of_the_county(kept: Ledger) -> None:
    keep_case(kept, case(source_no="A", received_at="2026-06-30T23:59:59+08:00"))
    keep_case(kept, case(source_no="B", received_at="2026-06-30T16:00:00+00:00"))
    assert of_month(kept, "2026-06").figures["登记量"] == 1
    assert of_month(kept, "2026-07").figures["登记量"] == 1


def test_a_county_is_counted_alone(kept: Ledger) -> None:
    keep_case(kept, told())
    month = Scope(Period.month("2026-03"), on("2027-01-01"))
    everything = report(kept.engine, month)
    assert report(kept.engine, month._replace(county="偏关县")) == everything
    assert everything.figures["受理量"] == 1
    elsewhere = report(kept.engine, month._replace(county="清水县"))
    assert (elsewhere.figures["受理量"], elsewhere.returns[0].dispatched) == (0, 0)


# --- what falls out ---------------------------------------------------------------------------------


def test_a_merged_child_is_counted_nowhere(kept: Ledger) -> None:
    child = case().accepted()
    parent = {**child.state.facts.model_dump(by_alias=True), "source_no": "T-0009", "channel": "来访"}
    child.life.register(type(child.state.facts).model_validate(parent))
    keep_case(kept, child.do("merge_into", child="T-0001", parent="T-0009"))
    march = of_month(kept, "2026-03")
    assert march.figures["登记量"] == 1
    assert of(march, "受理量", "不予受理率", "办结量") == [0, NONE, 0]
    assert march.figures["按时办结率"] == NONE
    assert march.returns == [Returns(None, 0, 0)], "nor what was dispatched before the merger"
    assert march.spreads["渠道"] == []


def test_a_lead_is_converted_or_not(kept: Ledger) -> None:
    keep_case(kept, case(source_no="A", kind="线索").do("convert_lead", filed_by=["某甲"]))
    keep_case(kept, case(source_no="B", kind="线索"))
    march = of_month(kept, "2026-03")
    assert of(march, "登记量", "线索转化率") == [2, Rate(1, 2)]
    assert march.figures["受理量"] == 0


def test_a_refusal_is_a_decision_and_a_partial_one_is_none(kept: Ledger) -> None:
    claims = [{"no": n, "insurance": "养老", "regime": "职工", "type": "已申报未按时缴纳"} for n in (1, 2)]
    keep_case(kept, case(source_no="A").do("decide_not_accept", code="N4"))
    partly = case(source_no="B", claims=claims)
    keep_case(kept, partly.do("decide_not_accept", items=[{"claim": 2, "code": "N7"}]))
    assert of_month(kept, "2026-03").figures["不予受理率"] == Rate(1, 1)
    keep_case(kept, case(source_no="C").accepted())
    assert of_month(kept, "2026-03").figures["不予受理率"] == Rate(1, 2)


# --- 等级, 金额, 办结, 议定事项 ----------------------------------------------------------------------


def test_the_level_is_the_last_in_force(kept: Ledger) -> None:
    raised = case(source_no="A").accepted().do("override_risk", old="低", new="中", reason="新情况")
    keep_case(kept, raised)
    asked = case(source_no="B", indicators=LOUD).accepted("高", HRSS)
    keep_case(kept, asked.do("override_risk", old="高", new="中", reason="平息"))
    march = of_month(kept, "2026-03")
    assert march.spreads["风险"] == [Share("中", 1), Share("高", 1)]
    assert march.figures["改级率"] == Rate(1, 2), "the second waits for its approval"


def test_a_group_counts_its_people(kept: Ledger) -> None:
    for source_no, people in (("A", 5), ("B", 4)):
        applicant = {"name": "某甲", "headcount": people, "is_group": True}
        after = "2026-03-16T09:00:00+08:00"  # no 时间节点 raises it
        keep_case(
            kept, case(source_no=source_no, applicant=applicant, received_at=after).accepted("中", HRSS)
        )
    assert of(of_month(kept, "2026-03"), "受理量", "群体件", "涉及人数") == [2, 1, 9]


def test_principal_and_late_fee_are_kept_apart(kept: Ledger) -> None:
    keep_case(kept, case().accepted().disposed().paid(250, late_fee_paid=12.35))
    march = of_month(kept, "2026-03")
    recognised, rate, late_fee = of(march, "认定应补", "到账率", "滞纳金")
    assert (recognised, late_fee) == (Decimal(1000), Decimal("12.35"))
    assert isinstance(rate, Rate)
    assert (rate, rate.value) == (Rate(Decimal(250), Decimal(1000)), Decimal("0.25"))


def test_the_largest_registration_there_can_be_is_counted(kept: Ledger) -> None:
    claim = {"insurance": "养老", "regime": "职工", "type": "已申报未按时缴纳", "amount": "999999999999.99"}
    applicant = {"name": "某甲", "headcount": 100_000}
    keep_case(kept, case(claims=[{"no": n, **claim} for n in range(200)], applicant=applicant))
    assert verify(kept) == []


def test_a_matter_of_several_kinds_counts_in_each(kept: Ledger) -> None:
    claims = [
        {"no": 1, "insurance": "养老", "regime": "职工", "type": "已申报未按时缴纳"},
        {"no": 2, "insurance": "医疗", "regime": "职工", "type": "待遇享受"},
        {"no": 3, "insurance": "养老", "regime": "职工", "type": "待遇享受"},
    ]
    firms = [{"name": "某厂", "town": "新关镇", "industry": "铸造"}, {"name": "另厂", "town": "新关镇"}]
    keep_case(kept, case(claims=claims, respondents=firms).accepted("中", HRSS))
    march = of_month(kept, "2026-03")
    assert march.spreads["险种"] == [Share("养老", 1), Share("医疗", 1)]
    assert march.spreads["类型"] == [Share("已申报未按时缴纳", 1), Share("待遇享受", 1)]
    assert march.spreads["乡镇"] == [Share("新关镇", 1)]
    assert march.spreads["行业"] == [Share("铸造", 1)]


def test_a_sum_is_divided_by_claim(kept: Ledger) -> None:
    claims = [
        {"no": 1, "insurance": "医疗", "regime": "职工", "type": "已申报未按时缴纳", "amount": 3100},
        {"no": 2, "insurance": "养老", "regime": "职工", "type": "缴费基数不实", "amount": 10800},
        {"no": 3, "insurance": "养老", "type": "其他征缴"},
    ]
    of_two = case(claims=claims).accepted("中", TAX)
    of_two.act(payment(("1", 100), ("2", 200), fee=1), TAX)
    keep_case(kept, of_two)
    march = Scope(Period.month("2026-03"), LATER)
    with reading(kept.engine) as connection:
        by_type = spread(connection, march, "claim_type", BY_NAME["涉及金额"])
        by_insurance = spread(connection, march, "insurance", BY_NAME["涉及金额"])
        (row,) = connection.execute(select(measures.c.claims, measures.c.late_fee)).all()
    assert by_type == [("缴费基数不实", Decimal("10800.00")), ("已申报未按时缴纳", Decimal("3100.00"))]
    assert by_insurance == [("养老", Decimal("10800.00")), ("医疗", Decimal("3100.00"))]
    assert row.late_fee == Decimal("1.00")
    assert {c["type"]: (c["paid"], c["late_fee"]) for c in row.claims} == {
        "已申报未按时缴纳": ("100.00", "0.33"),
        "缴费基数不实": ("200.00", "0.67"),
        "其他征缴": ("0.00", "0.00"),
    }, "a late fee accrues on principal"


def met() -> Case:
    c = case(indicators=LOUD).accepted("高", HRSS)
    c.do("convene_meeting", OFFICE, form="联席会议", units=[HRSS])
    item = {"no": 1, "unit": HRSS, "text": "核查", "due": "2026-03-20"}
    return c.do("minutes", OFFICE, opinion="一致", resolutions=[item])


def test_a_resolution_counts_when_it_is_due_and_late_is_done_too(kept: Ledger) -> None:
    keep_case(kept, met())
    assert of_month(kept, "2026-03", on("2026-03-20T12:00:00")).figures["议定事项完成率"] == NONE
    assert of_month(kept, "2026-03").figures["议定事项完成率"] == Rate(0, 1)


def test_a_resolution_done_early_need_not_wait(kept: Ledger) -> None:
    keep_case(kept, met().on("2026-03-12").do("resolution_done", HRSS, no=1, result="已核查"))
    assert of_month(kept, "2026-03", on("2026-03-20T12:00:00")).figures["议定事项完成率"] == Rate(1, 1)


def test_a_resolution_done_late_is_done(kept: Ledger) -> None:
    keep_case(kept, met().on("2026-04-02").do("resolution_done", HRSS, no=1, result="已核查"))
    assert of_month(kept, "2026-03").figures["议定事项完成率"] == Rate(1, 1)


@pytest.mark.parametrize(
    ("text", "read", "expected"),
    [
        ("2026-12", Period.month, Period(date(2026, 12, 1), date(2027, 1, 1))),
        ("2026Q2", Period.quarter, Period(date(2026, 4, 1), date(2026, 7, 1))),
        ("2026q4", Period.quarter, Period(date(2026, 10, 1), date(2027, 1, 1))),
    ],
)
def test_periods(text: str, read: Callable[[str], Period], expected: Period) -> None:
    assert read(text) == expected


@pytest.mark.parametrize("text", ["2026", "2026-13", "2026-1", "9999-12", "0000-01"])
def test_what_is_no_month(text: str) -> None:
    with pytest.raises(ValueError, match="应写成"):
        Period.month(text)

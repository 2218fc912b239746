"""Every statistic by the definition of docs/statistics.md, on real PostgreSQL, against figures counted by hand."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest

from domain.policy import Policy
from domain.words import SHANGHAI
from ledger.periods import Period
from ledger.rebuild import rebuild
from ledger.report import DISTRIBUTIONS, FIGURES, report
from ledger.statistics import Accepted, Closed, Disposed, Rate, Registered, Returns, Share, Turnaround
from ledger.store import Ledger, LedgerBroken
from ledger.tables import measure_items, measures
from ledger.verify import verify
from tests.ledger.lives import keep_case, keep_sample, of_month, of_year
from tests.support.case import (
    APPLICANT,
    COMPLEX,
    HRSS,
    JUSTICE,
    LOUD,
    MEDIATOR,
    OFFICE,
    TAX,
    Case,
    case,
    consulted,
    told,
)

NONE = Rate(0, 0)


@pytest.fixture
def books(ledger: Ledger, policy: Policy) -> Ledger:
    """An empty ledger that knows the policy."""
    ledger.save_policy(policy)
    return ledger


def on(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


# --- all samples, a year ----------------------------------------------------------------------------


def test_the_samples_of_a_year_come_to_what_their_stories_tell(books: Ledger, policy: Policy) -> None:
    for number in range(1, 17):
        keep_sample(books, policy, f"{number:02d}")
    year = of_year(books)
    # 02 and 03 are refused, 05 has a merged child, 03 and 06 leave a lead each, 16 tells of two matters.
    assert year.registered == Registered(19, 2, 0)
    assert year.refused == Rate(2, 17)
    assert year.accepted == Accepted(15, 1, 26, Decimal("166290.00"), 1, 15)
    assert year.repeated == Rate(1, 19), "16: registered anew five hours after the first was closed"
    # 06 was withdrawn, 09 and 10 fall due in 2027; of the other 12 only 13 was told late.
    assert year.in_time == Rate(11, 12)
    assert year.mediated == Rate(1, 2), "08 agreed, 09 did not"
    assert year.performed == Rate(1, 1)
    assert year.called_back == Rate(11, 12), "15 was never reached"
    # 不满意: twice in 14, once in each matter of 16; 满意 or 基本满意: 01, 04, 05, 07, 08 twice, 11 to 13, 14 at last.
    assert year.satisfied == Rate(9, 13) == Rate(1 + 1 + 0 + 1 + 2 + 1 + 1 + 1 + 1, 13)
    # 01, 04, 05, 07, 08, 12, 13, 14, 16 twice
    recognised = Decimal(2610 + 3960 + 1320 + 6500 + 25600 + 1980 + 420 + 1260 + 480 + 900)
    assert year.disposed == Disposed(
        recognised, recognised, Decimal("20.40") + Decimal("71.50") + Decimal("33.40")
    )
    assert year.closed == Closed(13, 0, 1), "09 and 10 end in 2027; 14 was handled again"
    assert year.resolved == Rate(2, 2), "11 and 13; those of 10 fall due in 2027"
    assert year.returns[0] == Returns(None, 28, 1)
    assert Returns("县税务局", 14, 1) in year.returns
    assert year.levels == [Share("低", 9), Share("中", 4), Share("高", 2)]
    assert year.channels == [
        Share("12345热线", 9),
        Share("来访", 3),
        Share("成员单位移送", 2),
        Share("网络", 1),
    ]
    assert Share("未填写", 1) in year.towns, "15 has no employer"
    assert sum(s.matters for s in year.insurances) == 16, "07 is about two"
    assert verify(books) == []


def test_a_year_over_its_end(books: Ledger, policy: Policy) -> None:
    keep_sample(books, policy, "09")
    keep_sample(books, policy, "10")
    january, february = of_month(books, "2027-01"), of_month(books, "2027-02")
    assert (january.in_time, february.in_time) == (Rate(1, 1), Rate(1, 1))
    assert january.closed == Closed(1, 1, 0), "09 was shown the way to arbitration"
    assert january.resolved == Rate(3, 3), "the first a working day late"
    # 09: 18 working days before the suspension, 5 after it, 调休 counted; 10: 12 in December, 13 in January.
    lead = [t for t in january.turnarounds if t.role == "主办"]
    assert lead == [Turnaround("县人社局", "主办", 2, Decimal("24.00"), Decimal("24.00"))]


def test_an_empty_period_has_no_rate_and_is_no_error(books: Ledger) -> None:
    keep_case(books, told())
    empty = of_month(books, "2025-01")
    for figure in FIGURES:
        found = figure.read(empty)
        if isinstance(found, Rate):
            assert (found, found.value) == (NONE, None), figure.name
        else:
            assert found == 0, figure.name
    assert not any(spread(empty) for spread in DISTRIBUTIONS.values())
    assert empty.turnarounds == [Turnaround(None, None, 0, None, None)]


def test_what_was_never_measured_is_not_counted_as_nothing(books: Ledger) -> None:
    """As after an upgrade: the read tables are there and empty."""
    keep_case(books, told())
    before = of_year(books)
    with books.engine.begin() as connection:
        connection.execute(measures.delete())
        connection.execute(measure_items.delete())
    with pytest.raises(LedgerBroken, match="fengqiao ledger rebuild"):
        of_year(books)
    rebuild(books)
    assert of_year(books) == before


def test_a_period_begins_and_ends_at_midnight_of_the_county(books: Ledger) -> None:
    keep_case(books, case(source_no="A", received_at="2026-06-30T23:59:59+08:00"))
    keep_case(books, case(source_no="B", received_at="2026-06-30T16:00:00+00:00"))
    assert of_month(books, "2026-06").registered.matters == 1
    assert of_month(books, "2026-07").registered.matters == 1


def test_a_county_is_counted_alone(books: Ledger) -> None:
    keep_case(books, told())
    month = Period.month("2026-03")
    everything = report(books.engine, month, on("2027-01-01"))
    assert report(books.engine, month, on("2027-01-01"), "偏关县") == everything
    assert everything.accepted.matters == 1
    elsewhere = report(books.engine, month, on("2027-01-01"), "清水县")
    assert (elsewhere.accepted.matters, elsewhere.returns[0].dispatched) == (0, 0)


# --- what falls out ---------------------------------------------------------------------------------


def test_a_merged_child_is_counted_nowhere(books: Ledger) -> None:
    child = case().accepted()
    parent = {**child.state.facts.model_dump(by_alias=True), "source_no": "T-0009", "channel": "来访"}
    child.life.register(type(child.state.facts).model_validate(parent))
    keep_case(books, child.do("merge_into", child="T-0001", parent="T-0009"))
    march = of_month(books, "2026-03")
    assert march.registered.matters == 1
    assert march.accepted.matters == march.refused.whole == march.closed.matters == 0
    assert march.in_time == NONE
    assert march.returns == [Returns(None, 0, 0)], "nor what was dispatched before the merger"
    assert march.channels == []


def test_a_lead_is_converted_or_not(books: Ledger) -> None:
    keep_case(books, case(source_no="A", kind="线索").do("convert_lead", filed_by=["某甲"]))
    keep_case(books, case(source_no="B", kind="线索"))
    march = of_month(books, "2026-03")
    assert march.registered == Registered(2, 2, 1)
    assert march.accepted.matters == 0


def test_a_refusal_is_a_decision_and_a_partial_one_is_none(books: Ledger) -> None:
    claims = [{"no": n, "insurance": "养老", "regime": "职工", "type": "已申报未按时缴纳"} for n in (1, 2)]
    keep_case(books, case(source_no="A").do("decide_not_accept", code="N4"))
    partly = case(source_no="B", claims=claims)
    keep_case(books, partly.do("decide_not_accept", items=[{"claim": 2, "code": "N7"}]))
    assert of_month(books, "2026-03").refused == Rate(1, 1)
    keep_case(books, case(source_no="C").accepted())
    assert of_month(books, "2026-03").refused == Rate(1, 2)


# --- 按时办结率: 15 working days from 2026-03-09 end on 2026-03-30 --------------------------------------


def of_march_and_april(ledger: Ledger, now: str = "2026-12-31") -> tuple[Rate, Rate]:
    return (
        of_month(ledger, "2026-03", on(now)).in_time,
        of_month(ledger, "2026-04", on(now)).in_time,
    )


def test_what_is_not_done_counts_once_it_is_overdue(books: Ledger) -> None:
    keep_case(books, case().accepted())
    assert of_march_and_april(books, "2026-03-30T23:00:00") == (NONE, NONE)
    assert of_march_and_april(books, "2026-03-31") == (Rate(0, 1), NONE)


@pytest.mark.parametrize(("day", "kept"), [("2026-03-20", 1), ("2026-03-30", 1), ("2026-04-02", 0)])
def test_what_is_done_counts_where_it_was_due(books: Ledger, day: str, kept: int) -> None:
    keep_case(books, case().accepted().disposed().on(day).informed())
    assert of_march_and_april(books) == (Rate(kept, 1), NONE)
    assert of_march_and_april(books, "2026-03-21")[0] == Rate(kept, 1), "done before its due day or not"


def extended() -> Case:
    c = case().accepted().do("request_extension", TAX, days="5 working days", reason="等资料")
    return c.do("approve_extension")


def test_an_approved_extension_moves_the_due_day(books: Ledger) -> None:
    keep_case(books, extended().disposed().on("2026-04-07").informed())  # 清明 is skipped
    assert of_march_and_april(books) == (NONE, Rate(1, 1))


def test_an_extension_only_asked_for_moves_nothing(books: Ledger) -> None:
    asked = case().accepted().do("request_extension", TAX, days="5 working days", reason="等资料")
    keep_case(books, asked.do("reject_extension", reason="不同意"))
    assert of_march_and_april(books) == (Rate(0, 1), NONE)


def test_a_withdrawal_before_the_due_day_owes_nothing_after_it_was_late(books: Ledger) -> None:
    def withdrawn(source_no: str, day: str) -> Case:
        c = case(source_no=source_no).accepted().on(day).do("withdraw", APPLICANT)
        return c.do("withdraw_confirm", free_will="本人自愿", result="准予撤回")

    keep_case(books, withdrawn("A", "2026-03-20"))
    assert of_march_and_april(books) == (NONE, NONE)
    keep_case(books, withdrawn("B", "2026-04-08"))
    assert of_march_and_april(books) == (Rate(0, 1), NONE)


def test_what_stands_still_does_not_fall_due(books: Ledger) -> None:
    keep_case(books, suspended("A"))
    assert of_march_and_april(books) == (NONE, NONE)
    resumed = (
        suspended("B").on("2026-04-03").do("legal_document", document="判决书", result="确认", effective=True)
    )
    keep_case(books, resumed)  # 15 working days stood still; 15 after 2026-03-30, 清明 skipped, is 2026-04-21
    assert of_march_and_april(books) == (NONE, Rate(0, 1))


def suspended(source_no: str = "T-0001") -> Case:
    c = case(source_no=source_no).accepted().on("2026-03-12")
    return c.do("legal_document", document="仲裁受理通知书", pauses_internal_clock=True)


def test_a_matter_suspended_when_it_was_late_stays_late(books: Ledger) -> None:
    c = case().accepted().on("2026-04-01")
    keep_case(books, c.do("legal_document", document="仲裁受理通知书", pauses_internal_clock=True))
    assert of_march_and_april(books) == (Rate(0, 1), NONE)


# --- 调解, 协议 --------------------------------------------------------------------------------------


PARTS = [{"due": "2026-03-25", "amount": 400}, {"due": "2026-04-10", "amount": 600}]


def mediating() -> Case:
    return consulted().do("mediation_start", MEDIATOR, voluntary_statement="双方自愿")


def agreed() -> Case:
    return mediating().do("mediate_agreed", MEDIATOR, clauses=["足额补缴养老保险费"], instalments=PARTS)


def settled() -> Case:
    return agreed().disposed().informed()


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        (consulted, NONE),
        (mediating, NONE),
        (lambda: mediating().do("mediate_failed", MEDIATOR, reason="不同意"), Rate(0, 1)),
        (agreed, Rate(1, 1)),
    ],
    ids=["never started", "under way", "ended", "agreed"],
)
def test_only_a_mediation_that_ended_counts(books: Ledger, life: Callable[[], Case], expected: Rate) -> None:
    keep_case(books, life())
    assert of_month(books, "2026-03").mediated == expected


@pytest.mark.parametrize(
    ("life", "kept"),
    [
        (lambda: settled().on("2026-03-24").paid(400).on("2026-04-09").paid(600), 1),
        (lambda: settled().on("2026-03-24").paid(400), 0),
        (lambda: settled().on("2026-03-27").paid(400).on("2026-04-09").paid(600), 0),
    ],
    ids=["performed", "second part missing", "first part late"],
)
def test_an_agreement_counts_when_its_last_part_is_due(
    books: Ledger, life: Callable[[], Case], kept: int
) -> None:
    keep_case(books, life())
    assert of_month(books, "2026-03").performed == NONE
    assert of_month(books, "2026-04").performed == Rate(kept, 1)


def test_an_agreement_not_yet_due_counts_only_when_it_is_performed(books: Ledger) -> None:
    keep_case(books, settled())
    assert of_month(books, "2026-04", on("2026-04-10T12:00:00")).performed == NONE
    assert of_month(books, "2026-04", on("2026-04-11")).performed == Rate(0, 1)


# --- 回访, 满意 --------------------------------------------------------------------------------------


def tried() -> Case:
    """Called three times on different days and at different hours, in vain."""
    c = told()
    for day, hour in (("2026-03-11", 9), ("2026-03-13", 11), ("2026-03-16", 15)):
        c.on(day, hour).do("callback_call", officer="回访员", attempt=1, result="无人接听")
    return c


@pytest.mark.parametrize(
    ("life", "reached", "votes"),
    [
        (told, 0, NONE),
        (tried, 0, NONE),
        (lambda: tried().called("未联系上"), 0, NONE),
        (lambda: told().called("拒评"), 1, NONE),
        (lambda: told().called("基本满意"), 1, Rate(1, 1)),
        (lambda: told().called("不满意", category="a"), 1, Rate(0, 1)),
    ],
    ids=["not called", "tried", "never reached", "declined", "fairly satisfied", "dissatisfied"],
)
def test_who_was_called_back(books: Ledger, life: Callable[[], Case], reached: int, votes: Rate) -> None:
    keep_case(books, life())  # told on 2026-03-09: to be called by 2026-03-23
    march = of_month(books, "2026-03")
    assert march.called_back == Rate(reached, 1)
    assert march.satisfied == votes


def test_a_callback_not_yet_due_is_not_missing(books: Ledger) -> None:
    keep_case(books, told())
    assert of_month(books, "2026-03", on("2026-03-23T12:00:00")).called_back == NONE


def test_every_vote_counts_in_its_own_month(books: Ledger, policy: Policy) -> None:
    keep_sample(books, policy, "14")  # 不满意 on 04-09 and 05-13, 基本满意 on 06-02
    assert [of_month(books, f"2026-0{n}").satisfied for n in (4, 5, 6)] == [
        Rate(0, 1),
        Rate(0, 1),
        Rate(1, 1),
    ]


# --- 部门办理时限, 退单 ------------------------------------------------------------------------------


def of_units(ledger: Ledger, month: str) -> list[Turnaround]:
    return of_month(ledger, month).turnarounds[1:]


def one(unit: str, role: str, days: int) -> Turnaround:
    return Turnaround(unit, role, 1, Decimal(days), Decimal(days))


def test_a_unit_answers_after_working_days(books: Ledger) -> None:
    keep_case(books, case().accepted().on("2026-04-07").disposed())  # 19 to 04-03, 清明, 1
    assert of_units(books, "2026-04") == [one(TAX, "主办", 20)]
    assert of_units(books, "2026-03") == []


def test_a_suspension_is_left_out_of_a_units_time(books: Ledger) -> None:
    c = suspended().on("2026-03-20").do("legal_document", document="判决书", result="确认", effective=True)
    keep_case(books, c.on("2026-03-25").disposed())  # 12 working days, 6 of them suspended
    assert of_units(books, "2026-03") == [one(TAX, "主办", 6)]


def test_a_helping_unit_answers_by_its_opinion_and_silence_is_no_answer(books: Ledger) -> None:
    c = case(indicators=COMPLEX).accepted("中", HRSS, (TAX, JUSTICE)).on("2026-03-11")
    c.do("submit_opinion", TAX, role="协办", content="同意")
    c.do("convene_meeting", form="会商", units=[HRSS]).do("minutes", opinion="一致")
    keep_case(books, c.on("2026-03-13").disposed())
    assert of_units(books, "2026-03") == [one(HRSS, "主办", 4), one(TAX, "协办", 2)]


def test_a_unit_heard_at_a_meeting_has_answered(books: Ledger) -> None:
    c = case(indicators=COMPLEX).accepted("中", HRSS, (TAX,)).on("2026-03-12")
    keep_case(books, c.do("convene_meeting", form="会商", units=[HRSS, TAX]).do("minutes", opinion="一致"))
    assert of_units(books, "2026-03") == [one(TAX, "协办", 3)]


def test_mean_and_median(books: Ledger) -> None:
    for source_no, day in (
        ("A", "2026-03-10"),
        ("B", "2026-03-11"),
        ("C", "2026-03-20"),
        ("D", "2026-03-20"),
    ):
        keep_case(books, case(source_no=source_no).accepted().on(day).disposed())
    assert of_units(books, "2026-03") == [Turnaround(TAX, "主办", 4, Decimal("5.25"), Decimal("5.50"))]


def test_what_was_sent_back_is_dispatched_and_not_answered(books: Ledger) -> None:
    c = case().do("triage_confirm", decision="受理", level="低", path="直办", lead=TAX, co=[])
    c.do("return", TAX, reason="不属本单位职责", reason_code="R1").do("dispatch", lead=HRSS, co=[])
    keep_case(books, c)
    march = of_month(books, "2026-03")
    assert march.returns == [Returns(None, 2, 1), Returns(HRSS, 1, 0), Returns(TAX, 1, 1)]
    assert of_units(books, "2026-03") == []


# --- 等级, 金额, 办结, 议定事项 ----------------------------------------------------------------------


def test_the_level_is_the_last_in_force(books: Ledger) -> None:
    raised = case(source_no="A").accepted().do("override_risk", old="低", new="中", reason="新情况")
    keep_case(books, raised)
    asked = case(source_no="B", indicators=LOUD).accepted("高", HRSS)
    keep_case(books, asked.do("override_risk", old="高", new="中", reason="平息"))
    march = of_month(books, "2026-03")
    assert march.levels == [Share("中", 1), Share("高", 1)]
    assert (march.accepted.changed, march.accepted.levelled) == (1, 2), "the second waits for its approval"


def test_a_group_counts_its_people(books: Ledger) -> None:
    for source_no, people in (("A", 5), ("B", 4)):
        applicant = {"name": "某甲", "headcount": people, "is_group": True}
        after = "2026-03-16T09:00:00+08:00"  # no 时间节点 raises it
        keep_case(
            books, case(source_no=source_no, applicant=applicant, received_at=after).accepted("中", HRSS)
        )
    accepted = of_month(books, "2026-03").accepted
    assert (accepted.matters, accepted.groups, accepted.people) == (2, 1, 9)


def test_principal_and_late_fee_are_kept_apart(books: Ledger) -> None:
    keep_case(books, case().accepted().disposed().paid(250, late_fee_paid=12.35))
    march = of_month(books, "2026-03")
    assert march.disposed == Disposed(Decimal(1000), Decimal(250), Decimal("12.35"))
    (rate,) = [f.read(march) for f in FIGURES if f.name == "到账率"]
    assert isinstance(rate, Rate)
    assert rate.value == Decimal("0.25")


def test_the_largest_registration_there_can_be_is_counted(books: Ledger) -> None:
    claim = {"insurance": "养老", "regime": "职工", "type": "已申报未按时缴纳", "amount": "999999999999.99"}
    applicant = {"name": "某甲", "headcount": 2**63 - 1}
    keep_case(books, case(claims=[{"no": n, **claim} for n in range(200)], applicant=applicant))
    assert verify(books) == []


def test_a_matter_of_several_kinds_counts_in_each(books: Ledger) -> None:
    claims = [
        {"no": 1, "insurance": "养老", "regime": "职工", "type": "已申报未按时缴纳"},
        {"no": 2, "insurance": "医疗", "regime": "职工", "type": "待遇享受"},
        {"no": 3, "insurance": "养老", "regime": "职工", "type": "待遇享受"},
    ]
    firms = [{"name": "某厂", "town": "新关镇", "industry": "铸造"}, {"name": "另厂", "town": "新关镇"}]
    keep_case(books, case(claims=claims, respondents=firms).accepted("中", HRSS))
    march = of_month(books, "2026-03")
    assert march.insurances == [Share("养老", 1), Share("医疗", 1)]
    assert march.types == [Share("已申报未按时缴纳", 1), Share("待遇享受", 1)]
    assert march.towns == [Share("新关镇", 1)]
    assert march.industries == [Share("铸造", 1)]


def met() -> Case:
    c = case(indicators=LOUD).accepted("高", HRSS)
    c.do("convene_meeting", OFFICE, form="联席会议", units=[HRSS])
    item = {"no": 1, "unit": HRSS, "text": "核查", "due": "2026-03-20"}
    return c.do("minutes", OFFICE, opinion="一致", resolutions=[item])


def test_a_resolution_counts_when_it_is_due_and_late_is_done_too(books: Ledger) -> None:
    keep_case(books, met())
    assert of_month(books, "2026-03", on("2026-03-20T12:00:00")).resolved == NONE
    assert of_month(books, "2026-03").resolved == Rate(0, 1)


def test_a_resolution_done_late_is_done(books: Ledger) -> None:
    keep_case(books, met().on("2026-04-02").do("resolution_done", HRSS, no=1, result="已核查"))
    assert of_month(books, "2026-03").resolved == Rate(1, 1)


# --- 重复投诉 ---------------------------------------------------------------------------------------

PERSON = {"name": "某甲", "phone": "19911110000", "id_number": "142234196702100001"}
FIRM = {"name": "偏关县某厂", "uscc": "91140932MA0000074B"}


def first() -> Case:
    """Closed on 2026-03-20 at ten o'clock; 180 days later is 2026-09-16."""
    c = (
        case(source_no="A", applicant=PERSON, respondents=[FIRM])
        .accepted()
        .disposed()
        .paid()
        .informed()
        .called()
    )
    return c.on("2026-03-20").do("close_case", archive=True)


def again(received: str = "2026-06-01T09:00:00+08:00", **changes: object) -> Case:
    given = {"applicant": PERSON, "respondents": [FIRM], "received_at": received, **changes}
    return case(source_no="B", **given)


def claimed(insurance: str, type_: str) -> list[dict[str, object]]:
    return [{"no": 1, "insurance": insurance, "regime": "职工", "type": type_, "amount": 1}]


def without_id(**changes: object) -> dict[str, object]:
    return {"name": "某甲", "phone": "19911110000", **changes}


@pytest.mark.parametrize(
    ("second", "repeats"),
    [
        (again, True),
        (lambda: again("2026-09-16T10:00:00+08:00"), True),
        (lambda: again("2026-09-16T10:00:01+08:00"), False),
        (lambda: again("2026-03-20T09:00:00+08:00"), False),
        (lambda: again(applicant=without_id()), True),
        (lambda: again(applicant=without_id(phone="19911110001")), False),
        (lambda: again(applicant={**PERSON, "id_number": "142234196702100028"}), False),
        (lambda: again(applicant={**PERSON, "name": "某某甲", "phone": None}), True),
        (lambda: again(respondents=[{**FIRM, "name": "改了名的厂"}]), True),
        (lambda: again(respondents=[{"name": "偏关县某厂"}]), True),
        (lambda: again(respondents=[{"name": "偏关县别厂"}]), False),
        (lambda: again(respondents=[]), False),
        (lambda: again(claims=claimed("医疗", "已申报未按时缴纳")), False),
        (lambda: again(claims=claimed("养老", "待遇享受")), False),
        (lambda: again(applicant=without_id(name="某乙", members=[{"line": 1, **PERSON}])), True),
    ],
    ids=[
        "again", "on the last day", "a second too late", "before it was closed", "by name and telephone",
        "another telephone", "another person of that name", "the same 证件号", "the same 信用代码", "the firm's name",
        "another firm", "no firm", "another insurance", "another kind", "in a group",
    ],
)  # fmt: skip
def test_who_complains_again(books: Ledger, second: Callable[[], Case], repeats: bool) -> None:
    keep_case(books, second())
    keep_case(books, first())  # the order in which they are written down does not matter
    found = report(books.engine, Period.days(date(2026, 3, 10), date(2027, 1, 1)), on("2027-01-01"))
    assert found.repeated == Rate(int(repeats), 1)


def test_a_matter_still_open_is_not_complained_of_again(books: Ledger) -> None:
    keep_case(books, case(source_no="A", applicant=PERSON, respondents=[FIRM]).accepted())
    keep_case(books, again())
    assert of_month(books, "2026-06").repeated == Rate(0, 1)


def test_no_firm_on_either_side_is_the_same(books: Ledger) -> None:
    resident = [{"no": 1, "insurance": "医疗", "regime": "居民", "type": "待遇享受"}]
    given = {"applicant": PERSON, "respondents": [], "claims": resident}
    c = case(source_no="A", **given).do("decide_not_accept", code="N4").do("notify_party", document="告知书")
    assert c.state.closed_at
    keep_case(books, c)
    keep_case(books, case(source_no="B", received_at="2026-06-01T09:00:00+08:00", **given))
    assert of_month(books, "2026-06").repeated == Rate(1, 1)


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

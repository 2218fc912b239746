"""The statistics that are judged by a due day, and those of units: 按时办结, 调解, 协议, 回访, 满意, 部门办理时限, 退单."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from domain.policy import Policy
from ledger.figures import Rate, Value
from ledger.statistics import Returns, Turnaround
from ledger.store import Ledger
from tests.ledger.lives import NONE, keep_case, keep_sample, of_month, on
from tests.support.case import (
    APPLICANT,
    COMPLEX,
    HRSS,
    JUSTICE,
    MEDIATOR,
    TAX,
    Case,
    case,
    consulted,
    told,
)

# --- 按时办结率: 15 working days from 2026-03-09 end on 2026-03-30 --------------------------------------


def of_march_and_april(ledger: Ledger, now: str = "2026-12-31") -> tuple[Value, Value]:
    return (
        of_month(ledger, "2026-03", on(now)).figures["按时办结率"],
        of_month(ledger, "2026-04", on(now)).figures["按时办结率"],
    )


def test_what_is_not_done_counts_once_it_is_overdue(kept: Ledger) -> None:
    keep_case(kept, case().accepted())
    assert of_march_and_april(kept, "2026-03-30T23:00:00") == (NONE, NONE)
    assert of_march_and_april(kept, "2026-03-31") == (Rate(0, 1), NONE)


@pytest.mark.parametrize(("day", "done"), [("2026-03-20", 1), ("2026-03-30", 1), ("2026-04-02", 0)])
def test_what_is_done_counts_where_it_was_due(kept: Ledger, day: str, done: int) -> None:
    keep_case(kept, case().accepted().disposed().on(day).informed())
    assert of_march_and_april(kept) == (Rate(done, 1), NONE)
    assert of_march_and_april(kept, "2026-03-21")[0] == Rate(done, 1), "done before its due day or not"


def extended() -> Case:
    c = case().accepted().do("request_extension", TAX, days="5 working days", reason="等资料")
    return c.do("approve_extension")


def test_an_approved_extension_moves_the_due_day(kept: Ledger) -> None:
    keep_case(kept, extended().disposed().on("2026-04-07").informed())  # 清明 is skipped
    assert of_march_and_april(kept) == (NONE, Rate(1, 1))


def test_an_extension_only_asked_for_moves_nothing(kept: Ledger) -> None:
    asked = case().accepted().do("request_extension", TAX, days="5 working days", reason="等资料")
    keep_case(kept, asked.do("reject_extension", reason="不同意"))
    assert of_march_and_april(kept) == (Rate(0, 1), NONE)


def test_a_withdrawal_before_the_due_day_owes_nothing_after_it_was_late(kept: Ledger) -> None:
    def withdrawn(source_no: str, day: str) -> Case:
        c = case(source_no=source_no).accepted().on(day).do("withdraw", APPLICANT)
        return c.do("withdraw_confirm", free_will="本人自愿", result="准予撤回")

    keep_case(kept, withdrawn("A", "2026-03-20"))
    assert of_march_and_april(kept) == (NONE, NONE)
    keep_case(kept, withdrawn("B", "2026-04-08"))
    assert of_march_and_april(kept) == (Rate(0, 1), NONE)


def test_what_stands_still_does_not_fall_due(kept: Ledger) -> None:
    keep_case(kept, suspended("A"))
    assert of_march_and_april(kept) == (NONE, NONE)
    resumed = (
        suspended("B").on("2026-04-03").do("legal_document", kind="判决书", result="确认", effective=True)
    )
    keep_case(kept, resumed)  # 15 working days stood still; 15 after 2026-03-30, 清明 skipped, is 2026-04-21
    assert of_march_and_april(kept) == (NONE, Rate(0, 1))


def suspended(source_no: str = "T-0001") -> Case:
    c = case(source_no=source_no).accepted().on("2026-03-12")
    return c.do("legal_document", kind="仲裁受理通知书", pauses_internal_clock=True)


def test_a_matter_suspended_when_it_was_late_stays_late(kept: Ledger) -> None:
    c = case().accepted().on("2026-04-01")
    keep_case(kept, c.do("legal_document", kind="仲裁受理通知书", pauses_internal_clock=True))
    assert of_march_and_april(kept) == (Rate(0, 1), NONE)


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
def test_only_a_mediation_that_ended_counts(kept: Ledger, life: Callable[[], Case], expected: Rate) -> None:
    keep_case(kept, life())
    assert of_month(kept, "2026-03").figures["调解成功率"] == expected


@pytest.mark.parametrize(
    ("life", "done"),
    [
        (lambda: settled().on("2026-03-24").paid(400).on("2026-04-09").paid(600), 1),
        (lambda: settled().on("2026-03-24").paid(400), 0),
        (lambda: settled().on("2026-03-27").paid(400).on("2026-04-09").paid(600), 0),
    ],
    ids=["performed", "second part missing", "first part late"],
)
def test_an_agreement_counts_when_its_last_part_is_due(
    kept: Ledger, life: Callable[[], Case], done: int
) -> None:
    keep_case(kept, life())
    assert of_month(kept, "2026-03").figures["协议履行率"] == NONE
    assert of_month(kept, "2026-04").figures["协议履行率"] == Rate(done, 1)


def test_an_agreement_not_yet_due_counts_only_when_it_is_performed(kept: Ledger) -> None:
    keep_case(kept, settled())
    assert of_month(kept, "2026-04", on("2026-04-10T12:00:00")).figures["协议履行率"] == NONE
    assert of_month(kept, "2026-04", on("2026-04-11")).figures["协议履行率"] == Rate(0, 1)


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
def test_who_was_called_back(kept: Ledger, life: Callable[[], Case], reached: int, votes: Rate) -> None:
    keep_case(kept, life())  # told on 2026-03-09: to be called by 2026-03-23
    march = of_month(kept, "2026-03")
    assert march.figures["回访完成率"] == Rate(reached, 1)
    assert march.figures["满意率"] == votes


def test_a_callback_not_yet_due_is_not_missing(kept: Ledger) -> None:
    keep_case(kept, told())
    assert of_month(kept, "2026-03", on("2026-03-23T12:00:00")).figures["回访完成率"] == NONE


def test_every_vote_counts_in_its_own_month(kept: Ledger, policy: Policy) -> None:
    keep_sample(kept, policy, "14")  # 不满意 on 04-09 and 05-13, 基本满意 on 06-02
    assert [of_month(kept, f"2026-0{n}").figures["满意率"] for n in (4, 5, 6)] == [
        Rate(0, 1),
        Rate(0, 1),
        Rate(1, 1),
    ]


# --- 部门办理时限, 退单 ------------------------------------------------------------------------------


def of_units(ledger: Ledger, month: str) -> list[Turnaround]:
    return of_month(ledger, month).turnarounds[1:]


def one(unit: str, role: str, days: int) -> Turnaround:
    return Turnaround(unit, role, 1, Decimal(days), Decimal(days))


def test_a_unit_answers_after_working_days(kept: Ledger) -> None:
    keep_case(kept, case().accepted().on("2026-04-07").disposed())  # 19 to 04-03, 清明, 1
    assert of_units(kept, "2026-04") == [one(TAX, "主办", 20)]
    assert of_units(kept, "2026-03") == []


def test_a_suspension_is_left_out_of_a_units_time(kept: Ledger) -> None:
    c = suspended().on("2026-03-20").do("legal_document", kind="判决书", result="确认", effective=True)
    keep_case(kept, c.on("2026-03-25").disposed())  # 12 working days, 6 of them suspended
    assert of_units(kept, "2026-03") == [one(TAX, "主办", 6)]


def test_a_helping_unit_answers_by_its_opinion_and_silence_is_no_answer(kept: Ledger) -> None:
    c = case(indicators=COMPLEX).accepted("中", HRSS, (TAX, JUSTICE)).on("2026-03-11")
    c.do("submit_opinion", TAX, role="协办", content="同意")
    c.do("convene_meeting", form="会商", units=[HRSS]).do("minutes", opinion="一致")
    keep_case(kept, c.on("2026-03-18").disposed())  # whoever is late with its opinion is waited for no longer
    assert of_units(kept, "2026-03") == [one(HRSS, "主办", 7), one(TAX, "协办", 2)]


def test_a_unit_heard_at_a_meeting_has_answered(kept: Ledger) -> None:
    c = case(indicators=COMPLEX).accepted("中", HRSS, (TAX,)).on("2026-03-12")
    keep_case(kept, c.do("convene_meeting", form="会商", units=[HRSS, TAX]).do("minutes", opinion="一致"))
    assert of_units(kept, "2026-03") == [one(TAX, "协办", 3)]


def test_mean_and_median(kept: Ledger) -> None:
    for source_no, day in (
        ("A", "2026-03-10"),
        ("B", "2026-03-11"),
        ("C", "2026-03-20"),
        ("D", "2026-03-20"),
    ):
        keep_case(kept, case(source_no=source_no).accepted().on(day).disposed())
    assert of_units(kept, "2026-03") == [Turnaround(TAX, "主办", 4, Decimal("5.25"), Decimal("5.50"))]


def test_what_was_sent_back_is_dispatched_and_not_answered(kept: Ledger) -> None:
    c = case().do("triage_confirm", decision="受理", level="低", path="直办", lead=TAX, co=[])
    c.do("return", TAX, reason="不属本单位职责", reason_code="R1").do("dispatch", lead=HRSS, co=[])
    keep_case(kept, c)
    march = of_month(kept, "2026-03")
    assert march.returns == [Returns(None, 2, 1), Returns(HRSS, 1, 0), Returns(TAX, 1, 1)]
    assert of_units(kept, "2026-03") == []


def test_a_helping_unit_that_sends_back_has_not_answered(kept: Ledger) -> None:
    c = case(indicators=COMPLEX)
    c.do("triage_confirm", decision="受理", level="中", path="会商", lead=HRSS, co=[TAX])
    keep_case(kept, c.do("return", TAX, reason="不属本单位职责", reason_code="R1"))
    assert of_month(kept, "2026-03").returns[0] == Returns(None, 2, 1)
    assert of_units(kept, "2026-03") == []


def test_an_opinion_after_the_work_went_to_another_unit_is_no_answer_to_it(kept: Ledger) -> None:
    c = case(indicators=COMPLEX).accepted("中", HRSS, (TAX,)).do("dispatch", lead=HRSS, co=[JUSTICE])
    c.do("convene_meeting", form="会商", units=[HRSS, TAX])  # which it is invited to nevertheless
    keep_case(kept, c.do("submit_opinion", TAX, role="协办", content="同意"))
    assert of_units(kept, "2026-03") == []

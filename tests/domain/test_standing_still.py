"""No clock runs for an act that is refused, no card goes to whoever could do nothing, nothing outlives its cause."""

from datetime import date

from domain.actions.disposal import UpholdDisposition
from domain.actions.meetings import CompleteResolution
from domain.clocks import Deadline
from domain.deadlines import explain
from domain.events import CardIssued
from domain.tasks import TaskKind
from domain.words import Stage
from tests.support.case import (
    CENTER,
    COMPLEX,
    HRSS,
    LOUD,
    MEDICAL,
    OFFICE,
    TAX,
    Case,
    case,
    consulted,
)


def clock(c: Case, rule_id: str) -> Deadline:
    """The newest clock by this rule."""
    return [x for x in c.state.clocks.values() if x.rule_id == rule_id][-1]


def cards(c: Case) -> list[tuple[str, str]]:
    return [
        (e.fact.unit, c.state.clocks[e.fact.clock_id].rule_id)
        for e in c.events
        if isinstance(e.fact, CardIssued)
    ]


# --- standing still ----------------------------------------------------------------------------------------------


UPHELD = UpholdDisposition(claims=["1"], minutes="一致", reason="会议维持原意见")


def objected() -> Case:
    """Decided on 2026-03-09; a co-unit objects, and the party cannot be told."""
    c = consulted().disposed()
    c.do("objection", TAX, against_step=1, conclusion="不支持", reason="口径不同")
    return c


def test_the_notice_stands_still_while_an_objection_is_open() -> None:
    c = objected()
    notice = clock(c, "result_notice")
    assert notice.is_refused
    assert any("部门对处置意见有异议" in line for line in explain(notice))
    c.on("2026-05-29")
    assert clock(c, "result_notice").id == notice.id
    assert not [rule for _, rule in cards(c) if rule == "result_notice"]


def test_it_goes_on_where_it_stopped_once_the_units_have_met() -> None:
    c = objected()
    before = clock(c, "result_notice")
    c.on("2026-03-18").do("convene_meeting", form="会商", units=[HRSS, TAX]).do("minutes", opinion="维持")
    c.act(UPHELD, HRSS)
    after = clock(c, "result_notice")
    assert after.id == before.id
    assert not after.is_paused
    # 03-09 起 5 个工作日为 03-16；03-09 至 03-18 停算 7 个工作日，为 03-25
    assert (before.due_on, after.due_on) == (date(2026, 3, 16), date(2026, 3, 25))
    c.informed()
    assert clock(c, "result_notice").result == "met"


def test_closing_stands_still_while_something_is_owed() -> None:
    c = case(indicators=LOUD).accepted("高", HRSS, (TAX,)).do("convene_meeting", OFFICE, form="联席会议")
    c.do("minutes", OFFICE, resolutions=[{"no": 1, "unit": TAX, "text": "核账", "due": "2026-04-20"}])
    c.disposed().informed().paid().called()
    assert clock(c, "close").is_refused
    assert any("议定事项 1（县税务局）未完成" in line for line in explain(clock(c, "close")))
    c.on("2026-04-15").do("resolution_done", TAX, no=1)
    assert not clock(c, "close").is_paused
    assert clock(c, "close").due_on == date(2026, 4, 22)


def test_review_stands_still_while_a_lower_level_waits_for_approval() -> None:
    c = case(indicators=LOUD)
    c.do("override_risk", old="高", new="低", reason="已平息", reason_code="舆情")
    assert clock(c, "triage").is_refused
    assert any("等待批准" in line for line in explain(clock(c, "triage")))
    c.on("2026-03-12").do("approve_override", OFFICE)
    triage = clock(c, "triage")
    assert not triage.is_paused
    # 03-09 起 3 个工作日为 03-12；停算 3 个工作日
    assert triage.due_on == date(2026, 3, 17)


def test_a_suspension_and_a_refusal_do_not_wake_each_other() -> None:
    c = objected()
    c.do("legal_document", "申请人", kind="仲裁受理通知书", pauses_internal_clock=True)
    c.on("2026-04-20").do("convene_meeting", form="会商", units=[HRSS, TAX]).do("minutes", opinion="维持")
    c.act(UPHELD, HRSS)
    assert clock(c, "result_notice").is_paused
    c.on("2026-05-11").do(
        "legal_document", "申请人", kind="仲裁裁决书", result="确认劳动关系", effective=True
    )
    assert not clock(c, "result_notice").is_paused
    assert clock(c, "result_notice").due_on > date(2026, 5, 11)


# --- cards -------------------------------------------------------------------------------------------------------


def test_the_lead_gets_no_card_for_a_meeting_that_others_do_not_hold() -> None:
    c = case(indicators=LOUD).accepted("高", HRSS, (TAX,)).on("2026-06-01")
    assert [unit for unit, rule in cards(c) if rule == "high_total"] == [OFFICE, OFFICE]


def test_the_centre_gets_the_card_when_the_lead_has_decided_and_nobody_tells() -> None:
    c = consulted().disposed().on("2026-06-01")
    assert [unit for unit, rule in cards(c) if rule == "mid_total"] == [CENTER, CENTER]
    assert not [unit for unit, _ in cards(c) if unit == HRSS]


def test_the_lead_gets_it_when_it_could_have_decided() -> None:
    c = case().accepted().on("2026-06-01")
    assert [unit for unit, rule in cards(c) if rule == "low_total"] == [TAX, TAX]


# --- what was opened because of something ------------------------------------------------------------------------


def supervised(c: Case) -> list[str]:
    return [t.title for t in c.state.open_tasks(TaskKind.SUPERVISE)]


def test_a_supervision_ends_with_the_clock_it_was_for() -> None:
    c = case().on("2026-03-17")
    assert supervised(c) == [f"督办：{CENTER}初审超期"]
    c.accepted()
    assert not supervised(c)
    assert clock(c, "supervision").result != "running"


def test_another_late_clock_takes_its_place() -> None:
    c = case(indicators=COMPLEX)
    c.do("triage_confirm", decision="受理", level="中", path="会商", lead=HRSS, co=[TAX, MEDICAL])
    c.on("2026-03-12")
    (first,) = c.state.open_tasks(TaskKind.SUPERVISE)
    late = [x.owner for x in c.state.open_clocks() if x.rule_id == "sign"]
    assert len(late) == 3
    for unit in late:
        c.do("claim", unit)
        titles = supervised(c)
        assert first.id not in [t.id for t in c.state.open_tasks(TaskKind.SUPERVISE)]
        assert f"督办：{unit}签收超期" not in titles
    assert not supervised(c)


def test_the_joint_meeting_asked_for_by_a_late_clock_is_off_when_that_ends() -> None:
    c = case(indicators=COMPLEX)
    c.do("triage_confirm", decision="受理", level="中", path="会商", lead=HRSS, co=[TAX]).do("claim", TAX)
    c.on("2026-03-17")
    assert c.state.open_tasks(TaskKind.CONVENE_JOINT)
    c.on("2026-03-24")  # the office itself is late by now, and is supervised for it
    assert [t for t in c.state.open_tasks(TaskKind.SUPERVISE) if t.unit == "县委政法委"]
    c.do("claim", HRSS)
    waiting = [t.ref for t in c.state.open_tasks(TaskKind.CONVENE_JOINT)]
    assert all(c.state.clocks[ref or ""].is_open for ref in waiting)
    c.do("convene_meeting", form="会商", units=[HRSS, TAX]).do("minutes", opinion="一致")
    c.disposed().informed()
    assert not c.state.open_tasks(TaskKind.CONVENE_JOINT, TaskKind.SUPERVISE)


def test_the_joint_meeting_of_the_route_stays() -> None:
    c = case(indicators=LOUD)
    c.do("triage_confirm", decision="受理", level="高", path="联席会议", lead=HRSS, co=[TAX])
    c.on("2026-03-17").do("claim", HRSS).do("claim", TAX)
    assert c.state.open_tasks(TaskKind.CONVENE_JOINT)


def test_a_request_for_time_ends_with_the_clock_it_was_for() -> None:
    c = case().accepted()
    c.do("request_extension", TAX, days="5 working days", reason="取证")
    assert c.state.open_tasks(TaskKind.EXTENSION)
    c.disposed().informed()
    assert not c.state.open_tasks(TaskKind.EXTENSION)
    assert c.state.extensions == {}


def test_a_request_for_time_to_decide_ends_when_it_is_decided_and_one_to_tell_the_party_stays() -> None:
    c = case().accepted()
    c.do("request_extension", TAX, days="5 working days", reason="取证").disposed()
    (asked,) = [t for t in c.state.tasks.values() if t.kind == TaskKind.EXTENSION]
    assert (asked.is_open, asked.outcome) == (False, "处置意见已提交，不再需要延期")
    assert c.state.extensions == {}
    assert clock(c, "low_total").is_open
    assert c.refused("approve_extension") == "nothing_pending"
    c.do("request_extension", TAX, days="5 working days", reason="联系不上当事人")
    assert c.state.open_tasks(TaskKind.EXTENSION)
    c.do("approve_extension")
    assert clock(c, "low_total").extensions


def test_an_item_s_supervision_ends_when_the_item_is_done() -> None:
    c = case(indicators=LOUD).accepted("高", HRSS, (TAX,)).do("convene_meeting", OFFICE, form="联席会议")
    c.do("minutes", OFFICE, resolutions=[{"no": 1, "unit": TAX, "text": "核账", "due": "2026-03-20"}])
    c.act(CompleteResolution(item=1, result="未能完成", done="账户冻结"), TAX)
    assert c.state.open_tasks(TaskKind.SUPERVISE)
    c.do("supervise", OFFICE, order="请办妥", due="2026-03-25")
    assert [p.fields["主送"] for p in c.state.documents if p.name == "督办单"] == [[TAX]]
    c.do("resolution_done", TAX, no=1)
    assert not c.state.open_tasks(TaskKind.SUPERVISE)


def test_no_item_is_agreed_for_a_day_that_is_over() -> None:
    c = case(indicators=LOUD).accepted("高", HRSS, (TAX,)).do("convene_meeting", OFFICE, form="联席会议")
    item = {"no": 1, "unit": TAX, "text": "核账", "due": "2026-03-08"}
    assert c.refused("minutes", OFFICE, resolutions=[item]) == "past_due"
    c.do("minutes", OFFICE, resolutions=[{**item, "due": "2026-03-09"}])
    assert clock(c, "resolution").due_on == date(2026, 3, 9)


# --- the level ---------------------------------------------------------------------------------------------------


def test_what_the_raised_level_alone_asked_for_ends_with_it() -> None:
    c = consulted()
    c.do("override_risk", old="中", new="高", reason="网上传播", reason_code="舆情")
    assert c.state.open_tasks(TaskKind.CONVENE_JOINT)
    c.do("override_risk", old="高", new="中", reason="已平息", reason_code="舆情").do(
        "approve_override", OFFICE
    )
    assert not c.state.open_tasks(TaskKind.CONVENE_JOINT, TaskKind.URGENT_REPORT)
    assert not any(x.rule_id == "joint_meeting" for x in c.state.open_clocks())
    c.disposed()
    assert c.state.stage == Stage.DISPOSED


def test_a_raised_matter_keeps_the_time_that_was_granted_and_is_not_overdue_at_once() -> None:
    c = case(indicators=COMPLEX).accepted("中", HRSS, (TAX,))
    c.do("request_extension", HRSS, days="30 working days", reason="案情复杂").do("approve_extension")
    assert clock(c, "mid_total").due_on == date(2026, 6, 4)
    c.on("2026-05-20").do("override_risk", old="中", new="高", reason="网上传播", reason_code="舆情")
    # 自受理起 60 日为 05-08，加准予延长的 30 个工作日（05-09 上班）
    assert clock(c, "high_total").due_on == date(2026, 6, 18)


def test_a_late_matter_that_is_raised_counts_its_new_time_from_then() -> None:
    c = case(indicators=COMPLEX).accepted("中", HRSS, (TAX,)).on("2026-07-01")
    c.do("override_risk", old="中", new="高", reason="网上传播", reason_code="舆情")
    total = clock(c, "high_total")
    assert total.due_on == date(2026, 8, 31)  # 60 日为 08-30，星期日顺延
    assert any("原应自 2026-03-09" in line for line in explain(total))
    assert clock(c, "mid_total").result == "fires"

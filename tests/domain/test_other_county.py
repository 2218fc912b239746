"""Another county adopts the software by one file: whole lives under two counties that share nothing with the default."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from domain.outcome import figures, handling
from domain.tasks import TaskKind
from tests.support.county import DONGSHAN, MONDAY, QINGSHUI, TALES, Tale, nothing_of_the_default_county


@pytest.fixture(autouse=True)
def tales() -> Iterator[None]:
    """Whatever happens, nothing of the default county is said."""
    TALES.clear()
    yield
    nothing_of_the_default_county()


# --- 清水县: 税务局 is the hub, township studios receive ------------------------------------------------

HUB, STUDIO, OFFICE = "清水税务局", "河口镇枫桥工作室", "清水社保费协调办"
HRSS, MEDICAL, GOV = "清水人社局", "清水医保中心", "清水县人民政府"
REFUND = [
    {"no": 1, "insurance": "养老", "regime": "职工", "type": "其他征缴", "amount": 300, "detail": "重复缴费"}
]
BASE = [{"no": 1, "insurance": "养老", "regime": "职工", "type": "缴费基数不实", "amount": 20000}]


def test_finished_on_the_spot_with_one_answer() -> None:
    tale = Tale(QINGSHUI, claims=REFUND)
    assert (tale.d.case_no, tale.d.suggested) == ("清社争〔2026〕0001号", "简易")
    tale.do(HUB, "triage_confirm", level="简易", path="当场办结", lead=HUB)
    assert (tale.due("simple_total"), tale.due("sign")) == ("2026-10-27", "2026-10-26")
    tale.refused("not_in_route", "清水劳动争议调解中心", "mediation_start", voluntary_statement=True)
    assert "“当场办结”的办理步骤中没有调查核实" in tale.refused(
        "not_in_route", HUB, "investigate_report", officers=["甲", "乙"], finding="属实"
    )
    tale.refused("not_in_route", HUB, "convene_meeting", form="会商")
    tale.refused("not_in_route", OFFICE, "convene_meeting", form="联席会议")
    tale.refused("not_in_route", HUB, "guide_to_arbitration", paths=["申请仲裁"], not_a_decision=True)
    tale.refused("wrong_unit", HRSS, "notify_party", result="已退")
    tale.do(HUB, "notify_party", result="重复缴费已当场退还")
    assert tale.d.informed_at == tale.d.disposed_at
    assert (tale.clock("simple_total").result, tale.owner("callback")) == ("met", HUB)
    tale.do(HUB, "enforce_report", executed=True, refund=300).close(HUB)
    assert tale.stages == [
        "待初审", "已受理", "分级分流", "直办", "处置意见", "已告知", "执行中", "待回访", "办结", "归档",
    ]  # fmt: skip
    papers = tale.papers()
    assert papers["办理结果告知书"] == (HUB, "申请人")
    assert "处置意见书" not in papers
    assert (tale.d.outcome, handling(tale.d), figures(tale.d)["on_time"]) == ("退费", "直办", True)


def test_finished_on_the_spot_by_a_written_opinion_first() -> None:
    tale = Tale(QINGSHUI, claims=REFUND)
    tale.do(HUB, "triage_confirm", level="简易", path="当场办结", lead=HUB)
    tale.do(HUB, "submit_opinion", conclusion="不支持", fact="并未重复缴费").do(
        HUB, "notify_party", result="不予退费"
    )
    tale.close(HUB)
    assert tale.papers()["处置意见书"] == (HUB, "申请人/用人单位")
    assert tale.d.outcome == "不支持"


def test_an_answer_on_the_spot_that_refuses_is_no_grant() -> None:
    tale = Tale(QINGSHUI, claims=REFUND)
    tale.do(HUB, "triage_confirm", level="简易", path="当场办结", lead=HUB)
    tale.do(HUB, "notify_party", result="经核对没有重复缴费，不予退还").close(HUB)
    assert tale.d.outcome == "不支持"


def test_the_total_clock_breached_whatever_it_is_called() -> None:
    tale = Tale(QINGSHUI, claims=REFUND)
    tale.do(HUB, "triage_confirm", level="简易", path="当场办结", lead=HUB).wait(days=3)
    tale.do(HUB, "notify_party", result="已退")
    assert (figures(tale.d)["on_time"], tale.owner("supervise")) == (False, OFFICE)


def test_a_general_matter_in_seven_days_at_a_town_studio() -> None:
    tale = Tale(QINGSHUI, received_by=STUDIO, claims=BASE)
    assert (tale.d.suggested, tale.d.center, tale.owner("triage")) == ("一般", STUDIO, STUDIO)
    tale.do(STUDIO, "triage_confirm", level="一般", path="协同办理", lead=HRSS, co=[HUB])
    # 11-02 is the county's own holiday: the seventh natural day rolls over it.
    assert (tale.due("ordinary_total"), tale.due("consult")) == ("2026-11-03", "2026-10-28")
    assert (tale.owner("convene"), tale.owner("assist")) == (STUDIO, HUB)
    order = next(p for p in tale.d.documents if p.name == "交办单")
    assert order.fields["要求"].startswith("4小时内签收")
    tale.do(HRSS, "claim").do(HUB, "claim")
    assert tale.refused("not_consulted", HRSS, "submit_opinion", conclusion="支持").endswith(HUB)
    tale.refused("wrong_unit", OFFICE, "convene_meeting", form="会商")
    tale.do(STUDIO, "convene_meeting", form="会商", units=[HRSS, HUB]).do(STUDIO, "minutes", opinion="应补")
    mediator = "清水劳动争议调解中心"
    tale.do(mediator, "mediation_start", voluntary_statement=True)
    assert (tale.owner("mediate"), tale.due("mediation")) == (mediator, "2026-11-03")
    tale.do(mediator, "mediate_agreed", clauses=["某厂十日内补缴20000元"], full_principal=True)
    tale.refused("not_in_route", HUB, "escalate_city", to="市协调专班")
    tale.do(HRSS, "submit_opinion", conclusion="支持", recognised_amount=20000)
    tale.refused("wrong_unit", HRSS, "notify_party", result="应补")
    tale.do(STUDIO, "notify_party", result="应补20000元")
    tale.do(HUB, "payment_received", principal=20000).close(STUDIO)
    papers = tale.papers()
    assert papers["调解协议书"] == (mediator, "双方")
    assert papers["调解申请书"] == ("申请人", mediator)
    assert papers["办理结果告知书"] == (STUDIO, "申请人")
    assert papers["限期缴纳通知书"] == (HUB, "用人单位")
    assert (tale.d.outcome, handling(tale.d), figures(tale.d)["on_time"]) == ("调解达成并履行", "联合", True)


def test_a_failed_mediation_leads_to_no_step_the_route_lacks() -> None:
    tale = Tale(QINGSHUI, claims=BASE)
    tale.do(HUB, "triage_confirm", level="一般", path="协同办理", lead=HRSS, co=[HUB])
    tale.do("清水劳动争议调解中心", "mediate_failed", reason="一方不愿")
    assert not tale.d.open_tasks(TaskKind.INVESTIGATE)
    paper = next(p for p in tale.d.documents if p.name == "调解终止书")
    assert paper.fields["后续途径"] == "劳动仲裁；民事诉讼"
    tale.refused("not_in_route", HRSS, "investigate_report", officers=["甲", "乙"], finding="属实")
    assert tale.refused("not_consulted", HRSS, "submit_opinion", conclusion="支持").endswith(HUB)
    tale.do(HUB, "convene_meeting", form="会商", units=[HRSS, HUB]).do(HUB, "minutes", opinion="应补")
    tale.do(HRSS, "submit_opinion", conclusion="支持", recognised_amount=20000)


def test_the_hardest_go_to_the_periodic_meeting() -> None:
    loud = {"labour_relation": "明确", "strong_proof": True, "public_opinion": {"present": True}}
    tale = Tale(QINGSHUI, claims=BASE, applicant={"name": "某甲", "headcount": 6}, indicators=loud)
    assert (tale.d.suggested, tale.clock("urgent_report").due_at) == (
        "重大疑难",
        MONDAY + timedelta(hours=12),
    )
    tale.do(HUB, "urgent_report", to=[GOV])
    tale.do(HUB, "override_risk", old="重大疑难", new="一般", reason="已澄清")
    assert tale.owner("level_approval") == GOV
    assert GOV in tale.refused("wrong_unit", OFFICE, "approve_override")
    tale.do(GOV, "reject_override", officer="乙", reason="仍须会办")
    tale.do(HUB, "triage_confirm", level="重大疑难", path="定期会办", lead=HRSS, co=[HUB, MEDICAL])
    assert (tale.owner("convene_joint"), tale.due("joint_meeting")) == (OFFICE, "2026-11-03")
    assert tale.due("major_total") == "2026-11-16"  # the twentieth day is a Sunday
    tale.refused("no_joint_meeting", HRSS, "submit_opinion", conclusion="支持")
    tale.refused("not_in_route", "清水劳动争议调解中心", "mediation_start", voluntary_statement=True)
    tale.wait(days=2).do(OFFICE, "convene_meeting", form="联席会议", units=[HRSS, HUB, MEDICAL])
    tale.do(OFFICE, "minutes", resolutions=[{"no": 1, "unit": HUB, "text": "核对台账"}], to_city=True)
    assert (tale.owner("resolution"), tale.owner("report_up")) == (HUB, OFFICE)
    tale.do(OFFICE, "escalate_city", to="市协调专班")
    assert (tale.owner("reply_from_above"), tale.clock("city_reply").name) == ("市协调专班", "专班答复")
    tale.do("市协调专班", "city_reply", decision="同意补缴").do(HUB, "resolution_done", no=1)
    tale.do(HRSS, "submit_opinion", conclusion="支持", recognised_amount=20000)
    tale.do(HUB, "notify_party", result="应补").do(HUB, "payment_received", principal=20000).close(HUB)
    papers = tale.papers()
    assert papers["联席会议提请单"] == (OFFICE, GOV)
    assert papers["典型案例表"][0] == HUB
    assert papers["紧急信息报告"][0] == HUB
    assert (tale.d.outcome, figures(tale.d)["group_case"], figures(tale.d)["on_time"]) == (
        "市级协调落实", True, True,
    )  # fmt: skip


# --- 东山旗: few units, no mediation, the hub is its own joint-meeting office --------------------------------

WORKSHOP, TAX, BUREAU, WATCH, ABOVE = "东山枫桥工作室", "东山税务局", "东山人社局", "旗督查室", "盟社保费专班"
SMALL = [{"no": 1, "insurance": "养老", "regime": "职工", "type": "已申报未按时缴纳", "amount": 800}]
LARGE = [{"no": 1, "insurance": "养老", "regime": "职工", "type": "已申报未按时缴纳", "amount": 9000}]


def test_the_hub_finishes_on_the_spot_what_another_leads() -> None:
    tale = Tale(DONGSHAN, claims=SMALL)
    tale.do(WORKSHOP, "triage_confirm", level="即办", path="窗口办结", lead=TAX)
    tale.do(WORKSHOP, "notify_party", result="单位答应补缴").do(TAX, "payment_received", principal=800)
    tale.close(WORKSHOP)
    assert (tale.d.outcome, tale.papers()["办理结果告知书"][0]) == ("支持并缴纳", WORKSHOP)


def test_a_route_is_walked_in_its_order() -> None:
    tale = Tale(DONGSHAN, claims=LARGE)
    assert (tale.d.case_no, tale.d.suggested) == ("东社争〔2026〕0001号", "普通")
    tale.do(WORKSHOP, "triage_confirm", level="普通", path="会商会办", lead=TAX, co=[BUREAU])
    assert (tale.owner("convene"), tale.due("discuss"), tale.due("one_week")) == (
        BUREAU, "2026-10-28", "2026-11-02",
    )  # fmt: skip
    early = tale.refused("not_consulted", WORKSHOP, "convene_meeting", form="联席会议")
    assert BUREAU in early
    tale.do(BUREAU, "convene_meeting", form="会商", units=[TAX]).do(BUREAU, "minutes", opinion="应缴")
    assert (tale.d.stage, tale.owner("convene_joint"), tale.due("monthly_review")) == (
        "联席会议", WORKSHOP, "2026-10-29",
    )  # fmt: skip
    assert not [c for c in tale.d.open_clocks() if c.rule_id == "decide"]
    tale.refused("no_joint_meeting", TAX, "submit_opinion", conclusion="支持")
    tale.do(WORKSHOP, "convene_meeting", form="联席会议", units=[TAX, BUREAU]).do(
        WORKSHOP, "minutes", opinion="补缴"
    )
    assert (tale.clock("decide").owner, tale.due("decide")) == (TAX, "2026-10-27")
    tale.do(TAX, "submit_opinion", conclusion="支持", recognised_amount=9000)
    assert tale.clock("decide").result == "met"
    tale.do(WORKSHOP, "notify_party", result="应缴").do(TAX, "payment_received", principal=9000).close(
        WORKSHOP
    )
    assert tale.stages == [
        "待初审", "已受理", "分级分流", "会商", "联席会议", "会商", "处置意见", "已告知", "执行中", "待回访", "办结", "归档",
    ]  # fmt: skip


def test_opinions_in_writing_bring_the_next_step_too() -> None:
    tale = Tale(DONGSHAN, claims=LARGE)
    tale.do(WORKSHOP, "triage_confirm", level="普通", path="会商会办", lead=TAX, co=[BUREAU])
    tale.do(BUREAU, "submit_opinion", role="协办", content="同意补缴")
    assert tale.owner("convene_joint") == WORKSHOP
    assert not tale.d.open_tasks(TaskKind.CONVENE)


def test_an_opinion_that_never_comes_does_not_hold_up_the_route() -> None:
    tale = Tale(DONGSHAN, claims=LARGE)
    tale.do(WORKSHOP, "triage_confirm", level="普通", path="会商会办", lead=TAX, co=[BUREAU]).wait(days=3)
    assert tale.owner("convene_joint") == WORKSHOP


def test_reported_up_as_a_special_case() -> None:
    tale = Tale(DONGSHAN, claims=SMALL, indicators={"public_opinion": {"present": True}})
    assert (tale.d.suggested, tale.d.open_tasks(TaskKind.URGENT_REPORT)) == ("特案", [])
    tale.do(WORKSHOP, "triage_confirm", level="特案", path="报上级", lead=TAX)
    assert (tale.d.stage, tale.owner("report_up"), tale.due("report_up")) == (
        "市级协调", WORKSHOP, "2026-10-27",
    )  # fmt: skip
    assert tale.due("special_case") == "2026-11-16"
    tale.refused("step_missing", TAX, "submit_opinion", conclusion="支持")
    tale.refused("wrong_unit", TAX, "escalate_city", to=ABOVE)
    tale.do(WORKSHOP, "escalate_city", to=ABOVE)
    assert (tale.owner("reply_from_above"), tale.due("answer_from_above")) == (ABOVE, "2026-11-05")
    assert ABOVE in tale.refused("pending", WORKSHOP, "escalate_city", to=ABOVE)
    tale.refused("wrong_unit", TAX, "city_reply", decision="同意")
    tale.do("盟税务局", "city_reply", decision="同意补缴")  # one of those above, who stand under one name
    tale.do(TAX, "submit_opinion", conclusion="支持", recognised_amount=800)
    tale.do(WORKSHOP, "notify_party", result="应缴").do(TAX, "payment_received", principal=800).close(
        WORKSHOP
    )
    assert (tale.d.outcome, handling(tale.d), figures(tale.d)["on_time"]) == ("市级协调落实", "联合", True)


def test_nobody_supervises_or_grants_time_to_itself() -> None:
    tale = Tale(DONGSHAN, claims=LARGE).wait(days=3)
    assert tale.owner("supervise") == WATCH  # the hub's own delay at triage
    tale.do(WORKSHOP, "triage_confirm", level="普通", path="会商会办", lead=TAX, co=[BUREAU])
    tale.do(TAX, "request_extension", days="2 days", reason="查账")
    assert tale.owner("extension") == WORKSHOP
    tale.do(WORKSHOP, "approve_extension").wait(days=4)
    late = [t.unit for t in tale.d.tasks.values() if t.kind == "supervise"]
    assert set(late) == {WATCH, WORKSHOP}


def test_a_raised_level_leaves_nothing_behind_on_anybody_s_desk() -> None:
    tale = Tale(DONGSHAN, claims=LARGE)
    tale.do(WORKSHOP, "triage_confirm", level="普通", path="会商会办", lead=TAX, co=[BUREAU])
    tale.do(WATCH, "override_risk", old="普通", new="特案", reason="舆情")
    assert (tale.d.open_tasks(TaskKind.CONVENE), tale.owner("report_up")) == ([], WORKSHOP)
    assert (tale.clock("discuss").result, tale.clock("one_week").result) == ("lapsed", "lapsed")
    assert tale.due("special_case") == "2026-11-16"
    tale.do(WORKSHOP, "escalate_city", to=ABOVE).do(ABOVE, "city_reply", decision="同意")
    tale.do(TAX, "submit_opinion", conclusion="支持", recognised_amount=9000).do(
        WORKSHOP, "notify_party", result="应缴"
    )
    assert figures(tale.d)["on_time"]


def test_a_mediation_that_has_begun_ends_though_the_new_route_has_none() -> None:
    tale = Tale(QINGSHUI, claims=BASE)
    tale.do(HUB, "triage_confirm", level="一般", path="协同办理", lead=HRSS, co=[HUB])
    mediator = "清水劳动争议调解中心"
    tale.do(mediator, "mediation_start", voluntary_statement=True)
    tale.do(HUB, "override_risk", old="一般", new="重大疑难", reason="舆情")
    tale.do(mediator, "mediate_failed", reason="谈不拢")
    tale.refused("not_in_route", mediator, "mediation_start", voluntary_statement=True)


def test_who_may_raise_a_level_is_the_county_s_to_say() -> None:
    tale = Tale(DONGSHAN, claims=LARGE)
    tale.refused("wrong_unit", "东山医保局", "override_risk", old="普通", new="特案", reason="舆情")
    tale.do(WATCH, "override_risk", old="普通", new="特案", reason="舆情")
    assert tale.d.level == "特案"
    assert not tale.d.open_tasks(TaskKind.URGENT_REPORT)


def test_a_lead_left_behind_stays_with_the_hub_when_the_county_names_nobody() -> None:
    tale = Tale(DONGSHAN, claims=SMALL)
    tale.do(WORKSHOP, "register_lead", subject="疑似漏缴")
    assert tale.d.spawned[0].to == [WORKSHOP]


def test_a_second_complaint_goes_to_the_county_s_own_office() -> None:
    tale = Tale(DONGSHAN, claims=SMALL)
    tale.do(WORKSHOP, "triage_confirm", level="即办", path="窗口办结", lead=TAX)
    tale.do(WORKSHOP, "notify_party", result="单位答应补缴").do(TAX, "payment_received", principal=800)
    tale.do(WORKSHOP, "callback_answer", officer="回访员", satisfaction="不满意", category="没办好")
    tale.do(WORKSHOP, "reopen", to_officer="乙")
    tale.do(TAX, "submit_opinion", officer="乙", conclusion="支持", recognised_amount=800)
    tale.do(WORKSHOP, "notify_party", officer="乙", result="已缴清")
    tale.do(WORKSHOP, "callback_answer", officer="回访员", satisfaction="不满意", category="没办好")
    assert tale.owner("supervise") == WORKSHOP
    assert WORKSHOP in tale.refused("once", WORKSHOP, "reopen", to_officer="丙")

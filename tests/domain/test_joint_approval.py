"""提请县政府召开联席会议: asked for, answered, and what follows from each answer; what the policy proposes to the meeting."""

from datetime import timedelta
from typing import Any

import pytest

from domain import flow
from domain.cautions import cautions
from domain.offers import form_of, offers, why_not
from domain.policy_check import check
from domain.tasks import TaskKind
from domain.words import Stage, Step
from tests.support.case import (
    CENTER,
    COMPLEX,
    GOVERNMENT,
    HRSS,
    JUSTICE,
    LOUD,
    OFFICE,
    TAX,
    Case,
    case,
    county,
)
from tests.support.forms import filled


def high(**indicators: Any) -> Case:
    return case(indicators={**LOUD, **indicators}).accepted("高", HRSS, (TAX,))


def proposed() -> Case:
    return high().act(filled("propose_joint_meeting"), OFFICE)


def answer(decision: str, **more: Any) -> Any:
    given = {"reason": "情况尚不清楚"} if decision != "同意召开" else {}
    held_at = "2026-09-09T09:00:00+08:00" if decision == "同意召开" else None
    return filled("answer_joint_proposal", **{"decision": decision, "held_at": held_at, **given, **more})


def kinds(c: Case, unit: str) -> list[str]:
    return [o.kind for o in offers(c.state, unit, county(), c.now)]


def test_the_office_may_not_meet_before_the_county_government_agrees() -> None:
    c = high()
    assert c.declined(filled("convene_joint_meeting"), OFFICE) == "not_granted"
    assert "propose_joint_meeting" in kinds(c, OFFICE)
    c.act(filled("propose_joint_meeting"), OFFICE)
    assert c.declined(filled("convene_joint_meeting"), OFFICE) == "not_granted"
    (asked,) = c.state.open_tasks(TaskKind.ANSWER_JOINT)
    assert asked.unit == GOVERNMENT
    assert [k.rule_id for k in c.state.open_clocks() if k.task_id == asked.id] == ["joint_answer"]
    assert kinds(c, GOVERNMENT)[0] == "answer_joint_proposal"
    assert [p.name for p in c.state.documents].count("联席会议提请单") == 1


def test_only_whoever_is_asked_answers() -> None:
    c = proposed()
    for unit in (OFFICE, CENTER, HRSS, "县委政法委"):
        assert c.declined(answer("同意召开"), unit) == "no_task"
    assert high().declined(answer("同意召开"), GOVERNMENT) == "no_task"


def test_the_offices_clock_stands_still_while_the_county_government_has_it() -> None:
    c = proposed()
    (clock,) = [k for k in c.state.open_clocks() if k.rule_id == "joint_meeting"]
    assert (clock.is_paused, clock.due_on.isoformat()) == (True, "2026-03-12")
    c.on("2026-03-13").act(answer("同意召开"), GOVERNMENT)
    (clock,) = [k for k in c.state.open_clocks() if k.rule_id == "joint_meeting"]
    assert not clock.is_paused
    assert clock.due_on.isoformat() == "2026-03-18"
    assert not [x for x in c.state.cards if x.unit == OFFICE]


def test_it_stands_still_until_the_answer_though_the_matter_was_suspended_meanwhile() -> None:
    c = proposed().do("legal_document", "申请人", kind="受理通知书", pauses_internal_clock=True)
    assert c.state.suspended_at
    c.on("2026-03-11").do("legal_document", "申请人", kind="判决书", result="确认", effective=True)
    assert not c.state.suspended_at
    (clock,) = [k for k in c.state.open_clocks() if k.rule_id == "joint_meeting"]
    assert clock.is_paused
    c.act(answer("退回补充"), GOVERNMENT)
    (clock,) = [k for k in c.state.open_clocks() if k.rule_id == "joint_meeting"]
    assert not clock.is_paused


def test_granted_the_meeting_is_called_as_it_was_granted() -> None:
    c = proposed().act(answer("同意召开"), GOVERNMENT)
    form = {f.name: f for f in form_of(c.state, OFFICE, county(), c.now, "convene_joint_meeting")}
    assert form["units"].suggested == [TAX, HRSS]
    assert form["held_at"].suggested.isoformat() == "2026-09-09T09:00:00+08:00"
    assert c.declined(filled("propose_joint_meeting"), OFFICE) == "granted"
    c.act(filled("convene_joint_meeting"), OFFICE)
    assert c.state.proposal is None
    assert not c.state.open_tasks(TaskKind.CONVENE_JOINT, TaskKind.ANSWER_JOINT)


def test_each_further_meeting_is_granted_anew() -> None:
    c = proposed().act(answer("同意召开"), GOVERNMENT).act(filled("convene_joint_meeting"), OFFICE)
    c.act(filled("issue_joint_minutes", dropped_reason="已另行安排"), OFFICE)
    assert c.declined(filled("convene_joint_meeting"), OFFICE) == "not_granted"


def test_sent_back_it_is_proposed_again() -> None:
    c = proposed().act(answer("退回补充"), GOVERNMENT)
    assert c.declined(filled("convene_joint_meeting"), OFFICE) == "not_granted"
    assert c.state.open_tasks(TaskKind.CONVENE_JOINT)
    assert not c.state.open_tasks(TaskKind.ANSWER_JOINT)
    (clock,) = [k for k in c.state.open_clocks() if k.rule_id == "joint_meeting"]
    assert not clock.is_paused
    c.act(filled("propose_joint_meeting", analysis="补充：涉及三家企业"), OFFICE)
    assert c.state.open_tasks(TaskKind.ANSWER_JOINT)


def test_put_again_before_the_answer_it_completes_the_first() -> None:
    c = proposed().act(filled("propose_joint_meeting", units=[HRSS]), OFFICE)
    assert len(c.state.open_tasks(TaskKind.ANSWER_JOINT)) == 1
    assert c.state.proposal is not None
    assert c.state.proposal.units == [HRSS]


def test_turned_down_the_units_consult_instead_and_the_route_goes_on() -> None:
    c = proposed().act(answer("不同意，转会商办理"), GOVERNMENT)
    assert not c.state.open_tasks(TaskKind.CONVENE_JOINT, TaskKind.ANSWER_JOINT)
    assert [t.unit for t in c.state.open_tasks(TaskKind.CONVENE)] == [CENTER]
    assert c.state.stage == Stage.CONSULT
    assert flow.due_step(c.state) == Step.JOINT_MEETING
    assert c.refused("submit_opinion", HRSS, conclusion="支持", recognised_amount=1000) == "no_joint_meeting"
    c.do("convene_meeting", form="会商", units=[HRSS, TAX]).do("minutes", opinion="一致")
    assert flow.due_step(c.state) == Step.DISPOSE
    c.disposed().informed()
    assert c.state.informed_at


def test_a_refusal_of_long_ago_does_not_stand_for_a_meeting_that_is_owed_now() -> None:
    c = case(indicators=COMPLEX).accepted("中", HRSS, (TAX,)).on("2026-03-20")
    c.do("override_risk", old="中", new="高", reason="舆情")
    c.act(filled("propose_joint_meeting"), OFFICE).act(answer("不同意，转会商办理"), GOVERNMENT)
    c.do("convene_meeting", form="会商", units=[HRSS, TAX]).do("minutes", opinion="一致")
    assert flow.due_step(c.state) == Step.DISPOSE
    c.do("override_risk", old="高", new="中", reason="平息")
    c.do("approve_override", OFFICE)
    c.do("override_risk", old="中", new="高", reason="舆情又起")
    assert flow.due_step(c.state) == Step.JOINT_MEETING


def test_the_county_government_may_call_it_by_itself() -> None:
    c = high()
    assert why_not(c.state, GOVERNMENT, county(), c.now, "convene_joint_meeting") is None
    c.act(filled("convene_joint_meeting"), GOVERNMENT)
    assert c.state.meetings[-1].form == "联席会议"


def test_without_the_rule_the_office_meets_by_itself() -> None:
    standing = county().model_copy(update={"joint_approval": None})
    c = Case(standing, indicators=LOUD).accepted("高", HRSS)
    assert "联席会议提请单" in [p.name for p in c.state.documents]
    assert c.declined(filled("propose_joint_meeting"), OFFICE) == "not_needed"
    c.act(filled("convene_joint_meeting"), OFFICE)
    assert c.state.meetings


def test_the_policy_check_finds_who_is_not_there() -> None:
    rule = county().joint_approval
    assert rule
    broken = county().model_copy(
        update={
            "joint_approval": rule.model_copy(update={"approver": "mayor", "clock": "soon"}),
            "proposed_items": (county().proposed_items[0].model_copy(update={"unit": "县宣传科技局里"}),),
        }
    )
    assert {p.path for p in check(broken)} >= {
        "joint_approval.approver", "clocks", "proposed_items.0.unit",
    }  # fmt: skip


# --- 宣传、普法、舆情引导 ------------------------------------------------------------------------------------------


def met(c: Case) -> Case:
    return c.do("convene_meeting", OFFICE, form="联席会议", units=[HRSS, TAX])


def items_of(c: Case) -> list[tuple[str, str]]:
    form = {f.name: f for f in form_of(c.state, OFFICE, county(), c.now, "issue_joint_minutes")}
    return [(row["category"], row["unit"]) for row in form["items"].suggested or []]


PUBLICITY = [("政策宣传", HRSS), ("普法教育", JUSTICE), ("舆情引导", "县委宣传部")]


def test_publicity_is_proposed_where_public_opinion_made_it_high() -> None:
    c = met(high())
    assert items_of(c) == PUBLICITY
    form = {f.name: f for f in form_of(c.state, OFFICE, county(), c.now, "issue_joint_minutes")}
    items = form["items"].suggested
    c.act(filled("issue_joint_minutes", items=items), OFFICE)
    assert [(r.unit, r.due) for r in c.state.resolutions.values()] == [(i["unit"], i["due"]) for i in items]
    assert {t.unit for t in c.state.open_tasks(TaskKind.RESOLUTION)} == {HRSS, JUSTICE, "县委宣传部"}


@pytest.mark.parametrize(
    ("reason", "wanted"), [("网上传播很快", PUBLICITY), ("人数增加到四十人", list[tuple[str, str]]())]
)
def test_an_officers_raise_counts_by_its_reason(reason: str, wanted: list[tuple[str, str]]) -> None:
    c = case(indicators=COMPLEX).accepted("中", HRSS, (TAX,))
    c.do("override_risk", old="中", new="高", reason=reason)
    assert items_of(met(c)) == wanted


def test_what_is_proposed_is_left_out_only_with_a_reason() -> None:
    c = met(high())
    some = [{"category": "普法教育", "unit": JUSTICE, "text": "到厂普法", "due": "2026-03-30"}]
    assert c.declined(filled("issue_joint_minutes"), OFFICE) == "incomplete"
    assert c.declined(filled("issue_joint_minutes", items=some), OFFICE) == "incomplete"
    c.act(filled("issue_joint_minutes", items=some, dropped_reason="宣传部门已在处置"), OFFICE)
    quiet = met(case(indicators={**COMPLEX, "extreme_words": True}).accepted("高", HRSS))
    assert quiet.declined(filled("issue_joint_minutes", dropped_reason="不需要"), OFFICE) == "not_asked"


# --- when, and about what ----------------------------------------------------------------------------------------

FRIDAY, SATURDAY = "2026-03-06T09:00:00+08:00", "2026-03-07T09:00:00+08:00"
"""Before the matters here were registered, on Monday the 9th."""
NEXT_SATURDAY = "2026-03-14T09:00:00+08:00"


def odd(c: Case, kind: str, **changes: Any) -> list[str]:
    return [told.message for told in cautions(c.state, filled(kind, **changes), county(), c.now)]


def test_nobody_proposes_or_agrees_to_a_time_that_is_over() -> None:
    c = high()
    for over in (FRIDAY, SATURDAY, (c.now - timedelta(minutes=1)).isoformat()):
        assert c.declined(filled("propose_joint_meeting", held_at=over), OFFICE) == "past_due"
    c.act(filled("propose_joint_meeting", held_at="2026-03-10T09:00:00+08:00"), OFFICE).on("2026-03-11")
    assert c.declined(answer("同意召开", held_at="2026-03-10T09:00:00+08:00"), GOVERNMENT) == "past_due"
    form = {f.name: f for f in form_of(c.state, GOVERNMENT, county(), c.now, "answer_joint_proposal")}
    assert form["held_at"].suggested is None


def test_what_is_suggested_is_a_working_day_ahead() -> None:
    for day, suggested in (("2026-03-09", "2026-03-10"), ("2026-03-13", "2026-03-16")):
        c = high().on(day)
        form = {f.name: f for f in form_of(c.state, OFFICE, county(), c.now, "propose_joint_meeting")}
        assert form["held_at"].suggested.isoformat() == f"{suggested}T09:00:00+08:00"


def test_a_day_off_a_time_after_the_limit_and_another_than_was_agreed_are_looked_at_twice() -> None:
    c = high()
    assert odd(c, "propose_joint_meeting", held_at="2026-03-10T09:00:00+08:00") == []
    first, second = odd(c, "propose_joint_meeting", held_at=NEXT_SATURDAY)
    assert first == "2026年3月14日9时00分不是工作日，请核对会议日期"
    assert "到期（2026-03-12）之后" in second
    consulted_on = {"mode": "线上", "units": [TAX], "topics": ["意见分歧"], "held_at": NEXT_SATURDAY}
    assert "不是工作日" in odd(c, "convene_consultation", **consulted_on)[0]
    c.act(filled("propose_joint_meeting", held_at="2026-03-11T09:00:00+08:00"), OFFICE)
    c.act(answer("同意召开", held_at="2026-03-11T15:00:00+08:00"), GOVERNMENT)
    assert odd(c, "convene_joint_meeting", held_at="2026-03-11T15:00:00+08:00") == []
    (said,) = odd(c, "convene_joint_meeting", held_at="2026-03-11T09:00:00+08:00")
    assert "同意的时间是2026年3月11日15时00分" in said


def test_minutes_before_the_meeting_are_asked_back() -> None:
    c = high().act(filled("propose_joint_meeting", held_at="2026-03-11T09:00:00+08:00"), OFFICE)
    c.act(answer("同意召开", held_at="2026-03-11T09:00:00+08:00"), GOVERNMENT)
    c.act(filled("convene_joint_meeting", held_at="2026-03-11T09:00:00+08:00"), OFFICE)
    (said,) = odd(c, "issue_joint_minutes")
    assert "2026年3月11日9时00分，还没有到时间" in said
    assert odd(c.on("2026-03-11", 10), "issue_joint_minutes") == []


def test_the_agenda_is_a_sentence_about_what_was_proposed() -> None:
    c = high().act(filled("propose_joint_meeting", topics=["处置方案", "舆情应对"]), OFFICE)
    c.act(answer("同意召开"), GOVERNMENT)
    form = {f.name: f for f in form_of(c.state, OFFICE, county(), c.now, "convene_joint_meeting")}
    assert form["topic"].suggested == "研究某厂“已申报未按时缴纳”争议（涉及1人）的处置方案、舆情应对"

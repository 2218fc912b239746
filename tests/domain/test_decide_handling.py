"""Consultation to closing: what must not happen is turned down, with a reason, and changes nothing."""

from typing import Any

import pytest

from domain.actions import ACTION, Action
from domain.decide import Declined
from domain.tasks import TaskKind
from tests.support.case import (
    APPLICANT,
    CENTER,
    COMPLEX,
    HRSS,
    JUSTICE,
    MEDIATOR,
    MEDICAL,
    OFFICE,
    TAX,
    case,
    consulted,
    told,
)
from tests.support.forms import filled

# --- consultation, mediation, guidance -------------------------------------------------------------------------


def test_a_joint_matter_is_not_settled_by_one_unit() -> None:
    c = case(indicators=COMPLEX).accepted("中", HRSS, (TAX,))
    assert c.refused("submit_opinion", HRSS, conclusion="支持") == "not_consulted"


def test_an_objection_is_heard_before_the_party_is_told() -> None:
    c = consulted().disposed().do("objection", TAX, against_step=1, reason="金额不对")
    assert c.refused("notify_party", CENTER) == "objection"
    c.do("convene_meeting", form="会商").do("minutes", opinion="维持")
    assert c.refused("notify_party", CENTER) == "objection"
    c.disposed(reason="会商维持原意见")
    c.informed()


def test_mediation_is_voluntary() -> None:
    c = consulted()
    assert c.refused("mediation_start", MEDIATOR, voluntary_statement=False) == "not_voluntary"
    assert c.refused("mediation_start", MEDIATOR, voluntary_statement="拒绝调解") == "not_voluntary"


@pytest.mark.parametrize(
    "clause",
    [
        "申请人放弃养老保险补缴",
        "单位一次性支付现金代替补缴养老保险费",
        "免除滞纳金",
        "以已发补贴抵扣应缴养老保险费",
        "单位只补缴本金的一半",
    ],
)
def test_no_agreement_trades_the_premium_away(clause: str) -> None:
    c = consulted().do("mediation_start", MEDIATOR, voluntary_statement=True)
    assert c.refused("agreement_draft", MEDIATOR, version=1, clauses=[clause]) == "unlawful_agreement"
    assert c.refused("mediate_agreed", MEDIATOR, content=clause) == "unlawful_agreement"


def test_a_version_that_failed_review_is_no_agreement() -> None:
    c = consulted().do("agreement_draft", MEDIATOR, version=1, clauses=["足额补缴养老保险费本金"])
    c.do("agreement_review", JUSTICE, version=1, result="不通过")
    assert c.refused("mediate_agreed", MEDIATOR, version=1) == "rejected_version"
    assert c.refused("mediate_agreed", MEDIATOR) == "rejected_version"
    c.do("mediate_agreed", MEDIATOR, version=2, full_principal=True)
    assert c.refused("mediate_agreed", MEDIATOR, version=3) == "agreed"


def test_confirmation_by_the_court_is_asked_for_together() -> None:
    c = consulted()
    assert c.refused("judicial_confirm", "县人民法院", applied_jointly=True) == "no_agreement"
    c.do("mediate_agreed", MEDIATOR, full_principal=True)
    assert c.refused("judicial_confirm", "县人民法院", applied_jointly=False) == "not_jointly"
    c.on("2026-04-09")
    assert c.refused("judicial_confirm", "县人民法院", applied_jointly=True) == "too_late"


def test_guidance_decides_and_promises_nothing() -> None:
    c = consulted()
    assert c.refused("guide_to_arbitration", paths=["起诉即可补缴"], not_a_decision=True) == "promise"


def test_a_department_investigates_with_two_officers() -> None:
    assert consulted().refused("investigate_report", HRSS, officers=["甲"], finding="属实") == "two_officers"


# --- result, execution, callback, end ---------------------------------------------------------------------------


def test_nobody_is_told_what_has_not_been_decided() -> None:
    assert case().accepted().refused("notify_party", TAX) == "no_disposition"


def test_nobody_is_told_twice() -> None:
    assert told().refused("notify_party", TAX) == "informed"


def test_a_result_once_told_is_not_changed_in_silence() -> None:
    assert told().refused("submit_opinion", TAX, conclusion="不支持") == "informed"


def test_enforcement_waits_for_the_reminder_and_its_ten_working_days() -> None:
    c = told()
    assert c.refused("enforce_report", TAX, executed=False, act="申请人民法院强制执行") == "no_reminder"
    c.on("2026-03-16").do("enforce_report", TAX, executed=False, act="催告书送达，逾期将申请强制执行")
    c.on("2026-03-30", 10)
    assert c.refused("enforce_report", TAX, executed=False, act="申请人民法院强制执行") == "too_early"
    c.on("2026-03-31").do("enforce_report", TAX, executed=False, act="申请人民法院强制执行")
    assert (
        next(k for k in c.state.clocks.values() if k.rule_id == "enforcement_earliest").result == "respected"
    )


def test_whoever_handled_it_does_not_call_back() -> None:
    c = told().paid()
    assert c.refused("callback_answer", CENTER, "初审员", satisfaction="满意") == "handler"
    assert c.refused("callback_call", CENTER, "税务员甲", attempt=1, result="关机") == "handler"


def test_a_department_does_not_call_back() -> None:
    assert told().paid().refused("callback_answer", MEDICAL, satisfaction="满意") == "wrong_unit"


def test_nobody_is_called_before_the_result() -> None:
    assert (
        case().accepted().refused("callback_answer", CENTER, "回访员", satisfaction="满意") == "not_informed"
    )


def test_unreached_takes_three_calls_on_different_days_and_hours() -> None:
    c = told().paid().on("2026-03-17")
    unreached = {"satisfaction": "未联系上", "method": "短信"}
    assert c.refused("callback_answer", CENTER, "回访员", **unreached) == "not_tried"
    c.do("callback_call", officer="回访员", attempt=1, result="关机")
    assert c.refused("callback_call", CENTER, "回访员", attempt=2, result="关机") == "too_soon"
    c.on("2026-03-19", c.now.hour - 2)
    assert c.refused("callback_call", CENTER, "回访员", attempt=2, result="关机") == "same_hour"
    c.do("callback_call", officer="回访员", attempt=2, result="关机")
    c.on("2026-03-23", 18).do("callback_call", officer="回访员", attempt=3, result="关机")
    c.on("2026-03-26")
    assert c.refused("callback_call", CENTER, "回访员", attempt=4, result="关机") == "tries_used"
    c.do("callback_answer", officer="回访员", **unreached)
    assert c.state.callback_done


def test_whose_desk_it_lay_on_gets_it_no_more_though_another_decided_it() -> None:
    c = case().accepted().act(filled("reassign_officer"), TAX).disposed().informed()
    c.called("不满意", category="a 未履行")
    assert c.refused("reopen", CENTER, to_officer="接办人") == "same_officer"


def test_a_matter_is_reopened_once_and_by_another_officer() -> None:
    c = told().called("不满意", category="a 未履行")
    assert c.refused("reopen", CENTER, to_officer="税务员甲") == "same_officer"
    c.do("reopen", to_officer="税务员乙")
    assert c.refused("claim", TAX, "税务员甲") == "same_officer"
    c.do("claim", TAX, "税务员乙").do("notify_party", TAX, "税务员乙", result="已催缴")
    c.called("不满意", category="a")
    assert c.refused("reopen", CENTER, to_officer="税务员丙") == "once"
    assert c.state.open_tasks(TaskKind.SUPERVISE)[0].unit == OFFICE


def test_new_facts_and_unfounded_complaints_do_not_reopen() -> None:
    c = told().paid().called("不满意", category="c 新事实")
    assert not c.state.open_tasks(TaskKind.REOPEN)
    c.do("close_case", archive=True)
    c = told().paid().called("不满意", category="无法律依据且已告知")
    assert c.refused("close_case", CENTER, archive=True) == "not_yet"
    c.do("legal_review", JUSTICE, result="已释法").do("close_case", archive=True)


def test_nothing_is_closed_early() -> None:
    c = case()
    assert c.refused("close_case", CENTER) == "not_yet"
    assert c.accepted().refused("close_attempt", CENTER) == "not_yet"
    assert c.disposed().refused("close_case", CENTER) == "not_yet"
    assert c.informed().refused("close_case", CENTER) == "not_yet"
    assert c.called().refused("close_case", CENTER) == "not_yet", "paid nothing yet"
    c.paid().do("close_case")
    assert c.refused("close_case", CENTER) == "closed"
    c.do("close_case", archive=True)
    assert c.state.is_over


def test_a_suspended_matter_is_not_closed() -> None:
    c = consulted().do("guide_to_arbitration", paths=["申请仲裁"], not_a_decision=True)
    c.do("legal_document", APPLICANT, kind="仲裁受理通知书", pauses_internal_clock=True)
    with pytest.raises(Declined, match="中止"):
        c.do("close_case", archive=True)


def test_a_withdrawal_is_the_applicant_s_and_free() -> None:
    c = case().accepted()
    assert c.refused("withdraw", TAX) == "wrong_unit"
    assert c.refused("withdraw_confirm", CENTER, free_will=True, result="准予撤回") == "no_withdrawal"
    c.do("withdraw", APPLICANT, stated_reason="不办了")
    for said in (False, "", "被迫", "非本人意愿", "未核实"):
        assert c.refused("withdraw_confirm", CENTER, free_will=said, result="准予撤回") == "free_will"
    c.do("withdraw_confirm", free_will="未受胁迫，本人自愿", result="准予撤回").do("close_case", archive=True)
    assert c.state.outcome == "撤回终止"


def test_after_the_result_there_is_nothing_to_withdraw() -> None:
    assert told().refused("withdraw", APPLICANT) == "cannot_withdraw"


def test_an_opinion_that_replaces_a_refusal_is_carried_out_before_the_matter_is_closed() -> None:
    c = consulted().disposed("不支持", reason="凭证不足")
    c.do("objection", TAX, conclusion="支持", reason="银行流水可证", against_step=6)
    c.do("convene_meeting", form="会商").do("minutes", opinion="以银行流水为准，补缴一个月")
    c.disposed("部分支持", 431.60, reason="依会商意见更替").informed()
    assert c.state.sub_items["1"].closed_at is None
    assert c.state.open_tasks(TaskKind.EXECUTE)
    c.called()
    assert c.refused("close_case", archive=True) == "not_yet"
    c.paid(431.60).called().do("close_case", archive=True)


# --- one of several withdraws ------------------------------------------------------------------------------------

ROLL = [{"line": n, "name": f"职工{n}"} for n in range(1, 5)]
FOUR = {
    "name": "职工1",
    "is_group": True,
    "headcount": 4,
    "representatives": ["职工1", "职工2"],
    "members": ROLL,
}


def withdrawal(**answers: Any) -> Action:
    return ACTION.validate_python(
        {
            "kind": "record_withdrawal",
            "reason_code": "已自行和解",
            "said_way": "当面",
            "said_on": "2026-03-09",
            **answers,
        }
    )


def test_one_of_several_withdraws_for_himself() -> None:
    c = case(applicant=FOUR).accepted("中", HRSS, (TAX,))
    c.act(withdrawal(scope="本人部分", people=1, lines=[2]), APPLICANT)
    c.do("withdraw_confirm", free_will=True, result="准予撤回")
    assert (c.state.withdrawn_at, c.state.people_left, c.state.withdrawal) == (None, 3, None)
    assert c.state.open_tasks(TaskKind.HANDLE)
    (paper,) = [p for p in c.state.documents if p.name == "终止确认书"]
    assert paper.fields["撤回人员"] == [2]
    assert c.declined(withdrawal(scope="本人部分", people=1, lines=[2]), APPLICANT) == "unknown_member"


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({}, "incomplete"),
        ({"scope": "全体", "people": 1, "lines": [1]}, "not_all"),
        ({"scope": "全体", "people": 3, "lines": [1, 2, 3]}, "not_all"),
        ({"scope": "全体", "people": 4, "lines": [1, 2]}, "sums_differ"),
        ({"scope": "本人部分", "people": 1}, "sums_differ"),
        ({"scope": "本人部分", "people": 4, "lines": [1, 2, 3, 4]}, "all"),
        ({"scope": "本人部分", "people": 1, "lines": [9]}, "unknown_member"),
    ],
)
def test_ending_the_whole_matter_asks_for_all(answers: dict[str, Any], code: str) -> None:
    assert case(applicant=FOUR).declined(withdrawal(**answers), APPLICANT) == code


def test_all_of_several_withdraw_together() -> None:
    c = case(applicant=FOUR)
    c.act(withdrawal(scope="全体", people=4, lines=[1, 2, 3, 4]), APPLICANT)
    c.do("withdraw_confirm", free_will=True, result="准予撤回")
    assert c.state.withdrawn_at


def test_a_story_of_one_withdrawing_ends_his_part_and_of_all_the_whole() -> None:
    one = case(applicant=FOUR).do("withdraw", APPLICANT, "职工3", stated_reason="单位已答应补缴")
    assert one.state.withdrawal
    assert one.state.withdrawal.lines == [3]
    every = case(applicant=FOUR).do("withdraw", APPLICANT, "职工1", stated_reason="大家已与单位和解")
    assert every.state.withdrawal
    assert every.state.withdrawal.whole

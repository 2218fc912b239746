"""四、反馈: a lead that handled and told alone says so to the 综治中心, which calls back only then."""

import pytest

from domain.offers import form_of, offers, why_not
from domain.policy_check import check
from domain.tasks import TaskKind
from domain.words import Stage
from tests.support.case import CENTER, HRSS, TAX, Case, case, consulted, county
from tests.support.forms import filled


def told_only() -> Case:
    """A 直办 matter whose lead has told the party, and nothing else yet."""
    c = case().accepted().disposed()
    return c.act(filled("notify_result", told_on=c.now.date()), TAX)


def clocks(c: Case, *rules: str) -> list[str]:
    return [k.rule_id for k in c.state.open_clocks() if k.rule_id in rules]


def test_the_lead_is_asked_with_a_clock_and_the_centre_does_not_call_yet() -> None:
    c = told_only()
    (task,) = c.state.open_tasks(TaskKind.FEED_BACK)
    assert task.unit == TAX
    assert [k.rule_id for k in c.state.open_clocks() if k.task_id == task.id] == ["feedback"]
    assert [o.kind for o in offers(c.state, TAX, county(), c.now) if o.task == task.id] == [
        "feed_back_result"
    ]
    assert c.declined(filled("record_callback"), CENTER, "回访员") == "no_callback"
    assert clocks(c, "first_callback") == []


def test_fed_back_the_centre_calls() -> None:
    c = told_only().act(filled("feed_back_result", attitude="有异议"), TAX)
    assert not c.state.open_tasks(TaskKind.FEED_BACK)
    assert c.state.feedback
    assert (c.state.feedback.unit, c.state.feedback.attitude) == (TAX, "有异议")
    assert clocks(c, "first_callback", "feedback") == ["first_callback"]
    assert c.declined(filled("feed_back_result"), TAX) == "no_task"


def test_a_risk_that_stays_is_what_the_centre_calls_about() -> None:
    c = told_only().act(filled("feed_back_result", risk=True, risk_text="扬言再次上访"), TAX)
    assert [t.title for t in c.state.open_tasks(TaskKind.CALLBACK)] == ["回访（主办单位反馈仍有风险）"]


@pytest.mark.parametrize("unit", [CENTER, HRSS, "申请人"])
def test_only_who_told_feeds_back(unit: str) -> None:
    assert told_only().declined(filled("feed_back_result"), unit) == "no_task"


def test_nothing_is_fed_back_before_the_party_knows() -> None:
    c = case().accepted().disposed()
    assert c.declined(filled("feed_back_result"), TAX) == "no_task"


def test_what_the_centre_told_itself_is_fed_back_by_nobody() -> None:
    c = consulted().disposed().informed()
    assert not c.state.open_tasks(TaskKind.FEED_BACK)
    assert c.state.open_tasks(TaskKind.CALLBACK)


def test_paying_up_does_not_take_the_place_of_the_feedback() -> None:
    c = told_only().paid()
    assert c.state.open_tasks(TaskKind.FEED_BACK)
    assert not c.state.open_tasks(TaskKind.CALLBACK)
    assert "主办单位尚未反馈办理结果" in (why_not(c.state, CENTER, county(), c.now, "close_case") or "")
    c.act(filled("feed_back_result"), TAX).called()
    c.act(filled("close_case"))
    assert c.state.stage == Stage.CLOSED


def test_handled_again_it_is_fed_back_again() -> None:
    c = told_only().act(filled("feed_back_result"), TAX).called("不满意", category="a")
    c.do("reopen", reason="未履行", to_officer="税务员乙")
    c.act(filled("notify_result", told_on=c.now.date()), TAX)
    assert len(c.state.open_tasks(TaskKind.FEED_BACK)) == 1
    c.act(filled("feed_back_result"), TAX)
    assert clocks(c, "first_callback", "second_callback") == ["second_callback"]


def test_what_was_paid_is_suggested() -> None:
    def suggested(c: Case) -> object:
        form = {f.name: f for f in form_of(c.state, TAX, county(), c.now, "feed_back_result")}
        return form["performance"].suggested

    assert suggested(told_only()) == "尚未履行"
    assert suggested(told_only().paid(400)) == "正在履行"
    assert suggested(told_only().paid(1000)) == "已履行"
    c = case().accepted().do("submit_opinion", TAX, conclusion="不支持", reason="已足额缴纳")
    assert suggested(c.act(filled("notify_result", told_on=c.now.date()), TAX)) == "无须履行"


def test_a_county_may_do_without_it_and_may_not_ask_the_hub_for_it() -> None:
    low, middle, high = county().tiers
    without = county().model_copy(update={"tiers": (low.model_copy(update={"feedback": None}), middle, high)})
    c = Case(without).accepted().disposed()
    c.act(filled("notify_result", told_on=c.now.date()), TAX)
    assert c.state.open_tasks(TaskKind.CALLBACK)
    wrong = (low, middle.model_copy(update={"feedback": "feedback"}), high)
    assert [p.path for p in check(county().model_copy(update={"tiers": wrong}))] == ["tiers.1.feedback"]

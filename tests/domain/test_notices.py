"""通知: at which hour, in which words, and what becomes of one that did not arrive."""

from datetime import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from domain.actions.notices import ReportUndelivered, TellOtherwise
from domain.notices import BAD_NUMBER, WANTS_PAPER, Line, decent, next_morning, to_officer
from domain.policy_check_notices import notice_problems
from domain.policy_notices import NoticeTemplate
from domain.tasks import TaskKind
from domain.words import SHANGHAI
from tests.support.case import CENTER, Case, case, county
from tests.support.forms import filled

CALENDAR = county().calendar


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-03-09T10:00", "2026-03-09T10:00"),
        ("2026-03-09T08:29", "2026-03-09T08:30"),
        ("2026-03-09T18:00:01", "2026-03-10T08:30"),
        ("2026-09-30T19:00", "2026-10-08T08:30"),  # over 国庆
        ("2026-10-03T10:00", "2026-10-08T08:30"),
        ("2026-10-10T10:00", "2026-10-10T10:00"),  # a Saturday that is worked
        ("2026-02-13T23:00", "2026-02-14T08:30"),
    ],
)
def test_nobody_is_told_outside_office_hours(now: str, then: str) -> None:
    assert decent(at(now), CALENDAR) == at(then)


def test_a_matter_of_24_hours_does_not_wait_and_a_digest_comes_in_the_morning() -> None:
    holiday = at("2026-10-03T23:10")
    assert decent(holiday, CALENDAR, at_once=True) == holiday
    assert next_morning(at("2026-09-30T10:00"), CALENDAR) == at("2026-10-08T08:30")


def test_what_one_moment_has_to_say_is_one_message() -> None:
    lines = [Line("甲1号", "签收：催办"), Line("甲2号", "签收：黄牌"), Line("甲1号", "签收：催办")]
    assert to_officer(lines) == "【枫桥】甲1号 签收：催办；甲2号 签收：黄牌。请登录办案平台查看。"


@pytest.mark.parametrize("text", ["{name}，您好", "{case_no!r}", "{case_no:>20}", "{respondent}"])
def test_a_template_says_nothing_of_anybody(text: str) -> None:
    given: dict[str, Any] = {"subject": "受理", "on": ["accept_case"], "basis": "某", "tag": "D"}
    NoticeTemplate.model_validate({**given, "texts": {"普通话": "{case_no}，{unit}"}})
    with pytest.raises(ValidationError):
        NoticeTemplate.model_validate({**given, "texts": {"普通话": text}})


def reported(c: Case, why: str) -> Case:
    body = ReportUndelivered.model_validate({"subject": "受理", "why": why, "to": "申请人"})
    return c.act(body, "系统")


def test_what_did_not_arrive_is_somebodys_task_with_its_clock() -> None:
    c = reported(case().act(filled("accept_case"), CENTER), BAD_NUMBER)
    (task,) = c.state.open_tasks(TaskKind.TELL_OTHERWISE)
    assert (task.unit, task.title) == (CENTER, "另行告知申请人：受理（号码有误或停机）")
    (clock,) = [k for k in c.state.open_clocks() if k.task_id == task.id]
    assert clock.rule_id == "tell_otherwise"
    done = TellOtherwise.model_validate({"way": "当面告知", "told_on": c.now.date()})
    after = c.act(done, CENTER)
    assert not after.state.open_tasks(TaskKind.TELL_OTHERWISE)
    assert not after.state.clocks[clock.id].is_open
    assert after.declined(done, CENTER) == "no_task"


def test_a_letter_is_the_grid_workers() -> None:
    c = reported(case().act(filled("accept_case"), CENTER), WANTS_PAPER)
    (task,) = c.state.open_tasks(TaskKind.TELL_OTHERWISE)
    assert task.unit == "网格员"


def test_only_the_office_itself_reports_a_notice() -> None:
    body = ReportUndelivered.model_validate({"subject": "受理", "why": BAD_NUMBER, "to": "申请人"})
    assert case().act(filled("accept_case"), CENTER).declined(body, CENTER) == "wrong_unit"


def test_two_that_wait_are_told_apart_by_their_tasks() -> None:
    c = reported(reported(case().act(filled("accept_case"), CENTER), BAD_NUMBER), BAD_NUMBER)
    unreached = TellOtherwise.model_validate({"way": "确实联系不上"})
    assert c.declined(unreached, CENTER) == "which"


def test_a_policy_that_tells_somebody_twice_of_one_thing_is_refused() -> None:
    rules = county().notices
    again = rules.templates["accepted"].model_copy(update={"to": ("集体成员",)})
    policy = county().model_copy(
        update={
            "notices": rules.model_copy(update={"templates": {**rules.templates, "again": again}}),
        }
    )
    (problem,) = notice_problems(policy)
    assert problem.path == "notices.templates.again.to"
    assert "集体成员" in problem.what
    assert not list(notice_problems(county()))

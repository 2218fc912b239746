"""A county that differs from the default one in every point: by one policy file, and in its own words."""

from collections.abc import Iterator

import pytest

from domain.outcome import figures
from domain.tasks import TaskKind
from tests.support.county import TALES, YUNXI, Tale, nothing_of_the_default_county

HUB, STUDIO, TAX, HRSS, GROUP = "云溪调解总室", "北塘镇调解工作室", "云溪税务局", "云溪人社局", "云溪督导组"
SMALL = [{"no": 1, "insurance": "养老", "regime": "职工", "type": "已申报未按时缴纳", "amount": 800}]
LARGE = [{"no": 1, "insurance": "养老", "regime": "职工", "type": "已申报未按时缴纳", "amount": 9000}]


@pytest.fixture(autouse=True)
def tales() -> Iterator[None]:
    """Whatever happens, nothing of the default county is said."""
    TALES.clear()
    yield
    nothing_of_the_default_county()


# --- how a tier ends ---------------------------------------------------------------------------------------------


def test_the_answer_closes_what_is_finished_on_the_spot() -> None:
    tale = Tale(YUNXI, received_by=STUDIO, claims=SMALL)
    tale.do(STUDIO, "triage_confirm", level="简", path="速办", lead=STUDIO)
    tale.do(STUDIO, "notify_party", result="单位已答应补缴")
    assert tale.d.closed_at == tale.d.informed_at
    assert tale.stages[-2:] == ["已告知", "办结"]
    assert not tale.d.open_tasks(TaskKind.CALLBACK, TaskKind.EXECUTE, TaskKind.CLOSE)
    assert (tale.owner("archive"), figures(tale.d)["on_time"]) == (STUDIO, True)


def test_the_answer_does_not_close_while_something_is_still_owed() -> None:
    tale = Tale(YUNXI, received_by=STUDIO, claims=SMALL)
    tale.do(STUDIO, "triage_confirm", level="简", path="速办", lead=STUDIO)
    tale.do(STUDIO, "withdraw", reason="不愿再说")
    tale.do(STUDIO, "notify_party", result="已缴")
    assert (tale.d.closed_at, tale.owner("close")) == (None, STUDIO)


def test_one_callback_by_the_lead_which_closes_too() -> None:
    tale = Tale(YUNXI, received_by=STUDIO, claims=LARGE)
    tale.do(STUDIO, "triage_confirm", level="繁", path="协作", lead=TAX)
    tale.do(TAX, "submit_opinion", conclusion="支持", recognised_amount=9000)
    tale.do(STUDIO, "notify_party", result="应缴")
    assert (tale.owner("callback"), tale.due("visit")) == (TAX, "2026-11-02")
    tale.refused("wrong_unit", STUDIO, "callback_answer", officer="回访员", satisfaction="满意")
    tale.do(TAX, "callback_answer", officer="回访员", satisfaction="满意")
    tale.do(TAX, "payment_received", principal=9000)
    assert not tale.d.open_tasks(TaskKind.CALLBACK)
    assert tale.owner("close") == TAX
    tale.refused("wrong_unit", STUDIO, "close_case", archive=True)
    tale.do(TAX, "close_case", archive=True)
    assert tale.d.is_over


def test_the_total_counts_from_receipt_or_from_the_change_of_tier() -> None:
    tale = Tale(YUNXI, received_by=STUDIO, claims=SMALL)
    tale.wait(days=2).do(STUDIO, "triage_confirm", level="简", path="速办", lead=STUDIO)
    assert tale.due("one_day") == "2026-10-27"  # received on the 26th
    tale.do(STUDIO, "override_risk", old="简", new="繁", reason="另有隐情").wait(days=1)
    assert tale.due("one_week") == "2026-11-04"  # the tier changed on the 28th
    tale.do(STUDIO, "override_risk", old="繁", new="难", reason="网上热议")
    assert tale.due("twenty_days") == "2026-11-16"  # from receipt again; the 15th is a Sunday
    assert tale.clock("one_week").result == "lapsed"

"""How long mediation may take, and the thirty days for 司法确认 that an agreement opens."""

from datetime import date
from typing import Any

import pytest

from domain.actions import ACTION
from domain.clocks import Deadline
from domain.deadlines import AlarmKind, explain
from domain.events import CardIssued
from tests.support.case import CENTER, HRSS, MEDIATOR, Case, consulted

BOTH = [
    {"party": "申请人", "way": "书面申请", "on": "2026-03-09"},
    {"party": "被反映单位", "way": "口头申请，已记入笔录", "on": "2026-03-09"},
]


def mediating() -> Case:
    return consulted().do("mediation_start", MEDIATOR, voluntary_statement=True)


def clock(c: Case, rule_id: str) -> Deadline:
    return [x for x in c.state.clocks.values() if x.rule_id == rule_id][-1]


def asking(c: Case, rule_id: str, **data: Any) -> Any:
    form = {
        "kind": "request_extension",
        "clock": clock(c, rule_id).id,
        "reason_code": "案情复杂",
        "explanation": "再谈",
    }
    return ACTION.validate_python({**form, "span": "10日", **data})


# --- longer than fifteen days ------------------------------------------------------------------------------------


@pytest.mark.parametrize("consents", [[], BOTH[:1], BOTH[1:]])
def test_no_more_time_to_mediate_without_both_sides(consents: list[dict[str, str]]) -> None:
    c = mediating()
    assert c.declined(asking(c, "mediation", consents=consents), MEDIATOR) == "not_consented"


def test_both_sides_consent_is_recorded_and_on_the_receipt() -> None:
    c = mediating()
    c.act(asking(c, "mediation", consents=BOTH), MEDIATOR)
    c.act(ACTION.validate_python({"kind": "decide_extension", "decision": "同意", "span": "10日"}), CENTER)
    longer = clock(c, "mediation")
    assert longer.due_on == date(2026, 4, 3)  # 03-09 起 15 日加 10 日
    (line,) = [x for x in explain(longer) if x.startswith("延期")]
    assert "双方同意：申请人2026-03-09书面申请、被反映单位2026-03-09口头申请，已记入笔录" in line


def test_where_nobody_is_complained_of_the_applicant_alone_consents() -> None:
    c = consulted(respondents=[]).do("mediation_start", MEDIATOR, voluntary_statement=True)
    c.act(asking(c, "mediation", consents=BOTH[:1]), MEDIATOR)


def test_no_other_clock_asks_for_it() -> None:
    c = mediating()
    assert c.declined(asking(c, "mid_total", span="5工作日", consents=BOTH), HRSS) == "not_asked"
    c.act(asking(c, "mid_total", span="5工作日"), HRSS)


def test_a_story_in_which_a_side_is_against_it_is_refused() -> None:
    c = mediating()
    assert (
        c.refused("request_extension", MEDIATOR, days="10 days", reason="单位不同意再谈") == "not_consented"
    )
    c.do("request_extension", MEDIATOR, days="10 days", reason="双方同意再谈")


# --- 司法确认 -----------------------------------------------------------------------------------------------------


def agreed(signed_on: str = "2026-03-12") -> Case:
    c = mediating().do("agreement_draft", MEDIATOR, version=1, clauses=["足额补缴"]).on("2026-03-12")
    body = {"kind": "conclude_agreement", "form": "书面", "signed_on": signed_on, "confirm_told": True}
    signers = [{"party": p["party"], "signer": "某人", "capacity": "本人"} for p in BOTH]
    return c.act(ACTION.validate_python({**body, "signers": signers}), MEDIATOR)


@pytest.mark.parametrize(
    ("signed_on", "due"), [("2026-03-12", date(2026, 4, 13)), ("2026-03-10", date(2026, 4, 9))]
)
def test_the_thirty_days_run_from_the_day_of_signature(signed_on: str, due: date) -> None:
    window = clock(agreed(signed_on), "judicial_confirmation")
    assert (window.due_on, window.kind, window.owner, window.tag) == (due, "window", MEDIATOR, "F")
    assert [a.kind for a in window.alarms] == [AlarmKind.REMINDER]
    receipt = "\n".join(explain(window))
    assert "人民调解法第三十一条、第三十三条" in receipt
    assert f"到期：{due}" in receipt


def test_it_reminds_once_and_nobody_is_late_with_a_right() -> None:
    c = agreed().on("2026-05-20")
    window = clock(c, "judicial_confirmation")
    assert [a.kind for a in window.alarms if a.fired_at] == [AlarmKind.REMINDER]
    cards = [e.fact.clock_id for e in c.events if isinstance(e.fact, CardIssued)]
    assert window.id not in cards


def applying(on: str) -> Any:
    form = {"kind": "apply_judicial_confirmation", "applied_on": on, "by": "双方共同申请"}
    return ACTION.validate_python(form)


def test_what_was_applied_for_in_time_is_in_time_however_late_it_is_recorded() -> None:
    c = agreed().on("2026-04-20")
    c.act(applying("2026-04-13"), MEDIATOR)
    assert clock(c, "judicial_confirmation").result == "met"
    assert agreed().on("2026-04-20").declined(applying("2026-04-14"), MEDIATOR) == "too_late"


def test_the_window_hangs_on_no_task() -> None:
    c = agreed()
    assert len([x for x in c.state.open_clocks() if x.rule_id == "judicial_confirmation"]) == 1
    assert c.state.clocks[clock(c, "judicial_confirmation").id].task_id is None

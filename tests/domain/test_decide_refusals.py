"""Units, tasks, acceptance, risk: what must not happen is turned down, with a reason, and changes nothing."""

from typing import Any

import pytest
from pydantic import ValidationError

from domain.actions import Act
from domain.decide import Declined, decide
from domain.fold import replay
from domain.intake import Applicant
from domain.offers import offers
from domain.persons import By
from domain.tasks import TaskKind
from tests.support.case import (
    CENTER,
    COMPLEX,
    HRSS,
    JUSTICE,
    LOUD,
    MEDICAL,
    OFFICE,
    RESPONDENT,
    TAX,
    case,
    consulted,
    county,
    told,
)
from tests.support.forms import filled

# --- one unit's work is not another's --------------------------------------------------------------------------


def test_a_unit_without_a_task_cannot_sign() -> None:
    assert case().accepted().refused("claim", MEDICAL) == "no_task"


def test_a_task_is_signed_for_once() -> None:
    assert case().accepted().refused("claim", TAX) == "already_signed"


def test_only_the_centre_decides_on_acceptance() -> None:
    assert (
        case().refused("triage_confirm", TAX, decision="受理", level="低", path="直办", lead=TAX)
        == "wrong_unit"
    )
    assert case().refused("decide_not_accept", TAX, code="N1") == "wrong_unit"


def test_an_unknown_unit_is_named_with_its_neighbours() -> None:
    with pytest.raises(Declined, match="县税务局") as refusal:
        case().do("claim", "税务局")
    assert refusal.value.code == "unknown_unit"


def test_the_lead_tells_the_party_what_it_handled_alone() -> None:
    assert case().accepted().disposed().refused("notify_party", CENTER) == "wrong_unit"


def test_the_centre_tells_the_party_what_was_handled_jointly() -> None:
    assert consulted().disposed().refused("notify_party", HRSS) == "wrong_unit"


def test_a_unit_that_takes_no_part_gives_no_opinion() -> None:
    assert case().accepted().refused("submit_opinion", MEDICAL, conclusion="支持") == "wrong_unit"


def test_the_party_does_not_decide_its_own_case() -> None:
    c = consulted()
    assert c.refused("submit_opinion", RESPONDENT, conclusion="不支持") == "wrong_unit"
    assert c.refused("mediate_agreed", RESPONDENT, full_principal=True) == "wrong_unit"
    assert c.disposed().refused("enforce_report", RESPONDENT, executed=True) == "wrong_unit"


def test_only_the_office_holds_a_joint_meeting() -> None:
    assert consulted().refused("convene_meeting", CENTER, form="联席会议") == "wrong_unit"


def test_only_its_own_unit_finishes_a_resolution_item() -> None:
    c = case(indicators=LOUD).accepted("高", HRSS, (TAX,)).do("convene_meeting", OFFICE, form="联席会议")
    c.do("minutes", OFFICE, resolutions=[{"no": 1, "unit": HRSS, "text": "查清"}])
    assert c.refused("resolution_done", TAX, no=1) == "wrong_unit"
    assert c.refused("resolution_done", HRSS, no=7) == "unknown_item"
    c.do("resolution_done", HRSS, no=1)
    assert c.refused("resolution_done", HRSS, no=1) == "no_item"


# --- tasks -----------------------------------------------------------------------------------------------------


def test_a_task_is_acted_on_by_its_unit_and_only_while_open() -> None:
    c = case().accepted()
    task = c.state.open_tasks(TaskKind.HANDLE)[0].id
    with pytest.raises(Declined) as refusal:
        c.do("submit_opinion", HRSS, task=task, conclusion="支持")
    assert refusal.value.code == "wrong_unit"
    with pytest.raises(Declined) as refusal:
        c.do("claim", TAX, task="t99")
    assert refusal.value.code == "unknown_task"
    c.disposed()
    with pytest.raises(Declined) as refusal:
        c.do("submit_opinion", TAX, task=task, conclusion="不支持")
    assert refusal.value.code == "task_closed"


def test_nothing_is_done_to_an_archived_matter() -> None:
    c = told().paid().called().do("close_case", archive=True)
    attempts: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("claim", TAX, {}),
        ("payment_received", RESPONDENT, {"principal": 1}),
        ("reopen", CENTER, {"to_officer": "新人"}),
        ("close_case", CENTER, {"archive": True}),
    )
    for action, unit, data in attempts:
        assert c.refused(action, unit, **data) == "archived"


def test_a_return_needs_a_reason_is_reviewed_once_and_is_then_final() -> None:
    c = case().do("triage_confirm", decision="受理", level="低", path="直办", lead=TAX)
    with pytest.raises(ValidationError):
        c.do("return", TAX, reason="  ")
    c.do("return", TAX, reason="不属本单位").do("dispatch", lead=TAX)
    assert c.refused("return", TAX, reason="仍不属本单位") == "final"


def test_a_return_comes_in_time() -> None:
    c = case().do("triage_confirm", decision="受理", level="低", path="直办", lead=TAX).on("2026-03-13")
    assert c.refused("return", TAX, reason="不属本单位") == "too_late"


def test_one_lead() -> None:
    c = case(indicators=COMPLEX)
    assert (
        c.refused("triage_confirm", decision="受理", level="中", path="会商", lead=TAX, co=[TAX])
        == "two_leads"
    )


def test_an_extension_is_asked_for_in_time_once_and_granted_by_another() -> None:
    c = case().accepted()
    assert c.refused("request_extension", TAX, days="40 working days", reason="难") == "no_extension"
    c.do("request_extension", TAX, days="5 working days", reason="难")
    assert c.refused("request_extension", TAX, days="5 working days", reason="难") == "pending"
    assert c.refused("approve_extension", TAX) == "wrong_unit"
    c.do("approve_extension")
    assert c.refused("request_extension", TAX, days="5 working days", reason="难") == "no_extension"


def test_no_extension_once_the_time_is_over() -> None:
    c = case().accepted().on("2026-04-20")
    assert c.refused("request_extension", TAX, days="5 working days", reason="难") == "overdue"


# --- acceptance and risk ----------------------------------------------------------------------------------------


def test_a_duplicate_is_merged_not_refused() -> None:
    assert case().refused("decide_not_accept", code="N10") == "merge"


def test_what_is_long_past_is_not_refused_without_legal_review() -> None:
    c = case()
    assert c.refused("decide_not_accept", code="N6") == "needs_review"
    c.do("legal_review", JUSTICE, result="二年限于处罚，应予受理")
    assert c.refused("decide_not_accept", code="N6") == "review_says_no"
    c.do("legal_review", JUSTICE, result="不应受理").do("decide_not_accept", code="N6")


def test_nobody_refuses_on_a_legal_review_of_his_own() -> None:
    c, mine = case(), By(person="a1", post="p1")
    review = Act(
        id="r#1",
        unit=CENTER,
        officer="李刚",
        by=mine,
        body=filled("give_legal_review", result="不可以", ground="法律依据", explanation="已逾二年"),
    )
    reviewed = replay(c.id, [*c.events, *decide(c.state, review, county(), c.now)])
    long_past = {"code": "N6", "competent": "县税务局", "ground": "已逾二年"}
    refuse = Act(
        id="r#2", unit=CENTER, officer="李刚", by=mine, body=filled("refuse_claims", items=[long_past])
    )
    with pytest.raises(Declined, match="不得依据本人"):
        decide(reviewed, refuse, county(), c.now)


def test_a_legal_review_is_given_when_it_is_asked_for() -> None:
    c = case().accepted()
    assert {c.refused("legal_review", unit, result="可以") for unit in (CENTER, JUSTICE)} == {"not_asked"}
    assert "give_legal_review" not in {o.kind for o in offers(c.state, TAX, county(), c.now)}


def test_a_refusal_has_a_code_that_exists() -> None:
    assert case().refused("decide_not_accept", code="N42") == "unknown_code"


def test_acceptance_is_decided_once() -> None:
    c = case().accepted()
    assert (
        c.refused("triage_confirm", decision="受理", level="低", path="直办", lead=TAX) == "already_reviewed"
    )
    assert c.refused("decide_not_accept", code="N1") == "already_accepted"


def test_the_officer_never_goes_below_the_suggestion_in_silence() -> None:
    c = case(indicators=COMPLEX)
    assert (
        c.refused("triage_confirm", decision="受理", level="低", path="直办", lead=TAX)
        == "lower_than_suggested"
    )
    with pytest.raises(ValidationError):
        c.do("override_risk", old="中", new="低", reason=" ")


def test_high_is_left_only_with_the_office_s_approval() -> None:
    c = case(indicators=LOUD).do("override_risk", old="高", new="中", reason="人数少")
    assert c.state.suggested == "高"
    assert c.refused("triage_confirm", decision="受理", level="中", path="会商", lead=TAX) == "pending"
    assert c.refused("approve_override", CENTER) == "wrong_unit"
    c.do("reject_override", OFFICE, reason="舆情未平")
    assert (
        c.refused("triage_confirm", decision="受理", level="中", path="会商", lead=TAX)
        == "lower_than_suggested"
    )


def test_a_high_matter_takes_the_high_way() -> None:
    c = case(indicators=LOUD)
    assert c.refused("triage_confirm", decision="受理", level="高", path="直办", lead=TAX) == "route_too_low"
    c.accepted("高", TAX)
    assert c.refused("submit_opinion", TAX, conclusion="支持") == "no_joint_meeting"


def test_a_level_is_changed_from_what_it_is() -> None:
    assert case().refused("override_risk", old="低", new="低", reason="升级") == "same_level"


def test_no_more_than_five_representatives() -> None:
    with pytest.raises(ValidationError, match="5 名"):
        Applicant(name="某甲", headcount=9, is_group=True, representatives=list("甲乙丙丁戊己"))

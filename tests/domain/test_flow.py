"""The order of the steps, and the opening of each when its turn comes."""

from typing import Any

import pytest
from pydantic import ValidationError

from domain import decide, flow
from domain.actions import Act
from domain.dispute import Dispute
from domain.events import Event, StepOpened
from domain.tasks import TaskKind
from domain.words import Stage, Step
from tests.domain.test_routes import BUREAU, CLAIMS, ROUTES, TAX, WORKSHOP, with_route
from tests.support.case import CENTER, COMPLEX, HRSS, LOUD, MEDIATOR, MEDICAL, OFFICE, Case, case, county
from tests.support.case import TAX as PIANGUAN_TAX
from tests.support.county import Tale


def opened(c: Case) -> list[Step]:
    return [e.fact.step for e in c.events if isinstance(e.fact, StepOpened)]


def medium(*co: str) -> Case:
    return case(indicators=COMPLEX).accepted("中", HRSS, co or (PIANGUAN_TAX, MEDICAL))


def test_the_required_step_is_opened_by_a_commit_of_its_own() -> None:
    c = medium()
    assert opened(c) == [Step.CONSULT]
    by = {e.action_id: e.fact.type for e in c.events}
    assert next(e for e in c.events if isinstance(e.fact, StepOpened)).action_id.startswith("open-consult-")
    assert not any(e.fact.type == "step_opened" for e in c.events if e.action_id == "a#1"), by
    assert c.state.open_tasks(TaskKind.CONVENE)[0].unit == CENTER


def test_its_clock_counts_from_the_action_that_brought_it_on() -> None:
    c = medium()
    task = c.state.open_tasks(TaskKind.CONVENE)[0]
    clock = next(k for k in c.state.open_clocks() if k.task_id == task.id)
    assert (clock.start_event, clock.starts_at) == ("a#1", c.state.accepted_at)


def test_what_is_the_leads_own_task_is_not_opened_again() -> None:
    c = case().accepted()
    assert (c.state.stage, flow.current_step(c.state), opened(c)) == (Stage.DIRECT, Step.DISPOSE, [])


def test_opening_twice_or_out_of_turn_changes_nothing() -> None:
    c = medium()
    for step in (Step.CONSULT, Step.JOINT_MEETING, Step.MEDIATE):
        assert decide.open_step(c.state, step, county(), c.now, "open-again") == []


def test_the_last_opinion_ends_a_consultation() -> None:
    c = medium()
    assert [c.state.clocks[k].owner for k in flow.awaited(c.state)] == [PIANGUAN_TAX, MEDICAL]
    c.do("submit_opinion", PIANGUAN_TAX, role="协办", content="同意")
    assert [c.state.clocks[k].owner for k in flow.awaited(c.state)] == [MEDICAL]
    assert flow.current_step(c.state) == Step.CONSULT
    c.do("submit_opinion", MEDICAL, role="协办", content="同意")
    assert (flow.awaited(c.state), flow.current_step(c.state)) == ([], Step.DISPOSE)


def test_a_late_unit_is_waited_for_no_longer() -> None:
    c = medium().on("2026-04-30")
    assert (flow.awaited(c.state), flow.due_step(c.state)) == ([], Step.DISPOSE)


def test_a_step_that_somebody_began_comes_first() -> None:
    c = medium().do("mediation_start", MEDIATOR, voluntary_statement=True)
    assert (flow.due_step(c.state), flow.current_step(c.state)) == (Step.CONSULT, Step.MEDIATE)
    c.do("mediate_failed", MEDIATOR, reason="不同意")
    assert flow.current_step(c.state) == Step.INVESTIGATE


def test_a_higher_route_begins_with_its_own_first_step() -> None:
    c = medium().do("override_risk", old="中", new="高", reason="舆情")
    assert opened(c) == [Step.CONSULT, Step.JOINT_MEETING]
    assert c.state.open_tasks(TaskKind.CONVENE_JOINT)[0].unit == OFFICE


def test_a_higher_level_after_the_result_still_asks_for_the_joint_meeting() -> None:
    c = case().accepted().disposed().informed()
    c.do("override_risk", old="低", new="高", reason="舆情")
    assert (c.state.stage, flow.due_step(c.state)) == (Stage.JOINT_MEETING, None)
    assert c.state.open_tasks(TaskKind.CONVENE_JOINT)


def test_what_stood_still_is_opened_again() -> None:
    c = case(indicators=LOUD).accepted("高", HRSS)
    c.do("legal_document", "申请人", kind="受理通知书", pauses_internal_clock=True)
    assert (flow.owed(c.state), c.state.step) == (None, None)
    c.do("legal_document", "申请人", kind="判决书", result="确认", effective=True)
    assert (c.state.stage, opened(c)) == (Stage.JOINT_MEETING, [Step.JOINT_MEETING] * 2)
    assert len(c.state.open_tasks(TaskKind.CONVENE_JOINT)) == 1


def test_nothing_is_owed_once_the_party_was_told_or_the_matter_withdrawn() -> None:
    assert flow.due_step(case().accepted().disposed().informed().state) is None
    c = medium().do("withdraw", "申请人", stated_reason="不办了")
    c.do("withdraw_confirm", free_will=True, result="同意撤回", informed=[])
    assert (flow.due_step(c.state), flow.current_step(c.state)) == (None, None)


def test_the_clocks_of_a_step_are_those_on_its_tasks() -> None:
    d = medium().state
    assert [d.clocks[k].rule_id for k in flow.clocks_of(d, Step.CONSULT)] == ["consult"]
    d = medium().do("convene_meeting", form="会商").state
    assert [d.clocks[k].rule_id for k in flow.clocks_of(d, Step.CONSULT)] == ["minutes"]
    assert flow.clocks_of(d, Step.JOINT_MEETING) == []


def test_nobody_else_can_take_the_flows_ids() -> None:
    with pytest.raises(ValidationError):
        Act.model_validate(
            {"id": "open-consult-9", "unit": CENTER, "officer": "甲", "body": {"kind": "claim"}}
        )


def accepted(policy: Any) -> Tale:
    return Tale(policy, claims=CLAIMS).do(
        WORKSHOP, "triage_confirm", level="普通", path="会商会办", lead=TAX, co=[BUREAU]
    )


def test_another_decider_and_a_clock_of_its_own_are_opened() -> None:
    tale = accepted(with_route(["dispose"], owner="watch"))
    assert _marked(tale.d) == {Step.DISPOSE: True}
    assert tale.d.open_tasks(TaskKind.DISPOSE)
    tale = accepted(with_route(["consult", "dispose"]))
    assert _marked(tale.d) == {Step.CONSULT: True, Step.DISPOSE: True}


def test_the_leads_clock_follows_to_another_lead() -> None:
    tale = accepted(with_route(["consult", "dispose"])).do(WORKSHOP, "convene_meeting", form="会商")
    tale.do(WORKSHOP, "minutes", opinion="一致")
    assert [c.owner for c in tale.d.open_clocks() if c.rule_id == "decide"] == [TAX]
    tale.do(WORKSHOP, "dispatch", lead=BUREAU, co=[])
    assert [c.owner for c in tale.d.open_clocks() if c.rule_id == "decide"] == [BUREAU]


def _marked(d: Dispute) -> dict[Step, bool]:
    return {r.step: r.own_desk for r in d.required}


@pytest.mark.parametrize("steps", ROUTES, ids="-".join)
def test_no_opening_is_ever_refused(steps: list[str]) -> None:
    """What an opening could refuse would leave the matter between two steps: every route that passes the check opens."""
    policy = with_route(steps)
    tale = accepted(policy)
    for required in tale.d.required:
        others = [r.step for r in tale.d.required if r.step != required.step]
        d = tale.d.model_copy(
            update={"step": None, "required": [required], "route": [required.step, *others]}
        )
        if flow.owed(d) == required.step:
            events: list[Event] = decide.open_step(d, required.step, policy, tale.now, "open")
            assert any(isinstance(e.fact, StepOpened) for e in events)

"""The real steps over random lives: nothing is left owed, nothing spins, every step is entered, none may do nothing."""

import asyncio
from random import Random

import pytest

import workflows.steps as steps
from domain.flow import Phase
from domain.words import ABOVE, Step
from tests.domain.test_life_random import COUNTIES, live
from tests.workflows.fake_desk import FlowLife
from workflows.steps import route


def lives(county: str, seeds: range) -> set[tuple[Phase, Step | None]]:
    rested: set[tuple[Phase, Step | None]] = set()
    for seed in seeds:
        with asyncio.Runner() as runner:
            life = FlowLife(COUNTIES[county], runner)
            live(COUNTIES[county], Random(seed), ONWARD if seed % 2 else frozenset(), life=life)
            rested |= life.rested
    return rested


ONWARD = frozenset({"accept_case", "issue_investigation_report", "report_up", "reply_from_above"})
"""What brings a matter on, done by every other life where it can be."""


@pytest.mark.parametrize("county", COUNTIES)
def test_whatever_officers_do_the_flow_comes_to_rest(county: str) -> None:
    rested = lives(county, range(30))
    assert {phase for phase, _ in rested} == set(Phase)
    taken = {step for _, step in rested if step}
    named = {s.step for t in COUNTIES[county].tiers for s in t.route}
    assert taken >= named & {Step.CONSULT, Step.JOINT_MEETING, *ABOVE, Step.DISPOSE}


async def nothing(desk: object) -> None:
    """A step that was emptied."""


STEPS = [
    Step.CONSULT,
    Step.JOINT_MEETING,
    Step.CITY,
    Step.MEDIATE,
    Step.INVESTIGATE,
    Step.GUIDE,
    Step.DISPOSE,
]


@pytest.mark.parametrize("step", STEPS)
def test_an_emptied_step_of_the_route_is_noticed(monkeypatch: pytest.MonkeyPatch, step: Step) -> None:
    monkeypatch.setattr(route, "STEPS", {**route.STEPS, step: nothing})
    with pytest.raises(RuntimeError, match="was left before its end"):
        lives("pianguan", range(60))


@pytest.mark.parametrize("name", steps.__all__)
def test_an_emptied_part_of_the_chart_is_noticed(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(steps, name, nothing)
    with pytest.raises(RuntimeError, match="came round"):
        lives("pianguan", range(60))

"""Every sample lives its whole life on the pure domain, and at every moment somebody owns it."""

from pathlib import Path

import pytest

from domain.dispute import Dispute
from domain.events import Event
from domain.fold import apply, replay
from policies import load
from starter.scenario.actual import Story
from starter.scenario.compare import compare
from starter.scenario.script import Scenario, read
from tests.support.life import found, relive

POLICY = load("pianguan")
SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("[0-9]*.yaml"))


def story_of(file: Path) -> tuple[Scenario, Story, list[str], dict[str, list[Event]]]:
    scenario = read(file, POLICY.calendar)
    story, surprises, events = relive(scenario, POLICY)
    return scenario, story, surprises, events


@pytest.fixture(params=SAMPLES, ids=lambda file: file.stem)
def file(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_there_are_samples() -> None:
    assert len(SAMPLES) >= 14


def test_a_sample_goes_as_its_script_says_and_ends_as_expected(file: Path) -> None:
    scenario, story, surprises, _ = story_of(file)
    assert surprises == []
    assert [f"{d.key}: {d.expected!r} != {d.actual!r}" for d in found(story, scenario.expected)] == []


def test_a_sample_turns_something_down(file: Path) -> None:
    assert any(step.refused for step in read(file, POLICY.calendar).script)


def test_somebody_owns_every_matter_at_every_moment(file: Path) -> None:
    _, _, _, lives = story_of(file)
    for matter, events in lives.items():
        for state in moments(matter, events):
            assert state.is_over or state.has_owner(), f"{matter} after event {state.version}, {state.stage}"


def moments(matter: str, events: list[Event]) -> list[Dispute]:
    """The state after each commit: the events of one action are never seen apart."""
    state, seen = Dispute(id=matter), list[Dispute]()
    for number, event in enumerate(events):
        state = apply(state, event)
        if number + 1 == len(events) or events[number + 1].action_id != event.action_id:
            seen.append(state)
    return seen


def test_the_state_is_the_fold_of_the_events(file: Path) -> None:
    _, story, _, lives = story_of(file)
    for state in [*story.matters, *story.leads]:
        assert replay(state.id, lives[state.id]) == state


def test_a_wrong_expectation_is_noticed(file: Path) -> None:
    scenario, story, _, _ = story_of(file)
    for key, wrong in (
        ("handling", "其他"),
        ("outcome", {"kind": "其他"}),
        ("route", ["线索", "重新办理", "补正"]),
    ):
        assert found(story, {key: wrong}), key
    paid = story.main.paid + 1
    assert found(story, {"ledger": {"paid_amount": float(paid)}})
    clocks = scenario.expected.get("deadlines", [])
    for clock in clocks:
        assert compare({"deadlines": [{**clock, "due": "2020-01-01"}]}, {"deadlines": clocks})


def test_an_event_out_of_turn_is_never_folded_in(file: Path) -> None:
    _, story, _, lives = story_of(file)
    events = lives[story.main.id]
    with pytest.raises(ValueError, match="cannot follow"):
        apply(replay(story.main.id, events[:-2]), events[-1])


def test_nothing_of_a_reporter_travels_with_a_lead() -> None:
    for name in ("03_unclear_report_to_lead", "06_withdrawn_lead_remains"):
        _, story, _, lives = story_of(next(f for f in SAMPLES if f.stem == name))
        person = story.main.facts.applicant
        secrets = [s for s in (person.name, person.id_number, person.phone, story.main.facts.narrative) if s]
        for lead in story.leads:
            told = "".join(e.model_dump_json() for e in lives[lead.id])
            assert not [s for s in secrets if s in told]

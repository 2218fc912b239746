"""In whose hands a task is: one fact, that desk and page read; nobody loses a task to a colleague unawares."""

from random import Random

import pytest

from domain.actions.desk import ReassignOfficer, SignFor
from domain.fold import replay
from domain.offers import form_of, offers, why_not
from domain.persons import By, Officer
from domain.tasks import TASKS, TaskKind
from tests.domain.test_life_random import live
from tests.support.case import CENTER, HRSS, TAX, Case, county, told
from tests.support.walk import stops

HANDLER, COLLEAGUE = "税务员甲", "税务员乙"


def execution(c: Case) -> str:
    (task,) = c.state.open_tasks(TaskKind.EXECUTE)
    return task.id


def holder(c: Case, task: str) -> str | None:
    return c.state.tasks[task].officer


def test_what_goes_on_is_in_the_hands_of_whoever_handled_it_before() -> None:
    c = told()
    assert holder(c, execution(c)) == HANDLER
    c = told().act(ReassignOfficer(to_officer=COLLEAGUE), TAX, task=execution(told()))
    assert holder(c, execution(c)) == COLLEAGUE


def test_what_must_come_to_another_does_not_go_on_with_him() -> None:
    """重新办理 is by another officer, though nobody signed for it."""
    c = told().called("不满意", category="a 未履行").do("reopen", to_officer=COLLEAGUE)
    (again,) = c.state.open_tasks(TaskKind.REHANDLE)
    assert (again.officer, again.not_officer) == (COLLEAGUE, HANDLER)
    assert c.declined(SignFor(), TAX, "税务员丙", again.id) == "other_hands"
    assert c.state.goes_on_with(TAX) == COLLEAGUE
    c.do("claim", TAX, COLLEAGUE).do("notify_party", TAX, COLLEAGUE, result="已催缴")
    assert {t.officer for t in c.state.open_tasks() if t.unit == TAX} <= {COLLEAGUE}


def test_a_task_that_a_colleague_has_is_taken_over_knowingly_or_not_at_all() -> None:
    c = told()
    task = execution(c)
    assert c.declined(SignFor(), TAX, COLLEAGUE, task) == "other_hands"
    assert c.declined(SignFor(take_over="别人"), TAX, COLLEAGUE, task) == "other_hands"
    assert holder(c, task) == HANDLER
    c.act(SignFor(take_over=HANDLER), TAX, COLLEAGUE, task)
    assert holder(c, task) == COLLEAGUE


def test_whoever_has_what_is_to_be_signed_for_signs_without_more() -> None:
    c = told().called("不满意", category="a 未履行").do("reopen", to_officer=COLLEAGUE)
    (again,) = c.state.open_tasks(TaskKind.REHANDLE)
    c.act(SignFor(), TAX, COLLEAGUE, again.id)
    assert c.state.tasks[again.id].signed_by == COLLEAGUE


def test_what_somebody_has_in_hand_he_does_not_sign_for_again() -> None:
    """Whether he signed for it, or goes on with it from what he did before."""
    c = told()
    task = execution(c)
    assert c.state.tasks[task].signed_at is None
    assert c.declined(SignFor(), TAX, HANDLER, task) == "already_signed"
    assert "sign_for" not in {o.kind for o in offers(c.state, TAX, county(), c.now, Officer(name=HANDLER))}
    c.act(SignFor(take_over=HANDLER), TAX, COLLEAGUE, task)
    for who in (COLLEAGUE, HANDLER):
        assert c.declined(SignFor(), TAX, who, task) == "already_signed"


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_in_somebody_s_hands_is_signed_for_at_most_once_and_only_where_it_is_expected(
    seed: int,
) -> None:
    policy, life = county(), live(county(), Random(seed))
    for matter, events in life.events.items():
        for n in stops(events, 12):
            d, now = replay(matter, events[:n]), events[n - 1].at
            for task in d.open_tasks():
                expected = "sign_for" in TASKS[task.kind].done_by and task.signed_at is None
                if task.officer is None or expected:
                    continue
                said = why_not(d, task.unit, policy, now, "sign_for", task.id, Officer(name=task.officer))
                assert "不能重复签收" in (said or "") or "不得交回" in (said or ""), f"{task.title}: {said}"


def asked(c: Case, officer: Officer) -> list[str]:
    found = form_of(c.state, TAX, county(), c.now, "sign_for", execution(c), officer)
    return [str(choice.value) for field in found for choice in field.choices]


def test_the_form_asks_whether_to_take_it_over_only_where_a_colleague_has_it() -> None:
    c = told()
    assert asked(c, Officer(name=COLLEAGUE)) == [HANDLER]
    assert asked(c, Officer(name=COLLEAGUE, by=By(person="p2", post="b"))) == [HANDLER]
    assert asked(c, Officer(name=HANDLER)) == []
    assert asked(c, Officer()) == [HANDLER], "it is not known who asks"


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_a_task_that_goes_on_is_nobody_elses(seed: int) -> None:
    """Opened for a unit in which somebody handles the matter, it is his, and never one's who is to have it no more."""
    for events in live(county(), Random(seed)).events.values():
        handled: dict[str, set[str]] = {}
        barred: dict[str, set[str]] = {}
        for event in events:
            fact = event.fact
            if fact.type == "task_opened":
                if TASKS[fact.kind].goes_on:
                    assert fact.officer not in barred.get(fact.unit, set())
                    assert fact.officer is None or fact.officer in handled[fact.unit]
                if fact.not_officer:
                    barred.setdefault(fact.unit, set()).add(fact.not_officer)
                if fact.officer:
                    handled.setdefault(fact.unit, set()).add(fact.officer)
            elif fact.type == "task_changed" and fact.officer:
                for its in (event.unit, fact.unit or event.unit):
                    handled.setdefault(its, set()).add(fact.officer)
            elif fact.type == "acted" and fact.body.kind == "sign_for":
                handled.setdefault(event.unit, set()).add(event.officer)


def test_the_centres_own_tasks_are_anybodys_until_taken() -> None:
    """Who triaged may not call back: what the centre owes is no one officer's by itself."""
    c = told().paid()
    assert [t.officer for t in c.state.open_tasks(TaskKind.CALLBACK)] == [None]
    assert {t.unit for t in c.state.open_tasks(TaskKind.CALLBACK)} == {CENTER}
    assert HRSS not in c.state.units

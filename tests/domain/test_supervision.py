"""督办: it goes to whoever is late, each of them, and says so; to the lead where nobody is."""

from random import Random

from domain.clocks import DUTIES, Deadline
from domain.decide.turn import answers_for
from domain.dispute import Dispute
from domain.draft import Draft
from domain.events import Acted
from domain.fold import replay
from domain.meanings.conferring import Supervised
from domain.tasks import TaskKind
from domain.telling import tell
from tests.domain.test_life_random import live
from tests.support.case import CENTER, COMPLEX, HRSS, MEDICAL, OFFICE, TAX, Case, case, county
from tests.support.forms import filled

POLITICS = "县委政法委"


def helpers_late(day: str = "2026-03-11", hour: int = 9) -> Case:
    """The lead has signed and is in time; two 协办 units have said nothing."""
    c = case(indicators=COMPLEX)
    c.do("triage_confirm", decision="受理", level="中", path="会商", lead=HRSS, co=[TAX, MEDICAL])
    return c.do("claim", HRSS).on(day, hour)


def supervise(c: Case, unit: str = POLITICS, task: str | None = None) -> list[str]:
    due = c.now.date().replace(month=12).isoformat()
    c.act(filled("supervise", due=due), unit, task=task)
    paper = next(p for p in reversed(c.state.documents) if p.name == "督办单")
    (told,) = [m for e in c.events for m in getattr(e.fact, "means", []) if isinstance(m, Supervised)][-1:]
    assert paper.fields["主送"] == told.units
    assert paper.to == "、".join(told.units)
    return told.units


def test_it_goes_to_each_unit_that_is_late_and_not_to_the_lead() -> None:
    c = helpers_late()
    assert supervise(c) == [TAX, MEDICAL]
    line = next(tell(e) for e in c.events if isinstance(e.fact, Acted) and e.fact.body.kind == "supervise")
    assert line.startswith(f"督办：{TAX}、{MEDICAL}")


def test_it_goes_to_whoever_is_late_before_any_timer_asked_for_it() -> None:
    c = helpers_late("2026-03-11", 6)
    assert not c.state.open_tasks(TaskKind.SUPERVISE)
    assert supervise(c) == [TAX, MEDICAL]


def test_where_nobody_is_late_it_goes_to_the_lead() -> None:
    assert supervise(case().accepted("低", TAX)) == [TAX]


def test_one_that_lies_on_a_desk_is_about_what_it_was_asked_for_and_all_else_that_is_late() -> None:
    c = helpers_late().on("2026-03-13")
    asked = next(t for t in c.state.open_tasks(TaskKind.SUPERVISE) if t.unit == OFFICE)
    clock = c.state.clocks[asked.ref or ""]
    units = supervise(c, OFFICE, asked.id)
    assert units[0] == clock.owner
    assert {TAX, MEDICAL} <= set(units)


def test_nobody_supervises_itself() -> None:
    c = case().on("2026-03-20")
    assert CENTER not in supervise(
        c.do("triage_confirm", decision="受理", level="低", path="直办", lead=TAX), CENTER
    )


def test_in_any_life_it_goes_to_whoever_answers_for_a_late_clock() -> None:
    policy, met = county(), 0
    lives = (live(policy, Random(seed), frozenset({"supervise"})) for seed in range(8))
    for matter, events in (item for life in lives for item in life.events.items()):
        for n, event in enumerate(events):
            told = [m for m in getattr(event.fact, "means", []) if isinstance(m, Supervised)]
            if not told:
                continue
            met += 1
            d = replay(matter, events[:n])
            draft = Draft(d, policy, now=event.at, unit=event.unit, officer="", action_id="x")
            late = [
                c for c in d.open_clocks() if c.kind in DUTIES and not c.is_paused and c.overdue_at(event.at)
            ]
            late = [c for c in late if not _is_supervision(d, c)]
            owed = {answers_for(draft, c) for c in late} - {event.unit, "申请人", "被反映单位"}
            assert owed <= set(told[0].units)
            assert owed or d.open_tasks(TaskKind.SUPERVISE) or told[0].units == [d.lead or d.center]
    assert met


def _is_supervision(d: Dispute, clock: Deadline) -> bool:
    return clock.task_id is not None and d.tasks[clock.task_id].kind == TaskKind.SUPERVISE

"""Matters lived on the pure domain, then committed action by action: the ledger's tests of what becomes of whole lives."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from pathlib import Path

from domain.events import Converted, Event, Registered
from domain.policy import Policy
from domain.words import SHANGHAI, Channel
from ledger.figures import Rate, Scope, Value
from ledger.periods import Period
from ledger.report import Report, report
from ledger.store import Ledger
from starter.scenario.script import read
from tests.support.case import Case
from tests.support.life import relive

SAMPLES = Path(__file__).parents[2] / "samples"
NONE = Rate(0, 0)
LATER = datetime(2027, 12, 31, tzinfo=SHANGHAI)


def keep(ledger: Ledger, matter: str, events: Iterable[Event], number: str = "") -> None:
    """Commit a matter's events, one transaction an action. ``number``: what sets its case number apart."""
    for action_id, group in groupby(events, key=lambda e: e.action_id):
        decided = [_numbered(e, number) for e in group]
        ledger.commit(matter, action_id, decided[0].seq - 1, lambda d, lookup, decided=decided: decided)


def _numbered(event: Event, number: str) -> Event:
    """Every life is numbered from 1, and so are the leads that its matters leave behind."""
    fact = event.fact
    if not isinstance(fact, Registered | Converted):
        return event
    other = {"case_no": fact.case_no + number}
    if isinstance(fact, Registered) and fact.intake.channel == Channel.SPAWNED:
        intake = fact.intake.model_copy(update={"source_no": fact.intake.source_no + number})
        return event.model_copy(update={"fact": fact.model_copy(update={**other, "intake": intake})})
    return event.model_copy(update={"fact": fact.model_copy(update=other)})


def keep_case(ledger: Ledger, case: Case) -> None:
    """Commit all the matters of a case."""
    for matter, events in case.life.events.items():
        keep(ledger, matter, events, case.state.facts.source_no)


def keep_sample(ledger: Ledger, policy: Policy, name: str) -> None:
    """Live a sample's story and commit it."""
    (path,) = SAMPLES.glob(f"{name}*.yaml")
    for matter, events in relive(read(path, policy.calendar), policy).events.items():
        keep(ledger, matter, events, name)


def of_month(ledger: Ledger, month: str, now: datetime = LATER) -> Report:
    """The report of a month, asked for when it is long past."""
    return report(ledger.engine, Scope(Period.month(month), now))


def of_year(ledger: Ledger, now: datetime = LATER) -> Report:
    """The report of 2026."""
    return report(ledger.engine, Scope(Period.days(*_YEAR), now))


def of(found: Report, *names: str) -> list[Value]:
    """These figures of a report."""
    return [found.figures[name] for name in names]


_YEAR = (datetime(2026, 1, 1).date(), datetime(2027, 1, 1).date())


def on(text: str) -> datetime:
    """A moment of the county."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)

"""延期 as whoever decides on it reads it: for which clock, who asked, why, for how long, until which day it would run."""

from datetime import date
from typing import NamedTuple

from console.showing.matter import Opened
from domain import deadlines
from domain.clocks import UNIT_WORDS
from domain.state import Extension


class Request(NamedTuple):
    """One request for more time. ``until``: the day it would then fall due, where it can be granted as asked."""

    clock: str
    unit: str
    officer: str
    reason: str
    span: str
    due: date
    until: date | None


def asked(m: Opened, task: str | None) -> list[Request]:
    """The requests that wait, or the one that a task is about."""
    named = m.d.tasks.get(task or "")
    waiting = list(m.d.extensions.values())
    return [_request(m, x) for x in waiting if named is None or x.clock_id == named.ref]


def _request(m: Opened, asked_for: Extension) -> Request:
    clock = m.d.clocks[asked_for.clock_id]
    rule, policy = m.policy.clock(clock.rule_id), m.policy
    try:
        longer = deadlines.extend(
            clock, asked_for.length, asked_for.unit, m.view.unit, asked_for.reason, m.now, policy.calendar,
            policy.ladder(rule.ladder), times=policy.extension.times,
        )  # fmt: skip
        until = longer.due_on
    except ValueError:
        until = None
    span = f"{asked_for.length} {UNIT_WORDS[asked_for.unit]}"
    return Request(
        clock.name,
        asked_for.by,
        asked_for.asked_by.name,
        m.veil.text(asked_for.reason),
        span,
        clock.due_on,
        until,
    )

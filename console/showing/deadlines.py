"""The clocks of a matter as its page shows them: those of whoever looks first, each with why it is that day."""

from datetime import datetime
from typing import NamedTuple

from console.showing import clocks
from console.showing.clocks import Reading, Week
from console.showing.matter import Opened
from domain.access import Post
from domain.clocks import DUTIES, ClockKind, Deadline
from domain.due import clock_of, duties
from starter.office.views import receipts

TITLES: dict[ClockKind, str] = {"internal": "内部时限", "statutory": "法定时限"}


class Head(NamedTuple):
    """A clock in the head of the page. ``clock``: none runs; ``whose``: the unit, where it is another's."""

    title: str
    clock: Reading | None
    whose: str


class Why(NamedTuple):
    """Why a clock falls due on its day."""

    clock: Reading
    weeks: list[Week]
    lines: list[tuple[str, str]]


class Shown(NamedTuple):
    """``whys``: what still matters, the first in full; ``past``: rights that have run out and waits that are over."""

    heads: list[Head]
    whys: list[Why]
    past: list[Why]


def shown(m: Opened, post: Post) -> Shown:
    """The clocks of a matter for a post."""
    ordered = _ordered(m, post)
    running = sorted((c for c in m.d.open_clocks() if c not in ordered), key=lambda c: c.due_at)
    past = [c for c in running if c.kind not in DUTIES and c.due_at < m.now]
    told = receipts(m.d, m.events, m.now)
    whys = [_why(m, c, told[c.id]) for c in (*ordered, *(c for c in running if c not in past))]
    heads = [_head(m, post, kind, ordered) for kind in TITLES]
    return Shown(heads, whys, [_why(m, c, told[c.id]) for c in past])


def _ordered(m: Opened, post: Post) -> list[Deadline]:
    """The duties: by which one of the post's unit's own open tasks falls due, then its others, then other units'."""
    same = m.policy.units.same
    own = [clock_of(m.d, task) for task in m.d.open_tasks() if same(post.unit, task.unit)]

    def rank(clock: Deadline) -> tuple[int, datetime]:
        return (0 if clock in own else 1 if same(post.unit, clock.owner) else 2), clock.due_at

    return sorted(duties(m.d.open_clocks()), key=rank)


def _head(m: Opened, post: Post, kind: ClockKind, ordered: list[Deadline]) -> Head:
    clock = next((c for c in ordered if c.kind == kind), None)
    if clock is None:
        return Head(TITLES[kind], None, "")
    whose = "" if m.policy.units.same(post.unit, clock.owner) else clock.owner
    return Head(TITLES[kind], clocks.read(clock, m.d, m.policy, m.now), whose)


def _why(m: Opened, clock: Deadline, receipt: list[str]) -> Why:
    return Why(
        clocks.read(clock, m.d, m.policy, m.now),
        clocks.counted(clock, m.policy, m.now.date()),
        clocks.receipt(receipt),
    )

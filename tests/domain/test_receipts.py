"""为什么是这一天: in the officers' language whatever the clock began by, and plain about one whose day is over."""

import re
from datetime import datetime, timedelta
from random import Random

import pytest

from domain.clocks import ClockKind, Deadline
from domain.deadlines import explain, pause, start
from domain.events import Event
from domain.fold import replay
from starter.office.views import receipts
from starter.scenario.script import read
from tests.domain.test_deadlines import CALENDAR, at, begin, rule
from tests.domain.test_life_random import live
from tests.ledger.lives import SAMPLES
from tests.support.case import county
from tests.support.life import relive

FINGERPRINT = re.compile(r"\b[0-9a-f]{16}\b")
"""Of a policy's version."""


POLICY = county()


def lives() -> list[tuple[str, list[Event]]]:
    """Every sample, which leave leads behind, and some random lives."""
    found = [relive(read(path, POLICY.calendar), POLICY).events for path in SAMPLES.glob("[01][0-9]*.yaml")]
    found += [live(POLICY, Random(seed)).events for seed in range(4)]
    return [(matter, events) for its in found for matter, events in its.items()]


def test_no_receipt_says_anything_that_only_the_software_understands() -> None:
    seen = 0
    for matter, events in lives():
        d = replay(matter, events)
        for lines in receipts(d, events, d.last_moment).values():
            seen += len(lines)
            said = FINGERPRINT.sub("", "\n".join(lines))
            assert not re.search(r"[A-Za-z_#]", said), said
    assert seen > 1000


def last_line(clock: Deadline, now: datetime) -> str:
    return next(line for line in explain(clock, now) if line.startswith(("到期：", "最早可办日：")))


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("internal", "已超期"),
        ("statutory", "已超期"),
        ("window", "期限已过"),
        ("not_before", "已等足期限"),
    ],
)
def test_a_clock_whose_day_is_over_does_not_say_that_it_runs(kind: ClockKind, said: str) -> None:
    """Whether or not an alarm has acted: an alarm may be late, and some clocks have none."""
    clock = begin(rule(3, "wd", kind=kind), at("2026-09-03T09:42"))
    assert last_line(clock, clock.due_at).endswith("，计时中")
    assert last_line(clock, clock.due_at + timedelta(seconds=1)).endswith(f"，{said}")


def test_what_stands_still_does_not_say_that_it_runs() -> None:
    clock = begin(rule(3, "wd"), at("2026-09-03T09:42"))
    still = pause(clock, at("2026-09-04T09:00"), "中止")
    assert last_line(still, at("2026-12-01T09:00")).endswith("，暂停计时")
    late = pause(clock, at("2026-09-10T09:00"), "中止")
    assert last_line(late, at("2026-12-01T09:00")).endswith("，已超期，暂停计时")


@pytest.mark.parametrize("ladder", [None, "window", "task"])
def test_a_duty_that_gets_no_card_says_so(ladder: str | None) -> None:
    three_days = rule(3, "wd")
    clock = start(
        three_days, POLICY.ladder(ladder), CALENDAR, id="k1", owner="县税务局", start_event="intake",
        at=at("2026-09-03T09:42"),
    )  # fmt: skip
    assert any(line.startswith("亮牌：") for line in explain(clock)) is (ladder != "task")

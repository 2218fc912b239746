"""How much time is left, and how late something is: in the clock's own unit, which is always said."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest

from console.showing import clocks
from domain.clocks import UNIT_WORDS, Unit
from tests.domain.test_deadlines import at, begin, rule
from tests.support.case import county

SAID = re.compile(r"(剩|超) (\d+ (个工作日|个自然日)|\d+ 小时( \d+ 分)?)|已超期")
OWN: dict[Unit, str] = {"wd": "个工作日", "d": "个自然日", "m": "个自然日", "h": "个自然日"}
"""An hour clock runs at night and on days off, and is told by days once it is two days late."""


@pytest.mark.parametrize("unit", UNIT_WORDS)
def test_the_unit_is_the_clocks_own_and_always_said(unit: Unit) -> None:
    length = {"h": 72, "m": 1}.get(unit, 5)
    clock = begin(rule(length, unit), at("2026-11-19T09:42"))
    others = set(OWN.values()) - {OWN[unit]}
    said: list[str] = []
    for hours in range(-24 * 12, 24 * 20, 5):
        said.append(clocks.left(clock, county(), clock.due_at + timedelta(hours=hours)))
        assert SAID.fullmatch(said[-1]), said[-1]
        assert not any(word in said[-1] for word in others)
    assert f"超 8 {OWN[unit]}" in said
    numbers = [int(m[1]) for one in said if (m := re.match(rf"超 (\d+) {OWN[unit]}", one))]
    assert all(one <= another for one, another in pairwise(numbers))

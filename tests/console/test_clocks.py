"""How much time is left, and how late something is: in the clock's own unit, which is always said."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from console.showing import clocks
from domain.access import Role
from domain.clocks import UNIT_WORDS, Unit
from ledger.read_tables import tasks
from tests.api.conftest import CENTER
from tests.console.conftest import Officers
from tests.domain.test_deadlines import at, begin, rule
from tests.ledger.support import Books, an_intake
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


@pytest.mark.parametrize("years", [-1, 0, 1])
async def test_a_day_of_another_year_is_listed_with_its_year(
    readers: Officers, books: Books, years: int
) -> None:
    """What was done last stands first: a demonstration's future days are not mistaken for those of this year."""
    books.register(an_intake())
    now = datetime.now(UTC)
    day = now.replace(year=now.year + years, month=7, day=15)
    with books.ledger.engine.begin() as connection:
        connection.execute(tasks.update().values(closed_at=day, standing="已办", outcome="已办"))
    center = await readers.at(CENTER, Role.OPERATOR)
    (said,) = re.findall(
        r'<td class="when">([^<]+)</td>', (await center.get("/", params={"tab": "done"})).text
    )
    assert said == (f"{day:%Y-%m-%d}" if years else f"{day:%m-%d}")

"""Two lines over the months: one full, the other dashed, each with its name and last number at its end."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

WIDTH, HEIGHT = 560, 232
_LEFT, _RIGHT, _TOP, _BASE = 28, 490, 16, 190
_APART = 15
"""The least between the two names."""


class Line(NamedTuple):
    """What is counted, and how often each month."""

    name: str
    numbers: list[int]


def drawn(months: Sequence[tuple[str, str]], first: Line, second: Line, title: str) -> Markup:
    """The drawing; each of ``months``: the month, and the year where it begins."""
    top = _round_up(max(*first.numbers, *second.numbers, 1))
    step = (_RIGHT - _LEFT - 24) / max(len(months) - 1, 1)
    xs = [round(_LEFT + 12 + n * step, 1) for n in range(len(months))]
    return Markup(
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"{_grid(top)}{_months(months, xs)}{_line(second, xs, top, '2')}{_line(first, xs, top, '1')}"
        f"{_names(first, second, xs[-1] + 10, top)}</svg>"
    )


def _round_up(most: int) -> int:
    """The next number that four parts divide evenly."""
    step = 1
    while step * 4 < most:
        step = step * 2 if str(step)[0] in "15" else step * 5 // 2
    return step * 4


def _y(number: int, top: int) -> float:
    return round(_BASE - number / top * (_BASE - _TOP), 1)


def _grid(top: int) -> str:
    drawn = ""
    for quarter in range(5):
        number = top * quarter // 4
        y = _y(number, top)
        look = "grid" if quarter else "base"
        drawn += f'<line class="{look}" x1="{_LEFT}" x2="{_RIGHT}" y1="{y}" y2="{y}"/>'
        drawn += f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{number}</text>'
    return drawn


def _months(months: Sequence[tuple[str, str]], xs: list[float]) -> str:
    return "".join(
        f'<text x="{x}" y="{_BASE + 17}" text-anchor="middle">{escape(month)}</text>'
        f'<text x="{x}" y="{_BASE + 34}" text-anchor="middle">{escape(year)}</text>'
        for x, (month, year) in zip(xs, months, strict=True)
    )


def _line(line: Line, xs: list[float], top: int, look: str) -> str:
    places = [(x, _y(number, top)) for x, number in zip(xs, line.numbers, strict=True)]
    path = "L".join(f"{x} {y}" for x, y in places)
    dots = "".join(f'<circle class="p{look}" cx="{x}" cy="{y}" r="3.5"/>' for x, y in places)
    return f'<path class="l{look}" d="M{path}"/>{dots}'


def _names(first: Line, second: Line, x: float, top: int) -> str:
    ends = [(_y(line.numbers[-1], top), look, line) for look, line in (("1", first), ("2", second))]
    drawn, y = "", -float(_APART)
    for end, look, line in sorted(ends, key=lambda found: found[:2]):
        y = max(end, y + _APART)
        drawn += f'<text class="lab{look}" x="{x}" y="{y + 4}">{escape(line.name)} {line.numbers[-1]}</text>'
    return drawn

"""A bar beside a number in a table, and standing bars month by month: what counts is full, what is left is an outline."""

from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup, escape

from console.showing.figures import Month

WIDTH, HEIGHT = 560, 232
_LEFT, _TOP, _BASE = 6, 24, 190


def lying(part: Decimal | int, most: Decimal | int) -> Markup:
    """A bar as long as its share of the longest one; the number stands beside it."""
    share = float(part / most) if most else 0.0
    return Markup(
        '<svg class="chart bar-1" width="100%" height="14" aria-hidden="true" focusable="false">'
        f'<rect class="b1" y="1" width="{100 * max(share, 0.0):.1f}%" height="12"/></svg>'
    )


def standing(months: Sequence[Month], title: str) -> Markup:
    """A bar for each month, the oldest first."""
    most = max((month.whole for month in months), default=0) or 1
    step = (WIDTH - 2 * _LEFT) / max(len(months), 1)
    drawn = "".join(_bar(month, _LEFT + n * step, step, most) for n, month in enumerate(months))
    return Markup(
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
        f'<line class="base" x1="0" x2="{WIDTH}" y1="{_BASE}" y2="{_BASE}"/>{drawn}</svg>'
    )


def _bar(month: Month, x: float, step: float, most: Decimal | int) -> str:
    wide, mid = round(step * 0.6, 1), round(x + step / 2, 1)
    left = round(mid - wide / 2, 1)
    part, whole = (round(float(n / most) * (_BASE - _TOP), 1) for n in (month.part, month.whole))
    bars = (
        f'<rect class="b1" x="{left}" y="{_BASE - part:.1f}" width="{wide}" height="{part}"/>' if part else ""
    )
    if whole > part:
        bars += (
            f'<rect class="b2" x="{left + 0.75:.2f}" y="{_BASE - whole + 0.75:.2f}" width="{wide - 1.5:.1f}"'
            f' height="{max(whole - part - 0.75, 0.5):.2f}"/>'
        )
    return (
        f'{bars}<text class="v" x="{mid}" y="{_BASE - max(whole, part) - 6:.1f}" text-anchor="middle">{escape(month.told)}</text>'
        f'<text x="{mid}" y="{_BASE + 17}" text-anchor="middle">{escape(month.month)}</text>'
        f'<text x="{mid}" y="{_BASE + 34}" text-anchor="middle">{escape(month.year)}</text>'
    )

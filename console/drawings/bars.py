"""Bars of a distribution, lying, with their numbers beside them."""

from markupsafe import Markup, escape

from ledger.statistics import Share

_LINE, _NAME, _WIDTH = 26, 132, 560


def lying(shares: list[Share], title: str) -> Markup:
    """One bar for each value, the most frequent first."""
    most = max((s.matters for s in shares), default=0) or 1
    room = _WIDTH - _NAME - 60
    rows: list[str] = []
    for number, share in enumerate(shares):
        y, long = number * _LINE, round(room * share.matters / most, 1)
        rows.append(
            f'<text x="{_NAME - 8}" y="{y + 17}" text-anchor="end">{escape(share.name)}</text>'
            f'<rect class="b1" x="{_NAME}" y="{y + 5}" width="{long}" height="16"/>'
            f'<text class="v" x="{_NAME + long + 6}" y="{y + 17}">{share.matters}</text>'
        )
    height = max(len(shares), 1) * _LINE
    return Markup(
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(title)}">{"".join(rows)}</svg>'
    )

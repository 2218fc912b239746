"""The bar of a clock: its length is the term, with gaps where the first alarms act and a post at the end."""

from markupsafe import Markup

from console.showing.clocks import Reading

_HIDDEN = 'aria-hidden="true" focusable="false"'
_TERM = 0.82
"""Of the width: what is beyond it is late."""


def small(clock: Reading, width: int = 60) -> Markup:
    """For a line of a list; the numbers stand beside it."""
    term = round(width * _TERM, 1)
    used = round(min(term * clock.share, width), 1)
    gaps = "".join(f"M{round(term * share, 1)} 2h1v6h-1z" for share in (0.7, 0.9))
    return Markup(
        f'<svg class="lad{_look(clock)}" width="{width}" height="10" viewBox="0 0 {width} 10" {_HIDDEN}>'
        f'<rect class="trk" y="3" width="{term}" height="4"/><rect class="use" y="3" width="{used}" height="4"/>'
        f'<path class="tik" d="{gaps}"/><rect class="end" x="{term}" y="1" width="1.5" height="8"/></svg>'
    )


def large(clock: Reading, *, words: bool = True) -> Markup:
    """For the head of a matter, as wide as there is room."""
    used = min(88 * clock.share, 100)
    text = (
        f'<text x="0" y="24">已用 {clock.used}/{clock.total} {clock.word}</text>'
        '<text x="61.8%" y="24" text-anchor="middle">催办</text><text x="78%" y="24" text-anchor="middle">黄牌</text>'
        '<text x="88.6%" y="24" text-anchor="middle">红牌</text>'
    )
    if clock.statutory:
        text = f'<text x="0" y="24">已用 {clock.used}/{clock.total} {clock.word}</text>'
    gaps = (
        ""
        if clock.statutory
        else (
            '<rect class="tik" x="61.6%" y="2" width="2" height="8"/><rect class="tik" x="79.2%" y="2" width="2" height="8"/>'
        )
    )
    height = 28 if words else 12
    told = f'role="img" aria-label="{clock.said}"' if words else _HIDDEN
    return Markup(
        f'<svg class="lad{_look(clock)}" width="100%" height="{height}" {told}><rect class="trk" y="3" width="88%" height="6"/>'
        f'<rect class="use" y="3" width="{used:.1f}%" height="6"/>{gaps}<rect class="end" x="88%" y="1" width="2" height="10"/>'
        f"{text if words else ''}</svg>"
    )


def _look(clock: Reading) -> str:
    return f" lad-{clock.state}" if clock.state else ""

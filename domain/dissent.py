"""Where units disagree in writing: contrary conclusions never reach the party (the plan, 三（六）共同研究处置方案).

A view or an objection that is contrary to what is decided, or any objection to it, is studied at a sitting; after it
whoever decided confirms or replaces the decision. Until then the claim is in dispute.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from domain.dispute import Dispute
from domain.intake import ClaimNo
from domain.state import Opinion
from domain.words import Conclusion, UnitName

FOR, AGAINST = ("支持诉求", "部分支持"), "不支持"


class _Said(NamedTuple):
    """What a unit said of a claim last; ``objects``: whether it was said against what had been decided."""

    at: datetime
    stance: str
    objects: bool


def disputed(d: Dispute) -> list[ClaimNo]:
    """The decided claims about which units disagree, undecided by a sitting and a decision made after it."""
    return [no for no in d.sub_items if any(_open(d, no))]


def studied(d: Dispute, no: ClaimNo) -> bool:
    """Whether a sitting has studied all that is said against this claim's decision, so that it can be confirmed."""
    return all(any(said.at <= sat for sat in _sittings(d)) for said in _open(d, no))


def decider(d: Dispute, no: ClaimNo) -> UnitName | None:
    """Who made the decision in force on a claim."""
    decision = _decision(d, no)
    return decision and decision.unit


def _open(d: Dispute, no: ClaimNo) -> Iterator[_Said]:
    """What is said against the decision in force and not dealt with yet."""
    decision, conclusion = _decision(d, no), d.sub_items[no].conclusion
    if decision is None or conclusion is None:
        return
    for said in (said for unit, said in _last_said(d, no).items() if unit != decision.unit):
        if _contrary(said.stance, conclusion):
            if not any(said.at <= sat <= decision.at for sat in _sittings(d)):
                yield said
        elif said.objects and said.at > decision.at:
            yield said


def _decision(d: Dispute, no: ClaimNo) -> Opinion | None:
    return next((o for o in reversed(d.opinions) if o.formal and no in o.views), None)


def _last_said(d: Dispute, no: ClaimNo) -> dict[UnitName, _Said]:
    """By unit what it said last, in an opinion or in an objection."""
    views = [
        (o.unit, _Said(o.at, o.views[no], objects=False))
        for o in d.opinions
        if not o.formal and no in o.views
    ]
    views += [(o.unit, _Said(o.at, o.stance, objects=True)) for o in d.objections if no in o.claims]
    return dict(sorted(views, key=lambda pair: pair[1].at))


def _sittings(d: Dispute) -> list[datetime]:
    return [m.minutes_at for m in d.meetings if m.minutes_at]


def _contrary(stance: str, conclusion: Conclusion) -> bool:
    if stance == AGAINST:
        return conclusion != Conclusion.REJECT
    return stance in FOR and conclusion == Conclusion.REJECT

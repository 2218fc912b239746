"""A matter opened for somebody: its state now or at an earlier event, as far as the post sees it."""

import asyncio
from datetime import datetime
from typing import NamedTuple

from api.known import policy_of
from api.problems import Unseen, hidden
from console.door import Visitor
from domain.dispute import Dispute
from domain.events import Event
from domain.fold import replay
from domain.policy import Policy
from domain.rights import Sight, View
from domain.rights import view as view_of
from domain.words import Stage
from ledger import desk
from starter.office.views import Veil, applicant, business_now, told_to, veil_over


class Opened(NamedTuple):
    """A matter as it is shown. ``events``: what this post is told of all that happened up to the moment shown;
    ``last``: how many there are now."""

    d: Dispute
    events: list[Event]
    policy: Policy
    veil: Veil
    view: View
    now: datetime
    last: int
    back: bool
    """Whether an earlier moment is shown."""

    @property
    def whole(self) -> bool:
        """Whether identities may be looked at."""
        return self.view.sight is Sight.WHOLE

    @property
    def content(self) -> bool:
        """Whether more than the stage is shown."""
        return self.view.sight >= Sight.MASKED


async def opened(visitor: Visitor, matter: str, at: int | None = None) -> Opened:
    """Open a matter; ``at``: as it stood after that event. Raises Problem where there is nothing to show this post."""
    return await asyncio.to_thread(_opened, visitor, matter, at)


def _opened(visitor: Visitor, matter: str, at: int | None) -> Opened:
    ledger = visitor.site.ledger
    events = ledger.events(matter)
    if not events:
        raise hidden()
    newest = replay(matter, events)
    policy = policy_of(visitor.site, newest)
    seen = view_of(newest, visitor.post, policy)
    if seen.sight is Sight.NOTHING:
        raise Unseen(newest.case_no)
    back = at is not None and 0 < at < len(events)
    d = replay(matter, events[:at]) if back else newest
    if not back:
        _note_look(visitor, newest, policy)
    return Opened(
        d=d,
        events=told_to(seen, events[:at] if back else events),
        policy=policy,
        veil=veil_over(ledger, newest),
        view=seen,
        now=events[at - 1].at if back and at else business_now(newest),
        last=len(events),
        back=back,
    )


def _note_look(visitor: Visitor, d: Dispute, policy: Policy) -> None:
    for task in d.open_tasks():
        if policy.units.same(visitor.post.unit, task.unit):
            desk.mark_seen(visitor.site.ledger.engine, d.id, task.id, visitor.person)


def headline(d: Dispute) -> str:
    """One line that says who complains of whom for what, nobody named."""
    facts = d.facts
    many = f" 等 {facts.applicant.headcount} 人" if facts.applicant.headcount > 1 else ""
    firms = facts.respondents[0].name if facts.respondents else "有关单位"
    more = f"等 {len(facts.respondents)} 个单位" if len(facts.respondents) > 1 else ""
    types = "、".join(dict.fromkeys(c.type for c in facts.claims if c.type)) or "社会保险费问题"
    says = "，反映" if facts.applicant.withheld else "反映"
    return f"{applicant(d)}{many}{says}{firms}{more}{types}"


def insurances(d: Dispute, most: int = 9) -> str:
    """养老、失业, or 养老等 3 项 where there is little room."""
    names = list(dict.fromkeys(c.insurance for c in d.facts.claims if c.insurance))
    return "、".join(names) if len(names) <= most else f"{names[0]}等 {len(names)} 项"


def types(d: Dispute) -> str:
    """The kinds of dispute in it."""
    return "、".join(dict.fromkeys(c.type for c in d.facts.claims if c.type))


def since(d: Dispute) -> datetime:
    """When the present stage began."""
    return d.route_taken[-1].at if d.route_taken else d.facts.received_at


def stage_word(d: Dispute) -> str:
    """The stage as the head of the page says it."""
    return str(d.stage or Stage.REVIEW)

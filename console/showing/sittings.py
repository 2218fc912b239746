"""联席会议: which matters one sitting can take together, what was called, what was agreed and how far it is."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from api.known import policy_of
from api.site import Site
from console.forms.together import SHARED
from console.showing.matter import headline
from console.showing.rows import Line
from domain.access import Post
from domain.actions.meetings import ConveneJointMeeting
from domain.dispute import Dispute
from domain.events import Acted, Event
from domain.offers import Offer
from domain.rights import Sight, offers_to, sight
from domain.state import Meeting, Proposal
from domain.words import SHANGHAI, UnitName
from starter.office.views import business_now, veil_over

PROPOSE = "propose_joint_meeting"


class Topic(NamedTuple):
    """One matter that a sitting can take up. ``why``: why it comes before it; ``asked``: the proposal, if one was put."""

    id: str
    case_no: str
    headline: str
    level: str
    why: str
    offer: Offer
    asked: Proposal | None

    @property
    def waits(self) -> bool:
        """Whether what could be proposed was, and waits for its answer: put again it is from the matter alone."""
        return self.offer.kind == PROPOSE and self.asked is not None and self.asked.answer is None


class Call(NamedTuple):
    """How a joint meeting was called, and by whom."""

    held_at: datetime
    place: str
    chair: str
    by: UnitName


class Sitting(NamedTuple):
    """Matters for which one act can be done at once. ``call``: the meeting at which they are, where one was called."""

    kind: str
    verb: str
    call: Call | None
    topics: list[Topic]


class Item(NamedTuple):
    """One 议定事项 with how far it is. ``done_on``: nothing while it is open."""

    line: Line
    text: str
    due: date | None
    done_on: date | None
    outcome: str


def sittings(site: Site, post: Post, matters: Iterable[str]) -> list[Sitting]:
    """What this post can do now with several of these matters together, what is asked for first first."""
    found: dict[tuple[str, Call | None], list[Topic]] = {}
    verbs: dict[str, str] = {}
    for d in site.ledger.states(list(dict.fromkeys(matters))).values():
        policy = policy_of(site, d)
        if sight(d, post, policy) < Sight.MASKED:
            continue
        for offer in offers_to(d, post, policy, business_now(d)):
            if offer.kind in SHARED:
                minutes = offer.kind == "issue_joint_minutes"
                call = called(site.ledger.events(d.id)) if minutes else None
                found.setdefault((offer.kind, call), []).append(_topic(d, offer))
                verbs[offer.kind] = offer.verb
    order = list(SHARED)
    made = [Sitting(kind, verbs[kind], call, topics) for (kind, call), topics in found.items()]
    return sorted(made, key=lambda s: (order.index(s.kind), s.call.held_at.isoformat() if s.call else ""))


def _topic(d: Dispute, offer: Offer) -> Topic:
    signs = "、".join(t.text for t in d.triggers)
    return Topic(d.id, d.case_no, headline(d), d.level or "", signs, offer, d.proposal)


def called(events: Iterable[Event]) -> Call | None:
    """How the joint meeting was called that was called last."""
    acts = [(e.unit, e.fact.body) for e in events if isinstance(e.fact, Acted)]
    return next(
        (
            Call(body.held_at.astimezone(SHANGHAI), body.place, body.chair, unit)
            for unit, body in reversed(acts)
            if isinstance(body, ConveneJointMeeting)
        ),
        None,
    )


def last_called(d: Dispute) -> Meeting:
    """The joint meeting that was called last, of which there is one; a 会商 of later is another sitting."""
    return [meeting for meeting in d.meetings if meeting.form == "联席会议"][-1]


def items(site: Site, lines: Iterable[Line]) -> list[Item]:
    """What was agreed behind these lines, which are tasks of 议定事项."""
    lines = list(lines)
    states = site.ledger.states(list({line.matter for line in lines}))
    return [item for line in lines if (d := states.get(line.matter)) and (item := _item(site, d, line))]


def _item(site: Site, d: Dispute, line: Line) -> Item | None:
    task = d.tasks.get(line.key.partition("|")[2])
    agreed = d.resolutions.get(int(task.ref)) if task and task.ref and task.ref.isdecimal() else None
    if task is None or agreed is None:
        return None
    done_on = task.closed_at.astimezone(SHANGHAI).date() if task.closed_at else None
    return Item(line, veil_over(site.ledger, d).text(agreed.text), agreed.due, done_on, task.outcome or "")

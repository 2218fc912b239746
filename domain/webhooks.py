"""推送: what a unit's own system is told of the matters its unit has to do with, and nothing personal."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum
from string import Formatter
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from domain import events as ev
from domain.dispute import Dispute
from domain.due import next_due
from domain.events import Event
from domain.machines import role_of
from domain.policy import Policy
from domain.rights import Sight, relation
from domain.state import Source
from domain.words import SHANGHAI, Channel, Model, UnitName


class Happening(StrEnum):
    """What a system can ask to be told of."""

    REGISTERED = "登记"
    STAGE_CHANGED = "阶段变化"
    TOLD = "告知"
    CLOSED = "办结"

    @property
    def type(self) -> str:
        """As a program reads it."""
        return _TYPES[self]


_TYPES = MappingProxyType(
    {
        Happening.REGISTERED: "dispute.registered",
        Happening.STAGE_CHANGED: "dispute.stage_changed",
        Happening.TOLD: "dispute.told",
        Happening.CLOSED: "dispute.closed",
    }
)
_TELLING = ("notify_refusal", "notify_transfer")
"""Verbs that tell the party something else than a result."""


class Delivery(StrEnum):
    """How one message to a system stands."""

    WAITING = "待送"
    SENT = "已送达"
    DEAD = "未送达"
    DROPPED = "不再送"


class Patience(Model):
    """How long a message is tried: after ``first``, then ever later up to ``at_most`` apart, until ``total`` is over."""

    first: timedelta = timedelta(seconds=5)
    at_most: timedelta = timedelta(hours=1)
    total: timedelta = timedelta(days=3)


class Lane(Model):
    """The messages about one matter to one webhook: each waits for the one before it."""

    webhook: str
    dispute_id: str
    patience: Patience = Patience()


def happening_of(event: Event) -> Happening | None:
    """What an event is to other systems; nothing, mostly."""
    match event.fact:
        case ev.Registered():
            return Happening.REGISTERED
        case ev.StageEntered():
            return Happening.STAGE_CHANGED
        case ev.Ended():
            return Happening.CLOSED
        case ev.Acted() as fact:
            told = any(meaning.type == "parties_informed" for meaning in fact.means)
            return Happening.TOLD if told or fact.body.kind in _TELLING else None
        case _:
            return None


def may_hear(d: Dispute, unit: UnitName, policy: Policy) -> bool:
    """Whether a unit's system sees how far a matter is, which is all that a message says."""
    rights = policy.rights.roles.get(role_of(unit, policy))
    return rights is not None and rights.sight(relation(d, unit, policy)) >= Sight.STAGE


def message_id(webhook: str, dispute_id: str, seq: int, ticket: str = "") -> str:
    """The same for the same event however often it is sent; it says nothing of the matter."""
    cause = "\n".join((webhook, dispute_id, str(seq), ticket))
    return f"msg_{hashlib.sha256(cause.encode()).hexdigest()[:32]}"


def content(d: Dispute, event: Event, message: str) -> dict[str, Any]:
    """What a system is told of an event. ``d``: the matter as it stood once the event's action was done."""
    happening = happening_of(event)
    assert happening
    due = next_due(d)
    return {
        "id": message,
        "type": happening.type,
        "timestamp": event.at.isoformat(),
        "data": {
            "case_no": d.case_no,
            "sequence": event.seq,
            "stage": _stage(d, event),
            "due": due.isoformat() if due else None,
        },
    }


def _stage(d: Dispute, event: Event) -> str | None:
    """An action may lead through several stages: each message says its own."""
    stage = event.fact.stage if isinstance(event.fact, ev.StageEntered) else d.stage
    return d.say(stage) if stage else None


# --- what goes back to a platform from which a ticket came ---------------------------------------------------------

SAYABLE = frozenset(("ticket", "case_no", "at", "unit", "stage", "outcome", "result"))
"""What a platform's field may be filled with. ``result``: the text for what happened."""
_AT = "{at:%Y-%m-%d %H:%M:%S}"


class Answer(Model):
    """How one platform takes the result of a ticket: by its own names of fields, from the county's data."""

    format: Literal["json", "form"]
    results: dict[Happening, str] = Field(min_length=1)
    fields: dict[str, str] = Field(min_length=1)

    @model_validator(mode="after")
    def _sayable(self) -> Self:
        for text in self.results.values():
            _require_sayable(text, SAYABLE - {"result"})
        for text in self.fields.values():
            _require_sayable(text, SAYABLE)
        return self

    def filled(self, d: Dispute, event: Event, ticket: str) -> dict[str, str]:
        """The platform's fields for one of its tickets. ``d``: the matter once the event's action was done."""
        happening = happening_of(event)
        assert happening
        known = {
            "ticket": ticket,
            "case_no": d.case_no,
            "at": event.at.astimezone(SHANGHAI),
            "unit": d.lead or d.center,
            "stage": _stage(d, event) or "",
            "outcome": d.say(d.outcome or ""),
        }
        known["result"] = self.results[happening].format_map(known)
        return {name: text.format_map(known) for name, text in self.fields.items()}


def _require_sayable(text: str, known: Iterable[str]) -> None:
    for _, name, form, conversion in Formatter().parse(text):
        if name is None:
            continue
        if name not in known or conversion or (form and name != "at"):
            raise ValueError(f"“{text}”中只能用 {'、'.join(sorted(known))}（写在花括号内），时间可写作 {_AT}")


class Platform(NamedTuple):
    """The platforms of one channel, by the names of their ways to take a result."""

    channel: Channel | None = None
    answers: Mapping[str, Answer] = MappingProxyType({})


def tickets_to_answer(d: Dispute, channel: Channel) -> list[Source]:
    """The tickets of a channel that a matter answers. One that was merged is answered by the matter it went into."""
    return [] if d.merged_into else [s for s in d.sources if s.channel == channel]

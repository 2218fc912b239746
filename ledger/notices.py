"""通知: what is to be told to parties and officers, written once for each cause, and how each notice stands.

Every function but :func:`announce` raises LedgerUnavailable while PostgreSQL is away.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Row, case, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.actions import Action
from domain.actions.parties import CorrectParty
from domain.dispute import Dispute
from domain.events import Acted, Event
from domain.hearing import Hearer, called, hearer, hearers, is_of_roll
from domain.notices import (
    NEVER_SENT,
    NO_CHANNEL,
    NO_RECEIPT,
    NoticeState,
    Undelivered,
    Way,
    decent,
    notice_id,
)
from ledger.connection import reading, writing
from ledger.measured import Policies
from ledger.notice_tables import notices
from ledger.outbox import HAND_AGAIN
from ledger.read_tables import disputes
from ledger.tables import notices_sent

AT_ONCE = 50
"""Lanes handed over in one look, and notices of one message."""


def sent_of(engine: Engine, keys: Collection[str]) -> set[str]:
    """Which of the units' notices with these keys went out before."""
    query = select(notices_sent.c.key).where(notices_sent.c.key.in_(keys))
    with reading(engine) as connection:
        return set(connection.scalars(query))


def keep_sent(engine: Engine, keys: Collection[str]) -> None:
    """Note that they went out."""
    with writing(engine) as connection:
        connection.execute(insert(notices_sent).on_conflict_do_nothing(), [{"key": key} for key in keys])


# --- put down ---------------------------------------------------------------------------------------------------------


def announce(connection: Connection, d: Dispute, new: Iterable[Event], policies: Policies) -> None:
    """Put down what the parties hear of these events, in their own transaction: each person each cause once, and none
    without it.

    Nothing for whoever did not agree to hear by message, and nothing for a reporter, whom the matter does not know. What
    still waits for somebody who agrees to another way now goes that way.
    """
    acted = [(event.seq, fact.body) for event in new if isinstance(fact := event.fact, Acted)]
    if any(isinstance(body, CorrectParty) for _, body in acted):
        _go_as_agreed(connection, d)
    _put(connection, list(_of_parties(d, acted, policies)))


def _of_parties(
    d: Dispute, acted: Iterable[tuple[int, Action]], policies: Policies
) -> Iterator[dict[str, Any]]:
    policy, now = policies(d.policy_version), datetime.now(UTC)
    for seq, body in acted:
        told = [(name, t) for name, t in policy.notices.templates.items() if body.kind in t.on]
        for name, template in told:
            for one in hearers(d, template.to):
                cause = (d.id, str(seq), name, one.key)
                yield row(
                    cause,
                    lane=_lane(cause, one),
                    dispute_id=d.id,
                    seq=seq,
                    subject=template.subject,
                    template=name,
                    recipient=one.key,
                    channel=one.way.value,
                    made_at=now,
                    next_at=decent(now, policy.calendar),
                )


def _lane(cause: tuple[str, ...], one: Hearer) -> str | None:
    """Letters to the people of one roll are one task; a message goes alone, as fast as its channel takes them."""
    letter = one.way is Way.LETTER and one.is_of_roll
    return notice_id(*cause[:3], Way.LETTER.value) if letter else None


def _go_as_agreed(connection: Connection, d: Dispute) -> None:
    waiting = (
        (notices.c.dispute_id == d.id)
        & notices.c.recipient.is_not(None)
        & notices.c.state.in_((NoticeState.QUEUED.value, NoticeState.FAILED.value))
    )
    for key in connection.scalars(select(notices.c.recipient).where(waiting).distinct()).all():
        if one := hearer(d, key):
            own = waiting & (notices.c.recipient == key) & (notices.c.channel != one.way.value)
            connection.execute(update(notices).where(own).values(channel=one.way.value))


def row(cause: tuple[str, ...], *, lane: str | None = None, **given: Any) -> dict[str, Any]:
    """A notice that is to be sent. ``lane``: what it goes together with; else it goes alone."""
    id = notice_id(*cause)
    empty = {"template": None, "recipient": None, "person": None, "unit": None, "at_once": False}
    return {**empty, **given, "notice_id": id, "lane": lane or id, "state": NoticeState.QUEUED.value}


def queue(engine: Engine, rows: list[dict[str, Any]]) -> None:
    """Put down these notices; one that is there already stays as it is."""
    if rows:
        with writing(engine) as connection:
            _put(connection, rows)


def _put(connection: Connection, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(notices).on_conflict_do_nothing(), rows)


# --- handed to Temporal -----------------------------------------------------------------------------------------------


class Waiting(NamedTuple):
    """Notices of one lane with which something is to be done."""

    lane: str
    ids: list[str]


def unhanded(engine: Engine) -> list[Waiting]:
    """Some lanes of which Temporal knows nothing, the longest due first."""
    now = datetime.now(UTC)
    wanted = (
        select(notices.c.lane, func.array_agg(notices.c.notice_id))
        .where(
            notices.c.next_at <= now,
            or_(notices.c.handed_at.is_(None), notices.c.handed_at < now - HAND_AGAIN),
        )
        .group_by(notices.c.lane)
        .order_by(func.min(notices.c.next_at))
        .limit(AT_ONCE)
    )
    with reading(engine) as connection:
        return [Waiting(*found) for found in connection.execute(wanted)]


def handed(engine: Engine, ids: Collection[str]) -> None:
    """Note that these are in Temporal's hands."""
    _set(engine, ids, handed_at=datetime.now(UTC))


def due(engine: Engine, lane: str) -> list[Row[Any]]:
    """The first notices of a lane with which the same is to be done, oldest first.

    One that was sent and of which nothing was heard in time is given up by this.
    """
    now = datetime.now(UTC)
    open_ = (notices.c.lane == lane) & (notices.c.next_at <= now)
    lost = open_ & (notices.c.state == NoticeState.SENT.value)
    with writing(engine) as connection:
        connection.execute(
            update(notices).where(lost).values(state=NoticeState.GIVEN_UP.value, said=NO_RECEIPT)
        )
        found = connection.execute(
            select(notices).where(open_).order_by(notices.c.made_at, notices.c.seq).limit(AT_ONCE)
        ).all()
    return [one for one in found if _alike(one) == _alike(found[0])]


def _alike(one: Row[Any]) -> tuple[bool, str]:
    """With what the same is to be done: by its channel, or a person asked."""
    return one.state == NoticeState.GIVEN_UP.value, one.channel


# --- what becomes of it -----------------------------------------------------------------------------------------------


def these(engine: Engine, ids: Collection[str]) -> list[Row[Any]]:
    """Notices with their matters' case numbers, that are still to be sent or spoken of, oldest first."""
    wanted = (
        select(notices, disputes.c.case_no)
        .join(disputes, disputes.c.dispute_id == notices.c.dispute_id)
        .where(notices.c.notice_id.in_(ids), notices.c.next_at.is_not(None))
        .order_by(notices.c.made_at, notices.c.seq)
    )
    with reading(engine) as connection:
        return list(connection.execute(wanted).all())


def sent(engine: Engine, ids: Collection[str], wait: timedelta | None = None) -> None:
    """They went out. ``wait``: how long for a receipt; none is to come otherwise.

    A receipt may have been faster.
    """
    now = datetime.now(UTC)
    _of_waiting(
        engine,
        ids,
        attempts=notices.c.attempts + 1,
        tried_at=now,
        state=NoticeState.SENT.value,
        said=None,
        next_at=now + wait if wait else None,
        handed_at=None,
    )


def failed(engine: Engine, ids: Collection[str], said: str) -> None:
    """An attempt that failed; it is tried again, unless a receipt told otherwise meanwhile."""
    _of_waiting(
        engine,
        ids,
        state=NoticeState.FAILED.value,
        said=said,
        attempts=notices.c.attempts + 1,
        tried_at=datetime.now(UTC),
    )


def give_up(engine: Engine, ids: Collection[str], why: str) -> None:
    """They do not arrive. Of a party's a person is asked next; an officer has them in his desk."""
    _of_waiting(engine, ids, **_given_up(why))


def put_off(engine: Engine, ids: Collection[str], until: datetime) -> None:
    """Try them again at a better hour."""
    _of_waiting(engine, ids, next_at=until, handed_at=None)


def _of_waiting(engine: Engine, ids: Collection[str], **values: Any) -> None:
    """Change those of them that are still to be sent."""
    waiting = notices.c.state.in_((NoticeState.QUEUED.value, NoticeState.FAILED.value))
    with writing(engine) as connection:
        connection.execute(update(notices).where(notices.c.notice_id.in_(ids), waiting).values(**values))


def _given_up(why: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    ask = case((notices.c.template.is_not(None), now), else_=None)
    return {"state": NoticeState.GIVEN_UP.value, "said": why, "next_at": ask, "handed_at": None}


def asked(engine: Engine, ids: Collection[str]) -> None:
    """A person was asked. A letter is out by that; of any other, a receipt that came meanwhile is the last word."""
    letter = (notices.c.channel == Way.LETTER.value, NoticeState.SENT.value)
    _set(engine, ids, state=case(letter, else_=notices.c.state), next_at=None)


def receipt(engine: Engine, id: str, *, arrived: bool, why: Undelivered) -> str | None:
    """What the gateway says became of a party's notice; its channel, or nothing for an unknown one.

    Said twice it is said once; that it arrived is the last word.
    """
    delivered = NoticeState.DELIVERED.value
    open_ = (notices.c.notice_id == id) & notices.c.template.is_not(None) & (notices.c.state != delivered)
    if arrived:
        values: dict[str, Any] = {"state": delivered, "said": None, "next_at": None}
    else:
        values = _given_up(why)
        open_ &= notices.c.state != NoticeState.GIVEN_UP.value
    with writing(engine) as connection:
        channel = connection.scalar(select(notices.c.channel).where(notices.c.notice_id == id))
        connection.execute(update(notices).where(open_).values(**values))
    return channel


def channel_of(engine: Engine, id: str) -> str | None:
    """By which way a notice went, or nothing for an unknown one."""
    with reading(engine) as connection:
        return connection.scalar(select(notices.c.channel).where(notices.c.notice_id == id))


def _set(engine: Engine, ids: Collection[str], **values: Any) -> None:
    with writing(engine) as connection:
        connection.execute(update(notices).where(notices.c.notice_id.in_(ids)).values(**values))


# --- shown ------------------------------------------------------------------------------------------------------------


LATELY = timedelta(days=3)
_OF_THE_CHANNEL = (NO_CHANNEL, NEVER_SENT, NO_RECEIPT)


def given_up(engine: Engine) -> dict[str, int]:
    """How many notices a channel lately did not take, or lost, by channel."""
    counted = (
        select(notices.c.channel, func.count())
        .where(
            notices.c.state == NoticeState.GIVEN_UP.value,
            notices.c.said.in_(_OF_THE_CHANNEL),
            notices.c.made_at > datetime.now(UTC) - LATELY,
        )
        .group_by(notices.c.channel)
        .order_by(notices.c.channel)
    )
    with reading(engine) as connection:
        return {row[0]: row[1] for row in connection.execute(counted)}


class Notice(NamedTuple):
    """How one notice stands. ``to``: the party, or the unit whose officer it is for."""

    subject: str
    to: str
    channel: str
    state: NoticeState
    made_at: datetime
    tried_at: datetime | None
    attempts: int
    said: str | None


def of_matter(engine: Engine, dispute_id: str) -> list[Notice]:
    """A matter's notices, the newest first; those of one roll that stand alike together.

    Which officer of a unit hears by which way is not shown.
    """
    wanted = (
        select(notices)
        .where(notices.c.dispute_id == dispute_id)
        .order_by(notices.c.made_at.desc(), notices.c.seq.desc(), notices.c.notice_id)
    )
    together: dict[tuple[Any, ...], list[Row[Any]]] = {}
    with reading(engine) as connection:
        for one in connection.execute(wanted):
            of_roll = one.template and is_of_roll(one.recipient)
            same = (one.seq, one.template, one.channel, one.state, one.said) if of_roll else (one.notice_id,)
            together.setdefault(same, []).append(one)
    return [_shown(own) for own in together.values()]


def _shown(own: list[Row[Any]]) -> Notice:
    one = own[0]
    return Notice(
        one.subject,
        one.unit or called(each.recipient for each in own),
        one.channel,
        NoticeState(one.state),
        one.made_at,
        max((each.tried_at for each in own if each.tried_at), default=None),
        max(each.attempts for each in own),
        one.said,
    )

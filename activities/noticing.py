"""Sending notices: a party's by the county's gateway, an officer's by the channels he chose; and asking a person instead."""

import asyncio
import json
import logging
import re
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any, Literal, ParamSpec, TypeVar
from urllib.parse import quote

import structlog
from sqlalchemy import Row
from temporalio import activity
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from activities.calling import Undelivered as NotPosted
from activities.calling import post, signed
from activities.messages import Notice
from activities.names import workflow_id
from domain import notices as words
from domain.actions import Act
from domain.actions.notices import ReportUndelivered
from domain.channels import TO, Channels, PartyGateway
from domain.deadlines import Deadline
from domain.events import AlarmFired
from domain.hearing import called, hearer
from domain.notices import Line, NoticeState, Undelivered, Way, decent, next_morning, to_officer
from domain.numbers import phone
from domain.outbound import Outbound
from domain.policy import Policy
from domain.rights import Sight, sight
from domain.webhooks import Patience
from domain.words import SHANGHAI, Model
from ledger import notice_choices, notices
from ledger.store import Ledger

GATHER = timedelta(seconds=20)
"""What comes within this time for one officer is one message."""
JSON = {"Content-Type": "application/json", "User-Agent": "fengqiao-notices/1"}
_NUMBER = re.compile(r"\+?\d{5,15}")
UNSENT = "unsent"
NOT_TAKEN = "渠道没有收下"

P = ParamSpec("P")
T = TypeVar("T")

log = structlog.get_logger(__name__)
logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # it would log an officer's address


class NoticeLane(Model):
    """What is sent together: all of one officer's by one channel, or one of a party's. ``queue``: of the notices."""

    lane: str
    queue: str
    patience: Patience = Patience()


class Notices(Model):
    """What is to be done next in a lane: these sent by a channel, or a person asked. ``for_so_long``: an attempt that fails
    after this is the last."""

    ids: list[str]
    channel: str
    doing: Literal["send", "ask"]
    for_so_long: timedelta


class OfficersGateway:
    """Puts what a unit is to hear down for those of its officers who chose a channel. All of them have it in their desk."""

    def __init__(self, ledger: Ledger, policy: Policy) -> None:
        """``policy``: the one in force, for whoever may see what."""
        self._ledger = ledger
        self._in_force = policy

    def send(self, notice: Notice) -> None:
        """Put one notice down, once for each who hears of it."""
        for said in (notice, *notice.also):
            matter, _, seq = said.key.rpartition("-")
            self._put(matter, int(seq), said.text)
        log.info("notice", case_no=notice.case_no, unit=notice.unit, key=notice.key)

    def _put(self, matter: str, seq: int, text: str) -> None:
        d = self._ledger.state(matter)
        fact = self._ledger.events(matter, after=seq - 1)[0].fact
        assert isinstance(fact, AlarmFired)
        now, calendar = datetime.now(UTC), self._in_force.calendar
        policy = self._ledger.policy(d.policy_version).under(self._in_force)
        of_hours = _is_of_hours(d.clocks[fact.clock_id])
        at_once = decent(now, calendar, at_once=of_hours) + (timedelta() if of_hours else GATHER)
        rows = [
            notices.row(
                (matter, str(seq), one.post.person, one.channel),
                lane=f"{one.post.person}/{one.channel}",
                dispute_id=matter,
                seq=seq,
                subject=text,
                person=one.post.person,
                unit=fact.unit,
                channel=one.channel,
                at_once=of_hours,
                made_at=now,
                next_at=next_morning(now, calendar) if one.digest and not of_hours else at_once,
            )
            for one in notice_choices.hearers(self._ledger, fact.unit, now.astimezone(SHANGHAI).date())
            if sight(d, one.post, policy) is not Sight.NOTHING
        ]
        notices.queue(self._ledger.engine, rows)


def _is_of_hours(clock: Deadline) -> bool:
    """A 24-hour matter: its time is counted in hours, the night's and the holiday's too."""
    return clock.unit == "h"


class NoticeSending:
    """Activities bound to a ledger and its channels. ``threads``: in which they ask the ledger and apprise."""

    def __init__(
        self,
        client: Client,
        ledger: Ledger,
        policy: Policy,
        channels: Channels,
        outbound: Outbound,
        threads: Executor,
    ) -> None:
        """``policy``: the one in force, for its calendar."""
        self._client = client
        self._ledger = ledger
        self._calendar = policy.calendar
        self._channels = channels
        self._reach = outbound.reach
        self._threads = threads

    @activity.defn
    async def next_notices(self, lane: NoticeLane) -> Notices | None:
        """What is to be done next in a lane. Raises LedgerUnavailable (retried)."""
        found = await self._ask(notices.due, self._ledger.engine, lane.lane)
        if not found:
            return None
        first = found[0]
        asks = first.state == NoticeState.GIVEN_UP.value or first.channel == Way.LETTER
        if not asks and first.channel not in self._channels.rates:
            await self._ask(notices.give_up, self._ledger.engine, _ids(found), words.NO_CHANNEL)
            return await self.next_notices(lane)
        return Notices(
            ids=_ids(found),
            channel=first.channel,
            doing="ask" if asks else "send",
            for_so_long=lane.patience.total,
        )

    @activity.defn
    async def send_notices(self, turn: Notices) -> None:
        """Send what still waits of these. Raises ApplicationError, retried, when it did not go out.

        A crash between the sending and its note sends the same once more, a party's under the same id.
        """
        waiting = await self._ask(notices.these, self._ledger.engine, turn.ids)
        waiting = [
            w
            for w in waiting
            if w.state in (NoticeState.QUEUED.value, NoticeState.FAILED.value) and w.channel == turn.channel
        ]
        now = datetime.now(UTC)
        if (then := decent(now, self._calendar)) > now:  # it was tried into the night
            await self._ask(
                notices.put_off, self._ledger.engine, _ids([w for w in waiting if not w.at_once]), then
            )
            waiting = [w for w in waiting if w.at_once]
        try:
            for one in [w for w in waiting if w.template]:
                await self._to_party(one)
            if officers := [w for w in waiting if w.person]:
                await self._to_officer(officers)
        except NotPosted as error:
            await self._ask(notices.failed, self._ledger.engine, _ids(waiting), str(error))
            log.info("notice_failed", channel=turn.channel, notices=turn.ids, said=str(error))
            over = datetime.now(UTC) - activity.info().scheduled_time > turn.for_so_long
            raise ApplicationError(str(error), type=UNSENT, non_retryable=over) from None

    @activity.defn
    async def give_up_notices(self, turn: Notices) -> None:
        """Try no more."""
        await self._ask(notices.give_up, self._ledger.engine, turn.ids, words.NEVER_SENT)
        log.warning("notice_given_up", channel=turn.channel, notices=turn.ids)

    @activity.defn
    async def ask_a_person(self, turn: Notices) -> None:
        """Let the matter open a task for whoever tells the party; asked twice it is asked once.

        A matter that is archived, or that declines, needs nobody any more.
        """
        found = await self._ask(notices.these, self._ledger.engine, turn.ids)
        by_cause: dict[tuple[int, str, str], list[Row[Any]]] = {}
        for one in found:
            why = words.WANTS_PAPER if one.channel == Way.LETTER else one.said
            by_cause.setdefault((one.seq, one.template, why), []).append(one)
        for (_, _, why), own in by_cause.items():
            await self._report(own, why)
            await self._ask(notices.asked, self._ledger.engine, _ids(own))

    async def _to_party(self, one: Row[Any]) -> None:
        d = await self._ask(self._ledger.state, one.dispute_id)
        template = self._ledger.policy(d.policy_version).notices.templates[one.template]
        to = hearer(d, one.recipient)
        if to and to.way != one.channel:
            return  # he agrees to another way now, and hears by that
        language = (to and to.language) or words.OWN_LANGUAGE
        text = template.texts.get(language)
        given = (to and to.phone) or ""
        number = re.sub(r"[\s-]", "", phone(given) or given)
        if text is None or not _NUMBER.fullmatch(number):
            await self._over(one, words.NO_WORDS if text is None else words.NO_NUMBER)
            return
        said = {
            "id": one.notice_id,
            "way": one.channel,
            "to": number,
            "language": language,
            "text": text.format(case_no=d.case_no, unit=d.center),
        }
        rules = self._ledger.policy(d.policy_version).notices
        status = await self._posted(self._channels.parties[Way(one.channel)], one.notice_id, said)
        if status in (HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.GONE):
            await self._over(one, words.BAD_NUMBER)
        elif 200 <= status < 300:
            wait = timedelta(hours=rules.receipt_within_h)
            await self._ask(notices.sent, self._ledger.engine, [one.notice_id], wait)
        else:
            raise NotPosted(f"HTTP {status}")

    async def _posted(self, gateway: PartyGateway, id: str, said: dict[str, str]) -> int:
        letter = json.dumps(said, ensure_ascii=False)
        headers = {**JSON, **signed([gateway.secret], id, letter)}
        return await post(gateway.address, letter.encode(), headers, self._reach)

    async def _to_officer(self, waiting: list[Row[Any]]) -> None:
        waiting = await self._ask(self._still_hearing, waiting)
        if not waiting:
            return
        first, ids = waiting[0], _ids(waiting)
        chosen = await self._ask(notice_choices.choices_of, self._ledger, first.person)
        channel, choice = self._channels.officers[first.channel], chosen.get(first.channel)
        if choice is None or (channel.asks_address and not choice.address):
            await self._ask(notices.give_up, self._ledger.engine, ids, words.NOT_HEARING)
            return
        text = to_officer([Line(one.case_no, one.subject) for one in waiting])
        url = channel.url.replace(TO, quote(choice.address or "", safe=""))
        if not await self._ask(_notified, url, text):
            raise NotPosted(NOT_TAKEN)
        await self._ask(notices.sent, self._ledger.engine, ids)

    def _still_hearing(self, waiting: list[Row[Any]]) -> list[Row[Any]]:
        """Those of units in which the officer still is; of the others he has nothing to hear any more."""
        day = datetime.now(SHANGHAI).date()
        heard = {
            unit
            for unit in {one.unit for one in waiting}
            for h in notice_choices.hearers(self._ledger, unit, day)
            if (h.post.person, h.channel) == (waiting[0].person, waiting[0].channel)
        }
        left = [one for one in waiting if one.unit not in heard]
        notices.give_up(self._ledger.engine, _ids(left), words.NOT_HEARING)
        return [one for one in waiting if one.unit in heard]

    async def _over(self, one: Row[Any], why: Undelivered) -> None:
        await self._ask(notices.give_up, self._ledger.engine, [one.notice_id], why)

    async def _report(self, own: list[Row[Any]], why: str) -> None:
        one, to = min(own, key=lambda one: one.notice_id), called(one.recipient for one in own)
        body = ReportUndelivered.model_validate({"subject": one.subject, "why": why, "to": to})
        act = Act(id=f"undelivered-{one.notice_id}", unit="system", officer="系统", body=body)
        handle = self._client.get_workflow_handle(workflow_id(one.dispute_id))
        try:
            await handle.execute_update(body.kind, act)  # pyright: ignore[reportUnknownMemberType]
        except WorkflowUpdateFailedError as error:
            code = getattr(error.cause, "type", None)
            if code in ("internal", "AcceptedUpdateCompletedWorkflow"):
                raise
            log.warning("nobody_asked", notice=one.notice_id, code=code)
        except RPCError as error:
            d = await self._ask(self._ledger.state, one.dispute_id)
            if error.status != RPCStatusCode.NOT_FOUND or not d.is_over:
                raise
            log.warning("nobody_asked", notice=one.notice_id, code="archived")

    async def _ask(self, question: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        asking = partial(question, *given, **named)
        return await asyncio.get_running_loop().run_in_executor(self._threads, asking)


def _notified(url: str, text: str) -> bool:
    """Whether the channel took it."""
    from apprise import Apprise  # slow to load, and few offices have channels

    sender: Any = Apprise()
    return bool(sender.add(url)) and bool(sender.notify(body=text))


def _ids(found: list[Row[Any]]) -> list[str]:
    return [one.notice_id for one in found]

"""Sending to other systems: each message signed as Standard Webhooks, one after the other within a matter."""

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import takewhile
from typing import NamedTuple, ParamSpec, TypeVar
from urllib.parse import urlencode

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.calling import Undelivered, post, signed
from domain.dispute import Dispute
from domain.events import Event
from domain.fold import advance, replay
from domain.outbound import Outbound
from domain.webhooks import Delivery, Lane, content, may_hear
from domain.words import Model
from ledger import outbox, webhooks
from ledger.outbox import Due
from ledger.store import Ledger

UNDELIVERED = "undelivered"
AGENT = "fengqiao-webhooks/1"
GONE = 410
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
NO_PART = "接收单位与本案已无关，没有发送"
NO_ANSWER = "政策旁的热线对照文件中没有这种回传写法"

P = ParamSpec("P")
T = TypeVar("T")

log = structlog.get_logger(__name__)


class Turn(Model):
    """The message whose turn it is. ``for_so_long``: an attempt that fails after this is the last."""

    message: str
    for_so_long: timedelta


class _Letter(NamedTuple):
    """What is posted, unsigned."""

    text: str
    media_type: str


class WebhookActivities:
    """Activities bound to a ledger and to the ways out of the office. ``threads``: in which they ask the ledger."""

    def __init__(self, ledger: Ledger, outbound: Outbound, threads: Executor) -> None:
        self._ledger = ledger
        self._outbound = outbound
        self._threads = threads

    @activity.defn
    async def next_message(self, lane: Lane) -> Turn | None:
        """The first message of a lane that waits. Raises LedgerUnavailable (retried)."""
        message = await self._ask(outbox.next_message, self._ledger.engine, lane.webhook, lane.dispute_id)
        return Turn(message=message, for_so_long=lane.patience.total) if message else None

    @activity.defn
    async def deliver(self, turn: Turn) -> None:
        """Send one message, unless it waits no more. Raises ApplicationError, retried, when it did not arrive.

        A crash between the sending and its note sends the same message again, under the same id.
        """
        due = await self._ask(outbox.waiting, self._ledger.engine, turn.message)
        if due is None:
            return
        try:
            letter = await self._ask(self._letter, due)
            if letter is None:
                return
            status = await self._posted(due, letter)
        except Undelivered as error:
            raise await self._failed(due, str(error), turn) from None
        if status == GONE:
            await self._ask(outbox.tried, self._ledger.engine, due.message, f"HTTP {status}")
            await self._ask(webhooks.gone, self._ledger, due.webhook.webhook_id)
            log.warning("webhook_gone", webhook=due.webhook.webhook_id)
        elif 200 <= status < 300:
            said = f"HTTP {status}"
            await self._ask(outbox.tried, self._ledger.engine, due.message, said, Delivery.SENT)
        else:
            raise await self._failed(due, f"HTTP {status}", turn)

    @activity.defn
    async def give_up(self, turn: Turn) -> None:
        """Leave a message as a dead letter, which the administrator sees and may send again."""
        await self._ask(outbox.settle, self._ledger.engine, turn.message, Delivery.DEAD)
        log.warning("webhook_dead_letter", message=turn.message)

    async def _ask(self, question: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        asking = partial(question, *given, **named)
        return await asyncio.get_running_loop().run_in_executor(self._threads, asking)

    def _letter(self, due: Due) -> _Letter | None:
        """What the message says; nothing when there is nobody to say it to any more."""
        engine = self._ledger.engine
        if due.webhook.stopped_at is not None:
            outbox.settle(engine, due.message, Delivery.DROPPED)
            return None
        events = self._ledger.events(due.dispute_id)
        event = events[due.seq - 1]
        of_commit = list(takewhile(lambda e: e.action_id == event.action_id, events[due.seq :]))
        then = replay(due.dispute_id, events[: due.seq + len(of_commit)])
        now = advance(then, events[then.version :])
        if not may_hear(now, due.webhook.unit, self._ledger.policy(now.policy_version)):
            outbox.tried(engine, due.message, NO_PART, Delivery.DROPPED)
            return None
        if due.webhook.answer is None:
            said = content(then, event, due.message)
            return _Letter(json.dumps(said, ensure_ascii=False), JSON)
        return self._result(due, then, event)

    def _result(self, due: Due, then: Dispute, event: Event) -> _Letter:
        """What goes back to a platform, in its own form."""
        answer = self._outbound.platform.answers.get(due.webhook.answer)
        if answer is None:
            raise Undelivered(NO_ANSWER)
        fields = answer.filled(then, event, due.ticket)
        if answer.format == "form":
            return _Letter(urlencode(fields), FORM)
        return _Letter(json.dumps(fields, ensure_ascii=False), JSON)

    async def _posted(self, due: Due, letter: _Letter) -> int:
        now = datetime.now(UTC)
        known = await self._ask(webhooks.secrets_of, self._ledger, due.webhook, now)
        headers = {
            "Content-Type": letter.media_type,
            "User-Agent": AGENT,
            **signed(known, due.message, letter.text),
        }
        return await post(due.webhook.address, letter.text.encode(), headers, self._outbound.reach)

    async def _failed(self, due: Due, said: str, turn: Turn) -> ApplicationError:
        """The failure by which Temporal tries again, or gives up when it was tried for long enough."""
        await self._ask(outbox.tried, self._ledger.engine, due.message, said)
        log.info("webhook_failed", webhook=due.webhook.webhook_id, message=due.message, said=said)
        over = datetime.now(UTC) - activity.info().scheduled_time > turn.for_so_long
        return ApplicationError(said, type=UNDELIVERED, non_retryable=over)

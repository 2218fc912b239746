"""Officers who remember what they were told, and the one check that everything they were told is true."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from activities.messages import Receipt
from activities.names import digest
from domain.actions import Act
from domain.dispute import Dispute
from domain.events import Acted
from domain.words import SHANGHAI
from ledger.store import Ledger
from ledger.verify import verify
from starter.office import Declined, Office

MUST_END = 120.0
"""Seconds within which a matter must take an action again after any fault."""


class Counted(NamedTuple):
    """What a fault came to. The last four must be zero."""

    matters: int
    events: int
    taken: int
    declined: int
    lost: int
    twice: int
    untrue: int
    ownerless: int


class Heard:
    """The answers of many officers, by action id."""

    def __init__(self, office: Office, ledger: Ledger) -> None:
        self.office = office
        self.ledger = ledger
        self.taken: dict[str, str] = {}
        self.declined: dict[str, str] = {}
        self.codes: Counter[str] = Counter()

    async def act(self, matter: str, act: Act) -> Receipt | Declined:
        """Act, and remember the answer. An unsure answer is asked for again under the same id."""
        while True:
            try:
                receipt = await self.office.act(matter, act)
            except Declined as declined:
                if declined.code == "busy":
                    continue
                self.declined[act.id] = matter
                self.codes[declined.code] += 1
                return declined
            self.taken[act.id] = matter
            return receipt

    async def check(self, matters: Iterable[str]) -> Counted:
        """Hold every promise about these matters, after letting each take one action more."""
        matters = list(matters)
        async with asyncio.timeout(MUST_END):
            await asyncio.gather(*(self._alive(matter) for matter in matters))
        counted = self._count(matters)
        assert (counted.lost, counted.twice, counted.untrue, counted.ownerless) == (0, 0, 0, 0), counted
        # Chain of hashes, numbers without a gap, case numbers without a gap, read tables as a rebuild makes them.
        assert verify(self.ledger) == []
        return counted

    async def _alive(self, matter: str) -> None:
        """The next action is taken, and workflow and ledger then know the same version."""
        state = self.ledger.state(matter)
        if state.is_over:
            return
        note = still_here(state)
        receipt = await self.act(matter, note)
        assert isinstance(receipt, Receipt), receipt
        assert receipt.version == self.ledger.state(matter).version

    def _count(self, matters: list[str]) -> Counted:
        events = {matter: self.ledger.events(matter) for matter in matters}
        acted = Counter(
            (matter, e.action_id) for matter in matters for e in events[matter] if isinstance(e.fact, Acted)
        )
        taken = {id: matter for id, matter in self.taken.items() if matter in events}
        declined = {id: matter for id, matter in self.declined.items() if matter in events}
        states = [self.ledger.state(matter) for matter in matters]
        return Counted(
            matters=len(matters),
            events=sum(map(len, events.values())),
            taken=len(taken),
            declined=len(declined),
            lost=sum(not acted[matter, id] for id, matter in taken.items()),
            twice=sum(acted[matter, id] > 1 for id, matter in taken.items()),
            untrue=sum(bool(acted[matter, id]) for id, matter in declined.items()),
            ownerless=sum(not d.is_over and not d.has_owner() for d in states),
        )


def still_here(state: Dispute) -> Act:
    """An action any open matter takes."""
    from tests.integration.conftest import act

    return act(
        "申请人", "测试甲", "receive_material", id=f"alive-{digest(state.id)}-{state.version}",
        received_on=state.facts.received_at.astimezone(SHANGHAI).date(),
    )  # fmt: skip


def fired(ledger: Ledger, matter: str) -> list[tuple[str, str, str]]:
    """Every rung of every ladder that acted: clock, rung, business day."""
    return [
        (e.fact.clock_id, e.fact.alarm, f"{e.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}")
        for e in ledger.events(matter)
        if e.fact.type == "alarm_fired"
    ]

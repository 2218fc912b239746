"""Random lives: officers who mostly do what lies on their desk, and sometimes anything at all that they may."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from domain.actions import FORMS
from domain.dispute import Dispute
from domain.events import Event
from domain.offers import offers
from domain.policy import Policy
from tests.support.filler import Filler


class Move(NamedTuple):
    """One action somebody would send. ``offered``: whether it was at hand."""

    unit: str
    officer: str
    task: str | None
    body: dict[str, Any]
    offered: bool


class Walker:
    """Chooses the next move of a matter. The same seed makes the same life."""

    def __init__(self, policy: Policy, random: Random, wanted: AbstractSet[str] = frozenset()) -> None:
        """``wanted``: kinds of action to be chosen first where they are at hand."""
        self.wanted = wanted
        self.policy = policy
        self.random = random
        self.filler = Filler(policy, random)
        self.roles = policy.units.roles

    def pause(self) -> timedelta:
        """How long nobody does anything: mostly hours, sometimes weeks."""
        return timedelta(minutes=self.random.choice((10, 60, 300, 1440, 1440, 4000, 9000, 40000)))

    def unit(self) -> str:
        known = [*self.roles.values(), "某镇税务分局"]
        return self.random.choice([u for u in known if self.policy.units.knows(u)])

    def move(self, d: Dispute, now: datetime) -> Move | None:
        """What somebody does next: mostly what a task asks for, sometimes anything at hand, now and then what is not."""
        owners = [t.unit for t in d.open_tasks()]
        for_task = bool(owners) and self.random.random() < 0.75
        unit = self.random.choice(owners) if for_task else self.unit()
        at_hand = offers(d, unit, self.policy, now)
        if self.random.random() < 0.05:
            return self._not_at_hand(d, unit, now, {o.kind for o in at_hand})
        mine = [o for o in at_hand if o.task] if for_task else at_hand
        if not mine:
            return None
        rare = [o for o in at_hand if o.kind in self.wanted]
        offer = self.random.choice(rare if rare and self.random.random() < 0.7 else mine)
        body = self.filler.fill(d, unit, now, offer.kind, offer.task)
        return Move(unit, self._officer(d, offer.task, offer.kind), offer.task, body, offered=True)

    def _officer(self, d: Dispute, task: str | None, kind: str) -> str:
        if kind in ("record_callback", "log_call_attempt", "close_unreached"):
            return f"回访员{self.random.randint(1, 3)}"
        if kind in ("decide_level_change", "review_paper"):
            return "审批人"
        named = d.tasks[task].officer if task else None
        return named or self.filler.officer()

    def _not_at_hand(self, d: Dispute, unit: str, now: datetime, at_hand: set[str]) -> Move | None:
        others = [k for k, form in FORMS.items() if k not in at_hand and not form.internal]
        kind = self.random.choice(others)
        body = self.filler.fill(d, unit, now, kind)
        return Move(unit, self.filler.officer(), None, body, offered=False)


def stops(events: Sequence[Event], every: int) -> Iterator[int]:
    """After how many events somebody may look at a life: where a commit ended, about every so many."""
    last = 0
    for n in range(1, len(events)):
        if n - last >= every and events[n].action_id != events[n - 1].action_id:
            last = n
            yield n

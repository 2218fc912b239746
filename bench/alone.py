"""The ledger's commits without a workflow: the step that is owed after each is opened as the workflow would open it."""

from datetime import datetime

from activities.ledger import LedgerActivities
from activities.messages import Command, CommitRequest, Open
from domain.actions import OPEN
from domain.dispute import Dispute
from domain.flow import owed
from domain.fold import apply
from domain.words import SHANGHAI
from ledger.store import Ledger
from policies import load


class Alone:
    """Commits one command after another, each matter's state in memory."""

    def __init__(self, ledger: Ledger) -> None:
        self._book = LedgerActivities(ledger, load("pianguan"))
        self._matters: dict[str, Dispute] = {}

    def commit(self, matter: str, command: Command, action_id: str) -> int:
        """The matter's version after the command and what follows from it. Raises RuntimeError when it is declined."""
        d = self._taken(self._matters.pop(matter, None) or Dispute(id=matter), command, action_id)
        while step := owed(d):
            d = self._taken(d, Open(step=step), f"{OPEN}{step}-{d.version}")
        if not d.is_over:
            self._matters[matter] = d
        return d.version

    def _taken(self, d: Dispute, command: Command, action_id: str) -> Dispute:
        request = CommitRequest(
            dispute_id=d.id,
            action_id=action_id,
            known_version=d.version,
            now=datetime.now(SHANGHAI),
            command=command,
        )
        done = self._book.answer(request)
        if done.declined:
            raise RuntimeError(f"{action_id}: {done.declined.code}")
        for event in done.events:
            d = apply(d, event)
        return d

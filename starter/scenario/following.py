"""Reading matters again and again while they move on: a record only grows, so only what is new is fetched."""

from domain.dispute import Dispute
from domain.events import Event
from domain.fold import advance
from ledger.store import Ledger


class Following:
    """Matters, each as far as it has been read."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._events: dict[str, list[Event]] = {}
        self._states: dict[str, Dispute] = {}

    def state(self, matter: str) -> Dispute:
        """A matter as it stands; version 0 when it is not registered."""
        return self.read(matter)[0]

    def read(self, matter: str) -> tuple[Dispute, list[Event]]:
        """A matter as it stands, and all its events."""
        known = self._states.get(matter, Dispute(id=matter))
        events = self._events.setdefault(matter, [])
        if later := self._ledger.events(matter, known.version):
            events.extend(later)
            known = self._states[matter] = advance(known, later)
        return known, events

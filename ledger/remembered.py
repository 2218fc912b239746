"""States lately committed or read by this process, so that it need not open and read again what it has just had in hand."""

from collections import OrderedDict
from threading import Lock
from typing import NamedTuple

from domain.dispute import Dispute

KEPT = 2_000
"""Matters; some 50 kB each."""


class Remembered(NamedTuple):
    """A matter's state, the hash of its last event, and the transaction whose row it is: an unchanged row is an unchanged
    state. What was read and not written knows of no transaction."""

    dispute: Dispute
    head_hash: str
    written_by: str


class Memory:
    """The newest states by matter. Whoever asks compares with the row; nothing here is ever trusted alone."""

    def __init__(self) -> None:
        self._states: OrderedDict[str, Remembered] = OrderedDict()
        self._lock = Lock()

    def get(self, dispute_id: str) -> Remembered | None:
        """What is remembered of a matter."""
        return self._states.get(dispute_id)

    def forget(self, dispute_id: str) -> None:
        """Forget what the row contradicts, so that the next action reads the row."""
        with self._lock:
            self._states.pop(dispute_id, None)

    def keep(self, state: Remembered) -> None:
        """Remember a state; the matter longest untouched is forgotten, and one that is over."""
        with self._lock:
            self._states.pop(state.dispute.id, None)
            if not state.dispute.is_over:
                self._states[state.dispute.id] = state
            while len(self._states) > KEPT:
                self._states.popitem(last=False)

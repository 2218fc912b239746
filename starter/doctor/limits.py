"""From when on the doctor calls something stuck."""

from datetime import timedelta
from typing import NamedTuple


class Limits(NamedTuple):
    """Each well above what a healthy office shows under load."""

    polled_within: timedelta = timedelta(minutes=2)
    """A worker asks for tasks at least once a minute."""
    backlog_age: timedelta = timedelta(minutes=2)
    """How long the oldest task may wait for a worker."""
    task_attempts: int = 3
    """A workflow task that failed twice fails by a bug or by a history that the code no longer fits."""
    activity_attempts: int = 5
    overdue_for: timedelta = timedelta(minutes=10)
    """A timer acts within seconds; a ledger that was away for a moment delays it."""
    unsent_for: timedelta = timedelta(minutes=30)
    """A notice gives up after eight tries, in less than ten minutes; the rest is for a ledger that was away."""
    unheard_for: timedelta = timedelta(minutes=10)
    """What one matter asks of another arrives within seconds."""
    destruction_for: timedelta = timedelta(days=7)
    """From the second approval of a list until all on it should be destroyed."""
    unregistered_for: timedelta = timedelta(minutes=2)
    settle: timedelta = timedelta(seconds=2)
    """A difference must last this long: Temporal's lists follow a little later than its workflows."""


STRICT = Limits()

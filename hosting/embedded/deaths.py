"""When something of ours that has died is started again, and when no more."""

import time

QUICK = 60.0
"""Seconds: what lives for less has died quickly."""
QUICK_DEATHS = 6
"""So many in a row, and it is left dead: whatever it is, starting again does not mend it."""
FIRST_PAUSE = 1.0
"""Seconds before the first new start; doubled each time."""


class Deaths:
    """The deaths of one thing. Its life counts from when this is made, then from each ``born``."""

    def __init__(self) -> None:
        self._in_a_row = 0
        self.born()

    def born(self) -> None:
        """It lives."""
        self._since = time.monotonic()

    def pause(self) -> float | None:
        """It has died: the seconds to wait before it is started again; ``None``: not again."""
        quick = time.monotonic() - self._since < QUICK
        self._in_a_row = self._in_a_row + 1 if quick else 1
        return None if self._in_a_row >= QUICK_DEATHS else FIRST_PAUSE * 2 ** (self._in_a_row - 1)

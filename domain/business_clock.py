"""One business clock: rules are computed in business time, timers are set in server time.

In real use the two are the same. A shifted clock (a rehearsal under the true policy) runs beside server time; a paced
clock (a demonstration) is moved by durable timers whose length is business time divided by ``pace``, and by the
moments of the script's actions, so that every due date is exactly the one an officer would see. A paced clock may be let
go: then it is server time for good.
"""

from datetime import datetime, timedelta

from pydantic import AwareDatetime, Field

from domain.words import SHANGHAI, Model


class BusinessClock(Model):
    """How business time follows server time. ``pace``: business seconds a server second, paced clocks only."""

    offset_seconds: float = 0
    pace: float | None = Field(default=None, gt=0)
    begins: AwareDatetime | None = None
    horizon: AwareDatetime | None = None
    """How far a paced clock may run by itself until the script goes on."""


class RunningClock:
    """A business clock as one matter lives by it."""

    def __init__(self, clock: BusinessClock) -> None:
        self.clock = clock
        self._paced_now = clock.begins
        self.horizon = clock.horizon

    def now(self, server_now: datetime) -> datetime:
        """The business moment, Asia/Shanghai."""
        if self.clock.pace and self._paced_now:
            return self._paced_now.astimezone(SHANGHAI)
        return (server_now + timedelta(seconds=self.clock.offset_seconds)).astimezone(SHANGHAI)

    def acted(self, at: datetime | None, until: datetime | None) -> None:
        """A script's action moves a paced clock; a real one cannot be moved by anybody."""
        if self.clock.pace:
            if at:
                self.reach(at)
            if until:
                self.horizon = until

    def reach(self, moment: datetime) -> None:
        """Move a paced clock on to a moment, never back."""
        if self.clock.pace:
            self._paced_now = max(self._paced_now or moment, moment)

    def delay(self, until: datetime | None, server_now: datetime) -> timedelta | None:
        """Server time to wait for a business moment; ``None`` when it does not come by itself."""
        if until is None or (self.clock.pace and (self.horizon is None or until > self.horizon)):
            return None
        wait = max(until - self.now(server_now), timedelta(0))
        return wait / self.clock.pace if self.clock.pace else wait

    def let_go(self) -> None:
        """From now on server time: a demonstration's matter has been played up to now, and officers go on with it."""
        self.clock, self._paced_now, self.horizon = BusinessClock(), None, None

    def snapshot(self) -> BusinessClock:
        """The clock as it stands, for the next run of the same matter."""
        return self.clock.model_copy(update={"begins": self._paced_now, "horizon": self.horizon})

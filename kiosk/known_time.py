"""What time it is, as far as a kiosk can know that.

A machine whose battery is dead wakes up in 1970. Forms would then call every birth date impossible, and a
receipt would carry a day on which nobody was there. So there is a time below which the clock is not believed:
the last one that the other end of the line confirmed, or else the year of this program. From there on time is
counted by the machine's own seconds, until the clock is set or a hub has said what time it is.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

OLDEST_POSSIBLE: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""No machine with this program on it has an earlier date."""
MATTERS: Final = timedelta(minutes=5)
"""A clock that is off by less is believed, and drifts by itself."""


class KnownTime:
    """A clock for the whole house; called from any thread. ``machine`` is the machine's own, ``since_boot``
    counts seconds that no setting of it can reach."""

    def __init__(self, machine: Callable[[], datetime], since_boot: Callable[[], float]) -> None:
        self._machine = machine
        self._since_boot = since_boot
        self._floor = (OLDEST_POSSIBLE, since_boot())
        self._heard: tuple[datetime, float] | None = None

    def __call__(self) -> datetime:
        now = self._machine()
        if self._heard is not None:
            told = self._later(self._heard)
            return told if abs(now - told) > MATTERS else now
        at_least = self._later(self._floor)
        return at_least if at_least - now > MATTERS else now

    @property
    def wrong(self) -> bool:
        """Whether the machine's clock is known to be wrong just now."""
        return abs(self._machine() - self()) > MATTERS

    @property
    def doubtful(self) -> bool:
        """Whether it is wrong and nobody has said what time it is instead since the kiosk was opened."""
        return self._heard is None and self.wrong

    def at_least(self, moment: datetime) -> None:
        """``moment`` was confirmed before this kiosk was switched off the last time."""
        if moment > self._floor[0]:
            self._floor = (moment, self._since_boot())

    def hear(self, moment: datetime) -> None:
        """The other end of the line says that it is ``moment``, in an answer that it has signed."""
        self._heard = (moment, self._since_boot())

    def _later(self, noted: tuple[datetime, float]) -> datetime:
        moment, at = noted
        return moment + timedelta(seconds=self._since_boot() - at)

"""A player for machines without a sound device: it takes the time that a clip would take, and is silent."""

from collections.abc import Callable
from datetime import datetime, timedelta

from kiosk.voice.port import Clip, Done


class TimedPlayer:
    """``Player`` on an injected clock, which gives aware UTC times. Nothing moves until ``tick``."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._ends: datetime | None = None
        self._done: Done | None = None
        self.gain = 0.0

    @property
    def ends(self) -> datetime | None:
        """When the clip that is being played will be over, or None."""
        return self._ends

    def play(self, clip: Clip, done: Done) -> None:
        self._ends = self._clock() + timedelta(seconds=clip.seconds)
        self._done = done

    def stop(self) -> None:
        self._ends = self._done = None

    def set_gain(self, decibels: float) -> None:
        self.gain = min(0.0, decibels)

    def tick(self) -> None:
        """Reports a clip whose time is over."""
        if self._ends is not None and self._clock() >= self._ends:
            done = self._done
            self.stop()
            assert done is not None
            done(None)

"""A loudspeaker for tours: real clips, in a hundredth of their time, and silent.

A tour has to run where there is no sound device, and need not wait for every sentence to end.
"""

from datetime import UTC, datetime

from PySide6.QtCore import QTimer

from kiosk.voice.port import Clip, Done
from kiosk.voice.timed import TimedPlayer

SPEED = 100
TICK_MS = 5


class TourPlayer:
    """Implements :class:`kiosk.voice.port.Player` on Qt's own clock."""

    def __init__(self) -> None:
        self._began = datetime.now(UTC)
        self._player = TimedPlayer(self._now)
        self._timer = QTimer()
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._player.tick)
        self._timer.start()

    def _now(self) -> datetime:
        return self._began + (datetime.now(UTC) - self._began) * SPEED

    def play(self, clip: Clip, done: Done) -> None:
        self._player.play(clip, done)

    def stop(self) -> None:
        self._player.stop()

    def set_gain(self, decibels: float) -> None:
        self._player.set_gain(decibels)

    def end(self) -> None:
        self._timer.stop()

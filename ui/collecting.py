"""Python's cycle collector, kept on Qt's own thread.

The collector runs on whatever thread happens to allocate. A widget that it finds in a cycle is then deleted
there, and Qt ends the process, or stands still, when that is not the thread that made the widget (the same
was met by Anki and Electrum). So the automatic runs are off from the first window on, and a timer makes them.
"""

import ctypes
import gc
import sys
import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

from ui.widgets.words import forget_measures

EVERY_MS: Final = 1000
AT_REST: Final = 3.0
"""Seconds without a touch after which a pause is felt by nobody."""

OLDEST: Final = 2


class GuiCollector(QObject):
    """Collects what is due by Python's own thresholds; lives on the thread that made it.

    The oldest generation takes a tenth of a second and waits for a moment in which nobody touches the glass.
    ``clock`` counts seconds and never runs back.
    """

    def __init__(self, parent: QObject, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._touched_at = clock()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def touched(self) -> None:
        """Somebody has done something."""
        self._touched_at = self._clock()

    def settle(self) -> None:
        """What there is now stays till the end (modules, forms, pages' code) and is looked through no more.

        Nothing of anybody may be among it: what is frozen in a cycle is never let go.
        """
        gc.freeze()

    def collect(self) -> None:
        """The oldest generation that is over its threshold, with the younger ones."""
        due = [
            generation
            for generation, (count, threshold) in enumerate(
                zip(gc.get_count(), gc.get_threshold(), strict=True)
            )
            if count > threshold
        ]
        if due:
            at_rest = self._clock() - self._touched_at >= AT_REST
            gc.collect(max(due) if at_rest else min(max(due), OLDEST - 1))

    def end(self) -> None:
        """The automatic runs stay off: what the window leaves behind may be found later, while the threads
        of the next kiosk in this process already allocate."""
        self._timer.stop()
        gc.unfreeze()


def give_back_memory() -> None:
    """After a person has left: measured words are forgotten, everything that nothing holds is collected, and
    free memory goes back to the system, which blanks it before anybody else gets it (malloc_trim(3))."""
    forget_measures()
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)

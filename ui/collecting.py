"""Python's cycle collector, kept on Qt's own thread.

The collector runs on whatever thread happens to allocate. A widget that it finds in a cycle is then deleted
there, and Qt ends the process, or stands still, when that is not the thread that made the widget (the same
was met by Anki and Electrum). So the automatic runs are off while there is a window, and a timer makes them.
"""

import ctypes
import gc
import sys

from PySide6.QtCore import QObject, QTimer

from ui.widgets.words import forget_measures

EVERY_MS = 1000


class GuiCollector(QObject):
    """Collects what is due by Python's own thresholds; lives on the thread that made it."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(collect_what_is_due)
        self._timer.start()

    def end(self) -> None:
        self._timer.stop()
        gc.enable()


def give_back_memory() -> None:
    """After a person has left: measured words are forgotten, everything that nothing holds is collected, and
    free memory goes back to the system, which blanks it before anybody else gets it (malloc_trim(3))."""
    forget_measures()
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def collect_what_is_due() -> None:
    """The oldest generation that is over its threshold, with the younger ones."""
    due = [
        generation
        for generation, (count, threshold) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))
        if count > threshold
    ]
    if due:
        gc.collect(max(due))

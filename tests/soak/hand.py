"""A finger with a person's pace, and how long the glass takes to answer it."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from random import Random
from typing import Final

from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest

from kiosk.flow.conductor import Conductor
from ui.driver import Driver
from ui.window import KioskWindow

BEAT_MS: Final = 10
"""Of the timer whose lateness says how long Qt's loop was held."""
PRESSED_S: Final = 0.07
"""How long a finger stays down."""
SEEN_WITHIN_S: Final = 0.6
"""A touch that has painted nothing by then paints nothing."""
LOOK_MS: Final = 5


class Stopwatch(QObject):
    """Counts milliseconds by what was waited for. ``touch``: a finger comes down, something is painted;
    ``page to X``: it is lifted, page X is painted; ``work to X``: what of that Qt's thread was at work, which
    other programs on the machine do not lengthen; ``loop``: how late the beat came."""

    def __init__(self, window: KioskWindow) -> None:
        super().__init__(window)
        self._times: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self.pages = 0
        self.page_at = self.page_work = 0.0
        self._first_paint: float | None = None
        self._last = time.perf_counter()
        self._beat = QTimer(self)
        self._beat.setTimerType(Qt.TimerType.PreciseTimer)
        self._beat.setInterval(BEAT_MS)
        self._beat.timeout.connect(self._on_beat)
        self._beat.start()
        window.installEventFilter(self)
        window.painted.connect(self._page_painted)

    def add(self, what: str, seconds: float) -> None:
        self._times[what][round(seconds * 1000)] += 1

    def drain(self) -> dict[str, dict[int, int]]:
        """All since the last call: how often how many milliseconds."""
        drained = {what: dict(counted) for what, counted in self._times.items()}
        self._times.clear()
        return drained

    @contextmanager
    def own_work(self) -> Iterator[None]:
        """The watcher's own, which no kiosk has: its time is not the kiosk's lateness."""
        yield
        self._last = time.perf_counter()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.UpdateRequest:
            # Painting follows within this very event; the next turn of the loop comes after it.
            QTimer.singleShot(0, self, self._painted)
        return False

    def _painted(self) -> None:
        if self._first_paint is None:
            self._first_paint = time.perf_counter()

    def touched(self) -> None:
        self._first_paint = None

    def first_paint(self) -> float | None:
        """When something was painted first since the last touch; None as long as nothing was."""
        return self._first_paint

    def _page_painted(self) -> None:
        self.pages += 1
        self.page_at, self.page_work = time.perf_counter(), time.thread_time()

    def _on_beat(self) -> None:
        now = time.perf_counter()
        self.add("loop", max(0.0, now - self._last - BEAT_MS / 1000))
        self._last = now


def live_for(seconds: float) -> None:
    """The window lives on in Qt's own loop, which sleeps until something happens."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop, loop.quit)
    loop.exec()


def live_until(true: Callable[[], bool], seconds: float) -> bool:
    """False where it did not come true in time."""
    deadline = time.monotonic() + seconds
    loop, look = QEventLoop(), QTimer()
    look.setTimerType(Qt.TimerType.PreciseTimer)
    look.setInterval(LOOK_MS)
    look.timeout.connect(lambda: loop.quit() if true() or time.monotonic() > deadline else None)
    look.start()
    if not true():
        loop.exec()
    look.stop()
    return true()


class Finger:
    """Implements :class:`ui.driver.Finger`. ``pace`` 1 is a brisk volunteer; 2 takes twice as long."""

    def __init__(self, conductor: Conductor, stopwatch: Stopwatch, random: Random, pace: float) -> None:
        self._conductor = conductor
        self._stopwatch = stopwatch
        self._random = random
        self._pace = pace
        self._key = ""

    def touch(self, window: QWindow, at: QPoint) -> None:
        self._press(window, (at,))

    def draw(self, window: QWindow, points: Sequence[QPoint]) -> None:
        self._press(window, points)

    def _press(self, window: QWindow, points: Sequence[QPoint]) -> None:
        left, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        self._think()
        watch, before = self._stopwatch, self._conductor.shown.key
        watch.touched()
        began = time.perf_counter()
        QTest.mousePress(window, left, plain, points[0])
        for point in points[1:]:
            live_for(0.02)
            QTest.mouseMove(window, point)
        live_for(PRESSED_S)
        pages, lifted, worked = watch.pages, time.perf_counter(), time.thread_time()
        QTest.mouseRelease(window, left, plain, points[-1])
        conductor = self._conductor

        def answered() -> bool:
            return not conductor.working() and (conductor.shown.key == before or watch.pages > pages)

        if not live_until(answered, 30):
            raise TimeoutError(f"no page answered the touch at {before}")
        live_until(lambda: watch.first_paint() is not None, SEEN_WITHIN_S)
        painted = watch.first_paint()
        if painted is not None and len(points) == 1:
            watch.add("touch", painted - began)
        if conductor.shown.key != before:
            watch.add(f"page to {conductor.screen}", watch.page_at - lifted)
            watch.add(f"work to {conductor.screen}", watch.page_work - worked)
        self._key = before

    def _think(self) -> None:
        """A new page is looked at first; on the same one the next key follows soon."""
        same = self._conductor.shown.key == self._key
        low, high = (0.08, 0.2) if same else (0.4, 1.5)
        live_for(self._pace * self._random.uniform(low, high))


class Hands(Driver):
    """The driver with such a finger, waiting in Qt's own loop."""

    def until(self, true: Callable[[], bool], seconds: float, what: str) -> None:
        if not live_until(true, seconds):
            raise TimeoutError(f"waited {seconds:g} s in vain for {what}")

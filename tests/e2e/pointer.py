"""A finger and a keyboard outside the kiosk: the X server's own, moved by xdotool.

What it does reaches the window as what a touchscreen and a plugged-in keyboard do, and each call waits until
the window has heard of it.
"""

import subprocess
import time
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ui.driver import Driver
from ui.window import KioskWindow

HEARD_WITHIN_S: Final = 20.0
STROKE_S: Final = 0.03
"""Between two places of a drawn line: what comes faster, the window system makes one of."""


class _Releases(QObject):
    """Counts the fingers that were lifted off the window."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if isinstance(watched, QWindow) and event.type() == QEvent.Type.MouseButtonRelease:
            self.count += 1
        return False


class XPointer:
    """Implements :class:`ui.driver.Finger`."""

    def __init__(self) -> None:
        self.releases = _Releases()
        qt = QApplication.instance()
        assert qt is not None
        qt.installEventFilter(self.releases)

    def touch(self, window: QWindow, at: QPoint) -> None:
        self._hear(["mousemove", *_place(window, at), "mousedown", "1", "mouseup", "1"])

    def draw(self, window: QWindow, points: Sequence[QPoint]) -> None:
        words = ["mousemove", *_place(window, points[0]), "mousedown", "1"]
        for point in points[1:]:
            words += ["mousemove", *_place(window, point), "sleep", str(STROKE_S)]
        self._hear([*words, "mouseup", "1"])

    def _hear(self, words: Sequence[str]) -> None:
        before = self.releases.count
        xdotool(*words)
        until(lambda: self.releases.count > before, f"the window to hear {' '.join(words)}")
        QApplication.processEvents()


class XHands(Driver):
    """Touches with the X server's pointer; letters that its keyboard has are typed on that."""

    def __init__(self, window: KioskWindow) -> None:
        self.pointer = XPointer()
        self.typed = 0
        super().__init__(window, self.pointer)
        self._kiosk = window

    def type(self, field: str, text: str) -> None:
        if not text.replace(" ", "").isascii() or not any(map(str.isalpha, text)):
            super().type(field, text)
            return
        box = f"field:{field}"
        super().type(field, "")
        xdotool("type", "--delay", "15", text)
        self.typed += 1
        until(lambda: self._kiosk.page.written(box) == text, f"{text!r} to stand in {field}")


def xdotool(*words: str) -> None:
    """The window lives on meanwhile."""
    running = subprocess.Popen(["xdotool", *words])
    until(lambda: running.poll() is not None, f"xdotool {' '.join(words)}")
    assert running.returncode == 0, words


def until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + HEARD_WITHIN_S
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited in vain for {what}")
        QTest.qWait(2)


def _place(window: QWindow, at: QPoint) -> list[str]:
    there = window.mapToGlobal(at)
    return [str(there.x()), str(there.y())]

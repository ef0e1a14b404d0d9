"""Hands for the window: touches it at screen coordinates, as a person's finger would.

Where something stands is asked of the page; everything else goes through the window system's own events.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ui.screens.page import MORE, PAGE_DOWN, PAGE_UP
from ui.widgets import keys
from ui.widgets.hangul import is_syllable, keys_of
from ui.window import KioskWindow

_SIGNATURE = ((0.15, 0.6), (0.25, 0.3), (0.35, 0.65), (0.45, 0.35), (0.55, 0.6), (0.8, 0.45))


class NotOnThePage(AssertionError):
    """What was to be touched is on no page of the view; the sentence says what is."""


class Finger(Protocol):
    """What touches the glass. Points are in the window's pixels; each returns when the window has heard of
    it."""

    def touch(self, window: QWindow, at: QPoint) -> None: ...

    def draw(self, window: QWindow, points: Sequence[QPoint]) -> None:
        """Down at the first point, along the others, and up at the last."""
        ...


class QtFinger:
    """Qt's own events, on any platform."""

    def touch(self, window: QWindow, at: QPoint) -> None:
        QTest.mouseClick(window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
        QApplication.processEvents()

    def draw(self, window: QWindow, points: Sequence[QPoint]) -> None:
        left = Qt.MouseButton.LeftButton
        QTest.mousePress(window, left, Qt.KeyboardModifier.NoModifier, points[0])
        for point in points[1:]:
            QTest.mouseMove(window, point)
            QApplication.processEvents()
        QTest.mouseRelease(window, left, Qt.KeyboardModifier.NoModifier, points[-1])
        QApplication.processEvents()


class Driver:
    """Presses, chooses, types and signs in a shown window, by Qt's events or another ``finger``."""

    def __init__(self, window: KioskWindow, finger: Finger | None = None) -> None:
        self._window = window
        self._finger = finger or QtFinger()

    # -- touching -------------------------------------------------------------------------------------

    def press(self, id: str) -> None:
        """Presses the button ``id``, paging to it first where it is not on the visible page."""
        self._touch(self._find(id))

    def choose(self, field: str, value: str) -> None:
        self._touch(self._find(f"{field}={value}"))

    def type(self, field: str, text: str) -> None:
        """Replaces what stands in ``field`` by ``text``, key by key. A date is ISO 8601, a time HH:MM."""
        if self._exists(f"field:{field}:year"):
            year, month, day = text.split("-") if text else ("", "", "")
            boxes = {"day": str(int(day or 0) or ""), "month": str(int(month or 0) or ""), "year": year}
            for box, digits in boxes.items():
                if self._exists(f"field:{field}:{box}"):
                    self._write(f"field:{field}:{box}", digits)
        elif self._exists(f"field:{field}:hour"):
            hour, _, minute = text.partition(":")
            self._write(f"field:{field}:hour", hour)
            self._write(f"field:{field}:minute", minute)
        else:
            self._write(f"field:{field}", text)

    def sign(self, field: str) -> None:
        """Draws a line with a few turns on the pad."""
        box = self._find(f"field:{field}")
        points = [
            QPoint(round(box.width() * x), round(box.height() * y)) + box.topLeft() for x, y in _SIGNATURE
        ]
        self._finger.draw(self._handle(), points)

    def _touch(self, box: QRect) -> None:
        self._finger.touch(self._handle(), box.center())

    def _handle(self) -> QWindow:
        handle = self._window.windowHandle()
        assert handle is not None, "the window is not shown"
        return handle

    # -- looking --------------------------------------------------------------------------------------

    def _target(self, name: str) -> QRect | None:
        return self._window.page.target(name)

    def _exists(self, name: str) -> bool:
        return any(found == name for found, _ in self._window.page.all_targets())

    def _find(self, name: str) -> QRect:
        """Where ``name`` stands, after paging on to the end and, failing that, back to the top."""
        QApplication.processEvents()
        for way in ((MORE, PAGE_DOWN), (PAGE_UP,)):
            while True:
                if (box := self._target(name)) is not None:
                    return box
                before = self._window.page.shown_page
                step = next((box for id in way if (box := self._target(id)) is not None), None)
                if step is None:
                    break
                self._touch(step)
                if self._window.page.shown_page == before:
                    break
        there = ", ".join(
            found for found, _ in self._window.page.all_targets() if not found.startswith("key:")
        )
        raise NotOnThePage(f"{name!r} is not on the page; there are: {there}")

    # -- typing ---------------------------------------------------------------------------------------

    def _write(self, name: str, text: str) -> None:
        self._touch(self._find(name))
        page = self._window.page
        for _ in range(4 * len(page.written(name)) + 1):
            if not page.written(name):
                break
            self._touch(self._key(keys.DELETE))
        for letter in text:
            for key in keys_of(letter) if is_syllable(letter) else letter:
                self._press_key(key)

    def _key(self, id: str) -> QRect:
        box = self._target(f"key:{id}")
        if box is None:
            raise NotOnThePage(f"there is no key {id!r}")
        return box

    def _press_key(self, letter: str) -> None:
        """Presses a letter's key, after Shift, signs or another script where it stands behind those."""
        id = keys.SPACE if letter == " " else letter
        for switch in (
            "",
            keys.SHIFT,
            keys.SHIFT,
            keys.LAYOUT,
            keys.SHIFT,
            keys.LAYOUT,
            keys.SHIFT,
            keys.LAYOUT,
            keys.SIGNS,
        ):
            if switch and (box := self._target(f"key:{switch}")) is not None:
                self._touch(box)
            if (found := self._target(f"key:{id}")) is not None:
                self._touch(found)
                if switch == keys.SIGNS:
                    self._touch(self._key(keys.SIGNS))
                return
        raise NotOnThePage(f"no keyboard here has {letter!r}")

    # -- waiting and keeping --------------------------------------------------------------------------

    def until(self, true: Callable[[], bool], seconds: float, what: str) -> None:
        """Lets the window live until ``true()``; raises :class:`TimeoutError` that names ``what``."""
        deadline = time.monotonic() + seconds
        while not true():
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited {seconds:g} s in vain for {what}")
            QTest.qWait(5)

    def picture(self, path: Path) -> None:
        """Keeps what stands on the glass as a PNG."""
        QApplication.processEvents()
        path.parent.mkdir(parents=True, exist_ok=True)
        if not self._window.grab().save(str(path)):
            raise OSError(f"the picture {path} could not be written")

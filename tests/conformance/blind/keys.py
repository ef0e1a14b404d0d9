"""Fingers on three keys, and an ear: all that the robot has of the kiosk."""

import time
from enum import Enum

from PySide6.QtCore import QEventLoop
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.voice.speech import SpeechState
from tests.conformance.blind.sound import Ear
from ui.app import KioskApp
from ui.three_keys.keypad import BACK_KEYS, CHOOSE_KEYS, HELD_MS, NEXT_KEYS

PATIENCE = 60.0


class Key(Enum):
    NEXT = NEXT_KEYS[0]
    CHOOSE = CHOOSE_KEYS[0]
    BACK = BACK_KEYS[0]


class Keys:
    """Each press gives what was heard until the kiosk fell silent. ``count`` says how many there are."""

    def __init__(self, app: KioskApp, ear: Ear, count: int) -> None:
        self._app = app
        self._ear = ear
        self._allowed = {Key.NEXT, Key.CHOOSE, Key.BACK} if count == 3 else {Key.NEXT, Key.CHOOSE}
        self.presses = 0

    @property
    def has_back(self) -> bool:
        return Key.BACK in self._allowed

    def press(self, key: Key) -> tuple[str, ...]:
        assert key in self._allowed, f"there is no key {key.name}"
        self.presses += 1
        self._ear.heard.clear()
        QTest.keyClick(self._window(), key.value)
        return self.listen()

    def hold_back(self) -> tuple[str, ...]:
        self.presses += 1
        self._ear.heard.clear()
        QTest.keyPress(self._window(), Key.BACK.value)
        until = time.monotonic() + PATIENCE
        QTest.qWait(HELD_MS)
        # A busy machine counts the time of a held key late; whoever holds it waits until it speaks.
        while not self._ear.heard:
            assert time.monotonic() < until, "a key that is held says nothing"
            QTest.qWait(20)
        QTest.keyRelease(self._window(), Key.BACK.value)
        return self.listen()

    def listen(self) -> tuple[str, ...]:
        """Until nothing more will be said by itself."""
        until, quiet = time.monotonic() + PATIENCE, 0
        while quiet < 3:
            assert time.monotonic() < until, f"it never fell silent after {self._ear.heard[-3:]}"
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
            at_rest = not self._app.conductor.working() and self._app.speech.state in (
                SpeechState.QUIET,
                SpeechState.OFF,
            )
            quiet = quiet + 1 if at_rest else 0
            if not at_rest:
                time.sleep(0.0005)  # the disk and the voice work on threads of their own
        return tuple(self._ear.heard)

    def _window(self) -> QWindow:
        handle = self._app.window.windowHandle()
        assert handle is not None
        return handle

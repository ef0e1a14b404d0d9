"""Which keys of a keyboard or a keypad are the three, and when a held key counts as held."""

from collections.abc import Callable
from typing import Final, Protocol

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

HELD_MS: Final = 700
"""Back is held this long to hear the last words again; let go before, it goes back."""

NEXT_KEYS: Final = (Qt.Key.Key_F6, Qt.Key.Key_F13)
CHOOSE_KEYS: Final = (Qt.Key.Key_F7, Qt.Key.Key_F14)
BACK_KEYS: Final = (Qt.Key.Key_F8, Qt.Key.Key_F15)
"""On any keyboard, and on keypads and switch boxes, whose keys can be set to what no keyboard has."""


class Walk(Protocol):
    def next(self) -> None: ...
    def choose(self) -> None: ...
    def back(self) -> None: ...
    def repeat(self) -> None: ...


class Keypad(QObject):
    """Hands the three keys of ``window`` to a walk. A key that repeats by itself acts once (ACCESS T4)."""

    def __init__(self, window: QWidget, walk: Walk) -> None:
        super().__init__(window)
        self._walk = walk
        self._held = QTimer(self)
        self._held.setSingleShot(True)
        self._held.setInterval(HELD_MS)
        self._held.timeout.connect(walk.repeat)
        self._window = window
        window.installEventFilter(self)

    def let_go(self) -> None:
        """The keys of the window are somebody else's from now on."""
        self._held.stop()
        self._window.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind not in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease) or not isinstance(event, QKeyEvent):
            return False
        act = self._act(event.key(), pressed=kind is QEvent.Type.KeyPress)
        if act is None:
            return False
        if not event.isAutoRepeat():
            act()
        return True

    def _act(self, key: int, *, pressed: bool) -> Callable[[], object] | None:
        if key in NEXT_KEYS:
            return self._walk.next if pressed else _nothing
        if key in CHOOSE_KEYS:
            return self._walk.choose if pressed else _nothing
        if key in BACK_KEYS:
            return self._held.start if pressed else self._back
        return None

    def _back(self) -> None:
        if self._held.isActive():
            self._held.stop()
            self._walk.back()


def _nothing() -> None:
    """Letting go of a key that acted when it was pressed."""

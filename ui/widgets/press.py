"""When a press counts (ACCESS T3, T4).

A press counts when it begins and ends inside its control and did not wander in between. A held key acts once.
Where it is asked for, a second press on the same place within a moment is ignored, even when the page has
changed beneath the finger meanwhile.
"""

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractButton

from ui.theme import Look

DRAG_MM: Final = 10.0
"""A finger that wanders further than this meant something else. A trembling finger stays within it."""

SAME_PLACE_MM: Final = 12.7

_PRESS_KEYS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Select)


class PressGuard:
    """Remembers the last press of a window. ``clock`` counts seconds and never runs back; ``taken`` is told
    of each press that counts."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, taken: Callable[[], None] = lambda: None
    ) -> None:
        self._clock = clock
        self._taken = taken
        self._last: tuple[float, QPointF] | None = None

    def allows(self, place: QPointF, look: Look) -> bool:
        """Whether a press at ``place`` (pixels in the window) may act; remembers it when it may."""
        now = self._clock()
        if look.second_press_ms and self._last is not None:
            before, where = self._last
            near = (place - where).manhattanLength() <= look.px(SAME_PLACE_MM)
            if near and (now - before) * 1000 < look.second_press_ms:
                return False
        self._last = (now, QPointF(place))
        self._taken()
        return True


class PressRules(QObject):
    """Put on a button, decides when it is clicked; Qt's own handling of press and key is set aside."""

    def __init__(self, button: QAbstractButton, look: Look, guard: PressGuard) -> None:
        super().__init__(button)
        self._guard = guard
        self._look = look
        self._began: QPoint | None = None
        button.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The button is taken from the event: Python's collector may clear this object's own attributes
        # before Qt has deleted the button, which is still told then that it is hidden.
        button = watched
        if not isinstance(button, QAbstractButton):
            # Its destructor has come down to QWidget's, which lets go of the focus and tells of that too.
            return False
        match event.type():
            case QEvent.Type.MouseButtonPress | QEvent.Type.MouseButtonDblClick:
                assert isinstance(event, QMouseEvent)
                if event.button() == Qt.MouseButton.LeftButton and button.isEnabled():
                    self._began = event.position().toPoint()
                    button.setDown(True)
                return True
            case QEvent.Type.MouseMove:
                assert isinstance(event, QMouseEvent)
                if self._began is not None and self._wandered(button, event.position().toPoint()):
                    self._let_go(button)
                return True
            case QEvent.Type.MouseButtonRelease:
                assert isinstance(event, QMouseEvent)
                if self._began is not None and event.button() == Qt.MouseButton.LeftButton:
                    counts = not self._wandered(button, event.position().toPoint())
                    self._let_go(button)
                    if counts:
                        self._click(button, event.scenePosition())
                return True
            case QEvent.Type.KeyPress:
                assert isinstance(event, QKeyEvent)
                if event.key() in _PRESS_KEYS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
                    if not event.isAutoRepeat() and button.isEnabled():
                        middle = button.rect().center()
                        self._click(button, QPointF(button.mapTo(button.window(), middle)))
                    return True
            case QEvent.Type.KeyRelease:
                assert isinstance(event, QKeyEvent)
                return event.key() in _PRESS_KEYS
            case QEvent.Type.Hide | QEvent.Type.EnabledChange:
                self._let_go(button)
        return False

    def _wandered(self, button: QAbstractButton, place: QPoint) -> bool:
        assert self._began is not None
        too_far = (place - self._began).manhattanLength() > self._look.px(DRAG_MM)
        return too_far or not button.rect().contains(place)

    def _let_go(self, button: QAbstractButton) -> None:
        self._began = None
        button.setDown(False)

    def _click(self, button: QAbstractButton, place: QPointF) -> None:
        if self._guard.allows(place, self._look):
            button.clicked.emit()

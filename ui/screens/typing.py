"""The keys of a page: a number pad at the side, or letters below."""

from collections.abc import Iterator

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.flow.view import FieldKind
from ui.theme import Look
from ui.widgets.fields import NUMERIC
from ui.widgets.keyboard import LetterKeys, NumberPad
from ui.widgets.press import PressGuard

LEAST_WORDS_MM = 150.0
"""Narrower than this, words beside a number pad would stand in a thin column."""


class TypingKeys(QWidget):
    """``typed`` carries a letter; ``advanced`` asks for the next box."""

    typed = Signal(str)
    deleted = Signal()
    advanced = Signal()

    def __init__(self, look: Look, guard: PressGuard) -> None:
        super().__init__()
        self._look = look
        self._guard = guard
        self._shown: tuple[bool, str, bool] | None = None
        self._inner: LetterKeys | NumberPad | None = None

    def show_for(self, kind: FieldKind, *, date: bool) -> None:
        """The keys for a kind of field. The same keys stay as they are."""
        wanted = (kind in NUMERIC, "." if kind is FieldKind.DECIMAL else "", date)
        if wanted == self._shown:
            return
        self._shown = wanted
        if self._inner is not None:
            self._inner.hide()
            self._inner.deleteLater()
        if wanted[0]:
            pad = NumberPad(self._look, self._guard, wanted[1], next_box=date)
            pad.advanced.connect(self.advanced)
            self._inner = pad
        else:
            self._inner = LetterKeys(self._look, self._guard)
        self._inner.setParent(self)
        self._inner.typed.connect(self.typed)
        self._inner.deleted.connect(self.deleted)
        self._inner.setGeometry(self.rect())
        self._inner.show()

    def beside(self, area: QRect) -> tuple[QRect, QRect]:
        """How ``area`` is shared between the words and the keys."""
        inner, look = self._inner, self._look
        assert inner is not None
        if isinstance(inner, NumberPad):
            wide = inner.wide()
            high = inner.height_for(wide)
            spare = area.width() - wide - 2 * look.space
            if spare >= look.px(LEAST_WORDS_MM) and high <= area.height():
                words = QRect(area.left(), area.top(), spare, area.height())
                keys = QRect(area.right() + 1 - wide, area.bottom() + 1 - high, wide, high)
                return words, keys
            keys = QRect(area.left(), area.bottom() + 1 - high, wide, high)
            keys.moveLeft(area.left() + (area.width() - wide) // 2)
        else:
            high = inner.height_for(area.width())
            keys = QRect(area.left(), area.bottom() + 1 - high, area.width(), high)
        words = QRect(area.left(), area.top(), area.width(), max(1, keys.top() - look.space - area.top()))
        return words, keys

    def targets(self) -> Iterator[tuple[str, QWidget]]:
        if self._inner is not None:
            yield from self._inner.targets()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._inner is not None:
            self._inner.setGeometry(self.rect())

"""The keys of a page: a number pad at the side, or letters below."""

from collections.abc import Iterator

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from kiosk.flow.view import FieldKind
from ui.theme import Look
from ui.widgets.entry import NUMERIC
from ui.widgets.keyboard import LetterKeys, NumberPad
from ui.widgets.press import PressGuard

LEAST_WORDS_MM = 130.0
"""Narrower than this, words beside a number pad would stand in a thin column."""
LEAST_ABOVE_MM = 45.0
"""With less room above a number pad than this, a thin column beside it is better."""


class TypingKeys(QWidget):
    """``typed`` carries a letter; ``advanced`` asks for the next box; ``named`` what is said of a key."""

    named = Signal(str)
    typed = Signal(str)
    deleted = Signal()
    advanced = Signal()

    def __init__(self, look: Look, guard: PressGuard) -> None:
        super().__init__()
        self._look = look
        self._guard = guard
        self._made: dict[tuple[bool, str, bool], LetterKeys | NumberPad] = {}
        self._inner: LetterKeys | NumberPad | None = None

    def show_for(self, kind: FieldKind, *, has_boxes: bool) -> None:
        """The keys for a kind of field. The same keys stay as they were left."""
        numeric = kind in NUMERIC
        wanted = (numeric, "." if kind is FieldKind.DECIMAL else "", numeric and has_boxes)
        inner = self._made.get(wanted)
        if inner is None:
            inner = self._made[wanted] = self._make(*wanted)
        if inner is not self._inner:
            if self._inner is not None:
                self._inner.scan_end()
                self._inner.hide()
            self._inner = inner
            inner.setGeometry(self.rect())
            inner.show()

    def _make(self, numeric: bool, extra: str, has_boxes: bool) -> LetterKeys | NumberPad:
        made: LetterKeys | NumberPad
        if numeric:
            made = NumberPad(self._look, self._guard, extra, next_box=has_boxes)
            made.advanced.connect(self.advanced)
        else:
            made = LetterKeys(self._look, self._guard)
        made.setParent(self)
        made.typed.connect(self.typed)
        made.deleted.connect(self.deleted)
        made.named.connect(self.named)
        return made

    @property
    def inner(self) -> LetterKeys | NumberPad | None:
        """The keys that are shown."""
        return self._inner

    def beside(self, area: QRect) -> tuple[QRect, QRect]:
        """How ``area`` is shared between the words and the keys."""
        inner, look = self._inner, self._look
        assert inner is not None
        if isinstance(inner, NumberPad):
            inner.lie_flat(False)
            if inner.height_for(inner.wide()) > area.height():
                inner.lie_flat(True)
            wide = min(area.width(), inner.wide())
            high = inner.height_for(wide)
            spare = area.width() - wide - 2 * look.space
            above = area.height() - high - look.space
            if not inner.flat and (spare >= look.px(LEAST_WORDS_MM) or above < look.px(LEAST_ABOVE_MM)):
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

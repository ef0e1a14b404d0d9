"""Buttons. Their words wrap; pressed and focused are told by shape."""

from collections.abc import Iterator
from enum import StrEnum

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from kiosk.flow.view import Button, Buttons, Pressed, Tone
from ui.theme import Face, Look
from ui.widgets import brush, words
from ui.widgets.block import Block
from ui.widgets.piece import Piece
from ui.widgets.press import PressGuard, PressRules


class Weight(StrEnum):
    """The one filled button of a page, an edged one, or one that is only words until focused."""

    FILLED = "filled"
    EDGED = "edged"
    BARE = "bare"


class PressButton(QAbstractButton):
    """A button whose words are wrapped and never clipped."""

    def __init__(
        self, look: Look, guard: PressGuard, button: Button, weight: Weight = Weight.EDGED, least: int = 0
    ) -> None:
        super().__init__()
        self.look = look
        self.weight = weight
        self._least = least or look.target
        self._shows_icon = True
        self._rules = PressRules(self, look, guard)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setLayoutDirection(look.direction)
        self.show_button(button)

    def show_button(self, button: Button) -> None:
        self.button = button
        # An ampersand in a label is a letter, not a shortcut.
        self.setText(button.label.replace("&", "&&"))
        self.setAccessibleName(button.label)
        self.setAccessibleDescription(button.hint)
        self.setEnabled(button.enabled)
        self.update()

    def show_icon(self, shown: bool) -> None:
        """An icon may leave where its words need the room."""
        if shown != self._shows_icon:
            self._shows_icon = shown
            self.update()

    def _icon(self) -> str:
        return self.button.icon if self._shows_icon and brush.has_icon(self.button.icon) else ""

    def _indent(self) -> int:
        return self.look.icon + self.look.px(2) if self._icon() else 0

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self.update()

    def _face(self) -> Face:
        return Face.BODY if self.weight is Weight.BARE else Face.STRONG

    def natural(self) -> int:
        """The width at which the words stand on one line."""
        wide = max(
            words.natural_width(self.button.label, self.look.font(self._face())),
            words.natural_width(self.button.hint, self.look.font()) if self.button.hint else 0,
        )
        return max(self._least, wide + self._indent() + 2 * self.look.padding)

    def least_width(self) -> int:
        """The width below which a word would be broken."""
        longest = words.longest_word(self.button.label, self.look.font(self._face()))
        return max(self._least, longest + self._indent() + 2 * self.look.padding)

    def height_for(self, width: int) -> int:
        return max(self._least, self._words_height(self._inner(width)) + 2 * self.look.px(1.5))

    def _inner(self, width: int) -> int:
        return width - 2 * self.look.padding - self._indent()

    def _words_height(self, inner: int) -> int:
        look = self.look
        tall = words.height(self.button.label, look.font(self._face()), inner, look.line(Face.STRONG))
        return tall + words.height(self.button.hint, look.font(), inner, look.line())

    def heightForWidth(self, width: int) -> int:
        return self.height_for(width)

    def hasHeightForWidth(self) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look, palette = self.look, self.look.palette
        brush.ready(painter, look)
        filled = self.weight is Weight.FILLED
        ink = palette.on_fill if filled else brush.tone_ink(look, self.button.tone)
        if not filled and self.button.tone in (Tone.PLAIN, Tone.STRONG):
            ink = palette.accent
        edge = palette.fill if filled else palette.line
        bare = self.weight is Weight.BARE and not self.isDown()
        if not self.isEnabled():
            filled, bare, ink, edge = False, False, palette.quiet, palette.line
        brush.frame(
            painter,
            look,
            self.rect(),
            fill=palette.fill if filled else ("" if bare else palette.card),
            line=edge,
            width=0 if bare else look.thin,
            down=self.isDown(),
            focused=self.hasFocus(),
            ring=palette.on_fill if filled else palette.focus,
            dashed=not self.isEnabled(),
        )
        inner = self._inner(self.width())
        tall = self._words_height(inner)
        top = (self.height() - tall) // 2
        font = look.font(self._face())
        widest = max((line.width for line in words.break_lines(self.button.label, font, inner)), default=0)
        if self.button.hint:
            lines = words.break_lines(self.button.hint, look.font(), inner)
            widest = max(widest, *(line.width for line in lines))
        group = self._indent() + round(widest)
        left = (self.width() - group) // 2
        if self._icon():
            side = look.icon
            place = QRect(left, (self.height() - side) // 2, side, side)
            place = brush.mirrored(look, place, self.width())
            brush.icon(painter, self._icon(), place, ink)
        painter.setPen(QColor(ink))
        box = QRect((self.width() - inner + self._indent()) // 2, top, inner, tall)
        if look.direction == Qt.LayoutDirection.RightToLeft:
            box.moveLeft((self.width() - inner - self._indent()) // 2)
        centre = Qt.AlignmentFlag.AlignHCenter
        words.paint(painter, self.button.label, font, box, look.line(Face.STRONG), centre)
        if self.button.hint:
            box.translate(0, words.height(self.button.label, font, inner, look.line(Face.STRONG)))
            words.paint(painter, self.button.hint, look.font(), box, look.line(), centre)


class ButtonsBlock(Block):
    """Further ways on, side by side while they fit, each as wide as its words."""

    def __init__(self, look: Look, guard: PressGuard, buttons: tuple[Button, ...]) -> None:
        super().__init__(look, guard)
        self.buttons = [PressButton(look, guard, button) for button in buttons]
        for button in self.buttons:
            button.setParent(self)
            button.clicked.connect(self._pressed)

    def _pressed(self) -> None:
        button = self.sender()
        if isinstance(button, PressButton):
            self.happened.emit(Pressed(button.button.id))

    def take(self, part: object) -> bool:
        if not isinstance(part, Buttons) or [b.id for b in part.buttons] != [
            b.button.id for b in self.buttons
        ]:
            return False
        for widget, button in zip(self.buttons, part.buttons, strict=True):
            if widget.button != button:
                widget.show_button(button)
        return True

    def targets(self) -> Iterator[tuple[str, QWidget]]:
        for button in self.buttons:
            yield button.button.id, button

    def _boxes(self, width: int) -> list[QRect]:
        gap = self.look.gap
        boxes: list[QRect] = []
        x = y = tall = 0
        for button in self.buttons:
            wide = min(width, button.natural())
            if x and x + wide > width:
                x, y, tall = 0, y + tall + gap, 0
            height = button.height_for(wide)
            boxes.append(QRect(x, y, wide, height))
            x += wide + gap
            tall = max(tall, height)
        return boxes

    def height_for(self, width: int) -> int:
        return max((box.top() + box.height() for box in self._boxes(width)), default=0)

    def place(self) -> None:
        for button, box in zip(self.buttons, self._boxes(self.width()), strict=True):
            button.setGeometry(brush.mirrored(self.look, box, self.width()))

    def pieces(self) -> list[Piece]:
        return sorted({Piece(button.y(), button.y() + button.height()) for button in self.buttons})

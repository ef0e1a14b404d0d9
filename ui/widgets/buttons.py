"""Buttons and choice cards. Their words wrap; pressed, chosen and focused are told by shape."""

from collections.abc import Iterator
from enum import StrEnum

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from kiosk.flow.view import Button, Buttons, Choice, Choices, Chosen, Part, Pressed, Tone
from ui.theme import Face, Look
from ui.widgets import brush, words
from ui.widgets.block import Block, Span
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

    def _icon(self) -> str:
        return self.button.icon if brush.has_icon(self.button.icon) else ""

    def _indent(self) -> int:
        return self.look.icon + self.look.px(2) if self._icon() else 0

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
        )
        inner = self._inner(self.width())
        tall = self._words_height(inner)
        top = (self.height() - tall) // 2
        font = look.font(self._face())
        widest = max(
            (line.width for line in words.break_lines(self.button.label, font, inner)), default=0
        )
        if self.button.hint:
            lines = words.break_lines(self.button.hint, look.font(), inner)
            widest = max(widest, *(line.width for line in lines))
        group = self._indent() + round(widest)
        left = (self.width() - group) // 2
        if self._icon():
            side = look.icon
            place = QRect(left, (self.height() - side) // 2, side, side)
            if look.direction == Qt.LayoutDirection.RightToLeft:
                place.moveLeft(self.width() - left - side)
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


class ChoiceCard(QAbstractButton):
    """The whole card can be pressed. Chosen, it has a tick in its mark and a thick edge."""

    def __init__(self, look: Look, guard: PressGuard, choice: Choice, kind: brush.Mark) -> None:
        super().__init__()
        self.look = look
        self.kind = kind
        self._rules = PressRules(self, look, guard)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setLayoutDirection(look.direction)
        self.setCheckable(kind is not brush.Mark.NONE)
        self.setAutoExclusive(False)
        self.show_choice(choice)

    def show_choice(self, choice: Choice) -> None:
        self.choice = choice
        self.setText(choice.label.replace("&", "&&"))
        self.setAccessibleName(choice.label)
        self.setAccessibleDescription(choice.hint)
        if self.isCheckable():
            self.setChecked(choice.chosen)
        self.update()

    def _icon(self) -> str:
        return self.choice.icon if brush.has_icon(self.choice.icon) else ""

    def _icon_side(self) -> int:
        return round(self.look.icon * 1.4)

    def _left(self) -> int:
        look = self.look
        wide = look.padding
        if self.kind is not brush.Mark.NONE:
            wide += self._mark_side() + look.px(3)
        if self._icon():
            wide += self._icon_side() + look.px(3)
        return wide

    def _mark_side(self) -> int:
        return max(self.look.px(8), self.look.icon)

    def _inner(self, width: int) -> int:
        return min(width - self._left() - self.look.padding, self.look.column)

    def one_line_width(self) -> int:
        """The width at which the label stands on one line."""
        label = words.natural_width(self.choice.label, self.look.font(Face.STRONG))
        return label + self._left() + self.look.padding

    def _words_height(self, inner: int) -> int:
        line = self.look.line()
        label = words.height(self.choice.label, self.look.font(Face.STRONG), inner, line)
        return label + words.height(self.choice.hint, self.look.font(), inner, line)

    def height_for(self, width: int) -> int:
        return max(self.look.target, self._words_height(self._inner(width)) + 2 * self.look.px(2))

    def heightForWidth(self, width: int) -> int:
        return self.height_for(width)

    def hasHeightForWidth(self) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look, palette, choice = self.look, self.look.palette, self.choice
        brush.ready(painter, look)
        chosen = choice.chosen
        brush.frame(
            painter,
            look,
            self.rect(),
            fill=palette.chosen if chosen else palette.card,
            line=palette.accent if chosen else palette.line,
            width=look.thick if chosen else look.thin,
            down=self.isDown(),
            focused=self.hasFocus(),
        )
        x = look.padding
        middle = self.height() // 2
        if self.kind is not brush.Mark.NONE:
            side = self._mark_side()
            place = self._mirrored(QRect(x, middle - side // 2, side, side))
            brush.mark(painter, look, place, self.kind, chosen)
            x += side + look.px(3)
        if self._icon():
            side = self._icon_side()
            place = self._mirrored(QRect(x, middle - side // 2, side, side))
            brush.icon(painter, self._icon(), place, palette.accent)
        inner = self._inner(self.width())
        tall = self._words_height(inner)
        box = self._mirrored(QRect(self._left(), (self.height() - tall) // 2, inner, tall))
        painter.setPen(QColor(palette.ink))
        words.paint(painter, choice.label, look.font(Face.STRONG), box, look.line())
        if choice.hint:
            box.translate(0, words.height(choice.label, look.font(Face.STRONG), inner, look.line()))
            painter.setPen(QColor(palette.quiet))
            words.paint(painter, choice.hint, look.font(), box, look.line())

    def _mirrored(self, box: QRect) -> QRect:
        if self.look.direction == Qt.LayoutDirection.RightToLeft:
            box = QRect(box)
            box.moveLeft(self.width() - box.left() - box.width())
        return box


class ChoicesBlock(Block):
    """Cards under each other; two columns where every label fits one line in half the width."""

    def __init__(self, look: Look, guard: PressGuard, choices: Choices) -> None:
        super().__init__(look, guard)
        self.choices = choices
        kind = brush.Mark.MANY if choices.many else brush.Mark.ONE
        if choices.acts:
            kind = brush.Mark.NONE
        self.cards = [ChoiceCard(look, guard, choice, kind) for choice in choices.choices]
        self.setAccessibleName(choices.label)
        for card in self.cards:
            card.setParent(self)
            card.clicked.connect(self._pressed)

    def _pressed(self) -> None:
        card = self.sender()
        if isinstance(card, ChoiceCard):
            self.happened.emit(Chosen(self.choices.field, card.choice.value))

    def take(self, part: Part) -> bool:
        if not isinstance(part, Choices):
            return False
        before = self.choices
        same = (
            (part.field, part.many, part.acts, part.label)
            == (before.field, before.many, before.acts, before.label)
        ) and [(c.value, c.label, c.hint, c.icon) for c in part.choices] == [
            (c.value, c.label, c.hint, c.icon) for c in before.choices
        ]
        if not same:
            return False
        self.choices = part
        for card, choice in zip(self.cards, part.choices, strict=True):
            if card.choice != choice:
                card.show_choice(choice)
        return True

    def targets(self) -> Iterator[tuple[str, QWidget]]:
        for card in self.cards:
            yield f"{self.choices.field}={card.choice.value}", card

    def _label(self, width: int) -> int:
        look = self.look
        if not self.choices.label:
            return 0
        tall = words.height(self.choices.label, look.font(Face.STRONG), min(width, look.column), look.line())
        return tall + look.px(2)

    def _columns(self, width: int) -> int:
        half = (width - self.look.gap) // 2
        fits = all(card.one_line_width() <= half for card in self.cards)
        return 2 if fits and len(self.cards) > 2 else 1

    def _boxes(self, width: int) -> list[QRect]:
        look = self.look
        columns = self._columns(width)
        wide = (width - (columns - 1) * look.gap) // columns
        boxes: list[QRect] = []
        top = self._label(width)
        for start in range(0, len(self.cards), columns):
            row = self.cards[start : start + columns]
            tall = max(card.height_for(wide) for card in row)
            for index in range(len(row)):
                place = index
                if look.direction == Qt.LayoutDirection.RightToLeft:
                    place = columns - 1 - index
                boxes.append(QRect(place * (wide + look.gap), top, wide, tall))
            top += tall + look.gap
        return boxes

    def height_for(self, width: int) -> int:
        boxes = self._boxes(width)
        return max((box.top() + box.height() for box in boxes), default=self._label(width))

    def place(self) -> None:
        for card, box in zip(self.cards, self._boxes(self.width()), strict=True):
            card.setGeometry(box)

    def spans(self) -> list[Span]:
        found = {(card.y(), card.y() + card.height()) for card in self.cards}
        label = self._label(self.width())
        return ([(0, label)] if label else []) + sorted(found)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.choices.label:
            painter = QPainter(self)
            brush.ready(painter, self.look)
            painter.setPen(QColor(self.look.palette.ink))
            box = QRect(0, 0, min(self.width(), self.look.column), self.height())
            words.paint(painter, self.choices.label, self.look.font(Face.STRONG), box, self.look.line())


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

    def take(self, part: Part) -> bool:
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
            if self.look.direction == Qt.LayoutDirection.RightToLeft:
                box.moveLeft(self.width() - box.left() - box.width())
            button.setGeometry(box)

    def spans(self) -> list[Span]:
        return sorted({(button.y(), button.y() + button.height()) for button in self.buttons})

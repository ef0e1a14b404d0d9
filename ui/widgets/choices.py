"""Choice cards: the whole card can be pressed; what is chosen is told by mark, edge and fill."""

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from kiosk.flow.view import Choice, Choices, Chosen
from ui.theme import Face, Look
from ui.widgets import brush, pictures, words
from ui.widgets.block import Block
from ui.widgets.piece import Cuts, Piece, between_lines
from ui.widgets.press import PressGuard, PressRules


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
        self.setAccessibleName(f"{choice.place}. {choice.label}" if choice.place else choice.label)
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

    def least_width(self) -> int:
        """The width below which a word would be broken."""
        label = words.longest_word(self.choice.label, self.look.font(Face.STRONG))
        hint = words.longest_word(self.choice.hint, self.look.font())
        return max(label, hint) + self._left() + self.look.padding

    def _words_height(self, inner: int) -> int:
        line = self.look.line()
        label = words.height(self.choice.label, self.look.font(Face.STRONG), inner, line)
        return label + words.height(self.choice.hint, self.look.font(), inner, line)

    def _picture(self) -> int:
        """Height that a picture takes above the words."""
        return self.look.px(PICTURE_MM) + self.look.px(2) if self.choice.picture else 0

    def height_for(self, width: int) -> int:
        words_tall = self._words_height(self._inner(width))
        return max(self.look.target, self._picture() + words_tall + 2 * self.look.px(2))

    def cuts(self) -> Cuts:
        """Between lines, where a card is taller than a sheet."""
        tall, picture = self._words_height(self._inner(self.width())), self._picture()
        top = picture + (self.height() - picture - tall) // 2
        return between_lines(top, tall, self.look.line())

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
        picture = self._picture()
        if picture:
            top = look.px(2) + look.thick
            box = QRect(look.padding, top, self.width() - 2 * look.padding, picture - look.px(2))
            pictures.paint(painter, choice.picture, box)
        middle = picture + (self.height() - picture) // 2
        if self.kind is not brush.Mark.NONE:
            side = self._mark_side()
            place = brush.mirrored(look, QRect(x, middle - side // 2, side, side), self.width())
            if choice.place:
                brush.numbered_mark(painter, look, place, str(choice.place))
            else:
                brush.mark(painter, look, place, self.kind, chosen)
            x += side + look.px(3)
        if self._icon():
            side = self._icon_side()
            place = brush.mirrored(look, QRect(x, middle - side // 2, side, side), self.width())
            brush.icon(painter, self._icon(), place, palette.accent)
        inner = self._inner(self.width())
        tall = self._words_height(inner)
        box = QRect(self._left(), picture + (self.height() - picture - tall) // 2, inner, tall)
        box = QRect(brush.mirrored(look, box, self.width()))
        painter.setPen(QColor(palette.ink))
        words.paint(painter, choice.label, look.font(Face.STRONG), box, look.line())
        if choice.hint:
            box.translate(0, words.height(choice.label, look.font(Face.STRONG), inner, look.line()))
            painter.setPen(QColor(palette.quiet))
            words.paint(painter, choice.hint, look.font(), box, look.line())


PICTURE_MM: Final = 34.0
"""Height of a picture on a card."""
NARROWEST_WITH_PICTURE_MM: Final = 64.0
GENEROUS_MM: Final = 27.0
"""Height of a card on a page that has room to spare."""
SHORT_LABEL: Final = 4
"""Letters: a scale of such labels is one of numbers."""
SEEN_TOGETHER: Final = 3
"""So many cards are not parted by the end of a sheet, if they have room on one."""
WORTH_TWO_COLUMNS: Final = 0.85
"""Cards with hints stand in two columns where those are at most this share of one column's height."""


def _makeup(choice: Choice) -> tuple[object, ...]:
    """What a card is made of; the rest is its state."""
    return choice.value, choice.label, choice.hint, choice.icon, choice.picture


class ChoicesBlock(Block):
    """Cards under each other; two columns where every label fits one line in half the width.

    Cards with hints are tall: they stand in two columns as soon as that makes the page much shorter.
    """

    card_type: type[ChoiceCard] = ChoiceCard

    def __init__(self, look: Look, guard: PressGuard, choices: Choices) -> None:
        super().__init__(look, guard)
        self.choices = choices
        kind = brush.Mark.MANY if choices.many else brush.Mark.ONE
        if choices.acts:
            kind = brush.Mark.NONE
        self.cards = [self.card_type(look, guard, choice, kind) for choice in choices.choices]
        self.setAccessibleName(choices.label)
        for card in self.cards:
            card.setParent(self)
            card.clicked.connect(self._pressed)

    def _pressed(self) -> None:
        card = self.sender()
        if isinstance(card, ChoiceCard):
            self.happened.emit(Chosen(self.choices.field, card.choice.value))

    def take(self, part: object) -> bool:
        if not isinstance(part, Choices):
            return False
        before = self.choices
        same = (
            (part.field, part.many, part.acts, part.label, part.columns)
            == (before.field, before.many, before.acts, before.label, before.columns)
        ) and [_makeup(choice) for choice in part.choices] == [_makeup(choice) for choice in before.choices]
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
        wanted = self.choices.columns
        if not wanted and any(card.choice.picture for card in self.cards):
            wanted = max(
                1, (width + self.look.gap) // (self.look.px(NARROWEST_WITH_PICTURE_MM) + self.look.gap)
            )
        if wanted:
            return self._columns_up_to(min(wanted, len(self.cards)), width)
        half = (width - self.look.gap) // 2
        if len(self.cards) < 3:
            return 1
        if all(card.one_line_width() <= half for card in self.cards):
            return 2
        if not any(card.choice.hint for card in self.cards):
            return 1
        if any(card.least_width() > half for card in self.cards):
            return 1
        one, two = (self._boxes(width, columns)[-1].bottom() for columns in (1, 2))
        return 2 if two <= one * WORTH_TWO_COLUMNS else 1

    def _columns_up_to(self, wanted: int, width: int) -> int:
        """As many as wanted while no word is broken; a scale of words that has no room for one row stands
        in one column, and rows of numbers or pictures are filled evenly."""
        least = max((card.least_width() for card in self.cards), default=1)
        most = max(1, min(wanted, (width + self.look.gap) // (least + self.look.gap)))
        is_scale_of_words = wanted == len(self.cards) and any(
            len(card.choice.label) > SHORT_LABEL for card in self.cards
        )
        if most < wanted and is_scale_of_words and not any(card.choice.picture for card in self.cards):
            return 1
        rows = -(-len(self.cards) // most)
        return max(1, -(-len(self.cards) // max(1, rows)))

    def _boxes(self, width: int, columns: int) -> list[QRect]:
        look = self.look
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
        boxes = self._boxes(width, self._columns(width))
        return max((box.top() + box.height() for box in boxes), default=self._label(width))

    def most_for(self, width: int) -> int:
        """Low cards are taller, and easier to meet, where the page has room for it."""
        boxes = self._boxes(width, self._columns(width))
        rows = {box.top(): box.height() for box in boxes}
        generous = self.look.px(GENEROUS_MM)
        return self.height_for(width) + sum(max(0, generous - tall) for tall in rows.values())

    def place(self) -> None:
        width = self.width()
        boxes = self._boxes(width, self._columns(width))
        tops = sorted({box.top() for box in boxes})
        more = max(0, self.height() - self.height_for(width)) // max(1, len(tops))
        boxes = [
            QRect(box.left(), box.top() + tops.index(box.top()) * more, box.width(), box.height() + more)
            for box in boxes
        ]
        for card, box in zip(self.cards, boxes, strict=True):
            card.setGeometry(box)

    def pieces(self) -> list[Piece]:
        # Few ways are seen together, so that nobody takes the first for want of the second.
        few = len(self.cards) <= SEEN_TOGETHER
        found = {
            Piece(
                card.y(),
                card.y() + card.height(),
                few and card is not self.cards[-1],
                tuple(card.y() + cut for cut in card.cuts()),
            )
            for card in self.cards
        }
        label = self._label(self.width())
        return ([Piece(0, label, leads=True)] if label else []) + sorted(found)

    def answer_to(self, field: str) -> QWidget | None:
        if field != self.choices.field or not self.cards:
            return None
        return next((card for card in self.cards if card.choice.chosen), self.cards[0])

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.choices.label:
            painter = QPainter(self)
            brush.ready(painter, self.look)
            painter.setPen(QColor(self.look.palette.ink))
            box = brush.mirrored(self.look, QRect(0, 0, min(self.width(), self.look.column), 0), self.width())
            words.paint(painter, self.choices.label, self.look.font(Face.STRONG), box, self.look.line())

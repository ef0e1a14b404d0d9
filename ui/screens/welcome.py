"""Welcome: one large card a language, side by side, each in its own letters."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent

from kiosk.flow.view import Choice, Choices, View
from ui.screens.building import Slot
from ui.screens.page import Page
from ui.theme import Face, Look
from ui.widgets import brush, words
from ui.widgets.block import Block
from ui.widgets.choices import ChoiceCard, ChoicesBlock
from ui.widgets.piece import Cuts, between_lines
from ui.widgets.press import PressGuard

TALL_MM = 62.0


class LanguageCard(ChoiceCard):
    """The language's own name, large, and how to begin, in that language's own type."""

    def __init__(self, look: Look, guard: PressGuard, choice: Choice, kind: brush.Mark) -> None:
        super().__init__(look.of(language=choice.value, staff=look.staff), guard, choice, kind)

    def _room(self, width: int) -> int:
        return width - 2 * self.look.padding

    def _tall(self, inner: int) -> tuple[int, int]:
        """Heights of name and hint."""
        look, choice = self.look, self.choice
        name = words.height(choice.label, look.font(Face.HEADING), inner, look.line(Face.HEADING))
        return name, words.height(choice.hint, look.font(), inner, look.line())

    def height_for(self, width: int) -> int:
        inner = self._room(width)
        return max(self.look.px(TALL_MM), sum(self._tall(inner)) + 3 * self.look.padding)

    def _name_top(self) -> int:
        name, hint = self._tall(self._room(self.width()))
        return (self.height() - name - self._gap() - hint) // 2

    def _gap(self) -> int:
        return self.look.padding if self.choice.hint else 0

    def cuts(self) -> Cuts:
        name, hint = self._tall(self._room(self.width()))
        top, look = self._name_top(), self.look
        names = between_lines(top, name, look.line(Face.HEADING))
        return (*names, *between_lines(top + name + self._gap(), hint, look.line()))

    def least_width(self) -> int:
        name = words.longest_word(self.choice.label, self.look.font(Face.HEADING))
        hint = words.longest_word(self.choice.hint, self.look.font())
        return max(name, hint) + 2 * self.look.padding

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look, palette, choice = self.look, self.look.palette, self.choice
        brush.ready(painter, look)
        brush.frame(
            painter,
            look,
            self.rect(),
            fill=palette.card,
            line=palette.accent,
            width=look.thin,
            down=self.isDown(),
            focused=self.hasFocus(),
        )
        inner = self._room(self.width())
        name, hint = self._tall(inner)
        box = QRect(look.padding, self._name_top(), inner, name)
        centre = Qt.AlignmentFlag.AlignHCenter
        painter.setPen(QColor(palette.accent))
        words.paint(painter, choice.label, look.font(Face.HEADING), box, look.line(Face.HEADING), centre)
        if hint:
            box = QRect(look.padding, box.bottom() + 1 + self._gap(), inner, hint)
            painter.setPen(QColor(palette.ink))
            words.paint(painter, choice.hint, look.font(), box, look.line(), centre)


class LanguageCards(ChoicesBlock):
    """One row where every word fits its card and the cards are no taller than half the glass; else under
    each other."""

    card_type = LanguageCard

    def _columns(self, width: int) -> int:
        count = max(1, len(self.cards))
        share = (width - (count - 1) * self.look.gap) // count
        fits = all(card.least_width() <= share for card in self.cards)
        low = (
            max((card.height_for(share) for card in self.cards), default=0) <= self.look.glass.height_px // 2
        )
        return count if fits and low else 1


class WelcomePage(Page):
    """The page that a stranger sees first."""

    def build(self, slot: Slot, view: View, look: Look) -> Block:
        if isinstance(slot.part, Choices) and slot.part.acts:
            return LanguageCards(look, self.guard, slot.part)
        return super().build(slot, view, look)

"""The set-up of the screen; in its touch test a mark stands in each corner of the glass itself."""

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from kiosk.flow.view import Choices, Chosen, View
from ui.screens.building import Slot
from ui.screens.middle import drop
from ui.screens.page import Page
from ui.theme import Look
from ui.widgets import brush
from ui.widgets.block import Block
from ui.widgets.choices import ChoiceCard
from ui.widgets.press import PressGuard

EDGE_MM: Final = 1.0
"""Between a mark and the edges of the glass, where its ring for the focus has room."""


class TouchBlock(Block):
    """Five cards: the third stands among the words, the others belong to the page's corners."""

    def __init__(self, look: Look, guard: PressGuard, part: Choices, page: QWidget) -> None:
        super().__init__(look, guard)
        self.part = part
        self.cards = tuple(ChoiceCard(look, guard, each, brush.Mark.MANY) for each in part.choices)
        top_left, top_right, self.middle, bottom_left, bottom_right = self.cards
        self.top, self.bottom = (top_left, top_right), (bottom_left, bottom_right)
        for card in self.cards:
            card.setParent(self if card is self.middle else page)
            card.clicked.connect(lambda _=False, card=card: self._press(card))
            card.show()

    def _press(self, card: ChoiceCard) -> None:
        self.happened.emit(Chosen(self.part.field, card.choice.value))

    def take(self, part: object) -> bool:
        if not isinstance(part, Choices) or len(part.choices) != len(self.cards):
            return False
        self.part = part
        for card, choice in zip(self.cards, part.choices, strict=True):
            card.show_choice(choice)
        return True

    def targets(self) -> Iterator[tuple[str, QWidget]]:
        for card in self.cards:
            yield f"{self.part.field}={card.choice.value}", card

    def answer_to(self, field: str) -> QWidget | None:
        return self.middle if field == self.part.field else None

    def height_for(self, width: int) -> int:
        return self.middle.height_for(self._wide(self.middle, width))

    def place(self) -> None:
        wide = self._wide(self.middle, self.width())
        self.middle.setGeometry((self.width() - wide) // 2, 0, wide, self.height_for(self.width()))

    @staticmethod
    def _wide(card: ChoiceCard, room: int) -> int:
        return min(card.one_line_width(), room)

    def band(self, row: tuple[ChoiceCard, ChoiceCard], glass: QRect) -> int:
        """Pixels that two corners take, with the gap to what stands between them."""
        most = glass.width() // 2 - self.look.gap
        return self.look.gap + max(card.height_for(self._wide(card, most)) for card in row)

    def place_corners(self, glass: QRect) -> None:
        edge, most = self.look.px(EDGE_MM), glass.width() // 2 - self.look.gap
        glass = glass.adjusted(edge, edge, -edge, -edge)
        for row, at in ((self.top, "top"), (self.bottom, "bottom")):
            for card, side in zip(row, ("left", "right"), strict=True):
                wide = self._wide(card, most)
                box = QRect(0, 0, wide, card.height_for(wide))
                if side == "left":
                    box.moveLeft(glass.left())
                else:
                    box.moveRight(glass.right())
                if at == "top":
                    box.moveTop(glass.top())
                else:
                    box.moveBottom(glass.bottom())
                card.setGeometry(box)
                card.raise_()


class GlassPage(Page):
    """Like every other page, but for the corners of the touch test."""

    _touch: TouchBlock | None = None

    def build(self, slot: Slot, view: View, look: Look) -> Block:
        if isinstance(slot.part, Choices):
            self._drop_corners()
            self._touch = TouchBlock(look, self.guard, slot.part, self)
            return self._touch
        return super().build(slot, view, look)

    def _show_blocks(self, view: View, look: Look) -> None:
        super()._show_blocks(view, look)
        if self._touch is not None and all(block is not self._touch for _, block in self.blocks()):
            self._drop_corners()

    def _drop_corners(self) -> None:
        if self._touch is not None:
            for card in (*self._touch.top, *self._touch.bottom):
                drop(card)
            self._touch = None

    def _bands(self) -> tuple[int, int]:
        touch = self._touch
        if touch is None:
            return 0, 0
        return touch.band(touch.top, self.rect()), touch.band(touch.bottom, self.rect())

    def _lay_out(self, *, new: bool) -> None:
        super()._lay_out(new=new)
        if self._touch is not None:
            self._touch.place_corners(self.rect())

    def all_targets(self) -> Iterator[tuple[str, QWidget]]:
        """As they stand on the glass: the upper corners first, the lower ones after everything else."""
        targets, touch = list(super().all_targets()), self._touch
        if touch is None:
            yield from targets
            return
        rightwards = touch.look.direction == Qt.LayoutDirection.RightToLeft
        top, bottom = (row[::-1] if rightwards else row for row in (touch.top, touch.bottom))
        names = {id(widget): name for name, widget in targets}
        corners = {id(card) for card in (*top, *bottom)}
        yield from ((names[id(card)], card) for card in top)
        yield from ((name, widget) for name, widget in targets if id(widget) not in corners)
        yield from ((names[id(card)], card) for card in bottom)

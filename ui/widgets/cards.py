"""A bank card as large as a real one: its width is what counts, its foot may be cut off."""

from typing import Final

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter

from ui.theme import Look
from ui.widgets import brush

SHAPE: Final = 53.98 / 85.6
"""Height in shares of the width, ISO/IEC 7810 ID-1."""
LEAST_MM: Final = 24.0
"""Of the height, where there is not more room: enough to lay a card against both edges."""


def paint(painter: QPainter, look: Look, wide_mm: float, room: int) -> None:
    """At the leading edge of ``room`` pixels."""
    wide = round(wide_mm * look.glass.per_mm)
    tall = round(wide * SHAPE)
    card = brush.mirrored(look, QRect(0, 0, wide, tall), room)
    palette = look.palette
    brush.frame(painter, look, card, fill=palette.card, line=palette.ink, width=look.px(0.6))
    stripe = QRect(card.left(), card.top() + round(tall * 0.12), wide, round(tall * 0.16))
    painter.fillRect(stripe, QColor(palette.accent))
    chip = QRect(card.left() + round(wide * 0.11), card.top() + round(tall * 0.42), wide // 7, tall // 6)
    brush.frame(painter, look, chip, fill=palette.chosen, line=palette.accent, width=look.thin)

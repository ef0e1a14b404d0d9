"""Our own icons as pictures for paper."""

from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgRenderer

from kiosk.receipts.cards import CARDS, cards_pdf
from kiosk.texts import Texts
from ui.widgets.brush import ICONS

SIDE: Final = 1200
"""Pixels: some 500 to the inch on a card."""


def icon_png(name: str, side: int = SIDE) -> bytes:
    """An icon in black on nothing. Needs no application object, and runs on any thread."""
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray((ICONS / f"{name}.svg").read_bytes())).render(painter)
    painter.end()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"PNG")).write(image)
    return bytes(content.data())


def help_cards(texts: Texts, phone: str) -> bytes:
    """The cards as a PDF, in memory."""
    return cards_pdf(texts, {card.picture: icon_png(card.picture) for card in CARDS}, phone)

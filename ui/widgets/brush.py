"""The strokes that all controls share: frame, focus ring, marks, icons. Flat, without shadows."""

from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen, QPolygonF
from PySide6.QtSvg import QSvgRenderer

from kiosk.flow.view import Tone
from ui.theme import Face, Look

ICONS: Final = Path(__file__).parents[2] / "assets" / "icons"


class Mark(StrEnum):
    """What a choice card shows: nothing, a ring for one of several, a box for many."""

    NONE = "none"
    ONE = "one"
    MANY = "many"


def ready(painter: QPainter, look: Look) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setLayoutDirection(look.direction)


def mirrored(look: Look, box: QRect, width: int) -> QRect:
    """``box``, told from the leading side of something ``width`` wide, where it stands from the left."""
    if look.direction == Qt.LayoutDirection.RightToLeft:
        return QRect(width - box.left() - box.width(), box.top(), box.width(), box.height())
    return box


def frame(
    painter: QPainter,
    look: Look,
    box: QRect,
    *,
    fill: str,
    line: str,
    width: int,
    down: bool = False,
    focused: bool = False,
    ring: str = "",
    dashed: bool = False,
) -> None:
    """A rounded frame within ``box``. Pressed, it shrinks with a thick edge; focused, it has a second one.

    What cannot be pressed now has a dashed edge.
    """
    if down:
        inset = look.px(0.8)
        box = box.adjusted(inset, inset, -inset, -inset)
        width = max(width, look.thick)
    half = width / 2
    edge = QRectF(box).adjusted(half, half, -half, -half)
    pen = QPen(QColor(line), width)
    if dashed:
        pen.setDashPattern([4, 3])
    painter.setPen(pen if width else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(edge, look.radius, look.radius)
    if focused:
        ring_width = max(3, look.px(0.7))
        within = width + max(2, look.px(0.5)) + ring_width / 2
        painter.setPen(QPen(QColor(ring or look.palette.focus), ring_width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = max(2.0, look.radius - within / 2)
        painter.drawRoundedRect(QRectF(box).adjusted(within, within, -within, -within), radius, radius)


def mark(painter: QPainter, look: Look, box: QRect, kind: Mark, chosen: bool) -> None:
    """The ring or box of a choice; when chosen, filled and with a tick, so that no colour is needed."""
    palette = look.palette
    width = max(3, look.px(0.6))
    shape = QRectF(box).adjusted(width / 2, width / 2, -width / 2, -width / 2)
    painter.setPen(QPen(QColor(palette.accent if chosen else palette.line), width))
    painter.setBrush(QColor(palette.fill if chosen else palette.card))
    if kind is Mark.ONE:
        painter.drawEllipse(shape)
    else:
        painter.drawRoundedRect(shape, look.radius / 2, look.radius / 2)
    if chosen:
        tick(painter, QRectF(box), palette.on_fill)


def numbered_mark(painter: QPainter, look: Look, box: QRect, number: str) -> None:
    """The mark of what has a place in an order: filled, with its number."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.palette.fill))
    painter.drawRoundedRect(QRectF(box), look.radius / 2, look.radius / 2)
    font = QFont(look.font(Face.STRONG))
    font.setPixelSize(round(box.height() * (0.72 if len(number) < 2 else 0.58)))
    painter.setFont(font)
    painter.setPen(QColor(look.palette.on_fill))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, number)


def tick(painter: QPainter, box: QRectF, colour: str) -> None:
    pen = QPen(QColor(colour), box.width() * 0.12)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    side = box.width()
    painter.drawPolyline(
        QPolygonF(
            [
                QPointF(box.left() + side * 0.27, box.top() + side * 0.52),
                QPointF(box.left() + side * 0.44, box.top() + side * 0.68),
                QPointF(box.left() + side * 0.74, box.top() + side * 0.34),
            ]
        )
    )


def icon(painter: QPainter, name: str, box: QRect, colour: str) -> None:
    """An icon of ``assets/icons`` in one ink, as large as ``box``."""
    ratio = painter.device().devicePixelRatioF()
    side = round(min(box.width(), box.height()) * ratio)
    place = QRect(0, 0, min(box.width(), box.height()), min(box.width(), box.height()))
    place.moveCenter(box.center())
    painter.drawImage(place, _tinted(name, side, colour))


@lru_cache(maxsize=256)
def _tinted(name: str, side: int, colour: str) -> QImage:
    image = QImage(max(1, side), max(1, side), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    _drawing(name).render(painter, QRectF(0, 0, side, side))
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(image.rect(), QColor(colour))
    painter.end()
    return image


@lru_cache(maxsize=128)
def _drawing(name: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray((ICONS / f"{name}.svg").read_bytes()))


@lru_cache(maxsize=256)
def has_icon(name: str) -> bool:
    """A pack may name an icon that this kiosk lacks; the words then stand alone."""
    return bool(name) and (ICONS / f"{name}.svg").is_file()


TONE_ICON: Final = {
    Tone.PLAIN: "",
    Tone.STRONG: "",
    Tone.QUIET: "",
    Tone.GOOD: "check",
    Tone.WARNING: "warning",
    Tone.ERROR: "warning",
}


def tone_ink(look: Look, tone: Tone) -> str:
    """The colour of words in that tone; icon and weight tell the same to those who see no colour."""
    palette = look.palette
    match tone:
        case Tone.QUIET:
            return palette.quiet
        case Tone.GOOD:
            return palette.accent
        case Tone.WARNING:
            return palette.warning
        case Tone.ERROR:
            return palette.error
        case Tone.PLAIN | Tone.STRONG:
            return palette.ink

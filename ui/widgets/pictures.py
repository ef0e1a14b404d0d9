"""Pictures of a pack: decoded once, never larger than the glass needs, never shown in parts."""

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter

LARGEST: Final = 1600
"""Pixels of the longer side that are kept."""


@lru_cache(maxsize=64)
def decoded(data: bytes) -> QImage:
    """The picture; a null image for what Qt cannot read."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.width() > LARGEST or size.height() > LARGEST:
        reader.setScaledSize(size.scaled(LARGEST, LARGEST, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


def fitted(data: bytes, width: int, height: int) -> QSize:
    """How large the picture is when it fills ``width`` or ``height`` pixels, its shape kept."""
    size = decoded(data).size()
    return size.scaled(max(1, width), max(1, height), Qt.AspectRatioMode.KeepAspectRatio)


def paint(painter: QPainter, data: bytes, box: QRect) -> None:
    """In the middle of ``box``, as large as it can be there."""
    image = decoded(data)
    if image.isNull():
        return
    place = QRect(box.topLeft(), fitted(data, box.width(), box.height()))
    place.moveCenter(box.center())
    painter.drawImage(
        place, _scaled(data, place.width(), place.height(), painter.device().devicePixelRatioF())
    )


@lru_cache(maxsize=64)
def _scaled(data: bytes, width: int, height: int, ratio: float) -> QImage:
    return decoded(data).scaled(
        round(width * ratio),
        round(height * ratio),
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )

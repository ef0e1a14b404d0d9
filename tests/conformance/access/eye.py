"""Looks at a page while it is painted: where each line, frame and icon stands, and what colours came out.

It listens at the three places where all controls paint (words, frames, icons) and then reads the picture
itself, so that what is judged is what was painted and not what was meant.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QWidget

from ui.screens.page import Page
from ui.theme import Look
from ui.widgets import brush, emphasis, words


class Box(NamedTuple):
    """Pixels of the page; right and bottom are the first that no longer belong to it."""

    left: int
    top: int
    right: int
    bottom: int

    def within(self, other: "Box", slack: int = 0) -> bool:
        return (
            self.left >= other.left - slack
            and self.top >= other.top - slack
            and self.right <= other.right + slack
            and self.bottom <= other.bottom + slack
        )

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def gap(self, other: "Box") -> int:
        """Pixels between two boxes along the side where they are further apart; negative: they overlap."""
        across = max(other.left - self.right, self.left - other.right)
        down = max(other.top - self.bottom, self.top - other.bottom)
        return max(across, down)


@dataclass(frozen=True, slots=True)
class Line:
    """A painted line. ``ink`` is where its letters stand; sizes in pixels."""

    widget: QWidget
    ink: Box
    text: str
    cap: float
    em: int
    pitch: int
    """From this line to the next."""
    of: int
    """How many lines its text has."""


@dataclass(frozen=True, slots=True)
class Frame:
    widget: QWidget
    box: Box
    width: int
    focused: bool


@dataclass(frozen=True, slots=True)
class Icon:
    widget: QWidget
    box: Box


Pixels = NDArray[np.uint8]
"""height × width × 4: blue, green, red, unused."""


@dataclass(slots=True)
class Sight:
    """One sheet of a page as it was painted."""

    page: Page
    lines: list[Line]
    frames: list[Frame]
    icons: list[Icon]
    pixels: Pixels


@lru_cache(maxsize=8192)
def _ink_of(font_key: str, text: str, metrics: "_Metrics") -> tuple[int, int, int, int]:
    ink = metrics.metrics.tightBoundingRect(text).toAlignedRect()
    # For Arabic letters it is wider than what is drawn; they stand within their advance.
    right = min(ink.right() + 1, math.ceil(metrics.metrics.horizontalAdvance(text)))
    return ink.left(), ink.top(), right, ink.bottom() + 1


class _Metrics:
    """A font's metrics as part of a cache key that already names the font."""

    def __init__(self, font: QFont) -> None:
        self.metrics = QFontMetricsF(font)
        self.ascent, self.descent = self.metrics.ascent(), self.metrics.descent()
        self.cap = self.metrics.capHeight()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Metrics)

    def __hash__(self) -> int:
        return 0


class Eye:
    """Within ``open()`` it sees everything that is painted."""

    def __init__(self) -> None:
        self._lines: list[tuple[QWidget, tuple[int, int, int, int], str, _Metrics, int, int, int]] = []
        self._frames: list[tuple[QWidget, QRect, int, bool]] = []
        self._icons: list[tuple[QWidget, QRect]] = []
        self._fonts: dict[str, _Metrics] = {}
        self._image = QImage(1, 1, QImage.Format.Format_RGB32)

    @contextmanager
    def open(self) -> Iterator["Eye"]:
        paint_lines, frame, icon = words.paint_lines, brush.frame, brush.icon
        weighed = emphasis.paint

        def see_lines(
            painter: QPainter,
            lines: tuple[words.Line, ...],
            font: QFont,
            box: QRect,
            line_height: int,
            align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        ) -> None:
            self._see_lines(painter, lines, font, box, line_height, align)
            paint_lines(painter, lines, font, box, line_height, align)

        def see_frame(painter: QPainter, look: Look, box: QRect, **how: Any) -> None:
            device = painter.device()
            if isinstance(device, QWidget) and how["width"]:
                self._frames.append((device, QRect(box), how["width"], how.get("focused", False)))
            frame(painter, look, box, **how)

        def see_icon(painter: QPainter, name: str, box: QRect, colour: str) -> None:
            device = painter.device()
            if isinstance(device, QWidget):
                self._icons.append((device, QRect(box)))
            icon(painter, name, box, colour)

        def see_weighed(painter: QPainter, lines: emphasis.Lines, box: QRect, line_height: int) -> None:
            self._see_weighed(painter, lines, box, line_height)
            weighed(painter, lines, box, line_height)

        words.paint_lines, brush.frame, brush.icon = see_lines, see_frame, see_icon
        emphasis.paint = see_weighed
        try:
            yield self
        finally:
            words.paint_lines, brush.frame, brush.icon = paint_lines, frame, icon
            emphasis.paint = weighed

    def _see_weighed(self, painter: QPainter, lines: emphasis.Lines, box: QRect, pitch: int) -> None:
        """Each line by its first weight: that decides how high its letters are."""
        for index, runs in enumerate(lines):
            if runs:
                text = "".join(run.text for run in runs)
                whole = (words.Line(text, 0, sum(run.width for run in runs)),)
                place = QRect(box.left(), box.top() + index * pitch, box.width(), pitch)
                self._see_lines(painter, whole, runs[0].font, place, pitch, Qt.AlignmentFlag.AlignLeft)

    def _see_lines(
        self,
        painter: QPainter,
        broken: tuple[words.Line, ...],
        font: QFont,
        box: QRect,
        pitch: int,
        align: Qt.AlignmentFlag,
    ) -> None:
        device = painter.device()
        if not isinstance(device, QWidget):
            return
        key = font.key()
        metrics = self._fonts.setdefault(key, _Metrics(font)) if key not in self._fonts else self._fonts[key]
        rise = (pitch - metrics.ascent - metrics.descent) / 2 + metrics.ascent
        rightwards = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
        for index, line in enumerate(broken):
            text = line.text.rstrip()
            if not text:
                continue
            spare = box.width() - line.width
            if align == Qt.AlignmentFlag.AlignHCenter:
                x = spare / 2
            elif (align == Qt.AlignmentFlag.AlignLeft) == rightwards:
                x = spare
            else:
                x = 0.0
            left, top, right, bottom = _ink_of(key, text, metrics)
            dx, dy = round(box.left() + x), round(box.top() + index * pitch + rise)
            ink = (left + dx, top + dy, right + dx, bottom + dy)
            self._lines.append((device, ink, text, metrics, font.pixelSize(), pitch, len(broken)))

    def look(self, page: Page) -> Sight:
        """Paints the visible sheet of ``page`` and says what came out."""
        if self._image.size() != page.size():
            self._image = QImage(page.size(), QImage.Format.Format_RGB32)
        self._lines, self._frames, self._icons = [], [], []
        page.render(self._image, QPoint(0, 0))
        pixels = np.frombuffer(self._image.constBits(), np.uint8).reshape(
            self._image.height(), self._image.width(), 4
        )
        places: dict[int, tuple[int, int]] = {}

        def place(widget: QWidget) -> tuple[int, int]:
            if id(widget) not in places:
                corner = widget.mapTo(page, QPoint(0, 0))
                places[id(widget)] = (corner.x(), corner.y())
            return places[id(widget)]

        lines = []
        for widget, ink, text, metrics, em, pitch, of in self._lines:
            x, y = place(widget)
            box = Box(ink[0] + x, ink[1] + y, ink[2] + x, ink[3] + y)
            lines.append(Line(widget, box, text, metrics.cap, em, pitch, of))
        frames = [
            Frame(widget, _moved(box, place(widget)), width, focused)
            for widget, box, width, focused in self._frames
        ]
        icons = [Icon(widget, _moved(box, place(widget))) for widget, box in self._icons]
        return Sight(page, lines, frames, icons, pixels)


def box_of(page: Page, widget: QWidget) -> Box:
    corner = widget.mapTo(page, QPoint(0, 0))
    return Box(corner.x(), corner.y(), corner.x() + widget.width(), corner.y() + widget.height())


def visible_box(page: Page, widget: QWidget) -> Box:
    """What of a widget can be seen, in the page's pixels."""
    corner = widget.mapTo(page, QPoint(0, 0))
    return _moved(widget.visibleRegion().boundingRect(), (corner.x(), corner.y()))


def _moved(box: QRect | QRectF, by: tuple[int, int]) -> Box:
    left, top = round(box.left()) + by[0], round(box.top()) + by[1]
    return Box(left, top, left + round(box.width()), top + round(box.height()))


# -- colours, by WCAG 2.2, "relative luminance" and "contrast ratio"

_LINEAR: Final = np.array(
    [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in range(256)]
)


def luminance(pixel: Pixels) -> float:
    blue, green, red = (float(_LINEAR[int(pixel[n])]) for n in range(3))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Pixels, other: Pixels) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


FAINT: Final = 0.01
"""A colour that fewer of the inked pixels have than this share is the soft edge of a stroke."""


def ink_contrast(pixels: Pixels, box: Box, around: int = 3) -> float | None:
    """Contrast of what is drawn in ``box`` with the ground that most of the box has; None for a blank one.

    The ink is the colour furthest from the ground, as long as it fills some of the strokes. The ground
    is what most of the box's rim has, ``around`` pixels outside of it.
    """
    top, left = max(0, box.top - around), max(0, box.left - around)
    part = pixels[top : box.bottom + around, left : box.right + around]
    if not part.size:
        return None
    green = part[..., 1]
    counts = np.bincount(green.ravel(), minlength=256)
    # A wide letter fills most of its own box: the ground is what stands around it.
    rim = np.concatenate((green[0], green[-1], green[:, 0], green[:, -1]))
    ground = int(np.bincount(rim, minlength=256).argmax())
    inked = counts.copy()
    inked[max(0, ground - 6) : ground + 7] = 0
    total = int(inked.sum())
    if not total:
        return None
    strong = np.flatnonzero(inked >= max(2, total * FAINT))
    if not strong.size:
        strong = np.flatnonzero(inked)
    ink = int(strong[np.abs(strong - ground).argmax()])
    flat = part.reshape(-1, 4)
    there, base = int((green == ink).argmax()), int((green == ground).argmax())
    return contrast(flat[there], flat[base])


def edge_contrast(pixels: Pixels, frame: Frame) -> float | None:
    """Contrast of a frame's leading edge with what lies outside of it; None where that is off the page.

    A dashed edge has gaps, so several places around its middle are looked at.
    """
    box = frame.box
    middle = (box.top + box.bottom) // 2
    at, outside = box.left + frame.width // 2, box.left - 2
    reach = 4 * frame.width
    if outside < 0 or middle < reach or middle + reach >= pixels.shape[0]:
        return None
    places = range(middle - reach, middle + reach + 1, max(1, frame.width // 2))
    return max(contrast(pixels[y, at], pixels[y, outside]) for y in places)

"""Words broken into lines that fit a width, so that nothing is ever clipped.

Qt's own labels elide, clip or measure wrapped text wrongly; every control here measures and paints its words
by these functions, so what is measured is what is painted.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

ORPHAN: Final = 0.3
"""A last word that is narrower than this share of its line would stand alone."""
FEWEST_LEFT: Final = 2
"""So many words stay on the line that gives one away."""
_BLANK: Final = r"[^\S\u00a0\u202f]"
"""Where a line may end. A no-break space holds a number and its unit together, or a telephone number."""
_WORD_AND_BLANKS: Final = re.compile(rf"{_BLANK}*(?:(?:[^\s-]|[\u00a0\u202f])+-*|-+){_BLANK}*|{_BLANK}+")
_BLANKS: Final = re.compile(rf"{_BLANK}+")


@dataclass(frozen=True, slots=True)
class Line:
    """One painted line: its words, where they start in the whole text, and their width in pixels."""

    text: str
    start: int
    width: float


def break_lines(text: str, font: QFont, width: int) -> tuple[Line, ...]:
    """``text`` in lines of at most ``width`` pixels; a word longer than a line is broken, never cut off.

    Korean breaks between words, as people write it by hand, and not between syllables.
    """
    return _break_lines(text, font.key(), _Face(font), max(1, width))


class _Face:
    """A font as part of a cache key: its ``key()`` beside it says which one."""

    __slots__ = ("font",)

    def __init__(self, font: QFont) -> None:
        self.font = font

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Face)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=4096)
def _break_lines(text: str, key: str, face: _Face, width: int) -> tuple[Line, ...]:
    ruler = _Ruler(key, face, width)
    lines: list[Line] = []
    start = 0
    for paragraph in text.split("\n"):
        wide = ruler.width(paragraph)
        if wide <= width:
            lines.append(Line(paragraph, start, wide))
        else:
            broken = _without_orphan(_paragraph(paragraph, ruler), ruler)
            lines += [Line(line, start + begin, ruler.width(line)) for begin, line in broken]
        start += len(paragraph) + 1
    return tuple(lines)


class _Ruler:
    """Whether words fit a width. Shaping a line anew with each word that it grows by would take most of the
    time in which a long page is laid out; words' own widths, measured once each, tell all but close calls."""

    def __init__(self, key: str, face: _Face, width: int) -> None:
        self._key, self._face, self._width = key, face, width
        self._metrics = QFontMetricsF(face.font)
        # What kerning across a blank or a hyphen can make of a line.
        self.room = width
        self._doubt = 2 + width / 50
        self.blank = self.of_word(" ")

    def width(self, line: str) -> float:
        return self._metrics.horizontalAdvance(line.rstrip())

    def of_word(self, word: str) -> float:
        return _word_advance(word, self._key, self._face)

    def fits(self, line: str, about: float | None = None) -> bool:
        """``about``: the sum of its words' widths, where it is known."""
        if about is not None and abs(about - self._width) > self._doubt:
            return about < self._width
        return self.width(line) <= self._width


def _paragraph(text: str, ruler: _Ruler) -> list[tuple[int, str]]:
    """Where each line begins, and its words: broken at blanks and after hyphens, else only in a word that is
    wider than a line."""
    found: list[tuple[int, str]] = []
    start, line, about = 0, "", 0.0
    for word in _WORD_AND_BLANKS.findall(text):
        bare = ruler.of_word(word.rstrip())
        if line and not ruler.fits(line + word, about + bare):
            found.append((start, line))
            start, line, about = start + len(line), "", 0.0
        is_first = not line
        line, about = line + word, about + bare + ruler.blank * (len(word) - len(word.rstrip()))
        if is_first and len(line) > 1 and not ruler.fits(line, bare):
            while len(line) > 1 and not ruler.fits(line):
                fitting = next(
                    count for count in range(len(line) - 1, 0, -1) if count == 1 or ruler.fits(line[:count])
                )
                found.append((start, line[:fitting]))
                start, line = start + fitting, line[fitting:]
            about = ruler.of_word(line)
    return [*found, (start, line)] if line or not found else found


def _without_orphan(lines: list[tuple[int, str]], ruler: _Ruler) -> list[tuple[int, str]]:
    """One short word is not left alone on the last line: the word before it comes along."""
    if len(lines) < 2:
        return lines
    (start, before), (last_start, last) = lines[-2:]
    words = _WORD_AND_BLANKS.findall(before)
    if len(words) < FEWEST_LEFT + 1 or len(last.split()) != 1 or not before.endswith(" "):
        return lines
    joined = words[-1] + last
    if ruler.width(last) > ruler.room * ORPHAN or not ruler.fits(joined):
        return lines
    return [*lines[:-2], (start, "".join(words[:-1])), (last_start - len(words[-1]), joined)]


@lru_cache(maxsize=8192)
def _word_advance(word: str, _key: str, face: _Face) -> float:
    return QFontMetricsF(face.font).horizontalAdvance(word)


def forget_measures() -> None:
    """What was measured holds the words themselves, somebody's name among them."""
    _break_lines.cache_clear()
    _word_advance.cache_clear()
    _advance.cache_clear()


def height(text: str, font: QFont, width: int, line_height: int) -> int:
    """Pixels that ``text`` takes when broken to ``width``; 0 for no text."""
    return len(break_lines(text, font, width)) * line_height if text else 0


def natural_width(text: str, font: QFont) -> int:
    """Pixels that ``text`` takes on one line."""
    return max((_advance(line, font.key(), _Face(font)) for line in text.split("\n")), default=0)


def longest_word(text: str, font: QFont) -> int:
    """Pixels of the widest word: narrower than this, a word would be broken."""
    return max((_advance(word, font.key(), _Face(font)) for word in _BLANKS.split(text) if word), default=0)


@lru_cache(maxsize=4096)
def _advance(text: str, _key: str, face: _Face) -> int:
    return int(QFontMetricsF(face.font).horizontalAdvance(text)) + 2


def paint(
    painter: QPainter,
    text: str,
    font: QFont,
    box: QRect,
    line_height: int,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """Paints ``text`` from the top of ``box`` down, with the painter's pen.

    ``align`` is left (the leading side), centre, or right (the trailing side).
    """
    paint_lines(painter, break_lines(text, font, box.width()), font, box, line_height, align)


def paint_lines(
    painter: QPainter,
    lines: tuple[Line, ...],
    font: QFont,
    box: QRect,
    line_height: int,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """Paints lines that were broken beforehand, as :func:`paint` does."""
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    rise = (line_height - metrics.ascent() - metrics.descent()) / 2 + metrics.ascent()
    to_the_right = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
    for index, line in enumerate(lines):
        spare = box.width() - line.width
        if align == Qt.AlignmentFlag.AlignHCenter:
            x = spare / 2
        elif (align == Qt.AlignmentFlag.AlignLeft) == to_the_right:
            x = spare
        else:
            x = 0.0
        painter.drawText(QPointF(box.left() + x, box.top() + index * line_height + rise), line.text.rstrip())

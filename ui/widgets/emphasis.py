"""Words of which some weigh more: bold or slanted in a paragraph, underlined or slanted in a bold heading.

Broken into lines here, and not by :mod:`ui.widgets.words`, because each piece has a width of its own.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from kiosk.flow.view import Emphasis
from ui.theme import Face, Look

_WORD = re.compile(r"\n|(?:\S|[\u00a0\u202f])+|[^\S\n\u00a0\u202f]+")


class Run(NamedTuple):
    """Letters of one weight on one line, and their width in pixels."""

    text: str
    font: QFont
    width: float


Lines = tuple[tuple[Run, ...], ...]


def break_lines(text: str, emphasis: tuple[Emphasis, ...], look: Look, face: Face, width: int) -> Lines:
    """Lines of at most ``width`` pixels; a word longer than a line is broken, never cut off."""
    lines: list[list[Run]] = [[]]
    used = 0.0
    for match in _WORD.finditer(text):
        if match[0] == "\n":
            lines.append([])
            used = 0.0
            continue
        runs = list(_runs(match[0], match.start(), emphasis, look, face))
        wide = sum(run.width for run in runs)
        if used + wide > width and not match[0].isspace():
            if lines[-1]:
                lines.append([])
                used = 0.0
            while wide > width:
                runs, rest = _split(runs, width)
                lines[-1] += runs
                lines.append([])
                runs, wide = rest, sum(run.width for run in rest)
        if match[0].isspace() and not lines[-1]:
            continue
        lines[-1] += runs
        used += wide
    return tuple(tuple(line) for line in lines)


def _runs(word: str, start: int, emphasis: tuple[Emphasis, ...], look: Look, face: Face) -> Iterator[Run]:
    """A word in pieces of one weight."""
    weights = [
        (
            any(not each.slanted and each.start <= at < each.end for each in emphasis),
            any(each.slanted and each.start <= at < each.end for each in emphasis),
        )
        for at in range(start, start + len(word))
    ]
    begin = 0
    for end in range(1, len(word) + 1):
        if end == len(word) or weights[end] != weights[begin]:
            font = _font(look, face, *weights[begin])
            piece = word[begin:end]
            yield Run(piece, font, QFontMetricsF(font).horizontalAdvance(piece))
            begin = end


def _font(look: Look, face: Face, strong: bool, slanted: bool) -> QFont:
    font = QFont(look.font(Face.STRONG if strong and face is Face.BODY else face))
    font.setUnderline(strong and face is not Face.BODY)
    font.setItalic(slanted)
    return font


def _split(runs: list[Run], width: int) -> tuple[list[Run], list[Run]]:
    """What of a long word has room on one line, and the rest."""
    first: list[Run] = []
    room = float(width)
    for number, run in enumerate(runs):
        if run.width <= room:
            first.append(run)
            room -= run.width
            continue
        metrics = QFontMetricsF(run.font)
        count = 0 if first else 1
        while count < len(run.text) and metrics.horizontalAdvance(run.text[: count + 1]) <= room:
            count += 1
        parts = [Run(t, run.font, metrics.horizontalAdvance(t)) for t in (run.text[:count], run.text[count:])]
        first += [each for each in parts[:1] if each.text]
        return first, [each for each in parts[1:] if each.text] + runs[number + 1 :]
    return first, []


def paint(painter: QPainter, lines: Lines, box: QRect, line_height: int) -> None:
    """Paints lines from the top of ``box`` down, with the painter's pen."""
    backwards = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
    for index, line in enumerate(lines):
        wide = sum(run.width for run in line)
        x = box.right() + 1 - wide if backwards else float(box.left())
        for run in reversed(line) if backwards else line:
            metrics = QFontMetricsF(run.font)
            rise = (line_height - metrics.ascent() - metrics.descent()) / 2 + metrics.ascent()
            painter.setFont(run.font)
            painter.drawText(QPointF(x, box.top() + index * line_height + rise), run.text)
            x += run.width

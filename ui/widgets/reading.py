"""What is only read: paragraphs, headings, notices, lists, codes, pictures, progress."""

from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent

from kiosk.flow.view import Bullets, Code, Emphasis, Notice, Paragraph, Part, Picture, Progress, Tone
from ui.theme import Face, Look
from ui.widgets import brush, cards, emphasis, pictures, words
from ui.widgets.block import Block
from ui.widgets.codes import CodeBlock
from ui.widgets.piece import Piece, between_lines
from ui.widgets.press import PressGuard


class Words(Block):
    """Words of one kind, broken into lines of at most about eighty characters."""

    def __init__(
        self,
        look: Look,
        guard: PressGuard,
        text: str,
        tone: Tone = Tone.PLAIN,
        face: Face | None = None,
        weights: tuple[Emphasis, ...] = (),
    ) -> None:
        super().__init__(look, guard)
        self._weights = weights
        self._tone = tone
        self._face = face or (Face.STRONG if tone not in (Tone.PLAIN, Tone.QUIET) else Face.BODY)
        self.text = text
        self.leads = False
        """Whether it stays with what follows it, as a heading does."""
        self.setAccessibleName(text)

    def say(self, text: str) -> None:
        if text != self.text:
            self.text = text
            self.setAccessibleName(text)
            self.update()

    def take(self, part: object) -> bool:
        if isinstance(part, Paragraph) and part.tone is self._tone:
            if part.emphasis != self._weights:
                self._weights = part.emphasis
                self.update()
            self.say(part.text)
            return True
        return False

    def _weighed(self, width: int) -> emphasis.Lines:
        return emphasis.break_lines(self.text, self._weights, self.look, self._face, self._box(width).width())

    def _icon(self) -> str:
        return brush.TONE_ICON[self._tone]

    def _box(self, width: int) -> QRect:
        indent = self.look.icon + self.look.gap if self._icon() else 0
        most = width - indent if self._face is Face.HEADING else min(width - indent, self.look.column)
        return QRect(indent, 0, most, 0)

    def height_for(self, width: int) -> int:
        if self._weights:
            return len(self._weighed(width)) * self.look.line(self._face)
        return words.height(
            self.text, self.look.font(self._face), self._box(width).width(), self.look.line(self._face)
        )

    def pieces(self) -> list[Piece]:
        line = self.look.line(self._face)
        tops = range(0, self.height(), line)
        title = self.leads or self._tone is Tone.STRONG or self._face is Face.HEADING
        # No line of a paragraph stands alone, neither its first nor its last.
        last = len(tops) - 1
        return [
            Piece(top, top + line, title or (at != last and at in (0, last - 1)))
            for at, top in enumerate(tops)
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        brush.ready(painter, self.look)
        ink = brush.tone_ink(self.look, self._tone)
        line = self.look.line(self._face)
        if self._icon():
            side = self.look.icon
            place = brush.mirrored(self.look, QRect(0, (line - side) // 2, side, side), self.width())
            brush.icon(painter, self._icon(), place, ink)
        painter.setPen(QColor(ink))
        box = QRect(brush.mirrored(self.look, self._box(self.width()), self.width()))
        box.setHeight(self.height())
        if self._weights:
            emphasis.paint(painter, self._weighed(self.width()), box, line)
        else:
            words.paint(painter, self.text, self.look.font(self._face), box, line)


class NoticeBlock(Block):
    """A framed sentence that matters: a thick edge on the leading side, an icon, title and text."""

    def __init__(self, look: Look, guard: PressGuard, notice: Notice) -> None:
        super().__init__(look, guard)
        self._show(notice)

    def _show(self, notice: Notice) -> None:
        self.notice = notice
        self.setAccessibleName(notice.title)
        self.setAccessibleDescription(notice.text)
        self.update()

    def take(self, part: object) -> bool:
        if not isinstance(part, Notice):
            return False
        if part != self.notice:
            self._show(part)
        return True

    def _width(self, width: int) -> int:
        indent = self._indent()
        return min(width - indent - self.look.padding, self.look.column)

    def _indent(self) -> int:
        icon = self.look.icon + self.look.gap if brush.TONE_ICON[self.notice.tone] else 0
        return self.look.thick + self.look.padding + icon

    def height_for(self, width: int) -> int:
        inner = self._width(width)
        line = self.look.line()
        title = words.height(self.notice.title, self.look.font(Face.STRONG), inner, line)
        text = words.height(self.notice.text, self.look.font(), inner, line)
        return title + text + 2 * self.look.padding

    def pieces(self) -> list[Piece]:
        tall = self.height() - 2 * self.look.padding
        return [Piece(0, self.height(), cuts=between_lines(self.look.padding, tall, self.look.line()))]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look, notice = self.look, self.notice
        brush.ready(painter, look)
        ink = brush.tone_ink(look, notice.tone)
        brush.frame(painter, look, self.rect(), fill=look.palette.card, line=ink, width=look.thin)
        edge = look.thick + look.thin
        width = self.width()
        leading = brush.mirrored(look, QRect(0, look.radius, edge, self.height() - 2 * look.radius), width)
        painter.fillRect(leading, QColor(ink))
        line = look.line()
        name = brush.TONE_ICON[notice.tone]
        if name:
            side = look.icon
            place = QRect(look.thick + look.padding, look.padding + (line - side) // 2, side, side)
            brush.icon(painter, name, brush.mirrored(look, place, width), ink)
        box = brush.mirrored(look, QRect(self._indent(), look.padding, self._width(width), 0), width)
        painter.setPen(QColor(ink))
        words.paint(painter, notice.title, look.font(Face.STRONG), box, line)
        painter.setPen(QColor(look.palette.ink))
        box.translate(0, words.height(notice.title, look.font(Face.STRONG), box.width(), line))
        if notice.text:
            words.paint(painter, notice.text, look.font(), box, line)


class BulletsBlock(Block):
    """A short list, with dots or numbers."""

    def __init__(self, look: Look, guard: PressGuard, bullets: Bullets) -> None:
        super().__init__(look, guard)
        self.bullets = bullets
        self.setAccessibleName("\n".join(bullets.items))

    def take(self, part: object) -> bool:
        return isinstance(part, Bullets) and part == self.bullets

    def _sign(self, index: int) -> str:
        return f"{index + 1}." if self.bullets.numbered else "•"

    def _indent(self) -> int:
        font = self.look.font(Face.STRONG)
        last = max(0, len(self.bullets.items) - 1)
        return words.natural_width(self._sign(last), font) + self.look.gap

    def _heights(self, width: int) -> list[int]:
        inner = min(width - self._indent(), self.look.column)
        return [words.height(item, self.look.font(), inner, self.look.line()) for item in self.bullets.items]

    def height_for(self, width: int) -> int:
        heights = self._heights(width)
        return sum(heights) + self.look.px(1.5) * max(0, len(heights) - 1)

    def pieces(self) -> list[Piece]:
        found: list[Piece] = []
        top = 0
        for height in self._heights(self.width()):
            found.append(Piece(top, top + height, cuts=between_lines(top, height, self.look.line())))
            top += height + self.look.px(1.5)
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = self.look
        brush.ready(painter, look)
        painter.setPen(QColor(look.palette.ink))
        indent = self._indent()
        for index, (top, bottom, *_) in enumerate(self.pieces()):
            wide = min(self.width() - indent, look.column)
            box = brush.mirrored(look, QRect(indent, top, wide, bottom - top), self.width())
            sign = brush.mirrored(look, QRect(0, top, indent, look.line()), self.width())
            words.paint(painter, self._sign(index), look.font(Face.STRONG), sign, look.line())
            words.paint(painter, self.bullets.items[index], look.font(), box, look.line())


TALLEST_PICTURE_MM: Final = 60.0
"""A picture leaves room for the question and its answer."""


class PictureBlock(Block):
    """A drawing of ours or a picture of the pack, with the words that stand for it as accessible name."""

    def __init__(self, look: Look, guard: PressGuard, picture: Picture) -> None:
        super().__init__(look, guard)
        self.picture = picture
        self.setAccessibleName(picture.alt)

    def take(self, part: object) -> bool:
        return isinstance(part, Picture) and part == self.picture

    def pieces(self) -> list[Piece]:
        # What is measured stays with what it is measured by.
        return [Piece(0, self.height(), bool(self.picture.wide_mm))]

    def most_for(self, width: int) -> int:
        wide = self.picture.wide_mm
        return self.look.px(wide * cards.SHAPE) if wide else self.height_for(width)

    def height_for(self, width: int) -> int:
        look, data = self.look, self.picture.data
        if self.picture.wide_mm:
            return look.px(cards.LEAST_MM)
        if data:
            return pictures.fitted(data, min(width, look.column), look.px(TALLEST_PICTURE_MM)).height()
        return look.px(26) if brush.has_icon(self.picture.name) else 0

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        brush.ready(painter, self.look)
        if self.picture.wide_mm:
            cards.paint(painter, self.look, self.picture.wide_mm, self.width())
            return
        data, side = self.picture.data, self.height()
        size = pictures.fitted(data, min(self.width(), self.look.column), side) if data else QSize(side, side)
        place = brush.mirrored(self.look, QRect(QPoint(0, 0), size), self.width())
        if data:
            pictures.paint(painter, data, place)
        elif brush.has_icon(self.picture.name):
            brush.icon(painter, self.picture.name, place, self.look.palette.accent)


class ProgressBlock(Block):
    """A bar that fills, or where the length is not known three marks; the words say the same."""

    def __init__(self, look: Look, guard: PressGuard, progress: Progress) -> None:
        super().__init__(look, guard)
        self.progress = progress
        self.setAccessibleName(progress.label)

    def take(self, part: object) -> bool:
        if not isinstance(part, Progress):
            return False
        if part != self.progress:
            self.progress = part
            self.setAccessibleName(part.label)
            self.update()
        return True

    def _words(self, width: int) -> int:
        return words.height(
            self.progress.label, self.look.font(), min(width, self.look.column), self.look.line()
        )

    def height_for(self, width: int) -> int:
        return self._words(width) + self.look.gap + self.look.px(5)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look, progress = self.look, self.progress
        brush.ready(painter, look)
        painter.setPen(QColor(look.palette.ink))
        width = min(self.width(), look.column)
        text = brush.mirrored(look, QRect(0, 0, width, 0), self.width())
        words.paint(painter, progress.label, look.font(), text, look.line())
        bar = brush.mirrored(look, QRect(0, self.height() - look.px(5), width, look.px(5)), self.width())
        if progress.total:
            brush.frame(painter, look, bar, fill=look.palette.card, line=look.palette.line, width=look.thin)
            share = min(1.0, progress.done / progress.total)
            filled = QRect(0, 0, round(bar.width() * share), bar.height())
            done = brush.mirrored(look, filled, bar.width()).translated(bar.topLeft())
            if done.width() > 2 * look.radius:
                brush.frame(
                    painter, look, done, fill=look.palette.fill, line=look.palette.fill, width=look.thin
                )
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.palette.accent))
            side = bar.height()
            for index in range(3):
                painter.drawEllipse(bar.left() + index * 2 * side, bar.top(), side, side)


def only_read(look: Look, guard: PressGuard, part: Part) -> Block | None:
    """The block for a part that is only read; None for the others."""
    match part:
        case Paragraph():
            return Words(look, guard, part.text, part.tone, weights=part.emphasis)
        case Notice():
            return NoticeBlock(look, guard, part)
        case Bullets():
            return BulletsBlock(look, guard, part)
        case Code():
            return CodeBlock(look, guard, part)
        case Progress():
            return ProgressBlock(look, guard, part)
        case Picture():
            return PictureBlock(look, guard, part)
        case _:
            return None

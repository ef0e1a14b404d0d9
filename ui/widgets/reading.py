"""What is only read: paragraphs, headings, notices, lists, codes, pictures, progress."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent

from kiosk.flow.view import Bullets, Code, Notice, Paragraph, Part, Picture, Progress, Tone
from ui.theme import Face, Look
from ui.widgets import brush, words
from ui.widgets.block import Block, Span
from ui.widgets.press import PressGuard


class Words(Block):
    """Words of one kind, broken into lines of at most about eighty characters."""

    def __init__(
        self, look: Look, guard: PressGuard, text: str, tone: Tone = Tone.PLAIN, face: Face | None = None
    ) -> None:
        super().__init__(look, guard)
        self._tone = tone
        self._face = face or (Face.STRONG if tone not in (Tone.PLAIN, Tone.QUIET) else Face.BODY)
        self.text = text
        self.setAccessibleName(text)

    def say(self, text: str) -> None:
        if text != self.text:
            self.text = text
            self.setAccessibleName(text)
            self.update()

    def take(self, part: Part) -> bool:
        if isinstance(part, Paragraph) and part.tone is self._tone:
            self.say(part.text)
            return True
        return False

    def _icon(self) -> str:
        return brush.TONE_ICON[self._tone]

    def _box(self, width: int) -> QRect:
        indent = self.look.icon + self.look.gap if self._icon() else 0
        most = width - indent if self._face is Face.HEADING else min(width - indent, self.look.column)
        return QRect(indent, 0, most, 0)

    def height_for(self, width: int) -> int:
        return words.height(
            self.text, self.look.font(self._face), self._box(width).width(), self.look.line(self._face)
        )

    def spans(self) -> list[Span]:
        line = self.look.line(self._face)
        return [(top, top + line) for top in range(0, self.height(), line)]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        brush.ready(painter, self.look)
        ink = brush.tone_ink(self.look, self._tone)
        line = self.look.line(self._face)
        if self._icon():
            side = self.look.icon
            place = QRect(0, (line - side) // 2, side, side)
            brush.icon(painter, self._icon(), place, ink)
        painter.setPen(QColor(ink))
        box = self._box(self.width())
        box.setHeight(self.height())
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

    def take(self, part: Part) -> bool:
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

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look, notice = self.look, self.notice
        brush.ready(painter, look)
        ink = brush.tone_ink(look, notice.tone)
        brush.frame(painter, look, self.rect(), fill=look.palette.card, line=ink, width=look.thin)
        edge = look.thick + look.thin
        painter.fillRect(QRect(0, look.radius, edge, self.height() - 2 * look.radius), QColor(ink))
        line = look.line()
        name = brush.TONE_ICON[notice.tone]
        if name:
            side = look.icon
            place = QRect(look.thick + look.padding, look.padding + (line - side) // 2, side, side)
            brush.icon(painter, name, place, ink)
        box = QRect(self._indent(), look.padding, self._width(self.width()), self.height())
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

    def take(self, part: Part) -> bool:
        return isinstance(part, Bullets) and part == self.bullets

    def _sign(self, index: int) -> str:
        return f"{index + 1}." if self.bullets.numbered else "•"

    def _indent(self) -> int:
        font = self.look.font(Face.STRONG)
        last = max(0, len(self.bullets.items) - 1)
        return words.natural_width(self._sign(last), font) + self.look.gap

    def _heights(self, width: int) -> list[int]:
        inner = min(width - self._indent(), self.look.column)
        return [
            words.height(item, self.look.font(), inner, self.look.line()) for item in self.bullets.items
        ]

    def height_for(self, width: int) -> int:
        heights = self._heights(width)
        return sum(heights) + self.look.px(1.5) * max(0, len(heights) - 1)

    def spans(self) -> list[Span]:
        found: list[Span] = []
        top = 0
        for height in self._heights(self.width()):
            found.append((top, top + height))
            top += height + self.look.px(1.5)
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = self.look
        brush.ready(painter, look)
        painter.setPen(QColor(look.palette.ink))
        indent = self._indent()
        for index, (top, bottom) in enumerate(self.spans()):
            box = QRect(indent, top, min(self.width() - indent, look.column), bottom - top)
            sign = QRect(0, top, indent, look.line())
            words.paint(painter, self._sign(index), look.font(Face.STRONG), sign, look.line())
            words.paint(painter, self.bullets.items[index], look.font(), box, look.line())


class PictureBlock(Block):
    """A large drawing with the words that stand for it as its accessible name."""

    def __init__(self, look: Look, guard: PressGuard, picture: Picture) -> None:
        super().__init__(look, guard)
        self.picture = picture
        self.setAccessibleName(picture.alt)

    def take(self, part: Part) -> bool:
        return isinstance(part, Picture) and part == self.picture

    def height_for(self, width: int) -> int:
        if not brush.has_icon(self.picture.name):
            return 0
        return self.look.px(26)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not brush.has_icon(self.picture.name):
            return
        painter = QPainter(self)
        brush.ready(painter, self.look)
        side = self.height()
        brush.icon(painter, self.picture.name, QRect(0, 0, side, side), self.look.palette.accent)


class ProgressBlock(Block):
    """A bar that fills, or where the length is not known three marks; the words say the same."""

    def __init__(self, look: Look, guard: PressGuard, progress: Progress) -> None:
        super().__init__(look, guard)
        self.progress = progress
        self.setAccessibleName(progress.label)

    def take(self, part: Part) -> bool:
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
        text = QRect(0, 0, width, self.height())
        words.paint(painter, progress.label, look.font(), text, look.line())
        bar = QRect(0, self.height() - look.px(5), width, look.px(5))
        if progress.total:
            brush.frame(painter, look, bar, fill=look.palette.card, line=look.palette.line, width=look.thin)
            share = min(1.0, progress.done / progress.total)
            done = QRect(bar.left(), bar.top(), round(bar.width() * share), bar.height())
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


def qr_modules(content: str) -> tuple[bytes, ...]:
    """Rows of a QR code, 1 for dark, with a quiet zone of four modules (ISO/IEC 18004)."""
    import segno

    code = segno.make(content, micro=False)
    return tuple(bytes(row) for row in code.matrix_iter(scale=1, border=4))


class CodeBlock(Block):
    """Digits to copy, in groups, large; with a QR code beside them where it holds one."""

    def __init__(self, look: Look, guard: PressGuard, code: Code) -> None:
        super().__init__(look, guard)
        self.code = code
        self.setAccessibleName(f"{code.label} {' '.join(code.groups)}")
        self.setAccessibleDescription(code.caption)
        self._modules = qr_modules(code.qr) if code.qr else ()

    def take(self, part: Part) -> bool:
        return isinstance(part, Code) and part == self.code

    def _qr_side(self) -> int:
        return self.look.px(45) if self._modules else 0

    def _inner(self, width: int) -> int:
        spare = self._qr_side() + self.look.space if self._modules else 0
        return width - 2 * self.look.padding - spare

    def _group_rows(self, width: int) -> list[list[str]]:
        """Whole groups on each line: a group is never broken, for it is what people copy."""
        font = self.look.font(Face.DIGITS)
        space = self._group_gap()
        rows: list[list[str]] = [[]]
        used = 0
        for group in self.code.groups:
            wide = words.natural_width(group, font)
            if rows[-1] and used + space + wide > width:
                rows.append([])
                used = 0
            used += wide + (space if rows[-1] else 0)
            rows[-1].append(group)
        return rows

    def _group_gap(self) -> int:
        return round(self.look.font(Face.DIGITS).pixelSize() * 0.6)

    def height_for(self, width: int) -> int:
        look, inner = self.look, self._inner(width)
        body = look.line()
        tall = words.height(self.code.label, look.font(), inner, body)
        tall += len(self._group_rows(inner)) * look.line(Face.DIGITS)
        tall += words.height(self.code.caption, look.font(), min(inner, look.column), body)
        return max(tall, self._qr_side()) + 2 * look.padding

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look, code = self.look, self.code
        brush.ready(painter, look)
        brush.frame(
            painter, look, self.rect(), fill=look.palette.card, line=look.palette.line, width=look.thin
        )
        inner = self._inner(self.width())
        box = QRect(look.padding, look.padding, inner, self.height())
        painter.setPen(QColor(look.palette.ink))
        if code.label:
            words.paint(painter, code.label, look.font(), box, look.line())
            box.translate(0, words.height(code.label, look.font(), inner, look.line()))
        font = look.font(Face.DIGITS)
        for row in self._group_rows(inner):
            place = QRect(box)
            for group in row:
                words.paint(painter, group, font, place, look.line(Face.DIGITS))
                place.translate(words.natural_width(group, font) + self._group_gap(), 0)
            box.translate(0, look.line(Face.DIGITS))
        if code.caption:
            caption = QRect(box.left(), box.top(), min(inner, look.column), box.height())
            words.paint(painter, code.caption, look.font(), caption, look.line())
        if self._modules:
            self._paint_qr(painter)

    def _paint_qr(self, painter: QPainter) -> None:
        side = self._qr_side()
        count = len(self._modules)
        module = side // count
        whole = module * count
        left = self.width() - self.look.padding - whole
        top = self.look.padding
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        # Scanners want black on white, whatever the theme is.
        painter.fillRect(left, top, whole, whole, QColor("#FFFFFF"))
        for y, row in enumerate(self._modules):
            for x, dark in enumerate(row):
                if dark:
                    painter.fillRect(
                        left + x * module, top + y * module, module, module, QColor("#000000")
                    )


def only_read(look: Look, guard: PressGuard, part: Part) -> Block | None:
    """The block for a part that is only read; None for the others."""
    match part:
        case Paragraph():
            return Words(look, guard, part.text, part.tone)
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

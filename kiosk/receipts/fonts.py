"""Which letters the paper is set in: Noto Sans, and Nanum Gothic for Hangul, embedded in every receipt.

reportlab is imported when a receipt is made and not before.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from kiosk.errors import Message, PrintFault
from kiosk.texts import N_

if TYPE_CHECKING:
    from reportlab.pdfbase.ttfonts import TTFont

FONT_FOLDERS = (
    Path("/usr/share/fonts/truetype/noto"),
    Path("/usr/share/fonts/truetype/nanum"),
)
"""Where Debian's fonts-noto-core and fonts-nanum put them."""

_AROUND_NO_FIGURE = re.compile(r"(?<!\d) (?!\d)")


@dataclass(frozen=True, slots=True)
class PaperFonts:
    """TrueType files."""

    regular: Path
    bold: Path
    hangul: Path
    hangul_bold: Path


def find_fonts(folders: Iterable[Path] = FONT_FOLDERS) -> PaperFonts:
    """:raises PrintFault: one of the four files is in none of the folders."""
    places = tuple(folders)

    def find(name: str) -> Path:
        for place in places:
            if (place / name).is_file():
                return place / name
        raise PrintFault(
            Message(N_("The letters for the paper are missing")),
            Message(
                N_(
                    "Please ask whoever looks after this kiosk to install the packages "
                    "fonts-noto-core and fonts-nanum."
                )
            ),
            name,
        )

    return PaperFonts(
        regular=find("NotoSans-Regular.ttf"),
        bold=find("NotoSans-Bold.ttf"),
        hangul=find("NanumGothic.ttf"),
        hangul_bold=find("NanumGothicBold.ttf"),
    )


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that one font can set. ``font`` is the name known to reportlab."""

    font: str
    text: str
    width: float
    """In points."""


class Typeface:
    """Text in one weight: each letter in the first font that has it."""

    def __init__(self, first: Path, other: Path) -> None:
        self._fonts = (_registered(first), _registered(other))
        self.name: str = self._fonts[0].fontName

    def runs(self, text: str, size: float) -> Iterator[Run]:
        for font, letters in groupby(text, key=self._font_for):
            stretch = "".join(letters)
            yield Run(font.fontName, stretch, font.stringWidth(stretch, size))

    def width(self, text: str, size: float) -> float:
        return sum(run.width for run in self.runs(text, size))

    def wrapped(self, text: str, size: float, width: float) -> list[str]:
        """``text`` in lines of at most ``width`` points; a word is broken only where it must be.

        A figure stays with its neighbours ("21 November 2026", "30 days"), where there is room.
        """
        lines: list[str] = []
        line = ""
        for word in self._words(text, size, width):
            longer = f"{line} {word}" if line else word
            if self.width(longer, size) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            line = word
            while self.width(line, size) > width and len(line) > 1:
                cut = next(
                    end
                    for end in range(len(line) - 1, 0, -1)
                    if end == 1 or self.width(line[:end], size) <= width
                )
                lines.append(line[:cut])
                line = line[cut:]
        return [*lines, line]

    def _words(self, text: str, size: float, width: float) -> Iterator[str]:
        for words in _AROUND_NO_FIGURE.split(text):
            if self.width(words, size) <= width:
                yield words
            else:
                yield from words.split(" ")

    def _font_for(self, letter: str) -> "TTFont":
        for font in self._fonts:
            if ord(letter) in font.face.charToGlyph:
                return font
        return self._fonts[0]


_registering = Lock()


def _registered(path: Path) -> "TTFont":
    # reportlab has one registry a process. Parsing a Hangul font takes a tenth of a second: once is enough.
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    with _registering:
        if str(path) not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(str(path), str(path)))
        font = pdfmetrics.getFont(str(path))
    assert isinstance(font, TTFont)
    return font

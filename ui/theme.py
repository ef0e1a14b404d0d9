"""How a page looks and feels: text sizes, colours, type, and the measures that follow from the glass.

Sizes follow ACCESS S1 (capital letters in millimetres, measured in the very font), colours S6-S8. A
:class:`Look` is a value: another look means that the page is laid out anew.
"""

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final, assert_never

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF

from kiosk.flow.comfort import TextSize, Theme
from ui.glass import Glass

LATIN_FAMILY: Final = "Noto Sans"
HANGUL_FAMILY: Final = "NanumGothic"
ARABIC_FAMILY: Final = "Noto Sans Arabic"
"""For names that are written so; no language of the product is."""


class Face(StrEnum):
    """The few kinds of type. None is smaller than the body's."""

    BODY = "body"
    STRONG = "strong"
    HEADING = "heading"
    DIGITS = "digits"


class KeyOrder(StrEnum):
    USUAL = "usual"
    ALPHABETICAL = "alphabetical"


CAP_MM: Final = {
    TextSize.SMALL: 3.85,
    TextSize.MEDIUM: 5.2,
    TextSize.LARGE: 6.75,
    TextSize.EXTRA_LARGE: 8.75,
}
"""Height of a capital letter: the middle of each range of VVSG 2.0 7.1-G."""

_HEADING: Final = {
    TextSize.SMALL: 1.5,
    TextSize.MEDIUM: 1.35,
    TextSize.LARGE: 1.2,
    TextSize.EXTRA_LARGE: 1.1,
}
"""How much larger a heading is than the body: the larger the body, the less it needs."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as #RRGGBB. ``line`` edges controls; ``fill`` is the filled button, ``on_fill`` its words."""

    paper: str
    card: str
    ink: str
    quiet: str
    line: str
    accent: str
    fill: str
    on_fill: str
    chosen: str
    warning: str
    error: str
    focus: str


PALETTES: Final = {
    Theme.CALM: Palette(
        paper="#FAF6EE",
        card="#FFFDF9",
        ink="#211C17",
        quiet="#3D362E",
        line="#857868",
        accent="#093E3B",
        fill="#093E3B",
        on_fill="#FFFDF9",
        chosen="#ECF3EC",
        warning="#553005",
        error="#721111",
        focus="#093E3B",
    ),
    Theme.DARK_ON_LIGHT: Palette(
        paper="#FFFFFF",
        card="#FFFFFF",
        ink="#000000",
        quiet="#000000",
        line="#000000",
        accent="#000000",
        fill="#000000",
        on_fill="#FFFFFF",
        chosen="#FFFFFF",
        warning="#000000",
        error="#000000",
        focus="#000000",
    ),
    Theme.LIGHT_ON_DARK: Palette(
        paper="#000000",
        card="#000000",
        ink="#FFFFFF",
        quiet="#FFFFFF",
        line="#FFFFFF",
        accent="#FFFFFF",
        fill="#FFFFFF",
        on_fill="#000000",
        chosen="#000000",
        warning="#FFFFFF",
        error="#FFFFFF",
        focus="#FFFFFF",
    ),
    Theme.LOW_CONTRAST: Palette(
        paper="#DFD8CB",
        card="#E4DED2",
        ink="#47423B",
        quiet="#4B463F",
        line="#756D62",
        accent="#2C514D",
        fill="#3B5F5B",
        on_fill="#E9E4D9",
        chosen="#D6DACF",
        warning="#5E4220",
        error="#703433",
        focus="#2C514D",
    ),
}


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that a widget needs to know to paint itself.

    ``staff``: a volunteer's page, targets of 12.7 mm. ``spaced``: letter and word spacing of WCAG 1.4.12.
    ``second_press_ms``: a second press on the same place within so many milliseconds is ignored; 0 for never.
    """

    glass: Glass
    size: TextSize = TextSize.LARGE
    theme: Theme = Theme.CALM
    staff: bool = False
    language: str = "en"
    key_order: KeyOrder = KeyOrder.USUAL
    spaced: bool = False
    second_press_ms: int = 0

    def of(self, *, language: str, staff: bool) -> "Look":
        """The same look for a page in ``language``, for staff or not."""
        return replace(self, language=language, staff=staff)

    @property
    def palette(self) -> Palette:
        return PALETTES[self.theme]

    def px(self, mm: float) -> int:
        return self.glass.px(mm)

    @property
    def high_contrast(self) -> bool:
        return self.theme in (Theme.DARK_ON_LIGHT, Theme.LIGHT_ON_DARK)

    @property
    def direction(self) -> Qt.LayoutDirection:
        return _direction(self.language)

    # -- type -----------------------------------------------------------------------------------------

    def font(self, face: Face = Face.BODY) -> QFont:
        """A font whose capital letters have the height of this text size, in the language's own family.

        It is everybody's: who changes it makes a copy first.
        """
        return _font(self._families(), self._cap_px(face), face, self.spaced)

    def line(self, face: Face = Face.BODY) -> int:
        """Height of a line in pixels: one and a half em; headings and digits stand closer, unless spaced.

        Body and strong words share lines, so they have the same, by the larger of the two.
        """
        large = face in (Face.HEADING, Face.DIGITS)
        faces = (face,) if large else (Face.BODY, Face.STRONG)
        em = max(self.font(each).pixelSize() for each in faces)
        high = 1.3 if large and not self.spaced else 1.5
        # Arabic letters reach further below the line than Latin ones.
        return math.ceil(em * (high + 0.2 if self.direction == Qt.LayoutDirection.RightToLeft else high))

    def _families(self) -> tuple[str, ...]:
        own = (HANGUL_FAMILY, LATIN_FAMILY) if self.language == "ko" else (LATIN_FAMILY, HANGUL_FAMILY)
        return (*own, ARABIC_FAMILY)

    def _cap_px(self, face: Face) -> float:
        scale = _HEADING[self.size] if face in (Face.HEADING, Face.DIGITS) else 1.0
        return CAP_MM[self.size] * scale * self.glass.height_px / self.glass.true_height_mm

    # -- measures, in pixels --------------------------------------------------------------------------

    @property
    def target(self) -> int:
        """The least height of answers and navigation (ACCESS T1)."""
        return self.px(12.7 if self.staff else 20)

    @property
    def key(self) -> int:
        """The least width and height of a key of the on-screen keyboard."""
        return self.px(12.7)

    @property
    def gap(self) -> int:
        """Between targets: never under 2.54 mm (ACCESS T2)."""
        return self.px(3.2)

    @property
    def key_gap(self) -> int:
        return self.px(2.54)

    @property
    def space(self) -> int:
        """Between the regions of a page; a volunteer's is denser."""
        return self.px(3.5 if self.staff else 5)

    @property
    def paragraph(self) -> int:
        """Between one part of a page and the next. Spaced: two em (WCAG 1.4.12)."""
        return max(self.space, 2 * self.font().pixelSize()) if self.spaced else self.space

    @property
    def margin(self) -> int:
        return self.px(6)

    @property
    def padding(self) -> int:
        """Between the edge of a control and its words."""
        return self.px(4 if not self.staff else 3.2)

    @property
    def radius(self) -> int:
        return self.px(2.2)

    @property
    def thin(self) -> int:
        """Width of an ordinary edge."""
        return max(2, self.px(0.4 if not self.high_contrast else 0.5))

    @property
    def thick(self) -> int:
        """Width of the edge of what is chosen or wrong."""
        return max(4, self.px(1.1))

    @property
    def icon(self) -> int:
        """Side of an icon beside words of the body."""
        return round(self.font().pixelSize() * 1.2)

    @property
    def page_width(self) -> int:
        """A page is never wider than 380 mm, however large the glass is."""
        return min(self.glass.width_px - 2 * self.margin, self.px(380))

    @property
    def column(self) -> int:
        """The widest that a paragraph may be: at most eighty characters, forty of Hangul (WCAG 1.4.8).

        Letters are reckoned narrow, as they are in a line with many of "i" and "t" and blanks.
        """
        characters = 40 if self.language == "ko" else 80
        em = 0.68 if self.language == "ko" else 0.44
        return round(characters * em * self.font().pixelSize())


@lru_cache(maxsize=16)
def _direction(language: str) -> Qt.LayoutDirection:
    return QLocale(language).textDirection()


@lru_cache(maxsize=256)
def _font(families: tuple[str, ...], cap_px: float, face: Face, spaced: bool) -> QFont:
    font = QFont(list(families))
    match face:
        case Face.BODY:
            font.setWeight(QFont.Weight.Normal)
        case Face.STRONG | Face.HEADING | Face.DIGITS:
            font.setWeight(QFont.Weight.Bold)
        case _ as never:
            assert_never(never)
    font.setPixelSize(_pixel_size(families[0], font.weight(), cap_px))
    if spaced:
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.12 * font.pixelSize())
        font.setWordSpacing(0.16 * font.pixelSize())
    return font


@lru_cache(maxsize=256)
def _pixel_size(family: str, weight: QFont.Weight, cap_px: float) -> int:
    """The pixel size at which a capital letter of the font is nearest to ``cap_px`` high."""

    def cap(pixel_size: int) -> float:
        font = QFont(family)
        font.setWeight(weight)
        font.setPixelSize(pixel_size)
        return QFontMetricsF(font).capHeight()

    guess = max(1, round(cap_px / (cap(100) / 100)))
    return min(range(max(1, guess - 2), guess + 3), key=lambda size: abs(cap(size) - cap_px))


def missing_fonts() -> tuple[str, ...]:
    """The families that the product needs and this machine lacks."""
    present = set(QFontDatabase.families())
    return tuple(family for family in (LATIN_FAMILY, HANGUL_FAMILY) if family not in present)

"""The pane that a person touches: how many pixels one millimetre of it has.

Handed in everywhere, because a screen's own report is often wrong (an ``offscreen`` one says that 800 pixels
are 203 mm) and can be corrected against a bank card.
"""

import math
import re
from dataclasses import dataclass, replace
from typing import Final, Self

from PySide6.QtGui import QScreen

_PANELS: Final = {"15.6": (344.0, 194.0), "23.8": (527.0, 296.0)}
"""Active areas in millimetres, as the makers' data sheets give them for 16:9 panels of that diagonal."""

BANK_CARD_MM: Final = 85.6
"""Width of a bank card, ISO/IEC 7810 ID-1."""

_MEASURED: Final = re.compile(r"(\d+)x(\d+) ([1-9]\d?\.\d+)")


@dataclass(frozen=True, slots=True)
class Glass:
    """Size in pixels and in millimetres. ``calibration`` is true millimetres for each reported one."""

    width_px: int
    height_px: int
    width_mm: float
    height_mm: float
    calibration: float = 1.0

    @classmethod
    def panel(cls, inches: str, width_px: int = 1920, height_px: int = 1080) -> Self:
        """A panel by its diagonal: "15.6", "23.8", or any other diagonal in inches with square pixels.

        One that is higher than wide stands on its side.
        """
        if inches in _PANELS:
            long, short = _PANELS[inches]
            return cls(width_px, height_px, *((long, short) if width_px >= height_px else (short, long)))
        per_pixel = float(inches) * 25.4 / math.hypot(width_px, height_px)
        return cls(width_px, height_px, width_px * per_pixel, height_px * per_pixel)

    @classmethod
    def of_screen(cls, screen: QScreen, calibration: float = 1.0) -> Self:
        """What the screen itself reports; 96 pixels an inch where it reports nothing."""
        pixels, millimetres = screen.size(), screen.physicalSize()
        width_mm = millimetres.width() or pixels.width() * 25.4 / 96
        height_mm = millimetres.height() or pixels.height() * 25.4 / 96
        return cls(pixels.width(), pixels.height(), width_mm, height_mm, calibration)

    def calibrated(self, card_mm: float) -> "Glass":
        """The same pane, when a bank card drawn on it at its reported width measures ``card_mm``."""
        return Glass(
            self.width_px,
            self.height_px,
            self.width_mm,
            self.height_mm,
            self.calibration * card_mm / BANK_CARD_MM,
        )

    def fitted(self, share: float) -> "Glass":
        """The same pane, when a card drawn at ``share`` of its size is as wide as the card in the hand."""
        return self.calibrated(BANK_CARD_MM / share)

    @property
    def measured(self) -> str:
        """What the store keeps: the pixels, and how many of them are a millimetre."""
        return f"{self.width_px}x{self.height_px} {self.per_mm:.5f}"

    def as_measured(self, kept: str) -> "Glass":
        """The same pane by what was kept of it; as it reports itself where nothing was, or of another one."""
        found = _MEASURED.fullmatch(kept)
        if found is None or not self.is_of(kept):
            return self
        return replace(self, calibration=self.calibration * self.per_mm / float(found[3]))

    def is_of(self, kept: str) -> bool:
        """Whether ``kept`` was measured on a pane of these pixels."""
        found = _MEASURED.fullmatch(kept)
        return found is not None and (int(found[1]), int(found[2])) == (self.width_px, self.height_px)

    @property
    def true_width_mm(self) -> float:
        return self.width_mm * self.calibration

    @property
    def true_height_mm(self) -> float:
        return self.height_mm * self.calibration

    @property
    def per_mm(self) -> float:
        """Pixels in a millimetre, along the denser side, so that no size comes out too small."""
        return max(self.width_px / self.true_width_mm, self.height_px / self.true_height_mm)

    def px(self, mm: float) -> int:
        """Whole pixels that cover at least ``mm``."""
        return math.ceil(mm * self.per_mm - 1e-6)

    def mm(self, px: float) -> float:
        """Millimetres that ``px`` pixels cover, along the denser side."""
        return px / self.per_mm

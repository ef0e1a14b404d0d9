"""A drawn bank card that is made as wide as the real one in somebody's hand."""

from typing import Final

CARD: Final = "bank-card"
CARD_MM: Final = 85.6
"""Width of a bank card, ISO/IEC 7810 ID-1."""
FIRST_STEP: Final = 0.08
LAST_STEP: Final = 0.005
"""Shares of the card's width; under half a millimetre."""
LEAST, MOST = 0.5, 1.6


class DrawnCard:
    """``share`` is of its true width, as the screen draws it now."""

    def __init__(self) -> None:
        self.share = 1.0
        self._step = FIRST_STEP
        self._grows = 0

    def widen(self, way: int) -> None:
        """1 or -1. Turning round halves the step: few presses lead there from afar, and then exactly."""
        if self._grows == -way:
            self._step = max(LAST_STEP, self._step / 2)
        self._grows = way
        self.share = min(MOST, max(LEAST, self.share + way * self._step))

    @property
    def wide_mm(self) -> float:
        return CARD_MM * self.share

    @property
    def can_shrink(self) -> bool:
        return self.share > LEAST

    @property
    def can_grow(self) -> bool:
        return self.share < MOST

"""The machine that the kiosk runs on, as pages may ask about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.checks import Check
    from kiosk.texts import Texts


class Machine(Protocol):
    """Every call may take seconds: make it in the background."""

    def disk(self, texts: Texts) -> Check: ...

    def clock(self, texts: Texts) -> Check: ...

    def voice(self, texts: Texts) -> Check:
        """Whether a sentence in each language becomes sound, and whether there is a loudspeaker for it."""
        ...

    def glass(self, texts: Texts) -> Check:
        """Whether the screen that is plugged in is the one whose size was measured."""
        ...

    def enrol(self, address: str, code: str) -> bool:
        """Makes this kiosk known to the hub at ``address``; LineFault or HubFault where it does not work."""
        ...

    def help_cards(self, texts: Texts, phone: str) -> bytes:
        """Cards to hang beside the kiosk, as a PDF. PrintFault where the letters are missing."""
        ...

    def write_support(self, folder: Path) -> Path:
        """Writes what whoever helps from afar needs, and nothing personal; returns the file."""
        ...

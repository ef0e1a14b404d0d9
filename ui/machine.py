"""The machine under the kiosk: its disk, clock, loudspeaker and glass, and the way to a hub."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtMultimedia import QMediaDevices

from kiosk.checks import (
    Check,
    check_clock,
    check_disk,
    check_fonts,
    check_glass,
    check_jump,
    check_swap,
)
from kiosk.texts import Texts, texts_for
from kiosk.voice.port import Renderer
from kiosk.voice.trying import check_voice
from ui.house import House

SINCE_BOOT: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Goes on while the machine sleeps, where the system has such a clock (clock_gettime(2))."""


def since_boot() -> float:
    return time.clock_gettime(SINCE_BOOT)


class Speaker(QObject):
    """The loudspeaker that sound goes to, kept up to date on Qt's thread and read from any."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.name: str | None = None
        """Blank for no loudspeaker; None until it was looked for."""

    def watch(self, changed: Callable[[], None]) -> None:
        """Not at once: to ask for sound devices the first time takes long, and the first page is first."""
        devices = QMediaDevices(self)
        devices.audioOutputsChanged.connect(self._look)
        devices.audioOutputsChanged.connect(changed)
        self._look()

    def _look(self) -> None:
        self.name = QMediaDevices.defaultAudioOutput().description()


class KioskMachine:
    """Implements :class:`kiosk.flow.machine.Machine`.

    ``speaker`` names the loudspeaker that Qt has now, blank for none; ``glass_fits`` is None where nobody has
    measured the glass, and False where another one is plugged in. Both are asked on the worker's thread.
    ``enrolled`` is called there once a hub is known.
    """

    def __init__(
        self,
        house: House,
        renderer: Renderer,
        *,
        speaker: Callable[[], str | None],
        glass_fits: Callable[[], bool | None],
        enrolled: Callable[[], None] = lambda: None,
        steady: Callable[[], float] = since_boot,
    ) -> None:
        self._house = house
        self._renderer = renderer
        self._speaker = speaker
        self._glass_fits = glass_fits
        self._enrolled = enrolled
        self._steady = steady
        self._began = (house.machine_clock(), steady())

    def disk(self, texts: Texts) -> Check:
        return check_disk(self._house.folder, texts)

    def clock(self, texts: Texts) -> Check:
        check = check_clock(self._house.folder, self._house.machine_clock(), texts)
        return check_jump(self._jump(), texts) or check if check.ok else check

    def _jump(self) -> timedelta:
        """How far the wall clock has run away from one that only counts, since the kiosk was opened."""
        began, steady = self._began
        now: datetime = self._house.machine_clock()
        return now - began - timedelta(seconds=self._steady() - steady)

    def voice(self, texts: Texts) -> Check:
        return check_voice(self._renderer, texts, self._speaker())

    def glass(self, texts: Texts) -> Check:
        return check_glass(self._glass_fits(), texts)

    def enrol(self, address: str, code: str) -> bool:
        self._house.enrol(address, code)
        self._enrolled()
        return True

    def help_cards(self, texts: Texts, phone: str) -> bytes:
        from ui.card_pictures import help_cards

        return help_cards(texts, phone)

    def write_support(self, folder: Path) -> Path:
        from ui.support import write_support

        house, texts = self._house, texts_for("en")
        checks = (
            self.disk(texts),
            self.clock(texts),
            self.voice(texts),
            self.glass(texts),
            check_fonts(texts),
            check_swap(texts),
        )
        return write_support(folder, house.folder, checks, house.clock())

"""A kiosk on this computer that does what the one in the machine does, touch by touch.

It knows where each button stands, which nobody outside the machine could know otherwise, and what the
machine's screen has to show: both began with the same data folder, and have the same pane and letters. So the
machine is walked by touches on its glass alone, and its pages are compared.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QWindow
from PySide6.QtTest import QTest

from installers.stick_image import LABEL
from installers.virtual_machine import MachineFailed, VirtualMachine, until
from kiosk.flow.table import Screen
from kiosk.receipts import FolderPrinter
from ui.app import KioskApp
from ui.driver import Driver, QtFinger
from ui.glass import Glass
from ui.house import House
from ui.opening import application, utc_now
from ui.sticks import NAMED_BY
from ui.theme import Look
from ui.threads import GuiDelivery
from ui.tour.voice import TourPlayer
from ui.window import KioskWindow

ALIKE: Final = 0.002
"""So small a share of the pixels may differ: a cursor that blinks, the edge of a letter."""
BUT_FOR_A_NUMBER: Final[dict[str, float]] = {Screen.FOUND: 0.004}
"""Where a reference stands on the page, which is each one's own."""
OWN: Final = frozenset({Screen.STORED, Screen.TODAY, Screen.STICK, Screen.LOOKUP, Screen.SWITCH_OFF})
"""Pages that say what only one of the two knows: its codes, its times, its stick. They need only be nearly
alike, but for the stick's last, which says what both have done."""
NEARLY: Final = 0.01
"""A page with other digits (28 large ones are 0.5 %), and no other page: those differ by 5 % and more."""
PATIENCE_S: Final = 60.0
_SEEN: Final = 48
"""Of 255 levels: less is how two systems smooth a letter."""
_BAR: Final = 0.085
"""Of the height, from the top: it says whether a voice is reading just now, which nobody keeps in step."""
_BETWEEN_MS: Final = 500
"""From one touch to the next, as with a person: what comes quicker a shaky hand is thought to have done."""
_NEARLY_S: Final = 20.0
_ANSWERED_S: Final = 8.0
"""So long a page with words of its own may take to change at all."""


class Twin:
    """The kiosk here, over ``folder/data``, and hands that touch both.

    ``alone`` touches here only. ``code`` and ``reference`` are those of the last receipt here, ``stick`` the
    folder that is its USB stick, ``shares`` what differed at most of each screen that was compared.
    """

    def __init__(self, machine: VirtualMachine, folder: Path, glass: Glass) -> None:
        application()
        self._machine, self._folder, self._glass = machine, folder, glass
        for name in ("sticks", "tray"):
            (folder / name).mkdir()
        os.environ[NAMED_BY] = str(folder / "sticks")
        self._begin_memory()
        self.stick = folder / "stick"
        self.stick.mkdir()
        self.shares: dict[str, float] = {}
        self.code = self.reference = ""
        self._comparing = True
        self._open()

    def _open(self) -> None:
        self.house = House(
            self._folder / "data", clock=utc_now, deliver=GuiDelivery(), environment=os.environ
        )
        self.window = KioskWindow(Look(self._glass))
        self.window.resize(self._glass.width_px, self._glass.height_px)
        self.window.show()
        self._player = TourPlayer()
        printer = _Tray(self._folder / "tray")
        self.app = KioskApp(self.house, self.house.pack_or_none(), self.window, self._player, printer)
        self.hands = Driver(self.window, _BothFingers(self._machine, self))
        self.alone = Driver(self.window)
        self.app.start()

    def lose_power(self) -> None:
        """What a disk held at this moment is all that is left; the kiosk here is then switched on again."""
        left = self._folder / "left"
        shutil.copytree(self._folder / "data", left)
        self.close()
        shutil.rmtree(self._folder / "data")
        left.rename(self._folder / "data")
        self._begin_memory()
        self._open()

    def _begin_memory(self) -> None:
        """What no power cut leaves behind; the kiosk takes none but a memory file system for it."""
        self._memory = Path(tempfile.mkdtemp(prefix="opora-", dir="/dev/shm"))
        os.environ["XDG_RUNTIME_DIR"] = str(self._memory)

    def close(self) -> None:
        self.app.close()
        self._player.end()
        self.window.close()
        shutil.rmtree(self._memory)

    @property
    def screen(self) -> str:
        return self.app.conductor.shown.screen

    def plug_in(self) -> None:
        self.stick.rename(self._folder / "sticks" / LABEL)

    def pull_out(self) -> None:
        (self._folder / "sticks" / LABEL).rename(self.stick)

    def rests_at(self, screen: Screen) -> None:
        """Waits until this page stands here and takes presses, and until the machine shows it too."""
        there = self.app.conductor
        self.hands.until(
            lambda: there.shown.screen == screen and not there.working(), PATIENCE_S, f"the page {screen}"
        )
        self.in_step()

    def offers(self, id: str) -> bool:
        """Whether the page here, at rest, has this button."""
        found = any(each == id for each, _ in self.window.page.all_targets())
        return found and not self.app.conductor.working()

    def where(self, id: str) -> tuple[int, int]:
        """The middle of a button, in pixels of both."""
        box = self.window.page.target(id)
        assert box is not None, f"{id} is not on the page"
        return box.center().x(), box.center().y()

    def type_each(self, field: str, there: str, here: str) -> None:
        """Digits that the machine has to be told, and others for the kiosk here."""
        with self.own_words():
            self.hands.type(field, there)
            self.alone.type(field, here)

    # -- one as the other

    @contextmanager
    def own_words(self) -> Iterator[None]:
        """What stands on the pages in between only one of the two can know."""
        self._comparing = False
        try:
            yield
        finally:
            self._comparing = True

    @property
    def comparable(self) -> bool:
        done = self.app.conductor.shown.key.startswith(f"{Screen.STICK}:DONE")
        return self._comparing and (done or self.screen not in OWN)

    def in_step(self, before: Image.Image | None = None) -> None:
        """Returns when the machine shows what stands here. On a page with words of its own that is nearly
        the same, another picture than ``before``, and one that stands still. Raises MachineFailed."""
        conductor = self.app.conductor
        QTest.qWait(_BETWEEN_MS)
        self.hands.until(lambda: not conductor.working(), PATIENCE_S, "the page to take presses")
        if self.comparable:
            alike = BUT_FOR_A_NUMBER.get(self.screen, ALIKE)
            differs = self._differs(alike, PATIENCE_S)
            if differs > alike:
                raise MachineFailed(
                    f"not within {PATIENCE_S:.0f} s: the machine to show {conductor.shown.key}; "
                    f"{differs:.2%} of the pixels differ"
                )
            self.shares[self.screen] = max(differs, self.shares.get(self.screen, 0.0))
        else:
            self._differs(NEARLY, _NEARLY_S)
            self._at_rest(before)

    def _differs(self, alike: float, patience_s: float) -> float:
        """Of the pixels, as soon as no more than ``alike`` do, or when patience is over."""
        differs = [1.0]

        def one_as_the_other() -> bool:
            QTest.qWait(100)
            differs[0] = share(self._here(), self._machine.picture())
            return differs[0] <= alike

        with suppress(MachineFailed):
            until(one_as_the_other, "the machine to show the same", patience_s)
        return differs[0]

    def _at_rest(self, before: Image.Image | None) -> None:
        def changed() -> bool:
            QTest.qWait(200)
            return before is None or share(before, self._machine.picture()) > 0

        try:
            until(changed, "an answer", _ANSWERED_S)
        except MachineFailed:
            return  # a press may change nothing
        seen = [self._machine.picture()]

        def stands() -> bool:
            QTest.qWait(1500)
            seen.append(self._machine.picture())
            return share(seen[-2], seen[-1]) <= ALIKE

        until(stands, "the machine's picture to stand still", PATIENCE_S)

    def _here(self) -> Image.Image:
        drawn = self.window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
        size = (drawn.width(), drawn.height())
        return Image.frombytes("RGB", size, bytes(drawn.constBits()), "raw", "RGB", drawn.bytesPerLine(), 1)

    def keep(self, folder: Path, name: str) -> None:
        """Both pictures, for somebody to look at."""
        self._here().save(folder / f"{name}-here.png")
        self._machine.picture().save(folder / f"{name}-machine.png")


class _Tray(FolderPrinter):
    """Has the name of the machine's printer."""

    def names(self) -> tuple[str, ...]:
        return ("receipts",)


class _BothFingers(QtFinger):
    """Implements :class:`ui.driver.Finger`."""

    def __init__(self, machine: VirtualMachine, twin: Twin) -> None:
        self._machine = machine
        self._twin = twin

    def touch(self, window: QWindow, at: QPoint) -> None:
        before = self._machine.picture()
        super().touch(window, at)
        self._machine.touch(at.x(), at.y())
        self._twin.in_step(before)

    def draw(self, window: QWindow, points: Sequence[QPoint]) -> None:
        super().draw(window, points)
        self._machine.drag([(point.x(), point.y()) for point in points])
        self._twin.in_step()


def share(one: Image.Image, other: Image.Image) -> float:
    """Of the pixels below the bar that plainly differ; 1 where the sizes do."""
    if one.size != other.size:
        return 1.0
    width, height = one.size
    below = (0, round(_BAR * height), width, height)
    differences = ImageChops.difference(one.crop(below), other.crop(below)).convert("L")
    counted = differences.histogram()
    return sum(counted[_SEEN:]) / sum(counted)

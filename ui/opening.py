"""From the first paint to the first page: the name is on the glass before anything slow is imported.

Only what paints "one moment" is imported here at once. The store, the forms, the voice and the courier are
imported and opened on a thread, and wired (``ui.app``) when they are ready.
"""

import faulthandler
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from kiosk.errors import Fault
from kiosk.flow.comfort import TextSize
from kiosk.flow.pages.moment import moment_view
from ui.bugs import report_without_values
from ui.core_dumps import refuse_core_dumps
from ui.glass import Glass
from ui.glass_watch import GlassWatch, glass_of
from ui.pointer import PointerForMice
from ui.service import DISPLAY_TRIED, EndingSignals, Supervisor, Watched
from ui.theme import Look
from ui.threads import GuiDelivery
from ui.window import KioskWindow

if TYPE_CHECKING:
    from kiosk.catalogue import Pack
    from ui.app import KioskApp
    from ui.house import House
    from ui.player import QtPlayer

Prepare = Callable[["House"], None]


def utc_now() -> datetime:
    return datetime.now(UTC)


@cache
def application() -> QApplication:
    """Qt's application object; there is one a process, and it is kept for as long as that lives."""
    return QApplication(sys.argv[:1])


def run(qt: QApplication, opening: "Opening") -> int:
    """Until somebody closes the kiosk or SIGTERM or Ctrl+C comes; then what was handed in is done, and all is
    closed. Whoever watches over this process is told how it stands."""
    refuse_core_dumps()
    report_without_values()
    if sys.stderr is not None:
        # A crash, or the watchdog's SIGABRT: where each thread stood, and no value.
        faulthandler.enable()
    supervisor = Supervisor.of(os.environ, os.getpid())
    watched = Watched(supervisor, os.environ.get(DISPLAY_TRIED, ""))
    opening.window.painted.connect(watched.ready, Qt.ConnectionType.SingleShotConnection)
    opening.stands.connect(watched.stands)
    # Not quit(), which asks the windows first: the kiosk's refuses to be closed.
    signals = EndingSignals(lambda: qt.exit(0))
    status = qt.exec()
    watched.stopping()
    opening.close()
    signals.close()
    supervisor.close()
    return status


def glass_here(panel: str | None) -> Glass:
    """The first screen's glass; by its diagonal in inches where that is given."""
    return glass_of(QApplication.primaryScreen(), panel)


class Opening(QObject):
    """Paints the first page, then opens ``folder`` behind it. ``app`` is there once ``ready`` was called.

    ``guarded``: the window can be closed from the coordinator's page alone, or where nobody could come that
    far: before the first start, and when the data folder cannot be opened.
    """

    stands = Signal(str)
    """How it stands, in one English line for whoever looks after the machine."""

    def __init__(
        self,
        folder: Path,
        glass: Glass,
        *,
        prepare: Prepare | None = None,
        ready: Callable[["KioskApp"], None] | None = None,
        guarded: bool = False,
    ) -> None:
        super().__init__()
        self._guarded = guarded
        self._folder = folder
        self._prepare = prepare
        self._ready = ready
        self._deliver = GuiDelivery()
        self._thread: Thread | None = None
        self._player: QtPlayer | None = None
        self.app: KioskApp | None = None
        self.failure: BaseException | None = None
        self.window = KioskWindow(Look(glass), self._may_close)
        self.window.painted.connect(self._open, Qt.ConnectionType.SingleShotConnection)
        self.window.show_view(moment_view(), self.window.look)

    def show_full_screen(self, panel: str | None) -> None:
        """On the first screen, and then on whatever screen there is; ``panel`` as for :func:`glass_here`."""
        self.window.showFullScreen()
        GlassWatch(self.window, panel).changed.connect(self._stand_on)
        handle = self.window.windowHandle()
        if handle is not None:
            PointerForMice(handle)

    def _stand_on(self, glass: Glass) -> None:
        if self.app is not None:
            self.app.stand_on(glass)
        else:
            self.window.stand_on(glass)

    def _may_close(self) -> bool:
        if not self._guarded or self.failure is not None:
            return True
        return self.app is not None and self.app.may_close

    def _open(self) -> None:
        self._thread = Thread(target=self._open_house, name="opening")
        self._thread.start()

    def _open_house(self) -> None:
        try:
            import ui.app  # noqa: F401 - what the wiring needs is imported here, beside the first paint
            from ui.house import House

            house = House(self._folder, clock=utc_now, deliver=self._deliver, environment=os.environ)
            try:
                if self._prepare is not None:
                    self._prepare(house)
                pack = house.pack_or_none()
            except BaseException:
                house.close()
                raise
        except Exception as failure:
            told = failure
            self._deliver(lambda: self._failed(told))
        else:
            self._deliver(lambda: self._wire(house, pack))

    def _wire(self, house: "House", pack: "Pack") -> None:
        from kiosk.receipts import system_printer
        from ui.app import KioskApp
        from ui.player import QtPlayer
        from ui.sound_server import SoundServer

        sound = SoundServer.of_this_session(os.environ)
        self._player = QtPlayer(server=sound)
        self.app = KioskApp(
            house,
            pack,
            self.window,
            self._player,
            system_printer(house.facts.printer),
            outputs=self._player,
            sound=sound,
            reopen=self.reopen,
        )
        self.app.start()
        self.stands.emit("Open")
        # Opening a sound device takes half a second; the first words are still being rendered.
        QTimer.singleShot(0, self, self._player.warm_up)
        if self._ready is not None:
            self._ready(self.app)

    def reopen(self) -> None:
        """Closes the kiosk and opens its folder anew in the same window: another kiosk lies there now."""
        QTimer.singleShot(0, self, self._reopen)

    def _reopen(self) -> None:
        self.window.show_view(moment_view(), self.window.look)
        self._end_app()
        self._open()

    def _end_app(self) -> None:
        if self._thread is not None:
            self._thread.join()
        if self.app is not None:
            self.app.close()
            self.app = None
        if self._player is not None:
            self._player.close()
            self._player = None

    def _failed(self, failure: BaseException) -> None:
        """A store that cannot be opened is told in plain words; nothing in it is touched."""
        self.failure = failure
        self.stands.emit(f"The data folder cannot be opened: {type(failure).__name__}")
        from kiosk.flow.pages.trouble import trouble_view

        fault = failure if isinstance(failure, Fault) else None
        # In a size at which all three languages stand on one sheet.
        look = replace(self.window.look, size=TextSize.MEDIUM)
        self.window.show_view(trouble_view(fault, again=True), look)
        self.window.happened.connect(self._open_again, Qt.ConnectionType.SingleShotConnection)

    def _open_again(self, _pressed: object) -> None:
        """The page has one button: somebody has made room on the disk, say, and need not restart anything."""
        self.failure = None
        self.window.show_view(moment_view(), Look(self.window.look.glass))
        self._open()

    def close(self) -> None:
        self._guarded = False
        self._end_app()
        self.window.close()

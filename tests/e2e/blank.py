"""A kiosk that nobody has set up yet, in a real window, with a printer that prints into a folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.receipts import FolderPrinter
from tests.conformance.blind.kiosk import demo_pack
from tests.conformance.blind.sound import Ear, WordsVoice
from ui.app import KioskApp
from ui.display import paint_without_display
from ui.glass import Glass
from ui.house import House
from ui.opening import application, utc_now
from ui.theme import Look
from ui.threads import GuiDelivery
from ui.window import KioskWindow

PIXELS = (1920, 1080)


@contextmanager
def blank_kiosk(folder: Path) -> Iterator[tuple[KioskApp, Ear, str]]:
    """The kiosk on its very first page, what it says, and the one-time code. Paper comes to ``tray``."""
    paint_without_display()
    application()
    (folder / "tray").mkdir(parents=True)
    house = House(folder / "data", clock=utc_now, deliver=GuiDelivery(), environment=os.environ)
    code = house.operators.first_start_code().replace(" ", "")
    window = KioskWindow(Look(Glass.panel("15.6", *PIXELS)))
    window.resize(*PIXELS)
    window.show()
    ear = Ear()
    printer = FolderPrinter(folder / "tray")
    app = KioskApp(house, demo_pack(folder), window, ear, printer, renderer=WordsVoice())
    try:
        app.start()
        yield app, ear, code
    finally:
        app.close()
        window.close()

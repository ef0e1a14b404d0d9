"""The tour itself: kiosk and hub in a folder of their own, one person through the whole of it."""

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from kiosk.flow.pages.found import FoundPresenter
from kiosk.flow.table import Screen
from kiosk.flow.visit import Comfort, TextSize
from kiosk.forms import parse_form
from kiosk.ids import FormId
from kiosk.receipts import FolderPrinter
from kiosk.voice.spoken import Utterance
from sync.hub.server import HubServer
from sync.hub.statuses import Decision
from ui.app import KioskApp
from ui.demonstration import demonstration_hub, settle_in
from ui.driver import Driver
from ui.glass import Glass
from ui.house import House
from ui.opening import application, utc_now
from ui.theme import Look
from ui.threads import GuiDelivery
from ui.tour.persona import Persona
from ui.tour.person import Person, TourFailed
from ui.tour.report import SyncFigures, TourReport
from ui.window import KioskWindow

DECISION = "granted"
RECEIPT = "receipt.pdf"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What kind of tour: ``form`` by its id, or None for the pack's first service that has one."""

    out: Path
    language: str = "en"
    size: str = TextSize.LARGE
    panel: str = "15.6"
    form: str | None = None
    seed: int = 1
    data: Path | None = None
    """The data folder; None for one that is thrown away."""


@dataclass(slots=True)
class Spoken:
    """What began to sound, in order."""

    lines: list[str] = field(default_factory=list)

    def __call__(self, utterance: Utterance) -> None:
        self.lines.append(utterance.text)


def run_tour(wishes: Wishes, told: Callable[[str], None] = lambda _: None) -> TourReport:
    """Raises :class:`~ui.tour.person.TourFailed` where a step fails; the pictures until then stay."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    wishes.out.mkdir(parents=True, exist_ok=True)
    for old in (*wishes.out.glob("*.png"), wishes.out / RECEIPT, wishes.out / "tour.json"):
        old.unlink(missing_ok=True)
    if wishes.data is not None:
        return _in_folder(wishes, wishes.data, told)
    with TemporaryDirectory(prefix="opora-tour-") as folder:
        return _in_folder(wishes, Path(folder), told)


def _in_folder(wishes: Wishes, folder: Path, told: Callable[[str], None]) -> TourReport:
    application()
    with demonstration_hub(folder, utc_now) as hub:
        deliver = GuiDelivery()
        house = House(folder, clock=utc_now, deliver=deliver, environment=os.environ)
        settle_in(house, hub)
        look = Look(Glass.panel(wishes.panel, 1920, 1080))
        window = KioskWindow(look)
        window.resize(1920, 1080)
        window.show()
        spoken = Spoken()
        printer = FolderPrinter(wishes.out)
        with TourVoice() as player:
            app = KioskApp(house, house.pack(), window, player, printer, heard=spoken)
            try:
                return _Walk(wishes, app, hub, Driver(window), spoken, told).walk()
            finally:
                app.close()
                window.close()

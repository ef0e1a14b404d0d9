"""A whole kiosk in the process of its test: real window, real store, a printer that prints into a folder."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from kiosk.flow.comfort import Comfort
from kiosk.flow.table import Screen
from kiosk.flow.view import View
from kiosk.forms import parse_form
from kiosk.receipts import FolderPrinter
from tests.e2e.promises import STORED, Promise
from ui.app import KioskApp
from ui.driver import Driver
from ui.glass import Glass
from ui.house import House
from ui.opening import application, utc_now
from ui.theme import Look
from ui.threads import GuiDelivery
from ui.tour.person import Person
from ui.tour.persona import Persona
from ui.tour.voice import TourPlayer
from ui.window import KioskWindow

PIXELS = (1920, 1080)
PATIENCE_S = 60.0


class Walker(Person):
    """A person who may stop on the way."""

    def walk_questions(self, most: int) -> None:
        """Until ``most`` questions have been answered, or the answers are checked."""
        while True:
            self.look()
            if self.view.screen == Screen.CHECK or (
                self.view.screen == Screen.QUESTION and self.questions >= most
            ):
                return
            self._act()

    def answer_on(self, most: int) -> None:
        """Questions only, until the page says that something is wrong."""
        for _ in range(most):
            self._act()
            if self.view.errors:
                return
            self.look()

    def sign_and_hand_in(self) -> None:
        self._sign()


@dataclass
class WholeKiosk:
    """``promises``: what the screen has moved past."""

    app: KioskApp
    hands: Driver
    promises: list[Promise] = field(default_factory=list)

    @property
    def view(self) -> View:
        return self.app.conductor.shown

    @property
    def errors(self) -> list[str]:
        return [each.text for each in self.view.errors]

    def person(self, language: str, seed: int = 1) -> Walker:
        """Somebody who asks for the pack's first service, without a voice."""
        conductor = self.app.conductor
        service = next(each for each in conductor.desk.pack.services if each.form)
        assert service.form is not None
        form = parse_form(conductor.desk.pack.forms[service.form].source)
        persona = Persona.for_form(form, language, seed)
        conductor.visit.comfort = Comfort(voice=False)

        def passed(ref: str, value: str) -> None:
            self.promises.append(Promise(ref, value))

        return Walker(conductor, self.hands, persona, service.id, None, lambda: None, lambda _: None, passed)

    def stored(self) -> str:
        """The reference that the screen has just shown, which is a promise."""
        slip = self.app.conductor.visit.slip
        assert slip is not None
        assert self.view.screen == Screen.STORED
        self.promises.append(Promise(STORED, slip.reference))
        return slip.reference


@contextmanager
def whole_kiosk(data: Path, paper: Path, clock: Callable[[], datetime] = utc_now) -> Iterator[WholeKiosk]:
    """Opened over a folder that is ready for it; at rest on its first page."""
    application()
    paper.mkdir(exist_ok=True)
    house = House(data, clock=clock, deliver=GuiDelivery(), environment=os.environ)
    window = KioskWindow(Look(Glass.panel("15.6", *PIXELS)))
    window.resize(*PIXELS)
    window.show()
    player = TourPlayer()
    app = KioskApp(house, house.pack(), window, player, FolderPrinter(paper))
    kiosk = WholeKiosk(app, Driver(window))
    try:
        app.start()
        kiosk.hands.until(
            lambda: app.conductor.screen is Screen.WELCOME and not app.conductor.working(),
            PATIENCE_S,
            "the first page",
        )
        yield kiosk
    finally:
        app.close()
        player.end()
        window.close()

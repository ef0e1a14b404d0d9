"""The kiosk that is watched, in a process of its own: ``python -m tests.soak.kiosk FOLDER TOLD SECONDS …``.

Everything in it is the product's own but the people, and the printer that prints into a folder. The hub is
another process, and so is whoever measures.
"""

import argparse
import gc
import os
import time
from collections.abc import Collection
from pathlib import Path
from random import Random
from typing import Final

import psutil
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from kiosk.flow.desk import Line, LineState
from kiosk.flow.table import Screen
from kiosk.forms import parse_form
from kiosk.journal import Action
from kiosk.operators import Role
from kiosk.receipts import FolderPrinter
from tests.soak.hand import Finger, Hands, Stopwatch, live_for, live_until
from tests.soak.outside import MB
from tests.soak.people import People, Staff
from tests.soak.told import END, INSIDE, STUCK, TIMES, VISIT, Teller
from ui.app import KioskApp
from ui.bugs import report_without_values
from ui.demonstration import COORDINATOR, PIN, settle_in_alone
from ui.display import paint_without_display
from ui.driver import NotOnThePage
from ui.glass import Glass
from ui.house import House
from ui.opening import application, utc_now
from ui.player import QtPlayer
from ui.theme import Look
from ui.threads import GuiDelivery
from ui.tour.person import TourFailed
from ui.window import KioskWindow

PIXELS: Final = (1920, 1080)
TOLD_EVERY_MS: Final = 10_000
VOLUNTEER: Final = Staff("Nora Field", "739158")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("told", type=Path)
    parser.add_argument("seconds", type=float)
    parser.add_argument("--hub", required=True)
    parser.add_argument("--code", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pace", type=float, default=1.0)
    parser.add_argument("--only", action="append", default=[])
    asked = parser.parse_args()
    paint_without_display()
    qt = application()
    report_without_values()
    tell = Teller(asked.told)
    house = House(asked.folder, clock=utc_now, deliver=GuiDelivery(), environment=os.environ)
    settle_in_alone(house)
    house.enrol(asked.hub, asked.code)
    _add_volunteer(house)
    window = KioskWindow(Look(Glass.panel("15.6", *PIXELS)))
    window.resize(*PIXELS)
    window.show()
    paper = asked.told.parent / "paper"
    paper.mkdir()
    player = QtPlayer()
    app = KioskApp(house, house.pack(), window, player, FolderPrinter(paper), outputs=player)
    try:
        _Day(qt, app, tell, asked.seed, asked.pace, paper, asked.only).last(asked.seconds)
    finally:
        app.close()
        player.close()
        window.close()


def _add_volunteer(house: House) -> None:
    (coordinator,) = house.operators.names()
    signed_in = house.operators.sign_in(coordinator.id, PIN)
    house.operators.add(signed_in, VOLUNTEER.name, Role.VOLUNTEER, VOLUNTEER.pin, "en")
    house.operators.signed_out(signed_in)


class _Day:
    """From the first person to the last one, who is let finish."""

    def __init__(
        self,
        qt: QApplication,
        app: KioskApp,
        tell: Teller,
        seed: int,
        pace: float,
        paper: Path,
        only: Collection[str],
    ) -> None:
        self._qt = qt
        self._app = app
        self._tell = tell
        self._paper = paper
        self._stopwatch = Stopwatch(app.window)
        random = Random(seed)
        finger = Finger(app.conductor, self._stopwatch, random, pace)
        pack = app.conductor.desk.pack
        forms = {
            str(each.id): parse_form(pack.forms[each.form].source) for each in pack.services if each.form
        }
        staff = (Staff(COORDINATOR, PIN), VOLUNTEER)
        self._hands = Hands(app.window, finger)
        self._people = People(app, self._hands, random, tell, staff, forms, applicants=3, only=only)
        self._random, self._pace = random, pace
        self._times = QTimer(app.window)
        self._times.setInterval(TOLD_EVERY_MS)
        self._times.timeout.connect(lambda: tell(TIMES, **self._stopwatch.drain()))

    def last(self, seconds: float) -> None:
        app = self._app
        app.start()
        self._hands.until(lambda: bool(app.couriers), 30, "the courier")
        self._times.start()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._receive_one()
            self._look_inside()
            live_for(self._pace * self._random.uniform(0.5, 4))
        self._close_the_day()

    def _receive_one(self) -> None:
        began = time.monotonic()
        try:
            what = self._people.next()
        except (TourFailed, NotOnThePage, TimeoutError, StopIteration, ValueError) as trouble:
            conductor = self._app.conductor
            picture = self._paper.parent / f"stuck-{int(time.time())}.png"
            self._hands.picture(picture)
            self._tell(STUCK, trouble=f"{type(trouble).__name__}: {trouble}", screen=conductor.screen)
            conductor.begin_visit()
            conductor.start(Screen.WELCOME)
            return
        self._tell(VISIT, what=what, seconds=round(time.monotonic() - began, 1))

    def _look_inside(self) -> None:
        """Between two people, after what the last one left behind has been collected."""
        live_for(1.5)
        with self._stopwatch.own_work():
            widgets = QApplication.allWidgets()
            window = self._app.window
            timers = window.findChildren(QTimer)
            self._tell(
                INSIDE,
                resident=round(psutil.Process().memory_info().rss / MB, 2),
                widgets=len(widgets),
                qobjects=1 + len(window.findChildren(QObject)),
                timers=sum(each.isActive() for each in timers),
                python_objects=len(gc.get_objects()),
                voice=self._app.speech.off_reason is None,
            )
            for sheet in self._paper.iterdir():
                sheet.unlink()

    def _close_the_day(self) -> None:
        """All that waits is sent, so that both sides can be counted."""
        heard: list[Line] = []
        for _ in range(5):
            heard.clear()
            self._app.line.try_now(heard.append)
            live_until(lambda: bool(heard), 60)
            with self._app.house.database.reader() as repositories:
                waiting = repositories.outbox.counts().waiting
            if heard and heard[0].state is LineState.IDLE and not waiting:
                break
        self._tell(TIMES, **self._stopwatch.drain())
        self._tell(END, waiting=waiting, bugs=_bugs(self._app.house))


def _bugs(house: House) -> int:
    with house.database.reader() as repositories:
        return sum(entry.action == Action.BUG for entry in repositories.journal.entries())


if __name__ == "__main__":
    main()

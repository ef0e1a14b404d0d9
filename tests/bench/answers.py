"""Walks a form through the real window and writes how long each Continue took, as JSON."""

import json
import os
import sqlite3
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from kiosk.flow.table import Screen
from kiosk.forms import parse_form
from kiosk.receipts import NoPrinter
from kiosk.updates.installed import PACK_FILE
from ui.app import FORGET_MS, KioskApp
from ui.demonstration import settle_in_alone
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

COMMITS = 200
REST_SECONDS = FORGET_MS / 1000 + 1
"""Between one person and the next, as at a real kiosk: memory is given back when somebody has gone."""


class TimedPerson(Person):
    """Counts the time until the next page is painted, not merely shown."""

    painted = 0

    def press(self, id: str) -> None:
        on_question = self.view.screen == Screen.QUESTION
        before, began, worked, queued = self.painted, time.perf_counter(), time.thread_time(), waited()
        super().press(id)
        self._hands.until(lambda: self.painted > before, 30, "the next page to be painted")
        if on_question and id == "forward":
            TIMES.append((time.perf_counter() - began) * 1000)
            WORK.append((time.thread_time() - worked) * 1000)
            QUEUED.append((waited() - queued) * 1000)


TIMES: list[float] = []
WORK: list[float] = []
"""Processor time of the thread that shows pages: what the rest of a busy machine does not change."""
QUEUED: list[float] = []
"""How long the page's and the store's threads, which wait for each other, were ready and had no core."""


def waited() -> float:
    """Seconds so far in which those two waited for a core (proc(5), schedstat); 0 where nobody counts."""
    waits = 0
    for thread in threading.enumerate():
        if thread is threading.main_thread() or thread.name == "writer-lane":
            with suppress(OSError):
                text = Path(f"/proc/self/task/{thread.native_id}/schedstat").read_text()
                waits += int(text.split()[1])
    return waits / 1e9


def main() -> None:
    folder = Path(sys.argv[1])
    from kiosk.catalogue.demo import ensure_demo_pack

    application()
    ensure_demo_pack(folder / PACK_FILE)
    house = House(folder, clock=utc_now, deliver=GuiDelivery(), environment=os.environ)
    settle_in_alone(house)
    window = KioskWindow(Look(Glass.panel("15.6")))
    window.resize(1920, 1080)
    window.show()
    player = TourPlayer()
    app = KioskApp(house, house.pack(), window, player, NoPrinter())
    app.start()
    for seed, service in enumerate(each for each in app.conductor.desk.pack.services if each.form):
        assert service.form is not None
        form = parse_form(app.conductor.desk.pack.forms[service.form].source)
        persona = Persona.for_form(form, "en", seed)
        person = TimedPerson(
            app.conductor, Driver(window), persona, service.id, folder, lambda: None, lambda _: None
        )
        rest(window)
        window.painted.connect(lambda person=person: setattr(person, "painted", person.painted + 1))
        person.walk_to(Screen.STORED)
        app.conductor.begin_visit()
        app.conductor.start(Screen.WELCOME)
    app.close()
    player.end()
    window.close()
    sys.stdout.write(
        json.dumps({"answers": TIMES, "work": WORK, "queued": QUEUED, "commits": bare_commits(folder)}) + "\n"
    )


def rest(window: KioskWindow) -> None:
    over = time.monotonic() + REST_SECONDS
    Driver(window).until(lambda: time.monotonic() > over, 30, "the kiosk to come to rest")


def bare_commits(folder: Path) -> list[float]:
    """One insert of 300 bytes a transaction, in the same mode as the kiosk's store."""
    connection = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=full")
    connection.execute("create table answer (id integer primary key, step blob)")
    times = []
    for _ in range(COMMITS):
        began = time.perf_counter()
        connection.execute("begin immediate")
        connection.execute("insert into answer (step) values (?)", (os.urandom(300),))
        connection.execute("commit")
        times.append((time.perf_counter() - began) * 1000)
    connection.close()
    return times


if __name__ == "__main__":
    main()

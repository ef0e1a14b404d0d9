"""A whole kiosk and one marked person at it, in a process of its own: ``python -m tests.privacy.visit …``.

Everything is real but the finger: window, voice, store, printer, courier. A line of JSON on the file
``--told`` says each thing as it becomes true: a ``mark`` before it is typed, a ``page`` when it came to rest,
``over`` once the next person may come. Then the process stands still until its standard input is closed.
"""

import argparse
import gc
import json
import os
import random
import select
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from kiosk.flow.comfort import Comfort, TextSize
from kiosk.flow.table import Screen
from kiosk.flow.view import Code, View
from kiosk.forms import Question, parse_form
from kiosk.receipts import CupsPrinter, NoPrinter
from kiosk.store.session_key import since_boot
from tests.privacy.marks import MarkedPersona, is_mark
from tests.receipts.pressroom import QUEUE
from ui.app import KioskApp
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

PIXELS = (1920, 1080)
BEFORE_LEAVING = 9
"""Questions that somebody answers who does not stay to the end."""


class Ending(StrEnum):
    """How a visit may end; a kill may come into each of them."""

    FINISHED = "finished"
    LATER = "later"
    ERASED = "erased"
    IDLE = "idle"


class Enough(Exception):
    """The person stops here."""


class MovableClock:
    """The machine's own time, moved on where somebody would have had to wait."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self._ahead

    def since_boot(self) -> float:
        return since_boot() + self._ahead.total_seconds()

    def move(self, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)


class Visit:
    def __init__(self, chosen: argparse.Namespace) -> None:
        self._told = chosen.told.open("ab", buffering=0)
        self._ending = Ending(chosen.ending)
        self._clock = MovableClock()
        self._asked = 0
        application()
        self._house = House(chosen.data, clock=self._clock, deliver=GuiDelivery(), environment=os.environ)
        settle_in_alone(self._house)
        if chosen.code:
            self._house.enrol(chosen.hub, chosen.code)
        self._window = KioskWindow(Look(Glass.panel("15.6", *PIXELS)))
        self._window.resize(*PIXELS)
        self._window.show()
        self._player = TourPlayer()
        printer = CupsPrinter(QUEUE) if os.environ.get("CUPS_SERVER") else NoPrinter()
        self._app = KioskApp(
            self._house,
            self._house.pack(),
            self._window,
            self._player,
            printer,
            since_boot=self._clock.since_boot,
        )
        self._hands = Driver(self._window)
        self._app.start()
        self._come(chosen.language, chosen.seed)
        gc.collect()
        self._tell(over=True)
        while not select.select([sys.stdin], [], [], 0)[0]:
            self._hands.until(lambda: bool(select.select([sys.stdin], [], [], 0.05)[0]), 3600, "the end")
        self._app.close()
        self._player.end()
        self._window.close()

    def _tell(self, **fact: object) -> None:
        self._told.write(json.dumps(fact).encode() + b"\n")

    def _come(self, language: str, seed: int) -> None:
        """One person, of whom nothing is held any more when this returns."""
        conductor = self._app.conductor
        pack = conductor.desk.pack
        service = next(each for each in pack.services if each.form)
        assert service.form is not None
        form = parse_form(pack.forms[service.form].source)
        plain = Persona.for_form(form, language, seed)
        persona = _Telling(language, plain.filled, random.Random(seed), lambda mark: self._tell(mark=mark))
        person = Person(
            conductor,
            self._hands,
            persona,
            service.id,
            None,
            lambda: None,
            self._page,
            lambda _ref, _value: None,
        )
        self._hands.until(lambda: not conductor.working(), 60, "the first page")
        conductor.visit.comfort = Comfort(size=TextSize.LARGE)
        try:
            person.walk_to(Screen.STORED)
        except Enough:
            person.look()
        match self._ending:
            case Ending.FINISHED:
                for part in person.view.body:
                    if isinstance(part, Code):
                        self._tell(mark="".join(part.groups))
                        break
                for _ in range(8):
                    if person.view.screen == Screen.WELCOME:
                        break
                    person.press("forward")
                    person.look()
            case Ending.LATER:
                for step in ("help", "finish_later", "forward"):
                    person.press(step)
                    person.look()
                code = next(part for part in person.view.body if isinstance(part, Code))
                self._tell(mark="".join(code.groups))
                person.press("forward")
            case Ending.ERASED:
                person.press("help")
                person.press("leave")
                person.choose("way", "erase")
                person.press("forward")
            case Ending.IDLE:
                self._hands.until(lambda: not conductor.desk.voice.speaking, 60, "the page to be read out")
                self._clock.move(151)
                self._hands.until(lambda: conductor.screen is Screen.STILL_THERE, 30, "the idle question")
                self._clock.move(46)
        self._hands.until(lambda: conductor.screen is Screen.WELCOME, 60, "the next person's first page")

    def _page(self, view: View) -> None:
        self._tell(page=view.screen)
        self._asked += view.screen == Screen.QUESTION
        stops = self._asked == BEFORE_LEAVING and view.screen == Screen.QUESTION
        if stops and self._ending is not Ending.FINISHED:
            raise Enough


@dataclass(slots=True)
class _Telling(MarkedPersona):
    """Says what it is about to type, so that a kill in the next moment finds the mark known."""

    tell: Callable[[str], None]

    def answer(self, question: Question, attempt: int) -> str:
        value = MarkedPersona.answer(self, question, attempt)
        if is_mark(value):
            self.tell(value)
        return value


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--told", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--language", default="en")
    parser.add_argument("--ending", default=Ending.FINISHED)
    parser.add_argument("--hub", default="")
    parser.add_argument("--code", default="")
    Visit(parser.parse_args())


if __name__ == "__main__":
    main()

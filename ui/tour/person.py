"""Does at each page what a person would: looks at what is shown, then touches it."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from kiosk.flow.conductor import Conductor
from kiosk.flow.table import Screen
from kiosk.flow.view import Choices, SignaturePad, View
from kiosk.flow.walk import session_of
from kiosk.forms import Question, Ref
from ui.tour.giving import give

ATTEMPTS = 3


class TourFailed(Exception):
    """The tour could not go on; the sentence says at which page and what stood there."""


class Hands(Protocol):
    """Touches the window at screen coordinates; see ``ui.driver``."""

    def press(self, id: str) -> None: ...
    def choose(self, field: str, value: str) -> None: ...
    def type(self, field: str, text: str) -> None: ...
    def sign(self, field: str) -> None: ...
    def picture(self, path: Path) -> None: ...
    def until(self, true: Callable[[], bool], seconds: float, what: str) -> None: ...


class Answers(Protocol):
    """What somebody answers. ``attempt`` counts from 0; ``members`` of a repeat, by its place."""

    @property
    def language(self) -> str: ...
    def answer(self, question: Question, attempt: int) -> str: ...
    def members(self, ref: Ref) -> int: ...


class Person:
    """Walks pages until a given one is reached. Takes a picture of each page that it has not seen, into the
    folder ``pictures`` where there is one. ``told`` hears of each such page when it is at rest;
    ``passed`` is told each answer that the screen has moved past: from then on nothing may lose it.
    ``answered`` sees each question's page with its answer on it.
    """

    def __init__(
        self,
        conductor: Conductor,
        hands: Hands,
        persona: Answers,
        service: str,
        pictures: Path | None,
        listen: Callable[[], None],
        told: Callable[[View], None],
        passed: Callable[[str, str], None] = lambda _ref, _value: None,
        answered: Callable[[View], None] = lambda _view: None,
    ) -> None:
        self._answered = answered
        self._conductor = conductor
        self._hands = hands
        self._persona = persona
        self._service = service
        self._pictures = pictures
        self._listen = listen
        self._told = told
        self._passed = passed
        self._attempts: dict[str, int] = {}
        self._seen: set[str] = set()
        self.last_ms = 0.0
        """From the last touch to the page that answered it."""
        self.screens: list[str] = []
        self.questions = 0

    @property
    def view(self) -> View:
        return self._conductor.shown

    def walk_to(self, target: Screen, most_pages: int = 400) -> None:
        """Raises :class:`TourFailed` when ``target`` is not reached within ``most_pages`` pages."""
        for _ in range(most_pages):
            self.look()
            if self.view.screen == target:
                return
            self._act()
        raise TourFailed(f"{target} was not reached; the screen stands at {self._where()}")

    def look(self) -> None:
        """Waits until the page is at rest, and keeps a picture of it when it is new."""
        self._hands.until(lambda: not self._conductor.working(), 30, "the page to come to rest")
        if self.view.key not in self._seen:
            self._seen.add(self.view.key)
            self.screens.append(self.view.screen)
            self._told(self.view)
            self._listen()
            if self._pictures is not None:
                name = f"{len(self.screens):02}-{self.view.screen}.png"
                self._hands.picture(self._pictures / name)

    def press(self, id: str) -> None:
        self._change(lambda: self._hands.press(id))

    def choose(self, field: str, value: str) -> None:
        self._change(lambda: self._hands.choose(field, value))

    def type(self, field: str, text: str) -> None:
        self._hands.type(field, text)
        self._answered(self.view)

    def sign(self, field: str) -> None:
        self._hands.sign(field)

    def _change(self, act: Callable[[], None]) -> None:
        before = self.view
        began = time.monotonic()
        act()
        self._hands.until(
            lambda: self.view is not before and not self._conductor.working(),
            30,
            f"an answer to a touch at {self._where()}",
        )
        self.last_ms = (time.monotonic() - began) * 1000

    def _act(self) -> None:
        view = self.view
        match view.screen:
            case Screen.WELCOME:
                self.choose("language", self._persona.language)
            case Screen.NEED:
                self.choose("need", "apply")
            case Screen.WHO:
                self.choose("speaker", "myself")
            case Screen.SERVICE:
                self._choose_service()
            case Screen.QUESTION:
                self._answer()
            case Screen.MEMBER:
                self._household()
            case Screen.SIGN:
                self._sign()
            case Screen.CONSENT | Screen.CHECK | Screen.STORED | Screen.CAME_OUT | Screen.FOUND:
                self.press("forward")
            case _:
                raise TourFailed(f"nothing to do at {self._where()}")

    def _choose_service(self) -> None:
        pack = self._conductor.desk.pack
        wanted = next(each for each in pack.services if each.id == self._service)
        part = next(part for part in self.view.body if isinstance(part, Choices))
        self.choose(part.field, wanted.life_stage if part.field == "life_stage" else wanted.id)

    def _answer(self) -> None:
        ref = Ref(self._conductor.visit.errand.place)
        question = session_of(self._conductor.visit.errand).question(ref)
        attempt = self._attempts.get(ref, 0)
        if attempt >= ATTEMPTS:
            raise TourFailed(f"the form refuses every answer at {self._where()}")
        if attempt == 0:
            self.questions += 1
        self._attempts[ref] = attempt + 1
        value = self._persona.answer(question, attempt)
        give(self, question, value)
        self._answered(self.view)
        if self._conductor.visit.errand.place != ref:
            # A form may go on as soon as something is chosen.
            self._passed(ref, session_of(self._conductor.visit.errand).value(ref))
            return
        self.press("forward")
        if not self.view.errors:
            self._passed(ref, session_of(self._conductor.visit.errand).value(ref))

    def _household(self) -> None:
        ref = Ref(self._conductor.visit.errand.place)
        have = session_of(self._conductor.visit.errand).repeat(ref).count
        self.press("add" if have < self._persona.members(ref) else "forward")

    def _sign(self) -> None:
        pad = next(part for part in self.view.body if isinstance(part, SignaturePad))
        self._hands.sign(pad.field)
        self.press("forward")

    def _where(self) -> str:
        errors = "; ".join(error.text for error in self.view.errors)
        return f"{self.view.screen} ({self.view.title}){': ' + errors if errors else ''}"

"""Who comes to the kiosk, and what each of them does there, touch by touch."""

from collections import deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kiosk.flow.comfort import TextSize, Theme
from kiosk.flow.day import CONTINUE, COPY, PRINT
from kiosk.flow.table import Screen
from kiosk.flow.view import Buttons, Choices, Code, Rows, View
from kiosk.forms import Form
from kiosk.texts import LANGUAGES
from tests.e2e.whole import Walker
from tests.soak.hand import Hands, live_for, live_until
from tests.soak.told import STORED, Teller
from ui.app import KioskApp
from ui.tour.persona import Persona

REMEMBERED: Final = 24
"""Codes of people who may come back."""
IDLE_S: Final = 420.0
"""Until the kiosk asks: 150 s after the last touch, or after the last word, and a page can be long."""
ENDS_S: Final = 60.0
COPIES: Final = 2
EARLIER: Final = 3


@dataclass(frozen=True, slots=True)
class Staff:
    name: str
    pin: str


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody with their answers and what they came for."""

    persona: Persona
    service: str


class People:
    """Everybody who comes; :meth:`next` lets one come and go, and gives what they did. ``only``
    these kinds of visit where any are named."""

    def __init__(
        self,
        app: KioskApp,
        hands: Hands,
        random: Random,
        tell: Teller,
        staff: tuple[Staff, ...],
        forms: Mapping[str, Form],
        applicants: int,
        only: Collection[str] = (),
    ) -> None:
        self._app = app
        self._hands = hands
        self._random = random
        self._tell = tell
        self._staff = staff
        # Filled beforehand: making up answers is no kiosk's work.
        self._applicants = [
            Applicant(Persona.for_form(form, language, seed), service)
            for service, form in forms.items()
            for language in LANGUAGES
            for seed in range(applicants)
        ]
        self._receipts: deque[str] = deque(maxlen=REMEMBERED)
        self._paused: deque[tuple[str, Applicant]] = deque(maxlen=REMEMBERED)
        self._visits: dict[str, tuple[int, Callable[[], None]]] = {
            "applies": (40, self._applies),
            "pauses with a code": (9, self._pauses),
            "goes on with a code": (8, self._goes_on),
            "gives up": (5, self._gives_up),
            "leaves answers to a volunteer": (4, self._leaves_to_volunteer),
            "walks away": (3, self._walks_away),
            "dozes": (2, self._dozes),
            "looks up": (10, self._looks_up),
            "tries on settings": (5, self._tries_settings),
            "reads help": (3, self._reads_help),
            "three keys": (4, self._three_keys),
            "types a wrong code": (2, self._wrong_code),
            "staff": (10, self._works),
        }
        if only:
            self._visits = {what: visit for what, visit in self._visits.items() if what in only}
        self._first_round = list(self._visits)
        random.shuffle(self._first_round)
        # Whoever comes back has been here before.
        self._first_round.sort(key=lambda each: each in ("goes on with a code", "looks up", "staff"))

    def next(self) -> str:
        """Raises what :mod:`ui.tour.person` raises where a page does not do what it should."""
        if self._first_round:
            what = self._first_round.pop(0)
        else:
            names = list(self._visits)
            (what,) = self._random.choices(names, [self._visits[name][0] for name in names])
        self._visits[what][1]()
        self._at(Screen.WELCOME)
        return what

    # -- what people do

    def _applies(self) -> None:
        someone = self._random.choice(self._applicants)
        person = self._sits_down(someone)
        if self._random.random() < 0.3:
            self._makes_comfortable(person)
        person.walk_questions(self._random.randint(2, 6))
        if self._random.random() < 0.3:
            self._asks_help(person)
        person.walk_to(Screen.STORED)
        self._takes_receipt(person)

    def _pauses(self) -> None:
        someone = self._random.choice(self._applicants)
        person = self._sits_down(someone)
        person.walk_questions(self._random.randint(1, 8))
        person.press("help")
        person.press("finish_later")
        person.press("forward")
        person.look()
        (code,) = self._codes(person.view)
        if self._random.random() < 0.5:
            person.press("print")
        person.press("forward")
        self._paused.append((code, someone))

    def _goes_on(self) -> None:
        if not self._paused:
            self._pauses()
        code, someone = self._paused.popleft()
        person = self._welcomed(someone)
        person.choose("need", "continue")
        person.type("code", code)
        person.press("forward")
        person.walk_to(Screen.STORED)
        self._takes_receipt(person)

    def _gives_up(self) -> None:
        person = self._sits_down(self._random.choice(self._applicants))
        person.walk_questions(self._random.randint(1, 6))
        person.press("help")
        person.press("leave")
        person.choose("way", "erase")
        person.press("forward")

    def _leaves_to_volunteer(self) -> None:
        person = self._sits_down(self._random.choice(self._applicants))
        person.walk_questions(self._random.randint(1, 5))
        person.press("help")
        person.press("finish_later")
        person.press("without")

    def _walks_away(self) -> None:
        """Nobody answers, and the visit ends by itself."""
        person = self._sits_down(self._random.choice(self._applicants))
        person.walk_questions(self._random.randint(1, 4))
        self._waits_for(Screen.STILL_THERE, IDLE_S)
        self._waits_for(Screen.WELCOME, ENDS_S)

    def _dozes(self) -> None:
        """Is asked, and is still there."""
        person = self._sits_down(self._random.choice(self._applicants))
        person.walk_questions(self._random.randint(1, 4))
        self._waits_for(Screen.STILL_THERE, IDLE_S)
        person.press("forward")
        person.walk_to(Screen.STORED)
        self._takes_receipt(person)

    def _looks_up(self) -> None:
        if not self._receipts:
            self._applies()
        person = self._welcomed(self._random.choice(self._applicants))
        person.choose("need", "look_up")
        person.type("code", self._random.choice(self._receipts))
        person.press("forward")
        self._at(Screen.FOUND)
        person.press("forward")

    def _wrong_code(self) -> None:
        person = self._welcomed(self._random.choice(self._applicants))
        person.choose("need", "look_up")
        person.type("code", "1234567890")
        person.press("forward")
        person.press("back")
        person.press("back")

    def _tries_settings(self) -> None:
        person = self._welcomed(self._random.choice(self._applicants))
        self._makes_comfortable(person, everything=True)
        person.press("back")
        self._leaves(person)

    def _reads_help(self) -> None:
        person = self._welcomed(self._random.choice(self._applicants))
        person.press("help")
        person.press("using")
        person.press("back")
        person.press("back")
        person.press("read")
        live_for(2)
        person.press("back")

    def _three_keys(self) -> None:
        """The way in and out by ear alone; the finger leaves."""
        person = self._welcomed(self._random.choice(self._applicants))
        handle = self._app.window.windowHandle()
        for _ in range(2):
            for _ in range(self._random.randint(3, 8)):
                QTest.keyClick(handle, Qt.Key.Key_F6)
                live_for(self._random.uniform(0.3, 1.2))
            QTest.keyPress(handle, Qt.Key.Key_F8)
            live_for(0.9)
            QTest.keyRelease(handle, Qt.Key.Key_F8)
        QTest.keyClick(handle, Qt.Key.Key_F7)
        live_for(1)
        self._leaves(person)

    def _works(self) -> None:
        """A volunteer or the coordinator: the day, the pages beside it, sending, a lock, a copy."""
        member = self._random.choice(self._staff)
        person = self._welcomed(self._random.choice(self._applicants))
        person.choose("need", "staff")
        cards = next(part for part in person.view.body if isinstance(part, Choices))
        person.choose("operator", next(c.value for c in cards.choices if c.label == member.name))
        person.type("pin", member.pin)
        person.press("forward")
        self._at(Screen.TODAY)
        person.press("forward")
        self._hands.until(lambda: not self._sending(), 60, "the hub to answer")
        person.look()
        if self._random.random() < 0.5:
            self._looks_at_pages(person)
        if self._random.random() < 0.4:
            person.press("lock")
            person.type("pin", member.pin)
            person.press("forward")
            self._at(Screen.TODAY)
        for id in self._ways(person.view, PRINT)[:COPIES]:
            person.press(id)
            person.press("forward")
        for id in self._ways(person.view, COPY)[-COPIES:]:
            person.press(id)
            person.look()
        drafts = self._ways(person.view, CONTINUE)
        if drafts and self._random.random() < 0.6:
            person.press(self._random.choice(drafts))
            self._gives_up_from_here(person)
        else:
            person.press("back")

    def _looks_at_pages(self, person: Walker) -> None:
        offered = self._ways(person.view, "")
        for page in ("opening", "my_pin", "lost_receipt", "rules", "people", "journal", "closing"):
            if page in offered and self._random.random() < 0.7:
                person.press(page)
                person.look()
                if page == "journal":
                    for _ in range(EARLIER):
                        if "earlier" in self._ways(person.view, ""):
                            person.press("earlier")
                            person.look()
                    person.press("forward")
                else:
                    person.press("forward" if person.view.back is None else "back")
                person.look()

    # -- what belongs to several of these

    def _welcomed(self, someone: Applicant) -> Walker:
        self._at(Screen.WELCOME)
        person = Walker(
            self._app.conductor,
            self._hands,
            someone.persona,
            someone.service,
            None,
            lambda: None,
            lambda _: None,
        )
        person.choose("language", someone.persona.language)
        return person

    def _sits_down(self, someone: Applicant) -> Walker:
        return self._welcomed(someone)

    def _makes_comfortable(self, person: Walker, *, everything: bool = False) -> None:
        language = self._app.conductor.visit.language
        person.press("settings")
        for size in TextSize if everything else (self._random.choice(list(TextSize)),):
            person.choose("size", size)
        for theme in Theme if everything else (self._random.choice(list(Theme)),):
            person.choose("theme", theme)
        if everything:
            for each in (*LANGUAGES, language):
                person.choose("language", each)
            person.press("faster")
            person.press("quieter")
        elif self._random.random() < 0.3:
            person.choose("voice", "off")
        person.press("forward")

    def _asks_help(self, person: Walker) -> None:
        person.press("help")
        person.press("back")

    def _gives_up_from_here(self, person: Walker) -> None:
        person.look()
        person.press("help")
        person.press("finish_later")
        person.press("without")

    def _leaves(self, person: Walker) -> None:
        if self._app.conductor.screen is not Screen.WELCOME:
            person.press("help")
            person.press("leave")
            person.press("forward")

    def _takes_receipt(self, person: Walker) -> None:
        code, reference = self._codes(person.view)
        self._tell(STORED, reference=reference)
        self._receipts.append(code)
        person.press("forward")
        person.look()
        way = self._random.random()
        if way < 0.1:
            person.press("no")
            person.press("forward")
            return
        if way < 0.2:
            person.press("no")
            person.press("again")
        person.press("forward")
        person.press("forward")

    def _codes(self, view: View) -> list[str]:
        return ["".join(part.groups) for part in view.body if isinstance(part, Code)]

    def _ways(self, view: View, beginning: str) -> list[str]:
        """The ids of the page's buttons that begin so."""
        found = [
            button.id
            for part in view.body
            for button in (
                part.buttons
                if isinstance(part, Buttons)
                else [each for row in part.rows for each in row.actions]
                if isinstance(part, Rows)
                else ()
            )
        ]
        return [each for each in found if each.startswith(beginning)]

    def _sending(self) -> bool:
        forward = self._app.conductor.shown.forward
        return forward is not None and not forward.enabled

    def _waits_for(self, screen: Screen, seconds: float) -> None:
        if not live_until(lambda: self._app.conductor.screen is screen, seconds):
            raise TimeoutError(f"{screen} did not come within {seconds:g} s")

    def _at(self, screen: Screen) -> None:
        conductor = self._app.conductor
        if not live_until(lambda: not conductor.working() and conductor.screen is screen, 20):
            raise TimeoutError(f"the screen stands at {conductor.screen} and not at {screen}")

"""A whole kiosk without a screen: real store, real forms, real keys; a test presses and reads."""

import io
import queue
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import assert_never
from zoneinfo import ZoneInfo

from PIL import Image

from kiosk.checks import Check, check_disk, check_glass, check_jump
from kiosk.errors import Fault, Message
from kiosk.flow.comfort import Comfort, Output
from kiosk.flow.conductor import Conductor
from kiosk.flow.desk import Desk, Ending, Line, LineState
from kiosk.flow.sticks import Stick, StickDone, UpdateCame, Writing
from kiosk.flow.table import Screen
from kiosk.flow.view import (
    Bullets,
    Button,
    Buttons,
    Choices,
    Chosen,
    Code,
    DateField,
    Event,
    Notice,
    Paragraph,
    Picture,
    Pressed,
    Progress,
    Rows,
    SignaturePad,
    Signed,
    Stroke,
    TextField,
    TimeField,
    Typed,
    View,
)
from kiosk.flow.visit import Visit
from kiosk.ids import OperatorId
from kiosk.receipts.cards import CARDS, cards_pdf
from kiosk.texts import Texts, texts_for
from ui.support import write_support

ZONE = ZoneInfo("Europe/Berlin")
PATIENCE = 20.0
"""Seconds for which a test waits for another thread before it fails."""


class Pump:
    """What other threads deliver, called in order on the thread of the test."""

    def __init__(self) -> None:
        self._calls: queue.Queue[Callable[[], None]] = queue.Queue()

    def __call__(self, call: Callable[[], None]) -> None:
        self._calls.put(call)

    def until(self, reached: Callable[[], bool]) -> None:
        while not reached():
            self._calls.get(timeout=PATIENCE)()

    def empty(self) -> None:
        while True:
            try:
                self._calls.get_nowait()()
            except queue.Empty:
                return


class Clock:
    """Stands still unless a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
        self._passed = timedelta()

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        """So much time passes."""
        self.now += timedelta(**by)
        self._passed += timedelta(**by)

    def jump(self, **by: float) -> None:
        """Somebody sets the clock, or its battery is dead; no time passes."""
        self.now += timedelta(**by)

    def since_boot(self) -> float:
        return self._passed.total_seconds()


class Reader:
    """The voice's port: writes down what it is asked to read."""

    def __init__(self) -> None:
        self.read_views: list[View] = []
        self.read_errors_of: list[View] = []
        self.comforts: list[Comfort] = []
        self.off: Message | None = None
        self.outputs: tuple[Output, ...] = ()
        self.ended = 0
        self.speaking = False

    @property
    def off_reason(self) -> Message | None:
        return self.off

    def read(self, view: View) -> None:
        self.read_views.append(view)

    def read_errors(self, view: View) -> None:
        self.read_errors_of.append(view)

    def stop(self) -> None:
        self.speaking = False

    def try_again(self) -> None:
        pass

    def comfort(self, comfort: Comfort) -> None:
        self.comforts.append(comfort)

    def end_person(self) -> None:
        self.ended += 1


class Wire:
    """The courier's port with nobody at the other end, until a test says what comes of a try."""

    def __init__(self, deliver: Callable[[Callable[[], None]], None]) -> None:
        self._deliver = deliver
        self.line = Line(LineState.NO_HUB)
        self.answer = Line(LineState.NO_HUB)
        self.nudges = 0
        self.tries = 0

    def nudge(self) -> None:
        self.nudges += 1

    def try_now(self, done: Callable[[Line], None]) -> None:
        self.tries += 1

        def told() -> None:
            self.line = self.answer
            done(self.answer)

        self._deliver(told)


class NoSticks:
    """The sticks' port where nobody has put one in; exchanges are tested with the real one."""

    def __init__(self) -> None:
        self.enrolled = True

    def find(self) -> tuple[Stick, ...]:
        return ()

    def waiting(self) -> int:
        return 0

    def exchange(
        self, stick: Stick, code: str, operator: OperatorId, progress: Callable[[Writing], None]
    ) -> StickDone:
        raise AssertionError("there is no stick")

    def update_on(self, stick: Stick) -> bytes | None:
        raise AssertionError("there is no stick")

    def take_update(
        self, stick: Stick, operator: OperatorId, progress: Callable[[int, int], None]
    ) -> UpdateCame | None:
        raise AssertionError("there is no stick")


class Bench:
    """The machine's port: its checks over a real folder; nobody is at the other end of its line."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self.folder = folder
        self._clock = clock
        self.speaks = True
        self.enrolled: list[tuple[str, str]] = []
        self.jump = timedelta()
        self.held: Callable[[], None] = lambda: None
        """Called before the clock is looked at."""

    def disk(self, texts: Texts) -> Check:
        return check_disk(self.folder, texts, lambda _: 5_000_000_000)

    def clock(self, texts: Texts) -> Check:
        self.held()
        name = texts.say("Clock")
        return check_jump(self.jump, texts) or Check(
            name, True, texts.say("Compare it with a watch, please.")
        )

    def voice(self, texts: Texts) -> Check:
        if self.speaks:
            return Check(texts.say("Voice"), True, texts.say("The voice speaks English, Russian and Korean."))
        return Check(texts.say("Voice"), False, texts.say("The voice is off."))

    def glass(self, texts: Texts) -> Check:
        return check_glass(None, texts)

    def enrol(self, address: str, code: str) -> bool:
        self.enrolled.append((address, code))
        return True

    def help_cards(self, texts: Texts, phone: str) -> bytes:
        # Blank pictures: Qt draws the true ones, and must not be met first on a worker's thread.
        picture = io.BytesIO()
        Image.new("LA", (8, 8)).save(picture, "PNG")
        return cards_pdf(texts, {card.picture: picture.getvalue() for card in CARDS}, phone)

    def write_support(self, folder: Path) -> Path:
        checks = (self.disk(texts_for("en")),)
        return write_support(folder, self.folder, checks, self._clock())


class DrawnPane:
    """The port of a glass with 10 pixels to the millimetre, which draws nothing."""

    def __init__(self) -> None:
        self.used: list[str] = []

    def fitted(self, share: float) -> str:
        return f"1920x1080 {10 * share:.5f}"

    def use(self, measured: str) -> None:
        self.used.append(measured)


class SwitchedComputer:
    """The port of a computer that ends in the given ways, and writes down what it was asked."""

    def __init__(self, *endings: Ending) -> None:
        self.endings: tuple[Ending, ...] = endings or (Ending.POWER_OFF, Ending.RESTART)
        self.asked: list[Ending] = []
        self.refuses: Fault | None = None

    def end(self, ending: Ending) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.asked.append(ending)


def buttons(view: View) -> dict[str, Button]:
    """Everything on the page that can be pressed, by its id."""
    found = [*view.bar.buttons]
    for part in view.body:
        if isinstance(part, Buttons):
            found += part.buttons
        elif isinstance(part, Rows):
            found += [action for row in part.rows for action in row.actions]
    found += [each for each in (view.back, view.forward) if each is not None]
    return {each.id: each for each in found}


def sentences(view: View) -> tuple[str, ...]:
    """Every string that the page shows, in reading order."""
    shown = [view.where, view.title, view.hint, view.error_title, view.bar.note]
    shown += [each.text for each in view.errors]
    for part in view.body:
        match part:
            case Paragraph(text=text):
                shown.append(text)
            case Notice(title=title, text=text):
                shown += [title, text]
            case Bullets(items=items):
                shown += items
            case Choices(choices=choices, label=label):
                shown += [label, *(text for each in choices for text in (each.label, each.hint))]
            case TextField(label=label) | DateField(label=label) | TimeField(label=label):
                shown.append(label)
            case Rows(rows=rows, title=title):
                shown += [title, *(text for row in rows for text in (row.label, row.value))]
            case Code(label=label, caption=caption):
                shown += [label, caption]
            case SignaturePad(label=label) | Progress(label=label):
                shown.append(label)
            case Picture(alt=alt):
                shown.append(alt)
            case Buttons():
                pass
            case _ as never:
                assert_never(never)
    for button in buttons(view).values():
        shown += [button.label, button.hint]
    return tuple(each for each in shown if each)


class Booth:
    """Acts as a person does: only on what the page shows, and only while it takes presses."""

    def __init__(
        self,
        conductor: Conductor,
        pump: Pump,
        clock: Clock,
        reader: Reader,
        wire: Wire,
        bugs: list[BaseException],
    ) -> None:
        self.conductor = conductor
        self.pump = pump
        self.clock = clock
        self.reader = reader
        self.wire = wire
        self.bugs = bugs

    @property
    def view(self) -> View:
        return self.conductor.shown

    @property
    def desk(self) -> Desk:
        return self.conductor.desk

    @property
    def visit(self) -> Visit:
        return self.conductor.visit

    def settle(self) -> None:
        """Until the page takes presses again. A bug that a page met fails the test here."""
        self.pump.until(lambda: not self.conductor.working())
        if self.bugs:
            raise self.bugs.pop()

    def tick(self, seconds: float = 1.0) -> None:
        self.clock.move(seconds=seconds)
        self.conductor.tick()
        self.settle()

    def press(self, id: str) -> None:
        button = buttons(self.view).get(id)
        assert button is not None, f"no {id!r} on {self.view.screen}: {sorted(buttons(self.view))}"
        assert button.enabled, f"{id!r} is grey on {self.view.screen}"
        self._do(Pressed(id))

    def choose(self, field: str, value: str) -> None:
        cards = [part for part in self.view.body if isinstance(part, Choices) and part.field == field]
        assert any(value == each.value for part in cards for each in part.choices), (field, value)
        self._do(Chosen(field, value))

    def type(self, field: str, text: str) -> None:
        """Letter by letter, as keys are pressed."""
        known = [
            part
            for part in self.view.body
            if isinstance(part, TextField | DateField | TimeField) and part.field == field
        ]
        assert known, f"no field {field!r} on {self.view.screen}"
        for end in range(1, len(text) + 1):
            self._do(Typed(field, text[:end]))

    def sign(self, field: str) -> None:
        assert any(isinstance(part, SignaturePad) and part.field == field for part in self.view.body)
        self._do(Signed(field, (Stroke(((0.1, 0.1, 0), (0.5, 0.2, 40), (0.9, 0.1, 80))),)))

    def _do(self, event: Event) -> None:
        self.conductor.handle(event)
        self.settle()

    # -- ways through

    def reach_need(self, language: str = "en") -> None:
        assert self.view.screen == Screen.WELCOME
        self.choose("language", language)

    def reach_question(self, language: str = "en", *, volunteer: str = "yes") -> None:
        """From welcome to the first question."""
        self.reach_need(language)
        self.choose("need", "apply")
        self.choose("speaker", "myself")
        self.choose("life_stage", "old_age")
        self.choose("service", "heating")
        self.choose("volunteer", volunteer)
        self.press("forward")
        assert self.view.screen == Screen.QUESTION, sentences(self.view)

    def answer_all(self) -> None:
        """From the first question to the check page, with nobody else in the household."""
        for field, value in (("/data/name", "Anna"), ("/data/rooms", "2")):
            self.type(field, value)
            self.press("forward")
        self.choose("/data/stove", "wood")
        self.press("forward")
        while self.view.screen != Screen.CHECK:
            self.press("forward")

    def hand_in(self) -> None:
        """From the check page to the stored one."""
        self.press("forward")
        self.sign("/data/signature")
        self.press("forward")
        assert self.view.screen == Screen.STORED, sentences(self.view)

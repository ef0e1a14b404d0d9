"""A whole kiosk without a screen: real store, real forms, real keys; a test presses and reads."""

import queue
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from kiosk.errors import Message
from kiosk.flow.conductor import Conductor
from kiosk.flow.desk import Line, LineState
from kiosk.flow.view import (
    Buttons,
    Choices,
    Chosen,
    DateField,
    Event,
    Part,
    Pressed,
    Rows,
    SignaturePad,
    Signed,
    Stroke,
    TextField,
    Typed,
    View,
)
from kiosk.flow.visit import Comfort

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

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


class Reader:
    """The voice's port: writes down what it is asked to read."""

    def __init__(self) -> None:
        self.read_views: list[View] = []
        self.comforts: list[Comfort] = []
        self.off: Message | None = None
        self.ended = 0
        self.speaking = False

    @property
    def off_reason(self) -> Message | None:
        return self.off

    def read(self, view: View) -> None:
        self.read_views.append(view)

    def stop(self) -> None:
        self.speaking = False

    def comfort(self, comfort: Comfort) -> None:
        self.comforts.append(comfort)

    def end_person(self) -> None:
        self.ended += 1


@dataclass
class Wire:
    """The courier's port with nobody at the other end, until a test says what came of a try."""

    deliver: Callable[[Callable[[], None]], None]
    line: Line = Line(LineState.NO_HUB)
    answer: Line = Line(LineState.NO_HUB)
    nudges: int = 0
    tries: int = 0

    def nudge(self) -> None:
        self.nudges += 1

    def try_now(self, done: Callable[[Line], None]) -> None:
        self.tries += 1

        def told() -> None:
            self.line = self.answer
            done(self.answer)

        self.deliver(told)

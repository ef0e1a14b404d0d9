"""What every page has in common: the bar, the paging words, a fault in plain words, the way to the table."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeVar

from kiosk.errors import Fault
from kiosk.flow.comfort import Comfort
from kiosk.flow.covering import covered
from kiosk.flow.desk import Centre, Desk
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Bar, Button, Event, FieldError, Pressed, Tone, View
from kiosk.flow.visit import Visit
from kiosk.texts import Texts, texts_for

if TYPE_CHECKING:
    from kiosk.operators import SignedIn

T = TypeVar("T")
V = TypeVar("V", bound=View)

LOCK = "lock"
SETTINGS = "settings"
READ = "read"
HELP = "help"
BACK = "back"
FORWARD = "forward"


class Stage(Protocol):
    """What a page may do beyond itself. The conductor is one."""

    @property
    def desk(self) -> Desk: ...

    @property
    def visit(self) -> Visit: ...

    @property
    def below(self) -> Screen:
        """The page under the overlay on top; the page itself where nothing lies on it."""
        ...

    def go(self, outcome: Outcome) -> None:
        """Leaves this page, or this overlay, the way the table says."""
        ...

    def open(self, overlay: Screen) -> None: ...

    def close(self) -> None:
        """Closes the overlay on top and returns to the page under it."""
        ...

    def refresh(self) -> None:
        """The page has changed: show it as it is now."""
        ...

    def working(self) -> bool:
        """True while a page waits for the store; presses are then not taken."""
        ...

    def wait_for(
        self, start: Callable[[Callable[[T | Exception], None]], None], done: Callable[[T], None]
    ) -> None:
        """Runs ``start(callback)``; takes no press until the callback; then ``done``, or shows the fault.

        A callback of an earlier visit, or of a page that was left, is dropped.
        """
        ...

    def begin_visit(self) -> None:
        """Forgets the person who was here and starts afresh, without moving."""
        ...

    def adopt(self, visit: Visit) -> None: ...

    def renew(
        self, *, salt: bytes | None = None, centre: Centre | None = None, comfort: Comfort | None = None
    ) -> None:
        """The kiosk's own facts have changed: they hold from the next page on."""
        ...

    def practise(self, desk: Desk) -> None:
        """Leaves this page for a practice application over ``desk``, which ends with that visit."""
        ...

    @property
    def seconds_left(self) -> int:
        """Until an idle session ends; 0 while nobody is being asked."""
        ...


class Presenter(ABC):
    """One page: makes its view and takes its events; both return at once."""

    screen: ClassVar[Screen]

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.fault: Fault | None = None
        self.errors: tuple[FieldError, ...] = ()

    @property
    def desk(self) -> Desk:
        return self.stage.desk

    @property
    def visit(self) -> Visit:
        return self.stage.visit

    @property
    def signed_in(self) -> "SignedIn":
        """Whoever of the staff is at the screen; asked only by pages that nobody else reaches."""
        signed_in = self.visit.signed_in
        assert signed_in is not None, "this page is for whoever is signed in"
        return signed_in

    @property
    def texts(self) -> Texts:
        return texts_for(self.visit.language)

    @abstractmethod
    def view(self) -> View: ...

    def handle(self, event: Event) -> None:
        """Bar, back and forward are the same on every page; the rest is the page's own."""
        match event:
            case Pressed(id="settings"):
                self.stage.open(Screen.SETTINGS)
            case Pressed(id="help"):
                self.stage.open(Screen.HELP)
            case Pressed(id="lock") if self.visit.signed_in is not None:
                self.stage.open(Screen.LOCKED)
            case Pressed(id="back"):
                self.back()
            case Pressed(id="forward"):
                self.forward()
            case _:
                self.take(event)

    def back(self) -> None:
        self.stage.go(Outcome.BACK)

    def forward(self) -> None:  # noqa: B027 - a page without a filled button leaves it
        """The filled button."""

    def take(self, event: Event) -> None:  # noqa: B027
        """Whatever is not the bar, back or forward."""

    def entered(self) -> None:  # noqa: B027
        """Called once, when the page has become the one that is shown."""

    def tick(self) -> None:  # noqa: B027
        """Called about once a second."""

    def page(self, kind: type[V], *, title: str, **fields: object) -> V:
        """The view, with what every page has."""
        texts = self.texts
        errors = self.errors
        if self.fault is not None:
            errors = (
                FieldError("", texts.message(self.fault.title)),
                FieldError("", texts.message(self.fault.advice)),
                *errors,
            )
        common: dict[str, object] = {
            "language": self.visit.language,
            "title": title,
            "bar": self.bar(),
            "errors": errors,
            "error_title": texts.say("Please look at this first") if errors else "",
            "more_label": texts.say("More"),
            "paging": (texts.say("Page up"), texts.say("Page down")),
            "key": f"{self.screen}:{self.visit.number}",
        }
        made = kind(**{**common, **fields})  # type: ignore[arg-type] # fields are named by each view
        if self.desk.practising:
            made = replace(made, bar=replace(made.bar, note=texts.say("PRACTICE: nothing is sent or kept")))
        return covered(made) if self.visit.comfort.others_near and not made.staff else made

    def bar(self) -> Bar:
        texts, voice = self.texts, self.desk.voice
        reading = (
            Button(READ, texts.say("Stop reading"), icon="stop")
            if voice.speaking
            else Button(READ, texts.say("Read it to me"), icon="speak", enabled=voice.off_reason is None)
        )
        # Whoever steps away locks with one touch, from any page.
        lock = () if self.visit.signed_in is None else (Button(LOCK, texts.say("Lock"), icon="lock"),)
        return Bar(
            (
                Button(SETTINGS, texts.say("Settings"), icon="settings"),
                reading,
                Button(HELP, texts.say("Help"), icon="help"),
                *lock,
            ),
            note=texts.say("Voice is off") if voice.off_reason is not None else "",
        )

    def back_button(self, label: str = "") -> Button:
        return Button(BACK, label or self.texts.say("Back"), icon="back")

    def forward_button(self, label: str = "", *, enabled: bool = True) -> Button:
        return Button(
            FORWARD,
            label or self.texts.say("Continue"),
            icon="forward",
            tone=Tone.STRONG,
            enabled=enabled,
        )


PresenterType = Callable[[Stage], Presenter]

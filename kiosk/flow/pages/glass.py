"""The coordinator sets the screen up: its true size by a bank card, its brightness, and where it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import ClassVar, Final, assert_never

from kiosk.flow.card import CARD, DrawnCard
from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import (
    Bar,
    Button,
    Buttons,
    Choice,
    Choices,
    Chosen,
    Event,
    Notice,
    Paragraph,
    Part,
    Picture,
    Pressed,
    Tone,
    View,
)

PATIENCE: Final = timedelta(seconds=60)
"""Without a touch the test ends: somebody whose touches are not felt would otherwise be caught in it."""

FIELDS: Final = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="360" viewBox="0 0 1200 360">'
    b'<rect width="1200" height="360" fill="#808080"/>'
    b'<rect x="4" y="4" width="592" height="352" fill="#000000"/>'
    b'<rect x="210" y="90" width="180" height="180" fill="#1c1c1c"/>'
    b'<rect x="604" y="4" width="592" height="352" fill="#ffffff"/>'
    b'<rect x="810" y="90" width="180" height="180" fill="#e3e3e3"/></svg>'
)
"""A square of a tenth of the light on black, and one that lacks a tenth of it on white."""

TOP_LEFT, TOP_RIGHT, MIDDLE = "top-left", "top-right", "middle"
BOTTOM_LEFT, BOTTOM_RIGHT = "bottom-left", "bottom-right"


class At(Enum):
    CARD = auto()
    BRIGHTNESS = auto()
    TOUCH = auto()
    TOUCHED = auto()


@dataclass(frozen=True, kw_only=True)
class GlassView(View):
    screen: ClassVar[str] = Screen.GLASS


class GlassPresenter(Presenter):
    """Each step can be gone through alone: what the card measured is kept as soon as it fits."""

    screen = Screen.GLASS

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.at = At.CARD
        self._start_card()
        self._start_touching()

    def _start_card(self) -> None:
        self.card = DrawnCard()

    def _start_touching(self) -> None:
        self.touched: frozenset[str] = frozenset()
        self.last_touch = self.desk.clock()

    # -- what is shown

    def view(self) -> GlassView:
        match self.at:
            case At.CARD:
                return self._card()
            case At.BRIGHTNESS:
                return self._brightness()
            case At.TOUCH:
                return self._touch()
            case At.TOUCHED:
                return self._touched()
            case _ as never:
                assert_never(never)

    def _card(self) -> GlassView:
        say = self.texts.say
        return self._page(
            say("How large is this screen?"),
            Picture(CARD, say("A bank card as large as it should be"), wide_mm=self.card.wide_mm),
            Buttons(
                (
                    Button("narrower", say("Narrower"), enabled=self.card.can_shrink),
                    Button("wider", say("Wider"), enabled=self.card.can_grow),
                )
            ),
            hint=say("Hold a bank card against the drawn one until both are equally wide."),
            forward=say("It fits"),
        )

    def _brightness(self) -> GlassView:
        say = self.texts.say
        return self._page(
            say("Can you see both squares?"),
            Picture("brightness", say("A black field and a white field, each with a faint square"), FIELDS),
            Paragraph(say("If the dark one is missing, make the screen brighter at its own buttons.")),
            Paragraph(say("If the pale one is missing, or the white field dazzles, make it darker.")),
            forward=say("I see both"),
        )

    def _places(self) -> tuple[tuple[str, str], ...]:
        """In the order in which they are read."""
        say = self.texts.say
        return (
            (TOP_LEFT, say("Top left")),
            (TOP_RIGHT, say("Top right")),
            (MIDDLE, say("In the middle")),
            (BOTTOM_LEFT, say("Bottom left")),
            (BOTTOM_RIGHT, say("Bottom right")),
        )

    def _touch(self) -> GlassView:
        say = self.texts.say
        cards = tuple(Choice(place, label, chosen=place in self.touched) for place, label in self._places())
        return self._page(
            say("Touch all five marks"),
            Choices("touched", cards, many=True),
            hint=say("Touch each one once; the test ends by itself after a minute without a touch."),
            forward=say("End the test"),
            bar=Bar(),
        )

    def _touched(self) -> GlassView:
        say = self.texts.say
        silent = [label for place, label in self._places() if place not in self.touched]
        told = (
            Notice(
                say("Not touched: {places}", places=", ".join(silent)),
                say(
                    "If a touch there was not felt, clean and dry the screen and try again. "
                    "If it stays so, the screen has to be repaired."
                ),
                Tone.WARNING,
            )
            if silent
            else Notice(say("The screen answers everywhere"), tone=Tone.GOOD)
        )
        again = Buttons((Button("again", say("Test once more"), icon="repeat"),))
        return self._page(say("The touch test has ended"), told, again, forward=say("Done"))

    def _page(self, title: str, *body: Part, forward: str, **fields: object) -> GlassView:
        return self.page(
            GlassView,
            title=title,
            body=body,
            back=self.back_button(),
            forward=self.forward_button(forward),
            staff=True,
            key=f"{self.screen}:{self.at.name}:{self.visit.number}",
            **fields,
        )

    # -- what the coordinator does

    def take(self, event: Event) -> None:
        match event:
            case Pressed(id="wider") if self.at is At.CARD:
                self._widen(1)
            case Pressed(id="narrower") if self.at is At.CARD:
                self._widen(-1)
            case Chosen(field="touched", value=place) if self.at is At.TOUCH:
                self._feel(place)
            case Pressed(id="again") if self.at is At.TOUCHED:
                self._to(At.TOUCH)

    def _widen(self, way: int) -> None:
        self.card.widen(way)
        self.stage.refresh()

    def _feel(self, place: str) -> None:
        self.touched |= {place}
        self.last_touch = self.desk.clock()
        if len(self.touched) == len(self._places()):
            self._to(At.TOUCHED)
        else:
            self.stage.refresh()

    def tick(self) -> None:
        if self.at is At.TOUCH and self.desk.clock() - self.last_touch >= PATIENCE:
            self._to(At.TOUCHED)

    def back(self) -> None:
        match self.at:
            case At.CARD:
                self.stage.go(Outcome.BACK)
            case At.BRIGHTNESS:
                self._to(At.CARD)
            case At.TOUCH | At.TOUCHED:
                self._to(At.BRIGHTNESS)
            case _ as never:
                assert_never(never)

    def forward(self) -> None:
        match self.at:
            case At.CARD:
                self._keep()
            case At.BRIGHTNESS:
                self._to(At.TOUCH)
            case At.TOUCH:
                self._to(At.TOUCHED)
            case At.TOUCHED:
                self.stage.go(Outcome.BACK)
            case _ as never:
                assert_never(never)

    def _keep(self) -> None:
        operators, signed_in = self.desk.operators, self.signed_in
        measured = self.desk.pane.fitted(self.card.share)

        def keep() -> str:
            operators.keep_glass(signed_in, measured)
            return measured

        def begin(done: Callable[[str | Exception], None]) -> None:
            self.desk.background.run(keep, done)

        self.stage.wait_for(begin, self._kept)

    def _kept(self, measured: str) -> None:
        self.desk.pane.use(measured)
        self._to(At.BRIGHTNESS)

    def _to(self, at: At) -> None:
        self.at = at
        if at is At.CARD:
            self._start_card()
        elif at is At.TOUCH:
            self._start_touching()
        self.stage.refresh()

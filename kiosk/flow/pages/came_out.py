"""Did the receipt come out? Yes ends the visit; no says what to look at, and prints again."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import ClassVar

from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.printing import print_receipt
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import (
    Bullets,
    Button,
    Buttons,
    Event,
    Notice,
    Paragraph,
    Pressed,
    Tone,
    View,
)
from kiosk.ids import ApplicationId


class Step(Enum):
    ASKED = auto()
    IN_HAND = auto()
    MISSING = auto()


@dataclass(frozen=True, kw_only=True)
class CameOutView(View):
    screen: ClassVar[str] = Screen.CAME_OUT


class CameOutPresenter(Presenter):
    screen = Screen.CAME_OUT

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        slip = self.visit.slip
        self.step = Step.ASKED if slip is not None and slip.printed else Step.MISSING
        self.tries = 1

    @property
    def application(self) -> ApplicationId:
        slip = self.visit.slip
        assert slip is not None, "a receipt is printed for what is stored"
        assert slip.stored is not None
        return slip.stored.application_id

    def view(self) -> CameOutView:
        match self.step:
            case Step.ASKED:
                return self._question()
            case Step.IN_HAND:
                return self._in_hand()
            case Step.MISSING:
                return self._missing()

    def _question(self) -> CameOutView:
        say = self.texts.say
        return self.page(
            CameOutView,
            title=say("Did your receipt come out?"),
            hint=say("Please look at the printer. It can take a moment."),
            body=(
                Paragraph(say("Your application is stored, whatever the printer does.")),
                Buttons((Button("no", say("No, or it cannot be read"), icon="print"),)),
            ),
            back=self.back_button(say("Back to my page")),
            forward=self.forward_button(say("Yes, I have it")),
            key=f"{self.screen}:{self.visit.number}:{self.tries}",
        )

    def _in_hand(self) -> CameOutView:
        say = self.texts.say
        return self.page(
            CameOutView,
            title=say("Then everything is done"),
            body=(
                Notice(
                    say("Please keep the paper"),
                    say("Its code opens the answer of the agency. Show the code to nobody you do not trust."),
                    Tone.GOOD,
                ),
                Paragraph(say("When you press “Finish”, this kiosk forgets you.")),
            ),
            forward=self.forward_button(say("Finish")),
            key=f"{self.screen}:in_hand:{self.visit.number}",
        )

    def _missing(self) -> CameOutView:
        say = self.texts.say
        return self.page(
            CameOutView,
            title=say("Let us look at the printer"),
            hint=say("Your application is stored, whatever the printer does."),
            body=(
                Bullets(
                    (
                        say("Is the printer on, and does a light shine?"),
                        say("Is there paper in it, and is none stuck?"),
                        say("The volunteer beside you knows this printer."),
                    )
                ),
                Buttons((Button("again", say("Print once more"), icon="print"),)),
                Paragraph(
                    say(
                        "You can also finish without paper. Your receipt then waits 7 days here, "
                        "and a volunteer can print it for you."
                    )
                ),
            ),
            back=self.back_button(),
            forward=self.forward_button(say("Finish without paper")),
            key=f"{self.screen}:missing:{self.visit.number}:{self.tries}",
        )

    def take(self, event: Event) -> None:
        match event:
            case Pressed(id="no"):
                self.step = Step.MISSING
                self.stage.refresh()
            case Pressed(id="again"):
                # Nobody has it in hand yet, so this is the receipt itself and carries the code: no copy.
                print_receipt(self.stage, copy=False, done=self._printed)

    def back(self) -> None:
        if self.step is Step.MISSING and self.visit.slip is not None and self.visit.slip.printed:
            self.fault = None
            self.step = Step.ASKED
            self.stage.refresh()
        else:
            self.stage.close()

    def forward(self) -> None:
        match self.step:
            case Step.IN_HAND:
                self.stage.go(Outcome.FINISHED)
            case Step.MISSING:
                self._answer(False, lambda: self.stage.go(Outcome.FINISHED))
            case Step.ASKED:
                self._answer(True, self._taken)

    def _answer(self, came_out: bool, then: Callable[[], None]) -> None:
        application, signed_in = self.application, self.visit.signed_in
        operator = None if signed_in is None else signed_in.id

        def record(done: Callable[[Exception | None], None]) -> None:
            self.desk.receipts.came_out(application, came_out, operator, done)

        self.stage.wait_for(record, lambda _: then())

    def _taken(self) -> None:
        assert self.visit.slip is not None
        self.visit.slip.copy = True
        self.step = Step.IN_HAND
        self.stage.refresh()

    def _printed(self) -> None:
        self.step = Step.ASKED
        self.tries += 1
        self.stage.refresh()

"""Sign with a finger; kept as strokes. The last thing before the application is handed in."""

from dataclasses import dataclass
from typing import ClassVar

from kiosk.flow import walk
from kiosk.flow.handing_in import hand_in, prepare_slip
from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.saving import STROKES_FILE, save
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Event, FieldError, SignaturePad, Signed, View
from kiosk.forms import Answer


@dataclass(frozen=True, kw_only=True)
class SignView(View):
    screen: ClassVar[str] = Screen.SIGN


class SignPresenter(Presenter):
    screen = Screen.SIGN

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.session = walk.session_of(self.visit.errand)
        question = walk.signature_of(self.session)
        assert question is not None, "the table leads here only for forms that are signed"
        self.ref = question.ref

    def entered(self) -> None:
        prepare_slip(self.stage)

    def view(self) -> SignView:
        question, say = self.session.question(self.ref), self.texts.say
        return self.page(
            SignView,
            title=question.label,
            hint=question.hint or say("Write with your finger. It need not be neat."),
            body=(
                SignaturePad(
                    self.ref, question.label, self.visit.errand.strokes, say("Clear and sign again")
                ),
            ),
            back=self.back_button(),
            forward=self.forward_button(say("Hand in my application")),
        )

    def take(self, event: Event) -> None:
        match event:
            case Signed(field=field, strokes=strokes) if field == self.ref:
                self.visit.errand.strokes = strokes
                self.errors = ()
                self.stage.refresh()

    def back(self) -> None:
        self.stage.go(Outcome.TO_CHECK)

    def forward(self) -> None:
        strokes = self.visit.errand.strokes
        answer = Answer(self.desk.clock(), self.ref, STROKES_FILE if strokes else "")
        violation = self.session.apply(answer).violation
        if violation is not None:
            words = violation.message or self.texts.say("Please sign, or make your mark, in the box.")
            self.errors = (FieldError(self.ref, words),)
            self.stage.refresh()
        else:
            save(self.stage, lambda: hand_in(self.stage), strokes=strokes)

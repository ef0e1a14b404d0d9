"""Sign with a finger, or consent aloud with a volunteer as witness. The last thing before handing in."""

from dataclasses import dataclass
from typing import ClassVar

from kiosk.flow import walk
from kiosk.flow.answering.drawing import Drawing
from kiosk.flow.enclosing import SIGNATURE_FILE
from kiosk.flow.handing_in import hand_in, prepare_slip
from kiosk.flow.markup import headed, plain
from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.saving import save
from kiosk.flow.surroundings import around
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Event, FieldError, View
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
        self.answering = Drawing(question, around(stage), SIGNATURE_FILE)

    def entered(self) -> None:
        prepare_slip(self.stage)

    def view(self) -> SignView:
        question, say = self.session.question(self.ref), self.texts.say
        self.answering.follow(question, around(self.stage))
        words = headed(self.answering.inner_title or question.label)
        error = next((each.text for each in self.errors if each.field == self.ref), "")
        inner = self.answering.inner
        return self.page(
            SignView,
            title=words.title,
            title_emphasis=words.emphasis,
            hint="" if inner else plain(question.hint or say("Write with your finger. It need not be neat.")),
            body=(*words.below, *self.answering.parts(error)),
            back=self.back_button(),
            forward=self.forward_button(say("Hand in my application")),
            key=f"{self.screen}:{self.visit.number}:{inner}",
        )

    def take(self, event: Event) -> None:
        if self.answering.take(event):
            self.errors = ()
            self.stage.refresh()

    def back(self) -> None:
        self.stage.go(Outcome.TO_CHECK)

    def forward(self) -> None:
        refusal = self.answering.refusal()
        if refusal:
            self._refuse(refusal)
            return
        blank = self.answering.enclosure.is_blank
        answer = Answer(self.desk.clock(), self.ref, "" if blank else SIGNATURE_FILE)
        violation = self.session.apply(answer).violation
        if violation is not None:
            self._refuse(violation.message or self.texts.say("Please sign, or make your mark, in the box."))
        else:
            save(self.stage, lambda: hand_in(self.stage), enclosed="" if blank else SIGNATURE_FILE)

    def _refuse(self, words: str) -> None:
        self.errors = (FieldError(self.ref, words),)
        self.stage.refresh()

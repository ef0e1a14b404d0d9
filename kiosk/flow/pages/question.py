"""One page a question (ACCESS.md D6). Continue checks the answer, stores it durably, and moves on."""

from dataclasses import dataclass
from typing import ClassVar

from kiosk.flow import walk
from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.question_parts import answer_parts, can_be_asked
from kiosk.flow.saving import save
from kiosk.flow.table import Screen
from kiosk.flow.view import (
    Button,
    Buttons,
    Chosen,
    Event,
    FieldError,
    Part,
    Pressed,
    Signed,
    Tone,
    Typed,
    View,
)
from kiosk.forms import Answer, Question, QuestionKind, Ref, Violation, ViolationKind


@dataclass(frozen=True, kw_only=True)
class QuestionView(View):
    screen: ClassVar[str] = Screen.QUESTION


class QuestionPresenter(Presenter):
    screen = Screen.QUESTION

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.session = walk.session_of(self.visit.errand)
        self.ref = Ref(self.visit.errand.place)
        errand = self.visit.errand
        self.at = (errand.place, errand.members, errand.from_check)
        self.value = self.session.question(self.ref).value

    def view(self) -> QuestionView:
        self._follow_language()
        question = self.session.question(self.ref)
        body: list[Part] = list(
            answer_parts(question, self.value, self.texts, self.errors, self.visit.errand.strokes)
        )
        if self._can_be_left(question):
            body.append(Buttons((Button("skip", self._skip_label(question), tone=Tone.QUIET),)))
        return self.page(
            QuestionView,
            title=question.label,
            where=self._where(question),
            hint=question.hint or "",
            body=tuple(body),
            back=self.back_button(),
            forward=self.forward_button(),
            private=question.private,
            key=f"question:{self.ref}:{self.visit.number}:{self.visit.language}",
        )

    def _follow_language(self) -> None:
        form = self.session.form
        language = form.language_for(self.visit.language)
        if language is not None and self.session.language != language:
            self.session.language = language

    def _where(self, question: Question) -> str:
        number, about = walk.position(self.visit.errand)
        gaps = {"number": number, "about": about}
        if question.section:
            return self.texts.say(
                "{section}: question {number} of about {about}", section=question.section[-1], **gaps
            )
        return self.texts.say("Question {number} of about {about}", **gaps)

    def _can_be_left(self, question: Question) -> bool:
        return (
            not question.required
            and not question.readonly
            and can_be_asked(question)
            and question.kind not in (QuestionKind.NOTE, QuestionKind.SELECT_MULTIPLE)
        )

    def _skip_label(self, question: Question) -> str:
        if question.number_kind is not None:
            return self.texts.say("I don't have it with me")
        return self.texts.say("Leave this one out")

    # -- what the person does

    def take(self, event: Event) -> None:
        match event:
            case Typed(field=field, text=text) if field == self.ref:
                self.value = text
            case Chosen(field=field, value=value) if field == self.ref:
                self._choose(value)
            case Signed(field=field, strokes=strokes) if field == self.ref:
                self.visit.errand.strokes = strokes
                self.value = "signature.json" if strokes else ""
            case Pressed(id="skip"):
                self.value = ""
                self.forward()
                return
            case _:
                return
        self.errors = ()
        self.stage.refresh()

    def _choose(self, value: str) -> None:
        question = self.session.question(self.ref)
        if question.kind is QuestionKind.SELECT_MULTIPLE:
            chosen = set(self.value.split()) ^ {value}
            self.value = " ".join(each.value for each in question.choices if each.value in chosen)
        elif question.kind is QuestionKind.ACKNOWLEDGE:
            self.value = "" if self.value else value
        else:
            self.value = "" if value == self.value and not question.required else value

    def back(self) -> None:
        self._stand_here()
        outcome = walk.backward(self.visit.errand)
        if outcome is None:
            self.stage.open(Screen.LEAVE)
            return
        self.stage.go(outcome)

    def forward(self) -> None:
        self._stand_here()
        question = self.session.question(self.ref)
        if not question.readonly and can_be_asked(question):
            step = Answer(self.desk.clock(), self.ref, self.value.strip())
            violation = self.session.apply(step).violation
            if violation is not None:
                self.errors = (FieldError(self.ref, self._refusal(violation)),)
                self.stage.refresh()
                return
        errand = self.visit.errand
        outcome = walk.forward(errand)
        signed = question.kind is QuestionKind.SIGNATURE
        save(self.stage, lambda: self.stage.go(outcome), strokes=errand.strokes if signed else ())

    def _stand_here(self) -> None:
        """After a disk refused to store, the walk had gone on while the page had not."""
        errand = self.visit.errand
        errand.place, errand.members, errand.from_check = self.at

    def _refusal(self, violation: Violation) -> str:
        """The form's own words where it has some, else what to do, by what is wrong. What cannot even be
        read as a date or a number is no matter of the form's rules."""
        if violation.message and violation.kind is not ViolationKind.TYPE:
            return violation.message
        say = self.texts.say
        question = self.session.question(self.ref)
        match violation.kind:
            case ViolationKind.REQUIRED:
                if question.kind in (QuestionKind.SELECT_ONE, QuestionKind.SELECT_MULTIPLE):
                    return say("Please choose an answer.")
                return say("Please answer this question before you go on.")
            case ViolationKind.NUMBER:
                return say(
                    "This number does not look right. Please compare it with the card, digit by digit."
                )
            case ViolationKind.TYPE:
                if question.kind is QuestionKind.DATE:
                    return say("There is no such date. Please look at the day, the month and the year.")
                if question.kind is QuestionKind.INTEGER:
                    return say("Please type a whole number, for example 3.")
                return say("Please type a number, for example 12.50.")
            case ViolationKind.CONSTRAINT:
                return say("This answer does not fit here. Please look at it once more.")

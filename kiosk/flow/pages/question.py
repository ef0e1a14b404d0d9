"""One page a question (ACCESS.md D6). Continue checks the answer, stores it durably, and moves on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from kiosk.flow import walk
from kiosk.flow.answering import answering_for, can_be_asked
from kiosk.flow.markup import Headed, below, headed, plain
from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.saving import save
from kiosk.flow.surroundings import around
from kiosk.flow.table import Screen
from kiosk.flow.view import (
    Button,
    Buttons,
    Chosen,
    Event,
    FieldError,
    Part,
    Picture,
    Pressed,
    Recording,
    Tone,
    View,
)
from kiosk.forms import Answer, Question, QuestionKind, Ref, Violation, ViolationKind

EXPLAIN = "explain"
FEW_CARDS = 3
_MAY_NOT_BE_KNOWN = frozenset(
    {
        QuestionKind.INTEGER,
        QuestionKind.DECIMAL,
        QuestionKind.RANGE,
        QuestionKind.DATE,
        QuestionKind.TIME,
        QuestionKind.DATETIME,
    }
)


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
        self._follow_language()
        self.answering = answering_for(self.session.question(self.ref), around(stage))
        self._asked: tuple[tuple[int, str], Question] | None = None
        self._explained = False
        """Whether the guidance is open: it is for those who ask for it."""

    def view(self) -> QuestionView:
        self._follow_language()
        question = self._question()
        self.answering.follow(question, around(self.stage))
        words = headed(self.answering.inner_title or question.label or question.name)
        inner = self.answering.inner
        searching = bool(self.answering.inner_forward and inner)
        error = next((each.text for each in self.errors if each.field == self.ref), "")
        parts = tuple(self.answering.parts(error))
        if not searching:
            parts = (*self._above(question, words), *_together(parts, self._other_ways(question)))
        return self.page(
            QuestionView,
            title=words.title,
            title_emphasis=words.emphasis,
            where=self._where(question),
            hint="" if searching else plain(question.hint or ""),
            body=parts,
            back=self.back_button(),
            forward=self.forward_button(self.answering.inner_forward if searching else ""),
            private=question.private,
            recordings=tuple(self._recordings(question)),
            key=f"question:{self.ref}:{self.visit.number}:{self.visit.language}:{inner}:{self._explained}",
        )

    def _question(self) -> Question:
        """As it stands now. Asked again only after a step: a long list takes longer than a key may."""
        at = (len(self.session.steps), self.session.language)
        if self._asked is None or self._asked[0] != at:
            self._asked = at, self.session.question(self.ref)
        return self._asked[1]

    def _above(self, question: Question, words: Headed) -> Iterator[Part]:
        """Between the heading and the answer: the rest of the words, the picture, what helps."""
        yield from words.below
        picture = around(self.stage).file(question.image)
        if picture:
            yield Picture("", self.texts.say("A picture that belongs to this question"), picture)
        if question.guidance and self._explained:
            yield from below(question.guidance)

    def _other_ways(self, question: Question) -> tuple[Button, ...]:
        """What can be pressed instead of answering."""
        say = self.texts.say
        buttons: list[Button] = []
        if question.guidance:
            label = say("Hide the explanation") if self._explained else say("Explain this question")
            buttons.append(Button(EXPLAIN, label, icon="help", tone=Tone.QUIET))
        if self._can_be_left(question):
            buttons.append(Button("skip", self._skip_label(question), tone=Tone.QUIET))
        return tuple(buttons)

    def _recordings(self, question: Question) -> Iterator[Recording]:
        files = around(self.stage)
        named = [("title", question.audio)]
        named += [(f"{self.ref}={each.value}", each.audio) for each in question.choices]
        for part, name in named:
            sound = files.file(name)
            if sound:
                yield Recording(part, name or "", sound)

    def _follow_language(self) -> None:
        form = self.session.form
        language = form.language_for(self.visit.language)
        if language is not None and self.session.language != language:
            self.session.language = language

    def _where(self, question: Question) -> str:
        number, about = walk.position(self.visit.errand)
        gaps = {"number": number, "about": about}
        section = plain(question.section[-1]) if question.section else ""
        alone = self.texts.say("Question {number} of about {about}", **gaps)
        if section.endswith(("?", "!", ".", ":")):
            # "Who lives with you?" is a sentence of its own and takes no colon.
            return f"{section} {alone}"
        if section:
            return self.texts.say("{section}: question {number} of about {about}", section=section, **gaps)
        return alone

    def _can_be_left(self, question: Question) -> bool:
        return (
            not question.required
            and not question.readonly
            and can_be_asked(question)
            and question.kind not in (QuestionKind.NOTE, QuestionKind.SELECT_MULTIPLE, QuestionKind.RANK)
            # Below many cards it would be a page of its own; going on without a choice says the same.
            and len(question.choices) <= FEW_CARDS
        )

    def _skip_label(self, question: Question) -> str:
        if question.number_kind is not None:
            return self.texts.say("I don't have it with me")
        if question.kind in _MAY_NOT_BE_KNOWN:
            return self.texts.say("I don't know")
        return self.texts.say("Leave this one out")

    # -- what the person does

    def take(self, event: Event) -> None:
        match event:
            case Pressed(id="skip"):
                self._store("")
                return
            case Pressed(id="explain"):
                self._explained = not self._explained
            case _:
                if not self.answering.take(event):
                    return
        self.errors = ()
        if isinstance(event, Chosen) and self.answering.goes_on_at_once and self.answering.value:
            self.forward()
        else:
            self.stage.refresh()

    def back(self) -> None:
        if self.answering.inner_forward and self.answering.close_inner():
            self.stage.refresh()
            return
        self._stand_here()
        outcome = walk.backward(self.visit.errand)
        if outcome is None:
            self.stage.open(Screen.LEAVE)
            return
        self.stage.go(outcome)

    def forward(self) -> None:
        if self.answering.close_inner():
            self.stage.refresh()
            return
        refusal = self.answering.refusal()
        if refusal:
            self._refuse(refusal)
            return
        self._store(self.answering.value.strip())

    def _store(self, value: str) -> None:
        self._stand_here()
        question = self.session.question(self.ref)
        if not question.readonly and can_be_asked(question):
            step = Answer(self.desk.clock(), self.ref, value)
            violation = self.session.apply(step).violation
            if violation is not None:
                self._refuse(self._refusal(violation))
                return
        errand = self.visit.errand
        outcome = walk.forward(errand)
        drawn = value if value in errand.enclosures else ""
        save(self.stage, lambda: self.stage.go(outcome), enclosed=drawn)

    def _refuse(self, words: str) -> None:
        self.errors = (FieldError(self.ref, words),)
        self.stage.refresh()

    def _stand_here(self) -> None:
        """After a disk refused to store, the walk had gone on while the page had not."""
        errand = self.visit.errand
        errand.place, errand.members, errand.from_check = self.at

    def _refusal(self, violation: Violation) -> str:
        """The form's own words where it has some, else what to do, by what is wrong. What cannot even be
        read as a date or a number is no matter of the form's rules."""
        if violation.message and violation.kind is not ViolationKind.TYPE:
            return plain(violation.message)
        say = self.texts.say
        question = self.session.question(self.ref)
        match violation.kind:
            case ViolationKind.REQUIRED:
                if question.kind is QuestionKind.SIGNATURE:
                    return say("Please sign, or make your mark, in the box.")
                if question.kind in (QuestionKind.SELECT_ONE, QuestionKind.SELECT_MULTIPLE):
                    return say("Please choose an answer.")
                return say("Please answer this question before you go on.")
            case ViolationKind.NUMBER:
                return say(
                    "This number does not look right. Please compare it with the card, digit by digit."
                )
            case ViolationKind.TYPE:
                if question.kind in (QuestionKind.TIME, QuestionKind.DATETIME):
                    return say("Please look at the hour, from 0 to 23, and at the minutes.")
                if question.kind is QuestionKind.DATE:
                    return say("There is no such date. Please look at the day, the month and the year.")
                if question.kind is QuestionKind.INTEGER:
                    return say("Please type a whole number, for example 3.")
                return say("Please type a number, for example 12.50.")
            case ViolationKind.CONSTRAINT:
                return say("This answer does not fit here. Please look at it once more.")


def _together(parts: tuple[Part, ...], buttons: tuple[Button, ...]) -> tuple[Part, ...]:
    """Buttons stand beside those that the answer has already, where it ends with some."""
    if not buttons:
        return parts
    last = parts[-1] if parts else None
    if isinstance(last, Buttons):
        return (*parts[:-1], Buttons((*last.buttons, *buttons)))
    return (*parts, Buttons(buttons))

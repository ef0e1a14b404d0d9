"""Check your answers: every answer with "Change", what was skipped as "not provided" (ACCESS.md D7)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from kiosk.flow import walk
from kiosk.flow.answering import can_be_asked
from kiosk.flow.handing_in import hand_in, prepare_slip
from kiosk.flow.markup import plain
from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.saving import save
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Button, Event, FieldError, Part, Pressed, Row, Rows, Tone, View
from kiosk.flow.wording import heading, shown_value
from kiosk.forms import Question, QuestionKind, Ref


@dataclass(frozen=True, kw_only=True)
class CheckView(View):
    screen: ClassVar[str] = Screen.CHECK


class CheckPresenter(Presenter):
    screen = Screen.CHECK

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.session = walk.session_of(self.visit.errand)
        self.wrong: frozenset[str] = frozenset()

    def entered(self) -> None:
        # The receipt's keys take a third of a second to derive: begin while the person reads.
        prepare_slip(self.stage)

    def view(self) -> CheckView:
        say = self.texts.say
        service = self.visit.errand.service
        assert service is not None
        signs = walk.signature_of(self.session) is not None
        return self.page(
            CheckView,
            title=say("Please check your answers"),
            where=service.plain_name.text(self.visit.language),
            hint=say("Touch “Change” beside an answer that is not right."),
            body=tuple(self._sections()),
            back=self.back_button(),
            forward=self.forward_button(say("Go on to sign") if signs else say("Hand in my application")),
            private=True,
            key=f"check:{self.visit.number}:{self.visit.language}",
        )

    def _sections(self) -> Iterator[Part]:
        title, rows = "", list[Row]()
        for question in self._asked():
            section = plain(question.section[-1]) if question.section else ""
            if rows and section != title:
                yield Rows(tuple(rows), title)
                rows = []
            title = section
            rows.append(self._row(question))
        if rows:
            yield Rows(tuple(rows), title)

    def _asked(self) -> Iterator[Question]:
        signature = walk.signature_of(self.session)
        for ref in self._refs(self.session.screens()):
            if (signature is not None and ref == signature.ref) or walk.is_a_heading(self.session, ref):
                continue
            question = self.session.question(ref)
            if question.kind is QuestionKind.NOTE or question.readonly:
                continue
            if can_be_asked(question):
                yield question

    def _refs(self, level: tuple[Ref, ...]) -> Iterator[Ref]:
        for ref in level:
            if self.session.question(ref).kind is QuestionKind.REPEAT:
                for instance in self.session.repeat(ref).instances:
                    yield from self._refs(self.session.children(instance))
            else:
                yield ref

    def _row(self, question: Question) -> Row:
        value = shown_value(question, self.session.display(question.ref), self.texts)
        tone = Tone.ERROR if question.ref in self.wrong else Tone.QUIET if not question.value else Tone.PLAIN
        change = Button(f"change:{question.ref}", self.texts.say("Change"), icon="change")
        return Row(
            question.ref,
            question.short_label or heading(question),
            value,
            (change,),
            tone,
            private=question.private,
            digits=_is_a_code(question),
        )

    def take(self, event: Event) -> None:
        match event:
            case Pressed(id=id) if id.startswith("change:"):
                self.stage.go(walk.change(self.visit.errand, Ref(id.removeprefix("change:"))))

    def back(self) -> None:
        outcome = walk.backward(self.visit.errand)
        assert outcome is not None, "the check page follows a question"
        self.stage.go(outcome)

    def forward(self) -> None:
        signature = walk.signature_of(self.session)
        violations = [v for v in self.session.violations() if signature is None or v.ref != signature.ref]
        if violations:
            self.wrong = frozenset(v.ref for v in violations)
            self.errors = tuple(
                FieldError(v.ref, self.texts.say("Still open: {question}", question=self._label(v.ref)))
                for v in violations
            )
            self.stage.refresh()
        elif signature is not None:
            self.visit.errand.place = ""
            save(self.stage, lambda: self.stage.go(Outcome.TO_SIGN))
        else:
            hand_in(self.stage)

    def _label(self, ref: str) -> str:
        return heading(self.session.question(Ref(ref)))


def _is_a_code(question: Question) -> bool:
    """A number of a person, a telephone, an account: not a quantity."""
    numbers = question.kind is QuestionKind.TEXT and "numbers" in question.appearance
    return question.number_kind is not None or numbers

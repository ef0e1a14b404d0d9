"""Who lives with you: a repeat as one page. Add, change, remove."""

from dataclasses import dataclass
from typing import ClassVar

from kiosk.flow import walk
from kiosk.flow.markup import headed, plain
from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.saving import save
from kiosk.flow.table import Screen
from kiosk.flow.view import (
    Button,
    Buttons,
    Event,
    FieldError,
    Notice,
    Paragraph,
    Part,
    Pressed,
    Row,
    Rows,
    Tone,
    View,
)
from kiosk.forms import AddRepeat, QuestionKind, Ref, RemoveRepeat, Repeat


@dataclass(frozen=True, kw_only=True)
class MemberView(View):
    screen: ClassVar[str] = Screen.MEMBER


class MemberPresenter(Presenter):
    """``removing`` is the member about to be removed: asked once more, since it cannot be undone."""

    screen = Screen.MEMBER

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        errand = self.visit.errand
        self.session = walk.session_of(errand)
        self.ref = Ref(errand.place)
        self.at = (errand.place, errand.members, errand.from_check)
        self.removing: Ref | None = None

    def view(self) -> MemberView:
        say, repeat = self.texts.say, self.session.repeat(self.ref)
        number, about = walk.position(self.visit.errand)
        body: list[Part] = []
        if self.removing is not None:
            name = self._name(self.removing, repeat)
            body.append(
                Notice(
                    say("Remove {name}?", name=name),
                    say("Everything you said there is taken out."),
                    Tone.WARNING,
                )
            )
            body.append(
                Buttons(
                    (
                        Button("remove", say("Yes, remove"), icon="remove"),
                        Button("keep", say("No, keep"), icon="check"),
                    )
                )
            )
        elif repeat.instances:
            body.append(Rows(tuple(self._row(each, repeat) for each in repeat.instances)))
        else:
            body.append(Paragraph(say("Nothing has been added yet.")))
        if repeat.can_add and self.removing is None:
            label = say("Add another") if repeat.instances else say("Add the first")
            body.append(Buttons((Button("add", label, icon="plus"),)))
        return self.page(
            MemberView,
            title=headed(repeat.label).title or say("A list with one or more entries"),
            where=say("Question {number} of about {about}", number=number, about=about),
            hint=self.texts.many("{count} entry so far", "{count} entries so far", repeat.count),
            body=tuple(body),
            back=self.back_button(),
            forward=self.forward_button(),
            key=f"member:{self.ref}:{self.visit.number}:{self.removing or repeat.count}",
        )

    def _row(self, instance: Ref, repeat: Repeat) -> Row:
        say = self.texts.say
        actions = [Button(f"change:{instance}", say("Change"), icon="change")]
        if repeat.can_remove:
            actions.append(Button(f"remove:{instance}", say("Remove"), icon="remove"))
        return Row(
            instance, self._name(instance, repeat), self._summary(instance), tuple(actions), private=True
        )

    def _name(self, instance: Ref, repeat: Repeat) -> str:
        """A member's first words, which forms make the name; else what the form calls it, or a number."""
        for child in self.session.children(instance):
            question = self.session.question(child)
            if question.kind in (QuestionKind.TEXT, QuestionKind.SELECT_ONE):
                if question.value:
                    return plain(self.session.display(child))
                break
        number = repeat.instances.index(instance)
        given = plain(repeat.labels[number]) if repeat.labels else ""
        return given if given.strip("0123456789") else self.texts.say("Number {number}", number=number + 1)

    def _summary(self, instance: Ref) -> str:
        """What is still missing, or nothing."""
        missing = sum(
            1 for violation in self.session.violations() if violation.ref.startswith(f"{instance}/")
        )
        if missing:
            return self.texts.many("{count} question is open", "{count} questions are open", missing)
        return ""

    # -- what the person does

    def take(self, event: Event) -> None:
        match event:
            case Pressed(id="add"):
                self._add()
            case Pressed(id="keep"):
                self.removing = None
                self.stage.refresh()
            case Pressed(id="remove") if self.removing is not None:
                self._remove(self.removing)
            case Pressed(id=id) if id.startswith("change:"):
                self._stand_here()
                self.stage.go(walk.enter_member(self.visit.errand, Ref(id.removeprefix("change:"))))
            case Pressed(id=id) if id.startswith("remove:"):
                self.removing = Ref(id.removeprefix("remove:"))
                self.stage.refresh()

    def _stand_here(self) -> None:
        errand = self.visit.errand
        errand.place, errand.members, errand.from_check = self.at

    def _add(self) -> None:
        self._stand_here()
        self.session.apply(AddRepeat(self.desk.clock(), self.ref))
        newest = self.session.repeat(self.ref).instances[-1]
        outcome = walk.enter_member(self.visit.errand, newest)
        save(self.stage, lambda: self.stage.go(outcome))

    def _remove(self, instance: Ref) -> None:
        self.session.apply(RemoveRepeat(self.desk.clock(), instance))
        self.removing = None
        save(self.stage, self.stage.refresh)

    def back(self) -> None:
        if self.removing is not None:
            self.removing = None
            self.stage.refresh()
            return
        self._stand_here()
        outcome = walk.backward(self.visit.errand)
        if outcome is None:
            self.stage.open(Screen.LEAVE)
        else:
            self.stage.go(outcome)

    def forward(self) -> None:
        self._stand_here()
        open_questions = [v for v in self.session.violations() if v.ref.startswith(f"{self.ref}[")]
        if open_questions:
            self.errors = (
                FieldError("", self.texts.say("Some questions in this list are still open. Touch “Change”.")),
            )
            self.stage.refresh()
            return
        outcome = walk.forward(self.visit.errand)
        save(self.stage, lambda: self.stage.go(outcome))

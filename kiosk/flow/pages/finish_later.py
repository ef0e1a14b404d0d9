"""Stop now and finish later: a code that opens the answers again, and what a volunteer can do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.sheets import print_code, resume_slip
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Button, Buttons, Code, Event, Notice, Paragraph, Part, Pressed, Tone, View
from kiosk.receipts import PrintJob, ReceiptKeys, ResumeCode, groups, new_resume_code


@dataclass(frozen=True, kw_only=True)
class FinishLaterView(View):
    screen: ClassVar[str] = Screen.FINISH_LATER


class FinishLaterPresenter(Presenter):
    """Two steps: whether a code is wanted, and the code."""

    screen = Screen.FINISH_LATER

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.code: ResumeCode | None = None

    def view(self) -> FinishLaterView:
        return self._offer() if self.code is None else self._shown(self.code)

    def _offer(self) -> FinishLaterView:
        say, errand = self.texts.say, self.visit.errand
        body: list[Part] = [
            Paragraph(say("With a code you can open your answers yourself, at this kiosk, on another day.")),
        ]
        if errand.volunteer_may_continue:
            body += [
                Paragraph(say("Without a code, a volunteer of this centre opens them for you.")),
                Buttons((Button("without", say("Leave without a code")),)),
            ]
        else:
            body.append(
                Notice(
                    say("You need the code"),
                    say("You did not want a volunteer to go on. Without the code your answers are erased."),
                    Tone.WARNING,
                )
            )
        return self.page(
            FinishLaterView,
            title=say("Stop now and finish later"),
            hint=say("Your answers stay here, locked away. Nothing is sent yet."),
            body=tuple(body),
            back=self.back_button(say("Back to my page")),
            forward=self.forward_button(say("Give me a code")),
        )

    def _shown(self, code: ResumeCode) -> FinishLaterView:
        say = self.texts.say
        helped = (
            say("If you lose the code, a volunteer of this centre can still open your answers with you.")
            if self.visit.errand.volunteer_may_continue
            else say("If you lose the code, nobody can open your answers again.")
        )
        return self.page(
            FinishLaterView,
            title=say("Your code to go on"),
            hint=say("Write all the digits down, or ask the volunteer to do it for you."),
            body=(
                Code(
                    say("Code for your answers"),
                    groups(code),
                    caption=say("On another day choose “Go on where I stopped” and type this code."),
                ),
                Notice(say("Keep it to yourself"), say("Whoever has this code can read your answers.")),
                Buttons((Button("print", say("Print this code"), icon="print"),)),
                Paragraph(helped),
            ),
            back=self.back_button(say("Back to my page")),
            forward=self.forward_button(say("I have it, finish")),
            key=f"{self.screen}:code:{self.visit.number}",
            private=True,
        )

    def take(self, event: Event) -> None:
        match event:
            case Pressed(id="without") if self.visit.errand.volunteer_may_continue:
                self.stage.go(Outcome.FINISHED)
            case Pressed(id="print") if self.code is not None:
                print_code(self.stage, resume_slip(self.stage, self.code), self._printed)

    def _printed(self, job: PrintJob) -> None:
        self.visit.slips.append(job)
        self.stage.refresh()

    def back(self) -> None:
        self.stage.close()

    def forward(self) -> None:
        if self.code is not None:
            self.stage.go(Outcome.FINISHED)
            return
        code, desk = new_resume_code(), self.desk

        def derive(done: Callable[[ReceiptKeys | Exception], None]) -> None:
            desk.background.run(lambda: ReceiptKeys.derive(code, desk.salt), done)

        self.stage.wait_for(derive, lambda keys: self._keep(code, keys))

    def _keep(self, code: ResumeCode, keys: ReceiptKeys) -> None:
        draft = self.visit.errand.draft
        assert draft is not None, "help and leave open this page for an open draft alone"

        def store(done: Callable[[Exception | None], None]) -> None:
            self.desk.drafts.set_resume_code(draft, keys, done)

        self.stage.wait_for(store, lambda _: self._show(code))

    def _show(self, code: ResumeCode) -> None:
        # Only a code that the store has taken is shown: one on paper that opens nothing would be a lie.
        self.code = code
        self.visit.errand.resume_code_given = True
        self.stage.refresh()

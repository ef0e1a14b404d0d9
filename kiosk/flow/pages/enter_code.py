"""Enter a code: one field of 20 digits. It opens a paused draft, or what a receipt tells."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from kiosk.applications import FoundApplication, RestoredDraft
from kiosk.flow.looking_up import find, keys_of
from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.refusal import Refused, refusal_of, wait_or_refuse
from kiosk.flow.resuming import resume
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Event, FieldKind, Paragraph, TextField, Typed, View
from kiosk.receipts import CODE_GROUPS, ReceiptKeys, parse_code


@dataclass(frozen=True, kw_only=True)
class EnterCodeView(View):
    screen: ClassVar[str] = Screen.ENTER_CODE


class EnterCodePresenter(Presenter):
    screen = Screen.ENTER_CODE

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.typed = ""

    def view(self) -> EnterCodeView:
        say = self.texts.say
        error = next((each.text for each in self.errors if each.field == "code"), "")
        return self.page(
            EnterCodeView,
            title=say("Please type your code"),
            hint=say("It has 20 digits, in five groups of four."),
            body=(
                TextField(
                    "code",
                    say("Your code"),
                    self.typed,
                    FieldKind.CODE,
                    groups=CODE_GROUPS,
                    error=error,
                    private=True,
                    max_length=sum(CODE_GROUPS),
                ),
                Paragraph(say("If you have no code, a volunteer can open your answers with you.")),
            ),
            back=self.back_button(),
            forward=self.forward_button(say("Open")),
        )

    def take(self, event: Event) -> None:
        match event:
            case Typed(field="code", text=text):
                self.typed = text
                self.errors, self.fault = (), None
                self.stage.refresh()

    def back(self) -> None:
        self.stage.close()

    def forward(self) -> None:
        refused = refusal_of(lambda: parse_code(self.typed))
        if refused is not None:
            self._refuse(refused)
            return
        code, desk = parse_code(self.typed), self.desk

        def derive(done: Callable[[ReceiptKeys | Exception], None]) -> None:
            desk.background.run(lambda: keys_of(desk, code), done)

        self.stage.wait_for(derive, self._open)

    def _open(self, keys: ReceiptKeys) -> None:
        def open_draft(done: Callable[[RestoredDraft | Exception], None]) -> None:
            self.desk.drafts.open_with_code(keys.identity, keys.tag, done)

        wait_or_refuse(
            self.stage,
            open_draft,
            lambda restored: resume(self.stage, restored, by_code=True),
            lambda refused: self._look_up(keys, refused),
        )

    def _look_up(self, keys: ReceiptKeys, no_draft: Refused) -> None:
        """A receipt's code looks the same, and whoever has one should not have to find another page."""

        def look(done: Callable[[FoundApplication | Exception | None], None]) -> None:
            find(self.desk, keys, done)

        def found(application: FoundApplication | None) -> None:
            if application is None:
                self._refuse(no_draft)
                return
            self.visit.found, self.visit.found_keys = application, keys
            self.stage.go(Outcome.FOUND)

        wait_or_refuse(self.stage, look, found, self._refuse)

    def _refuse(self, refused: Refused) -> None:
        self.errors = refused.errors("code", self.texts)
        self.stage.refresh()

"""Enter a code: one field of 20 digits. It opens a paused draft, or what a receipt tells."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from kiosk.applications import FoundApplication, RestoredDraft
from kiosk.errors import Fault, SignInFault
from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.refusal import Refused, or_refused
from kiosk.flow.resuming import resume
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Event, FieldError, FieldKind, Paragraph, TextField, Typed, View
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
                self.errors = ()
                self.stage.refresh()

    def back(self) -> None:
        self.stage.close()

"""Look up an application by the code on the receipt. The paper is the key: nobody needs to sign in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from kiosk.applications import FoundApplication
from kiosk.errors import Fault
from kiosk.flow.looking_up import find, keys_of
from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Event, FieldError, FieldKind, Notice, Part, TextField, Tone, Typed, View
from kiosk.flow.wording import CODE_GROUPS
from kiosk.receipts import ReceiptKeys, parse_code


@dataclass(frozen=True, kw_only=True)
class LookupView(View):
    screen: ClassVar[str] = Screen.LOOKUP


class LookupPresenter(Presenter):
    screen = Screen.LOOKUP

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.typed = ""
        self.asked_elsewhere = False

    def view(self) -> LookupView:
        say = self.texts.say
        error = next((each.text for each in self.errors if each.field == "code"), "")
        body: list[Part] = [
            TextField(
                "code",
                say("The code on your receipt"),
                self.typed,
                FieldKind.CODE,
                CODE_GROUPS,
                error=error,
                private=True,
                max_length=sum(CODE_GROUPS),
            )
        ]
        if self.asked_elsewhere:
            body.insert(
                0,
                Notice(
                    say("This kiosk does not know that receipt yet"),
                    say("We have asked the other centres. Please come back when the line has been up."),
                    Tone.WARNING,
                ),
            )
        return self.page(
            LookupView,
            title=say("Please type the code on your receipt"),
            hint=say("It has 20 digits, in five groups of four."),
            body=tuple(body),
            back=self.back_button(),
            forward=self.forward_button(say("Open")),
            private=True,
        )

    def take(self, event: Event) -> None:
        match event:
            case Typed(field="code", text=text):
                self.typed, self.errors, self.asked_elsewhere = text, (), False
                self.fault = None
                self.stage.refresh()

    def forward(self) -> None:
        try:
            code = parse_code(self.typed)
        except Fault as fault:
            self.errors = (FieldError("code", self.texts.message(fault.advice)),)
            self.stage.refresh()
            return
        desk = self.desk

        def start(done: Callable[[FoundApplication | Exception | None], None]) -> None:
            def derived(keys: ReceiptKeys | Exception) -> None:
                if isinstance(keys, Exception):
                    done(keys)
                else:
                    self.visit.found_keys = keys
                    find(desk, keys, done)

            desk.background.run(lambda: keys_of(desk, code), derived)

        self.stage.wait_for(start, self._found)

    def _found(self, found: FoundApplication | None) -> None:
        if found is None:
            self.asked_elsewhere = True
            self.desk.courier.nudge()
            self.stage.refresh()
            return
        self.visit.found = found
        self.stage.go(Outcome.FOUND)

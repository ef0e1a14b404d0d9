"""It is stored. The reference and the code in short groups, and the receipt to take home."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.printing import print_receipt
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Button, Buttons, Code, Event, Notice, Part, Pressed, Tone, View
from kiosk.flow.wording import CODE_GROUPS, REFERENCE_GROUPS, in_groups, whom_to_ask
from kiosk.receipts import PrinterStatus, qr_content


@dataclass(frozen=True, kw_only=True)
class StoredView(View):
    screen: ClassVar[str] = Screen.STORED


class StoredPresenter(Presenter):
    screen = Screen.STORED

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.ready = True
        """Whether there is a printer; asked of the system when the page is entered."""

    def entered(self) -> None:
        printer = self.desk.printer

        def ask(done: Callable[[PrinterStatus | Exception], None]) -> None:
            self.desk.background.run(printer.status, done)

        self.stage.wait_for(ask, self._asked)

    def _asked(self, status: PrinterStatus) -> None:
        self.ready = status.ready
        self.stage.refresh()

    def view(self) -> StoredView:
        say, slip = self.texts.say, self.visit.slip
        assert slip is not None, "what is stored has a reference and a code"
        service = self.visit.errand.service
        assert service is not None
        agency = self.desk.pack.agencies[service.agency].name.text(self.visit.language)
        body: list[Part] = [
            Code(
                say("Your code"),
                in_groups(slip.code, CODE_GROUPS),
                say("Only this code opens the answer. Keep it like a key."),
                qr_content(slip.code),
            ),
            Code(
                say("Your reference"),
                in_groups(slip.reference, REFERENCE_GROUPS),
                say("Say this number when you call."),
            ),
            self._kept(agency),
        ]
        elsewhere = whom_to_ask(self.desk.pack.agencies[service.agency], self.texts)
        if elsewhere is not None:
            body.append(Notice(say("Where the answer comes from"), elsewhere))
        if not self.ready:
            body.append(
                Notice(
                    say("The receipt cannot be printed now"),
                    say("Please write the code down. The volunteer can print the receipt later."),
                    Tone.WARNING,
                )
            )
            body.append(Buttons((Button("print", say("Try to print"), icon="print"),)))
        forward = (
            self.forward_button(say("Print my receipt")) if self.ready else self.forward_button(say("Finish"))
        )
        return self.page(
            StoredView,
            title=say("Done. Your application is stored."),
            body=tuple(body),
            forward=forward,
            private=True,
        )

    def _kept(self, agency: str) -> Notice:
        say = self.texts.say
        if self.desk.practising:
            told = say("It is not sent to {agency}, and it is erased when you finish.", agency=agency)
            return Notice(say("This was practice"), told, Tone.WARNING)
        return Notice(
            say("Your application is kept safely at this centre"),
            say("It goes to {agency} as soon as there is a line. You need do nothing.", agency=agency),
        )

    def take(self, event: Event) -> None:
        if event == Pressed("print"):
            self._print()

    def forward(self) -> None:
        if self.ready:
            self._print()
        else:
            self.stage.open(Screen.CAME_OUT)

    def _print(self) -> None:
        print_receipt(self.stage, copy=False, done=lambda: self.stage.open(Screen.CAME_OUT))

    def back(self) -> None:
        self.stage.go(Outcome.FINISHED)

"""Which printer, and a page from it that somebody has in hand."""

from collections.abc import Callable

from kiosk.flow.printing import JOB_TITLE
from kiosk.flow.setting_up.page import Host, SetUpPage
from kiosk.flow.setting_up.trial_print import trial_print
from kiosk.flow.view import (
    Bullets,
    Button,
    Buttons,
    Choice,
    Choices,
    Chosen,
    Event,
    Notice,
    Paragraph,
    Pressed,
    Progress,
    Tone,
)
from kiosk.flow.view import Part as ViewPart
from kiosk.operators import Part
from kiosk.receipts import PrinterStatus, PrintJob, plain_sheet_pdf
from kiosk.store import Setting

Found = tuple[tuple[str, ...], PrinterStatus]


class PrinterPage(SetUpPage):
    """Choose, print a test page, say whether it came out."""

    part = Part.PRINTER

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._names: tuple[str, ...] | None = None
        self._status: PrinterStatus | None = None
        self._chosen = ""
        self._not_out = False

    def entered(self) -> None:
        self._look()

    def _look(self) -> None:
        printer = self.desk.printer
        self._names = None

        def looked(found: Found | Exception) -> None:
            # Nothing waits for it: the page takes presses while the spooler is asked.
            self._names, self._status = ((), None) if isinstance(found, Exception) else found
            if self._chosen not in self._names:
                self._chosen = self._names[0] if len(self._names) == 1 else ""
            if not self.step:
                self.stage.refresh()

        self.desk.lookout.run(lambda: (printer.names(), printer.status()), looked)

    # -- what is shown

    def title(self) -> str:
        if self.step:
            return self.texts.say("Did the test page come out?")
        return self.texts.say("Which printer prints the receipts?")

    def hint(self) -> str:
        if self.step:
            return self.texts.say("Please look at the printer. It can take a moment.")
        return self.texts.say("Switch it on and put paper in. Then print a test page.")

    def body(self) -> tuple[ViewPart, ...]:
        say = self.texts.say
        if self.step:
            no = Button("no", say("No, or it cannot be read"), icon="print")
            advice = (Bullets(self._advice(), numbered=True),) if self._not_out else ()
            return (
                Paragraph(say("A page with large letters, and nothing else on it.")),
                *advice,
                Buttons((no,)),
            )
        if self._names is None:
            return (Progress(say("Looking for printers")),)
        again = Buttons((Button("again", say("Look again"), icon="repeat"),))
        status = self._status
        told: tuple[ViewPart, ...] = ()
        # Of several it is not said which one is meant, and nobody has chosen yet.
        if status is not None and not status.ready and len(self._names) < 2:
            told = (
                Notice(
                    self.texts.message(status.sentence),
                    say("Look at its switch, its cable and its paper, please."),
                    Tone.WARNING,
                ),
            )
        if not self._names:
            return (*told, again)
        cards = tuple(Choice(name, name, icon="print", chosen=name == self._chosen) for name in self._names)
        return (*told, Choices("printer", cards, label=say("Printers that this machine knows")), again)

    def _advice(self) -> tuple[str, ...]:
        say = self.texts.say
        return (
            say("Is the printer on, and does no light blink?"),
            say("Is there paper in it, and is its lid closed?"),
            say("Is its cable plugged in at both ends?"),
            say("Go back and print the page once more. If nothing comes, press “Later”."),
        )

    def forward_label(self) -> str:
        return self.texts.say("Yes, it came out") if self.step else self.texts.say("Print a test page")

    def forward_enabled(self) -> bool:
        return bool(self.step) or (self._names is not None and (bool(self._chosen) or not self._names))

    # -- what is done

    def take(self, event: Event) -> bool:
        match event:
            case Chosen(field="printer", value=value):
                self._chosen = value
            case Pressed(id="again") if not self.step:
                self._look()
            case Pressed(id="no") if self.step:
                self._not_out = True
            case _:
                return False
        self.stage.refresh()
        return True

    def back(self) -> bool:
        if not self.step:
            return False
        self.step, self._not_out = "", False
        self._look()
        self.stage.refresh()
        return True

    def forward(self) -> None:
        if self.step:
            self.settle({Setting.PRINTER: self._chosen})
        else:
            self._print()

    def _print(self) -> None:
        printer, chosen = self.desk.printer, self._chosen
        sheet = trial_print(self.texts, self.desk.centre)

        def work() -> PrintJob:
            printer.use(chosen)
            return printer.print_pdf(plain_sheet_pdf(sheet), JOB_TITLE)

        def begin(done: Callable[[PrintJob | Exception], None]) -> None:
            self.desk.background.run(work, done)

        self.stage.wait_for(begin, self._printed)

    def _printed(self, _: PrintJob) -> None:
        self.step, self._not_out = "out", False
        self.stage.refresh()

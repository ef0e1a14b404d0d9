"""The coordinator says how the centre works: what is shown at sign-in, who sees which drafts, the sheet."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.printing import JOB_TITLE
from kiosk.flow.sheets import print_code, recovery_sheet
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Button, Buttons, Choice, Choices, Chosen, Code, Event, Notice, Pressed, Tone, View
from kiosk.operators import CentreRules, Factor, SetUp
from kiosk.receipts import PrintJob


@dataclass(frozen=True, kw_only=True)
class RulesView(View):
    screen: ClassVar[str] = Screen.RULES


class RulesPresenter(Presenter):
    """Each choice takes hold at once and stands in the journal."""

    screen = Screen.RULES

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.rules = self.desk.operators.rules()
        self.sheet = ""
        self.printed = False
        self.cards_printed = False

    def view(self) -> RulesView:
        return self._sheet() if self.sheet else self._choices()

    def _choices(self) -> RulesView:
        say, rules = self.texts.say, self.rules
        factors = (
            (Factor.NONE, say("The PIN alone"), ""),
            (Factor.TOTP, say("PIN and a number"), say("From an app on each person's telephone.")),
            (Factor.BADGE, say("PIN and a badge"), say("Needs a reader for square pictures (QR).")),
            (Factor.SECURITY_KEY, say("PIN and a security key"), say("A FIDO2 key for the USB port.")),
        )
        return self.page(
            RulesView,
            title=say("How this centre works"),
            where=self.signed_in.operator.name,
            body=(
                *self._about_cards(),
                Buttons(
                    (
                        Button("set_up", say("Set up this kiosk"), icon="settings"),
                        Button("glass", say("Set up the screen"), icon="settings"),
                        Button("sheet", say("Make a new recovery sheet"), icon="key"),
                        Button("cards", say("Print the help cards"), icon="print"),
                        Button("support", say("A file for whoever helps from afar"), icon="stick"),
                    )
                ),
                Choices(
                    "factor",
                    tuple(
                        Choice(kind or "none", label, hint, chosen=kind is rules.second_factor)
                        for kind, label, hint in factors
                    ),
                    acts=True,
                    label=say("What does everybody show when they sign in?"),
                ),
                Choices(
                    "drafts",
                    (
                        Choice("all", say("All of this centre's"), chosen=not rules.own_drafts_only),
                        Choice("own", say("Those they helped with"), chosen=rules.own_drafts_only),
                    ),
                    acts=True,
                    label=say("Which unfinished applications do volunteers see?"),
                ),
                Choices(
                    "initials",
                    (
                        Choice("no", say("Only reference and service"), chosen=not rules.keeps_initials),
                        Choice("yes", say("The person's initials too"), chosen=rules.keeps_initials),
                    ),
                    acts=True,
                    label=say("What does the list of the day show?"),
                ),
                Choices(
                    "copy",
                    (
                        Choice("12", say("For a year, with consent"), chosen=rules.copy_months == 12),
                        Choice("0", say("Never"), chosen=rules.copy_months == 0),
                    ),
                    acts=True,
                    label=say("Does the centre keep copies of applications?"),
                ),
            ),
            forward=self.forward_button(say("Done")),
            staff=True,
        )

    def _about_cards(self) -> tuple[Notice, ...]:
        if not self.cards_printed:
            return ()
        say = self.texts.say
        told = say("Hang them beside the kiosk, where everybody sees them.")
        return (Notice(say("The cards were sent to the printer"), told, Tone.GOOD),)

    def _sheet(self) -> RulesView:
        say = self.texts.say
        told = (
            Notice(
                say("The sheet was sent to the printer"), say("Please look whether it came out."), Tone.GOOD
            )
            if self.printed
            else Notice(
                say("It is shown only this once"),
                say("Print it or write it down, lock the paper away, and destroy the old sheet."),
                Tone.WARNING,
            )
        )
        return self.page(
            RulesView,
            title=say("The new recovery sheet"),
            where=self.signed_in.operator.name,
            body=(
                Code(say("Code of the recovery sheet"), tuple(self.sheet.split())),
                told,
                Buttons((Button("print", say("Print the sheet"), icon="print"),)),
            ),
            forward=self.forward_button(say("It lies locked away")),
            staff=True,
            private=True,
            key=f"{self.screen}:sheet:{self.visit.number}",
        )

    def take(self, event: Event) -> None:
        match event:
            case Chosen(field="factor", value=value):
                self._change(second_factor=Factor("" if value == "none" else value))
            case Chosen(field="drafts", value=value):
                self._change(own_drafts_only=value == "own")
            case Chosen(field="initials", value=value):
                self._change(keeps_initials=value == "yes")
            case Chosen(field="copy", value=value):
                self._change(copy_months=int(value))
            case Pressed(id="glass"):
                self.stage.go(Outcome.GLASS)
            case Pressed(id="set_up"):
                self.stage.go(Outcome.SETTING_UP)
            case Pressed(id="support"):
                self.stage.go(Outcome.SUPPORT)
            case Pressed(id="cards"):
                self._print_cards()
            case Pressed(id="sheet"):
                self._make_sheet()
            case Pressed(id="print") if self.sheet:
                self._print()

    def back(self) -> None:
        self.forward()

    def forward(self) -> None:
        if self.sheet:
            self._keep_sheet()
        else:
            self.stage.go(Outcome.BACK)

    def _keep_sheet(self) -> None:
        setting_up, signed_in = self.desk.setting_up, self.signed_in

        def begin(done: Callable[[SetUp | Exception], None]) -> None:
            self.desk.background.run(lambda: setting_up.sheet_is_kept(signed_in), done)

        def kept(_: SetUp) -> None:
            self.sheet, self.printed = "", False
            self.stage.refresh()

        self.stage.wait_for(begin, kept)

    def _change(self, **changed: object) -> None:
        operators, signed_in = self.desk.operators, self.signed_in
        wanted = self.rules.with_(**changed)

        def begin(done: Callable[[CentreRules | Exception], None]) -> None:
            self.desk.background.run(lambda: operators.set_rules(signed_in, wanted), done)

        self.stage.wait_for(begin, self._changed)

    def _changed(self, rules: CentreRules) -> None:
        self.rules = rules
        self.stage.refresh()

    def _make_sheet(self) -> None:
        vault, signed_in = self.desk.vault, self.signed_in

        def begin(done: Callable[[str | Exception], None]) -> None:
            self.desk.background.run(lambda: vault.new_sheet(signed_in), done)

        self.stage.wait_for(begin, self._made)

    def _made(self, code: str) -> None:
        self.sheet, self.printed = code, False
        self.stage.refresh()

    def _print_cards(self) -> None:
        desk, printer, texts = self.desk, self.desk.printer, self.texts

        def start(done: Callable[[PrintJob | Exception], None]) -> None:
            desk.background.run(
                lambda: printer.print_pdf(desk.machine.help_cards(texts, desk.centre.phone), JOB_TITLE), done
            )

        def printed(_: PrintJob) -> None:
            self.cards_printed = True
            self.stage.refresh()

        self.stage.wait_for(start, printed)

    def _print(self) -> None:
        print_code(self.stage, recovery_sheet(self.stage, self.sheet), self._has_printed)

    def _has_printed(self, _: PrintJob) -> None:
        self.printed = True
        self.stage.refresh()

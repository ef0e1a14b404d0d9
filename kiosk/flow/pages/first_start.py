"""First start: the one-time code makes the first coordinator; there is no password from the factory."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, assert_never

from kiosk.flow.pages.welcome import OWN_NAMES
from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.refusal import Refused, refusal_of, wait_or_refuse
from kiosk.flow.sheets import print_code, recovery_sheet
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import (
    Bar,
    Button,
    Buttons,
    Choice,
    Choices,
    Chosen,
    Code,
    Event,
    FieldError,
    FieldKind,
    Notice,
    Paragraph,
    Part,
    Pressed,
    TextField,
    Tone,
    Typed,
    View,
)
from kiosk.operators import FirstCoordinator
from kiosk.operators.secrets import FIRST_START_DIGITS, check_pin, typed_code
from kiosk.texts import LANGUAGES

CODE_GROUPS = (4,) * (FIRST_START_DIGITS // 4)


class Step(IntEnum):
    """One question a page, in this order."""

    LANGUAGE = 1
    CODE = 2
    NAME = 3
    PIN = 4
    PIN_AGAIN = 5
    SHEET = 6


@dataclass(frozen=True, kw_only=True)
class FirstStartView(View):
    screen: ClassVar[str] = Screen.FIRST_START


class FirstStartPresenter(Presenter):
    screen = Screen.FIRST_START

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.step = Step.LANGUAGE
        self.code = ""
        self.name = ""
        self.pin = ""
        self.pin_again = ""
        self.sheet = ""

    # -- what is shown

    def view(self) -> FirstStartView:
        say = self.texts.say
        match self.step:
            case Step.LANGUAGE:
                return self._language()
            case Step.CODE:
                return self._ask(
                    say("Please type the one-time code"),
                    say("Whoever installed this kiosk has it."),
                    self._field("code", say("One-time code"), self.code, FieldKind.CODE),
                )
            case Step.NAME:
                return self._ask(
                    say("What is your name?"),
                    say("You will be the coordinator. Volunteers see this name when they sign in."),
                    self._field("name", say("Your name"), self.name, FieldKind.TEXT),
                )
            case Step.PIN:
                return self._ask(
                    say("Choose a PIN"),
                    say("At least six digits that nobody can guess."),
                    self._field("pin", say("Your PIN"), self.pin, FieldKind.PIN),
                )
            case Step.PIN_AGAIN:
                return self._ask(
                    say("Type the same PIN again"),
                    say("So that we know there is no slip in it."),
                    self._field("pin_again", say("Your PIN once more"), self.pin_again, FieldKind.PIN),
                    forward=say("Set up this kiosk"),
                )
            case Step.SHEET:
                return self._sheet()
            case _ as never:
                assert_never(never)

    def _language(self) -> FirstStartView:
        say = self.texts.say
        cards = tuple(Choice(tag, OWN_NAMES[tag], chosen=tag == self.visit.language) for tag in LANGUAGES)
        return self.page(
            FirstStartView,
            title=say("Let us set up this kiosk"),
            hint=say("It takes about three minutes. First choose your language."),
            body=(Choices("language", cards, label=say("Your language")),),
            forward=self.forward_button(),
            staff=True,
            key=f"{self.screen}:{self.step.name}:{self.visit.language}",
        )

    def _ask(self, title: str, hint: str, field: TextField, forward: str = "") -> FirstStartView:
        return self.page(
            FirstStartView,
            title=title,
            where=self._where(),
            hint=hint,
            body=(field,),
            back=self.back_button(),
            forward=self.forward_button(forward),
            staff=True,
            key=self._key(),
        )

    def _field(self, name: str, label: str, value: str, kind: FieldKind) -> TextField:
        error = next((each.text for each in self.errors if each.field == name), "")
        return TextField(
            name,
            label,
            value,
            kind,
            groups=CODE_GROUPS if kind is FieldKind.CODE else (),
            error=error,
            private=kind is not FieldKind.TEXT,
        )

    def _sheet(self) -> FirstStartView:
        say = self.texts.say
        body: tuple[Part, ...] = (
            Code(
                say("Code of the recovery sheet"),
                tuple(self.sheet.split()),
                caption=say("It opens what this centre keeps, if this machine breaks or every PIN is lost."),
            ),
            Notice(
                say("It is shown only this once"),
                say("Write it down on paper and lock the paper away. Do not keep it beside this kiosk."),
                Tone.WARNING,
            ),
            Buttons((Button("print", say("Print the sheet"), icon="print"),)),
            Paragraph(say("{name} is the coordinator now and can sign in.", name=self.name.strip())),
        )
        return self.page(
            FirstStartView,
            title=say("Write down the recovery code"),
            where=self._where(),
            body=body,
            # Settings and help would show another page over a code that is shown only once.
            bar=Bar(self.bar().buttons[1:2], self.bar().note),
            forward=self.forward_button(say("I have written it down")),
            staff=True,
            private=True,
            key=self._key(),
        )

    def _where(self) -> str:
        return self.texts.say("Setting up: step {step} of {steps}", step=int(self.step), steps=len(Step))

    def _key(self) -> str:
        return f"{self.screen}:{self.step.name}:{self.visit.language}"

    # -- what the coordinator does

    def take(self, event: Event) -> None:
        match event:
            case Chosen(field="language", value=value) if value in LANGUAGES:
                self.visit.language = value
            case Pressed(id="print") if self.step is Step.SHEET:
                sheet = recovery_sheet(self.stage, self.sheet)
                print_code(self.stage, sheet, lambda _: self.stage.refresh())
                return
            case Typed(field="code", text=text):
                self.code = text
            case Typed(field="name", text=text):
                self.name = text
            case Typed(field="pin", text=text):
                self.pin = text
            case Typed(field="pin_again", text=text):
                self.pin_again = text
            case _:
                return
        self.errors = ()
        self.stage.refresh()

    def back(self) -> None:
        if self.step in (Step.LANGUAGE, Step.SHEET):
            return
        self._to(Step(self.step - 1))

    def forward(self) -> None:
        match self.step:
            case Step.LANGUAGE:
                self._to(Step.CODE)
            case Step.CODE:
                self._to_unless_refused(Step.NAME, "code", lambda: typed_code(self.code, FIRST_START_DIGITS))
            case Step.NAME:
                if self.name.strip():
                    self._to(Step.PIN)
                else:
                    self.errors = (FieldError("name", self.texts.say("Please type your name.")),)
                    self.stage.refresh()
            case Step.PIN:
                self.pin_again = ""
                self._to_unless_refused(Step.PIN_AGAIN, "pin", lambda: check_pin(self.pin))
            case Step.PIN_AGAIN:
                self._make_coordinator()
            case Step.SHEET:
                self.stage.go(Outcome.SET_UP)
            case _ as never:
                assert_never(never)

    def _to(self, step: Step) -> None:
        self.step, self.errors, self.fault = step, (), None
        self.stage.refresh()

    def _to_unless_refused(self, step: Step, field: str, check: Callable[[], object]) -> None:
        refused = refusal_of(check)
        if refused is None:
            self._to(step)
        else:
            self.errors = refused.errors(field, self.texts)
            self.stage.refresh()

    def _make_coordinator(self) -> None:
        if self.pin != self.pin_again:
            self.pin_again = ""
            self.errors = (
                FieldError("pin_again", self.texts.say("That was not the same PIN. Please type it again.")),
            )
            self.stage.refresh()
            return
        operators, language = self.desk.operators, self.visit.language
        code, name, pin = self.code, self.name.strip(), self.pin

        def make(done: Callable[[FirstCoordinator | Exception], None]) -> None:
            self.desk.background.run(
                lambda: operators.make_first_coordinator(code, name, pin, language), done
            )

        wait_or_refuse(self.stage, make, self._made, self._code_refused)

    def _made(self, first: FirstCoordinator) -> None:
        self.sheet, self.code, self.pin, self.pin_again = first.recovery_code, "", "", ""
        self._to(Step.SHEET)

    def _code_refused(self, refused: Refused) -> None:
        # Name and PIN were looked at before, so it is the code that was refused.
        self._to(Step.CODE)
        self.errors = refused.errors("code", self.texts)
        self.stage.refresh()

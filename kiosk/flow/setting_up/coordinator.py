"""The first coordinator: the one-time code, a name, a PIN twice, and the recovery sheet in their hand."""

from collections.abc import Callable
from enum import StrEnum
from typing import assert_never

from kiosk.flow.new_pin import NewPin
from kiosk.flow.refusal import Refused, refusal_of, wait_or_refuse
from kiosk.flow.setting_up.page import Host, SetUpPage
from kiosk.flow.sheets import print_code, recovery_sheet
from kiosk.flow.view import (
    Button,
    Buttons,
    Code,
    Event,
    FieldError,
    FieldKind,
    Notice,
    Paragraph,
    Pressed,
    TextField,
    Tone,
    Typed,
)
from kiosk.flow.view import Part as ViewPart
from kiosk.operators import FirstCoordinator, Part, SetUp
from kiosk.operators.secrets import FIRST_START_DIGITS, typed_code

CODE_GROUPS = (4,) * (FIRST_START_DIGITS // 4)


class Step(StrEnum):
    CODE = "code"
    NAME = "name"
    PIN = "pin"
    PIN_AGAIN = "pin_again"
    SHEET = "sheet"


class CoordinatorPage(SetUpPage):
    """The one page that cannot wait: without it the kiosk keeps nothing that anybody could open."""

    part = Part.COORDINATOR
    can_wait = False

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.step = Step.CODE
        self._code = ""
        self._name = ""
        self._new = NewPin()
        self._sheet = ""

    def entered(self) -> None:
        if self.signed_in is not None:
            self._make_sheet()

    # -- what is shown

    def title(self) -> str:
        say = self.texts.say
        match Step(self.step):
            case Step.CODE:
                return say("Please type the one-time code")
            case Step.NAME:
                return say("What is your name?")
            case Step.PIN | Step.PIN_AGAIN:
                return self._new.title(self.texts)
            case Step.SHEET:
                return say("Write down the recovery code")
            case _ as never:
                assert_never(never)

    def hint(self) -> str:
        say = self.texts.say
        match Step(self.step):
            case Step.CODE:
                return say("Whoever installed this kiosk has it.")
            case Step.NAME:
                return say("You will be the coordinator. Volunteers see this name when they sign in.")
            case Step.PIN | Step.PIN_AGAIN:
                return self._new.hint(self.texts)
            case Step.SHEET:
                return ""
            case _ as never:
                assert_never(never)

    def body(self) -> tuple[ViewPart, ...]:
        say = self.texts.say
        match Step(self.step):
            case Step.CODE:
                return (
                    TextField(
                        "code",
                        say("One-time code"),
                        self._code,
                        FieldKind.CODE,
                        CODE_GROUPS,
                        error=self.error_at("code"),
                        private=True,
                    ),
                )
            case Step.NAME:
                return (TextField("name", say("Your name"), self._name, error=self.error_at("name")),)
            case Step.PIN | Step.PIN_AGAIN:
                return (self._new.field(self.texts),)
            case Step.SHEET:
                return self._sheet_parts()
            case _ as never:
                assert_never(never)

    def _sheet_parts(self) -> tuple[ViewPart, ...]:
        say = self.texts.say
        name = "" if self.signed_in is None else self.signed_in.operator.name
        return (
            Code(
                say("Code of the recovery sheet"),
                tuple(self._sheet.split()),
                caption=say("It opens what this centre keeps, if this machine breaks or every PIN is lost."),
            ),
            Notice(
                say("It is shown only this once"),
                say("Write it down on paper and lock the paper away. Do not keep it beside this kiosk."),
                Tone.WARNING,
            ),
            Buttons((Button("print", say("Print the sheet"), icon="print"),)),
            Paragraph(say("{name} is the coordinator now and can sign in.", name=name)),
        )

    def forward_label(self) -> str:
        say = self.texts.say
        match Step(self.step):
            case Step.PIN_AGAIN:
                return say("Set up this kiosk")
            case Step.SHEET:
                return say("I have written it down")
            case _:
                return say("Continue")

    @property
    def private(self) -> bool:
        return self.step == Step.SHEET

    @property
    def bare(self) -> bool:
        return self.step == Step.SHEET

    # -- what is done

    def take(self, event: Event) -> bool:
        match event:
            case Pressed(id="print") if self.step == Step.SHEET:
                print_code(
                    self.stage, recovery_sheet(self.stage, self._sheet), lambda _: self.stage.refresh()
                )
                return True
            case Typed(field="code", text=text):
                self._code = text
            case Typed(field="name", text=text):
                self._name = text
            case _ if self._new.take(event):
                pass
            case _:
                return False
        self.refuse()
        return True

    def back(self) -> bool:
        match Step(self.step):
            case Step.CODE | Step.SHEET:
                return False
            case Step.NAME:
                self._to(Step.CODE)
            case Step.PIN:
                self._to(Step.NAME)
            case Step.PIN_AGAIN:
                self._new.back()
                self._to(Step.PIN)
            case _ as never:
                assert_never(never)
        return True

    def forward(self) -> None:
        match Step(self.step):
            case Step.CODE:
                refused = refusal_of(lambda: typed_code(self._code, FIRST_START_DIGITS))
                if refused is None:
                    self._to(Step.NAME)
                else:
                    self.refuse(*refused.errors("code", self.texts))
            case Step.NAME:
                if self._name.strip():
                    self._to(Step.PIN)
                else:
                    self.refuse(FieldError("name", self.texts.say("Please type your name.")))
            case Step.PIN | Step.PIN_AGAIN:
                if self._new.forward(self.texts):
                    self._make_coordinator()
                else:
                    self.step = Step.PIN_AGAIN if self._new.again else Step.PIN
                    self.refuse(*self._new.errors)
            case Step.SHEET:
                self._keep_sheet()
            case _ as never:
                assert_never(never)

    def _to(self, step: Step) -> None:
        self.step, self.host.fault = step, None
        self.refuse()

    def _make_coordinator(self) -> None:
        operators, language = self.desk.operators, self.visit.language
        code, name, pin = self._code, self._name.strip(), self._new.pin

        def make(done: Callable[[FirstCoordinator | Exception], None]) -> None:
            self.desk.background.run(
                lambda: operators.make_first_coordinator(code, name, pin, language), done
            )

        wait_or_refuse(self.stage, make, self._made, self._code_refused)

    def _made(self, first: FirstCoordinator) -> None:
        self._sheet, self._code, self._new = first.recovery_code, "", NewPin()
        self.visit.signed_in = first.signed_in
        self._to(Step.SHEET)

    def _code_refused(self, refused: Refused) -> None:
        # Name and PIN were looked at before, so it is the code that was refused.
        self._to(Step.CODE)
        self.refuse(*refused.errors("code", self.texts))

    def _make_sheet(self) -> None:
        """The power went before anybody said that they have the sheet: that one may be lost, so another."""
        signed_in, vault = self.signed_in, self.desk.vault
        assert signed_in is not None, "only a coordinator has a sheet to make"

        def make(done: Callable[[str | Exception], None]) -> None:
            self.desk.background.run(lambda: vault.new_sheet(signed_in), done)

        def made(code: str) -> None:
            self._sheet = code
            self._to(Step.SHEET)

        self.step = Step.SHEET
        self.stage.wait_for(make, made)

    def _keep_sheet(self) -> None:
        signed_in, setting_up = self.signed_in, self.desk.setting_up
        assert signed_in is not None, "the coordinator was made before the sheet"

        def keep(done: Callable[[SetUp | Exception], None]) -> None:
            self.desk.background.run(lambda: setting_up.sheet_is_kept(signed_in), done)

        self._sheet = ""
        self.stage.wait_for(keep, self.host.settled)

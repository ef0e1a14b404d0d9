"""Where what is gathered goes to: a hub by its address and a one-time code, a USB stick, or nowhere yet."""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from kiosk.flow.setting_up.page import Host, SetUpPage
from kiosk.flow.table import Outcome
from kiosk.flow.view import (
    Button,
    Buttons,
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
from kiosk.operators import Part

CODE_DIGITS: Final = 12
CODE_GROUPS: Final = (4, 4, 4)


class HubPage(SetUpPage):
    part = Part.HUB

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._address = ""
        self._code = ""
        self._enrolled: bool | None = None

    def entered(self) -> None:
        sticks = self.desk.sticks

        def looked(enrolled: bool | Exception) -> None:
            self._enrolled = enrolled is True
            self.stage.refresh()

        self.desk.background.run(lambda: sticks.enrolled, looked)

    def title(self) -> str:
        if self._enrolled:
            return self.texts.say("This kiosk is connected")
        return self.texts.say("Where shall applications be sent?")

    def hint(self) -> str:
        if self._enrolled:
            return ""
        return self.texts.say("The agency tells you an address and a one-time code, by telephone or letter.")

    def body(self) -> tuple[ViewPart, ...]:
        say = self.texts.say
        if self._enrolled:
            told = say("What is gathered here goes there by itself whenever there is a line.")
            return (Notice(say("The agency's hub knows this kiosk"), told, Tone.GOOD),)
        return (
            TextField(
                "address",
                say("Address of the hub"),
                self._address,
                error=self.error_at("address"),
                max_length=200,
            ),
            TextField(
                "code",
                say("One-time code from the agency"),
                self._code,
                FieldKind.CODE,
                CODE_GROUPS,
                error=self.error_at("code"),
                private=True,
            ),
            Paragraph(
                say("Without a hub everything stays here, locked away, until the coordinator sets one.")
            ),
            Buttons((Button("stick", say("Connect by USB stick"), icon="stick"),)),
        )

    def forward_label(self) -> str:
        return self.texts.say("Continue") if self._enrolled else self.texts.say("Connect")

    def forward_enabled(self) -> bool:
        return self._enrolled is not None

    def later_label(self) -> str:
        return self.texts.say("Work alone for now")

    def take(self, event: Event) -> bool:
        match event:
            case Typed(field="address", text=text):
                self._address = text
            case Typed(field="code", text=text):
                self._code = text
            case Pressed(id="stick"):
                self.stage.go(Outcome.BY_STICK)
                return True
            case _:
                return False
        self.refuse()
        return True

    def forward(self) -> None:
        if self._enrolled:
            self.settle()
            return
        errors = tuple(self._missing())
        if errors:
            self.refuse(*errors)
            return
        machine, address = self.desk.machine, self._whole_address()
        code = "".join(sign for sign in self._code if sign.isdecimal())

        def begin(done: Callable[[bool | Exception], None]) -> None:
            self.desk.background.run(lambda: machine.enrol(address, code), done)

        def enrolled(_: bool) -> None:
            self._enrolled, self._code = True, ""
            self.stage.refresh()

        self.stage.wait_for(begin, enrolled)

    def _missing(self) -> list[FieldError]:
        say, errors = self.texts.say, []
        try:
            known = bool(urlsplit(self._whole_address()).hostname)
        except ValueError:
            known = False
        if not known:
            errors.append(FieldError("address", say("Please type the address as the agency gave it.")))
        if sum(sign.isdecimal() for sign in self._code) != CODE_DIGITS:
            error = say("Please type all {count} digits of the code.", count=CODE_DIGITS)
            errors.append(FieldError("code", error))
        return errors

    def _whole_address(self) -> str:
        """People are told an address over the telephone, where nobody says "https"."""
        typed = "".join(self._address.split())
        return typed if "://" in typed or not typed else f"https://{typed}"

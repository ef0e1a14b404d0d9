"""A volunteer or coordinator signs in: who, then the PIN."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.refusal import Refused, wait_or_refuse
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import (
    Choice,
    Choices,
    Chosen,
    Event,
    FieldError,
    FieldKind,
    TextField,
    Typed,
    View,
)
from kiosk.operators import Operator, Role, SignedIn


@dataclass(frozen=True, kw_only=True)
class SignInView(View):
    screen: ClassVar[str] = Screen.SIGN_IN


class SignInPresenter(Presenter):
    screen = Screen.SIGN_IN

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.names = self.desk.operators.names()
        self.chosen: Operator | None = None
        self.pin = ""

    def view(self) -> SignInView:
        return self._who() if self.chosen is None else self._pin(self.chosen)

    def _who(self) -> SignInView:
        say = self.texts.say
        roles = {Role.VOLUNTEER: say("Volunteer"), Role.COORDINATOR: say("Coordinator")}
        cards = tuple(Choice(str(each.id), each.name, roles[each.role], "person") for each in self.names)
        return self.page(
            SignInView,
            title=say("Who are you?"),
            hint=say("This page is for the volunteers of the centre."),
            body=(Choices("operator", cards, acts=True),),
            back=self.back_button(),
            staff=True,
        )

    def _pin(self, chosen: Operator) -> SignInView:
        say = self.texts.say
        error = next((each.text for each in self.errors if each.field == "pin"), "")
        return self.page(
            SignInView,
            title=say("Please type your PIN"),
            where=chosen.name,
            body=(TextField("pin", say("Your PIN"), self.pin, FieldKind.PIN, error=error, private=True),),
            back=self.back_button(),
            forward=self.forward_button(say("Sign in")),
            staff=True,
            key=f"{self.screen}:pin:{self.visit.number}:{chosen.id}",
        )

    def back(self) -> None:
        self.errors, self.pin, self.fault = (), "", None
        if self.chosen is None:
            self.stage.go(Outcome.BACK)
        else:
            self.chosen = None
            self.stage.refresh()

    def take(self, event: Event) -> None:
        match event:
            case Chosen(field="operator", value=value):
                self.chosen = next((each for each in self.names if str(each.id) == value), None)
                self.stage.refresh()
            case Typed(field="pin", text=text):
                self.pin = text
                self.errors = ()
                self.stage.refresh()

    def forward(self) -> None:
        if self.chosen is None:
            return
        # The field is empty again whatever comes of it: a PIN is typed whole, never mended.
        pin, self.pin = self.pin, ""
        if not pin:
            self.errors = (FieldError("pin", self.texts.say("Please type your PIN.")),)
            self.stage.refresh()
            return
        operators, chosen = self.desk.operators, self.chosen.id

        def sign_in(done: Callable[[SignedIn | Exception], None]) -> None:
            self.desk.background.run(lambda: operators.sign_in(chosen, pin), done)

        wait_or_refuse(self.stage, sign_in, self._signed_in, self._refused)

    def _signed_in(self, signed_in: SignedIn) -> None:
        self.visit.signed_in = signed_in
        self.stage.go(Outcome.SIGNED_IN)

    def _refused(self, refused: Refused) -> None:
        self.errors = refused.errors("pin", self.texts)
        self.stage.refresh()

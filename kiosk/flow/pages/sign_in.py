"""A volunteer or coordinator signs in: who, then the PIN and what the centre wants beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.refusal import Refused, wait_or_refuse
from kiosk.flow.showing_who import ShowingWho
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Button, Buttons, Choice, Choices, Chosen, Event, Pressed, Tone, View
from kiosk.operators import Factor, Role, SignedIn


@dataclass(frozen=True, kw_only=True)
class SignInView(View):
    screen: ClassVar[str] = Screen.SIGN_IN


class SignInPresenter(Presenter):
    screen = Screen.SIGN_IN

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.names = self.desk.operators.names()
        self.showing: ShowingWho | None = None

    def view(self) -> SignInView:
        return self._who() if self.showing is None else self._shows(self.showing)

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

    def _shows(self, showing: ShowingWho) -> SignInView:
        say, operator = self.texts.say, showing.operator
        forgotten = Button("forgotten", say("I forgot my PIN"), tone=Tone.QUIET)
        return self.page(
            SignInView,
            title=showing.title(self.texts),
            where=operator.name,
            body=(*showing.parts(self.texts), Buttons((forgotten,))),
            back=self.back_button(),
            forward=self.forward_button(say("Sign in") if showing.is_last else ""),
            staff=True,
            key=f"{self.screen}:{showing.step.name.lower()}:{self.visit.number}:{operator.id}",
        )

    def back(self) -> None:
        self.errors, self.fault = (), None
        if self.showing is None:
            self.stage.go(Outcome.BACK)
            return
        if not self.showing.back():
            self.showing = None
        self.stage.refresh()

    def take(self, event: Event) -> None:
        match event:
            case Chosen(field="operator", value=value):
                chosen = next((each for each in self.names if str(each.id) == value), None)
                self.showing = None if chosen is None else ShowingWho(chosen)
            case Pressed(id="forgotten") if self.showing is not None:
                self.stage.go(Outcome.FORGOTTEN)
                return
            case _ if self.showing is not None and self.showing.take(event):
                self.errors = ()
            case _:
                return
        self.stage.refresh()

    def forward(self) -> None:
        showing = self.showing
        if showing is None:
            return
        if not showing.forward(self.texts):
            self.errors = showing.errors
            self.stage.refresh()
            return
        operators, chosen, pin, proof = self.desk.operators, showing.operator.id, showing.pin, showing.proof
        # The fields are empty again whatever comes of it: a PIN is typed whole, never mended.
        showing.start_again()

        def sign_in(done: Callable[[SignedIn | Exception], None]) -> None:
            self.desk.background.run(lambda: operators.sign_in(chosen, pin, proof), done)

        wait_or_refuse(self.stage, sign_in, self._signed_in, self._refused)

    def _signed_in(self, signed_in: SignedIn) -> None:
        self.visit.signed_in = signed_in
        wanted = self.desk.operators.rules().second_factor
        missing = wanted is not Factor.NONE and signed_in.operator.second_factor != wanted
        self.stage.go(Outcome.FACTOR_WANTED if missing else Outcome.SIGNED_IN)

    def _refused(self, refused: Refused) -> None:
        assert self.showing is not None, "only who was chosen can be refused"
        self.errors = self.showing.errors = refused.errors("pin", self.texts)
        self.stage.refresh()

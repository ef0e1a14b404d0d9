"""Locked: a volunteer stepped away. The page underneath keeps its place behind a blank front."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from kiosk.flow.presenter import READ, SETTINGS, Presenter, Stage
from kiosk.flow.refusal import Refused, wait_or_refuse
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import (
    Bar,
    Button,
    Buttons,
    Event,
    FieldError,
    FieldKind,
    Pressed,
    TextField,
    Tone,
    Typed,
    View,
)
from kiosk.operators import SignedIn


@dataclass(frozen=True, kw_only=True)
class LockedView(View):
    screen: ClassVar[str] = Screen.LOCKED


class LockedPresenter(Presenter):
    """Opens for the PIN of whoever was signed in; anybody else begins a visit of their own."""

    screen = Screen.LOCKED

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.pin = ""

    @property
    def holder(self) -> SignedIn:
        signed_in = self.visit.signed_in
        assert signed_in is not None, "only who is signed in can lock"
        return signed_in

    def view(self) -> LockedView:
        say = self.texts.say
        error = next((each.text for each in self.errors if each.field == "pin"), "")
        return self.page(
            LockedView,
            title=say("This kiosk is locked"),
            hint=say("{name} stepped away and will be back.", name=self.holder.operator.name),
            body=(
                TextField("pin", say("Your PIN"), self.pin, FieldKind.PIN, error=error, private=True),
                Buttons((Button("someone_else", say("I am someone else"), tone=Tone.QUIET),)),
            ),
            bar=self._bar(),
            forward=self.forward_button(say("Unlock")),
            staff=True,
        )

    def _bar(self) -> Bar:
        # Help leads out of a page; out of this one leads the PIN, or a new visit.
        bar = self.bar()
        return Bar(tuple(each for each in bar.buttons if each.id in (SETTINGS, READ)), bar.note)

    def handle(self, event: Event) -> None:
        if event not in (Pressed("help"), Pressed("back")):
            super().handle(event)

    def take(self, event: Event) -> None:
        match event:
            case Typed(field="pin", text=text):
                self.pin = text
                self.errors = ()
                self.stage.refresh()
            case Pressed(id="someone_else"):
                self.stage.go(Outcome.FINISHED)

    def forward(self) -> None:
        pin, self.pin = self.pin, ""
        if not pin:
            self.errors = (FieldError("pin", self.texts.say("Please type your PIN.")),)
            self.stage.refresh()
            return
        operators, holder = self.desk.operators, self.holder.operator.id

        def sign_in(done: Callable[[SignedIn | Exception], None]) -> None:
            self.desk.background.run(lambda: operators.sign_in(holder, pin), done)

        wait_or_refuse(self.stage, sign_in, self._unlocked, self._refused)

    def _unlocked(self, signed_in: SignedIn) -> None:
        self.visit.signed_in = signed_in
        self.stage.close()

    def _refused(self, refused: Refused) -> None:
        self.errors = refused.errors("pin", self.texts)
        self.stage.refresh()

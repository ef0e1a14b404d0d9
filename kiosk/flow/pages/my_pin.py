"""An operator's own PIN and second factor: changed here, and set up where the centre wants one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import ClassVar, assert_never

from kiosk.flow.new_pin import NewPin
from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.refusal import Refused, wait_or_refuse
from kiosk.flow.sheets import badge_sheet, print_code
from kiosk.flow.showing_who import ShowingWho, Step
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import (
    Button,
    Buttons,
    Code,
    Event,
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
from kiosk.flow.wording import in_groups
from kiosk.operators import Factor, NewFactor, Proof, SignedIn
from kiosk.operators.second_factor import new_badge, new_totp
from kiosk.operators.security_key import UsbSecurityKey


class At(Enum):
    MENU = auto()
    SHOWING = auto()
    """Who it is, by what was asked for until now."""
    PIN = auto()
    FACTOR = auto()
    """The new second factor is shown and tried."""
    DONE = auto()


@dataclass(frozen=True, kw_only=True)
class MyPinView(View):
    screen: ClassVar[str] = Screen.MY_PIN


class MyPinPresenter(Presenter):
    screen = Screen.MY_PIN

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.wanted = self.desk.operators.rules().second_factor
        self.at = At.MENU
        self._wants_factor = False
        self.showing = ShowingWho(self.signed_in.operator)
        self.new_pin = NewPin()
        self.new_factor: NewFactor | None = None
        self.number = ""
        self._pin, self._badge = "", ""

    # -- what is shown

    def view(self) -> MyPinView:
        say = self.texts.say
        match self.at:
            case At.MENU:
                return self._menu()
            case At.SHOWING:
                return self._page(self.showing.title(self.texts), self.showing.parts(self.texts))
            case At.PIN:
                self.errors = self.new_pin.errors
                return self._page(
                    self.new_pin.title(self.texts),
                    (self.new_pin.field(self.texts),),
                    hint=self.new_pin.hint(self.texts),
                )
            case At.FACTOR:
                return self._factor()
            case At.DONE:
                title = say("Your sign-in has been changed")
                notice = Notice(say("It holds from your next sign-in on."), tone=Tone.GOOD)
                return self._page(title, (notice,), forward=say("To today's work"), back=False)
            case _ as never:
                assert_never(never)

    def _menu(self) -> MyPinView:
        say = self.texts.say
        body: list[Part] = []
        missing = self.wanted is not Factor.NONE and self.signed_in.operator.second_factor != self.wanted
        if missing:
            text = say("Your centre asks for it at every sign-in. It takes a minute to set up.")
            body.append(Notice(say("Please set up your second proof"), text, Tone.WARNING))
        ways = [Button("pin", say("Choose another PIN"), icon="key")]
        if self.wanted is not Factor.NONE:
            label = say("Set up my second proof") if missing else say("Set it up anew")
            ways.insert(0, Button("factor", label, icon="lock"))
        body.append(Buttons(tuple(ways)))
        return self._page(say("Your sign-in"), tuple(body), forward=say("To today's work"), back=False)

    def _factor(self) -> MyPinView:
        say, new = self.texts.say, self.new_factor
        assert new is not None, "the step before made it"
        match new.kind:
            case Factor.TOTP:
                error = next((each.text for each in self.errors if each.field), "")
                label = say("Six digits, new every half minute")
                body: tuple[Part, ...] = (
                    Code(
                        say("For the app on your telephone"), (), say("Read this picture with it."), new.shown
                    ),
                    TextField("number", label, self.number, FieldKind.PIN, error=error, private=True),
                )
                return self._page(say("Please add Opora to your app"), body, forward=say("Take it"))
            case Factor.BADGE:
                groups = in_groups(new.shown, (4,) * 10)
                body = (
                    Code(say("Your badge"), groups, say("Print or photograph this picture."), new.shown),
                    Notice(say("It is shown only this once"), say("Whoever has it and your PIN is you.")),
                    Buttons((Button("print", say("Print the badge"), icon="print"),)),
                )
                return self._page(say("This is your new badge"), body, forward=say("I have it, take it"))
            case Factor.SECURITY_KEY | Factor.NONE:
                text = say("Press the button below, and touch the key each time it blinks.")
                body = (Paragraph(text),)
                return self._page(say("Please put your key into the USB port"), body, forward=say("Take it"))

    def _page(
        self, title: str, body: tuple[Part, ...], *, hint: str = "", forward: str = "", back: bool = True
    ) -> MyPinView:
        return self.page(
            MyPinView,
            title=title,
            where=self.signed_in.operator.name,
            hint=hint,
            body=body,
            back=self.back_button() if back else None,
            forward=self.forward_button(forward),
            staff=True,
            private=self.at is not At.MENU,
            key=f"{self.screen}:{self.at.name}:{self.showing.step.name}:{self.new_pin.again}:{self.visit.number}",
        )

    # -- what the operator does

    def take(self, event: Event) -> None:
        match event:
            case Pressed(id="pin" | "factor" as id):
                self._wants_factor = id == "factor"
                self._to(At.SHOWING)
                return
            case Pressed(id="print") if self.new_factor is not None:
                sheet = badge_sheet(self.stage, self.signed_in.operator.name, self.new_factor.shown)
                print_code(self.stage, sheet, lambda _: self.stage.refresh())
                return
            case Typed(field="number", text=text) if self.at is At.FACTOR:
                self.number = text
            case _ if self.at is At.SHOWING and self.showing.take(event):
                pass
            case _ if self.at is At.PIN and self.new_pin.take(event):
                pass
            case _:
                return
        self.errors = ()
        self.stage.refresh()

    def back(self) -> None:
        if (self.at is At.SHOWING and self.showing.back()) or (self.at is At.PIN and self.new_pin.back()):
            self.stage.refresh()
        else:
            self._start_over()

    def forward(self) -> None:
        match self.at:
            case At.MENU | At.DONE:
                self.stage.go(Outcome.BACK)
            case At.SHOWING:
                if self.showing.forward(self.texts):
                    self._shown()
                else:
                    self.errors = self.showing.errors
                    self.stage.refresh()
            case At.PIN:
                if self.new_pin.forward(self.texts):
                    self._change_pin()
                else:
                    self.stage.refresh()
            case At.FACTOR:
                self._take_factor()
            case _ as never:
                assert_never(never)

    def _shown(self) -> None:
        """The PIN of until now is proven by signing in with it: wrong tries count there."""
        operators, id = self.desk.operators, self.signed_in.id
        pin, proof = self.showing.pin, self.showing.proof
        self._pin, self._badge = pin, proof.badge
        self.showing.start_again()

        def sign_in(done: Callable[[SignedIn | Exception], None]) -> None:
            self.desk.background.run(lambda: operators.sign_in(id, pin, proof), done)

        wait_or_refuse(self.stage, sign_in, self._known, self._refused)

    def _known(self, signed_in: SignedIn) -> None:
        self.visit.signed_in = signed_in
        if not self._wants_factor:
            self._to(At.PIN)
            return
        match self.wanted:
            case Factor.TOTP:
                self.new_factor = new_totp(signed_in.operator.name)
            case Factor.BADGE:
                self.new_factor = new_badge()
            case Factor.SECURITY_KEY | Factor.NONE:
                self.new_factor = NewFactor(Factor.SECURITY_KEY, "")
        self._to(At.FACTOR)

    def _change_pin(self) -> None:
        operators, signed_in, pin, badge = self.desk.operators, self.signed_in, self.new_pin.pin, self._badge

        def change(done: Callable[[Exception | None], None]) -> None:
            self.desk.background.run(lambda: operators.change_pin(signed_in, pin, badge), done)

        self.stage.wait_for(change, lambda _: self._to(At.DONE))

    def _take_factor(self) -> None:
        operators, signed_in, new = self.desk.operators, self.signed_in, self.new_factor
        assert new is not None, "the step before made it"
        pin, badge, number = self._pin, self._badge, self.number
        self.number = ""

        def take() -> SignedIn:
            made, key = new, UsbSecurityKey() if new.kind is Factor.SECURITY_KEY else None
            if key is not None:
                made = replace(new, secret=key.register(signed_in.operator.name))
            proof = Proof(badge=badge, code=number, key=key)
            return operators.set_second_factor(signed_in, pin, made, proof)

        def begin(done: Callable[[SignedIn | Exception], None]) -> None:
            self.desk.background.run(take, done)

        wait_or_refuse(self.stage, begin, self._taken, self._factor_refused)

    def _taken(self, signed_in: SignedIn) -> None:
        self.visit.signed_in = signed_in
        self._to(At.DONE)

    def _refused(self, refused: Refused) -> None:
        self.errors = self.showing.errors = refused.errors(
            "badge" if self.showing.step is Step.BADGE else "pin", self.texts
        )
        self.stage.refresh()

    def _factor_refused(self, refused: Refused) -> None:
        at_field = self.new_factor is not None and self.new_factor.kind is Factor.TOTP
        self.errors = refused.errors("number" if at_field else "", self.texts)
        self.stage.refresh()

    def _to(self, at: At) -> None:
        self.at, self.errors, self.fault = at, (), None
        if at is At.DONE:
            self.new_pin, self.new_factor, self._pin, self._badge = NewPin(), None, "", ""
        self.stage.refresh()

    def _start_over(self) -> None:
        self.showing.start_again()
        self.new_pin, self.new_factor, self._pin, self._badge = NewPin(), None, "", ""
        self._to(At.MENU)

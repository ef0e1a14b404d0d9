"""How an operator shows who they are: the PIN, and what the centre wants beside it, one after the other."""

from enum import Enum, auto

from kiosk.flow.refusal import refusal_of
from kiosk.flow.view import Event, FieldError, FieldKind, Notice, Part, TextField, Typed
from kiosk.operators import Factor, Operator, Proof
from kiosk.operators.second_factor import read_badge
from kiosk.operators.security_key import UsbSecurityKey
from kiosk.texts import Texts


class Step(Enum):
    BADGE = auto()
    PIN = auto()
    NUMBER = auto()
    KEY = auto()


STEPS = {
    Factor.NONE: (Step.PIN,),
    Factor.BADGE: (Step.BADGE, Step.PIN),
    Factor.TOTP: (Step.PIN, Step.NUMBER),
    Factor.SECURITY_KEY: (Step.PIN, Step.KEY),
}


class ShowingWho:
    """One operator's steps. Nothing that was typed outlives :meth:`start_again`."""

    def __init__(self, operator: Operator) -> None:
        self.operator = operator
        self._steps = STEPS[Factor(operator.second_factor)]
        self.start_again()

    def start_again(self) -> None:
        self._at = 0
        self.pin = self._badge = self._number = ""
        self.errors: tuple[FieldError, ...] = ()

    @property
    def step(self) -> Step:
        return self._steps[self._at]

    @property
    def is_last(self) -> bool:
        return self._at == len(self._steps) - 1

    @property
    def proof(self) -> Proof:
        key = UsbSecurityKey() if Step.KEY in self._steps else None
        return Proof(badge=self._badge, code=self._number, key=key)

    def title(self, texts: Texts) -> str:
        match self.step:
            case Step.BADGE:
                return texts.say("Please hold your badge before the reader")
            case Step.PIN:
                return texts.say("Please type your PIN")
            case Step.NUMBER:
                return texts.say("Please type the number on your telephone")
            case Step.KEY:
                return texts.say("Please put your key into the USB port")

    def parts(self, texts: Texts) -> tuple[Part, ...]:
        say = texts.say
        error = next((each.text for each in self.errors if each.field), "")
        match self.step:
            case Step.BADGE:
                label = say("The square picture on your badge")
                return (TextField("badge", label, self._badge, FieldKind.PIN, error=error, private=True),)
            case Step.PIN:
                return (
                    TextField("pin", say("Your PIN"), self.pin, FieldKind.PIN, error=error, private=True),
                )
            case Step.NUMBER:
                label = say("Six digits, new every half minute")
                return (TextField("number", label, self._number, FieldKind.PIN, error=error, private=True),)
            case Step.KEY:
                return (
                    Notice(
                        say("Then touch it"), say("Press the button below, and touch the key when it blinks.")
                    ),
                )

    def take(self, event: Event) -> bool:
        """Whether the event was one of these fields'."""
        match event:
            case Typed(field="pin", text=text):
                self.pin = text
            case Typed(field="badge", text=text):
                self._badge = text
            case Typed(field="number", text=text):
                self._number = text
            case _:
                return False
        self.errors = ()
        return True

    def forward(self, texts: Texts) -> bool:
        """True once everything has been shown."""
        match self.step:
            case Step.PIN if not self.pin:
                self.errors = (FieldError("pin", texts.say("Please type your PIN.")),)
                return False
            case Step.BADGE:
                refused = refusal_of(lambda: read_badge(self._badge))
                if refused is not None:
                    self.errors = refused.errors("badge", texts)
                    return False
            case Step.NUMBER if not self._number:
                self.errors = (FieldError("number", texts.say("Please type the number.")),)
                return False
        if self.is_last:
            return True
        self._at += 1
        return False

    def back(self) -> bool:
        """To the step before; False from the first."""
        self.errors = ()
        if self._at == 0:
            return False
        self._at -= 1
        return True

"""A new PIN, typed twice: the same two steps wherever somebody gets one."""

from kiosk.flow.refusal import refusal_of
from kiosk.flow.view import Event, FieldError, FieldKind, TextField, Typed
from kiosk.operators.secrets import check_pin
from kiosk.texts import Texts


class NewPin:
    """``again`` is the second step. What is refused stands in ``errors`` until something is typed."""

    def __init__(self) -> None:
        self.pin = ""
        self.repeated = ""
        self.again = False
        self.errors: tuple[FieldError, ...] = ()

    def title(self, texts: Texts) -> str:
        return texts.say("Type the same PIN again") if self.again else texts.say("Choose a PIN")

    def hint(self, texts: Texts) -> str:
        if self.again:
            return texts.say("So that we know there is no slip in it.")
        return texts.say("At least six digits that nobody can guess.")

    def field(self, texts: Texts) -> TextField:
        error = next((each.text for each in self.errors if each.field), "")
        if self.again:
            label, value = texts.say("Your PIN once more"), self.repeated
            return TextField("pin_again", label, value, FieldKind.PIN, error=error, private=True)
        return TextField("pin", texts.say("Your PIN"), self.pin, FieldKind.PIN, error=error, private=True)

    def take(self, event: Event) -> bool:
        """Whether the event was one of these fields'."""
        match event:
            case Typed(field="pin", text=text):
                self.pin = text
            case Typed(field="pin_again", text=text):
                self.repeated = text
            case _:
                return False
        self.errors = ()
        return True

    def forward(self, texts: Texts) -> bool:
        """True once the PIN was typed twice and will do."""
        if not self.again:
            refused = refusal_of(lambda: check_pin(self.pin))
            self.errors = () if refused is None else refused.errors("pin", texts)
            self.again = refused is None
            return False
        if self.pin != self.repeated:
            self.repeated = ""
            text = texts.say("That was not the same PIN. Please type it again.")
            self.errors = (FieldError("pin_again", text),)
            return False
        return True

    def back(self) -> bool:
        """Back to the first step; False from there."""
        if not self.again:
            return False
        self.again, self.repeated, self.errors = False, "", ()
        return True

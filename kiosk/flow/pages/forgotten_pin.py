"""The PIN is forgotten: a coordinator gives a new one under "People", or the recovery sheet does it here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from kiosk.flow.new_pin import NewPin
from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.refusal import Refused, refusal_of, wait_or_refuse
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Choice, Choices, Chosen, Event, FieldKind, Notice, Part, TextField, Typed, View
from kiosk.operators import Operator, SignedIn
from kiosk.operators.secrets import RECOVERY_DIGITS, typed_code

CODE_GROUPS = (4,) * (RECOVERY_DIGITS // 4)


@dataclass(frozen=True, kw_only=True)
class ForgottenPinView(View):
    screen: ClassVar[str] = Screen.FORGOTTEN_PIN


class ForgottenPinPresenter(Presenter):
    """Who, the sheet's code, the new PIN twice."""

    screen = Screen.FORGOTTEN_PIN

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.names = self.desk.operators.names()
        self.chosen: Operator | None = None
        self.code = ""
        self.new: NewPin | None = None

    def view(self) -> ForgottenPinView:
        if self.chosen is None:
            return self._who()
        return self._code(self.chosen) if self.new is None else self._pin(self.chosen, self.new)

    def _who(self) -> ForgottenPinView:
        say = self.texts.say
        ask = Notice(
            say("Is a coordinator here?"),
            say("They can give you a new PIN under “People”. Otherwise you need the recovery sheet."),
        )
        cards = tuple(Choice(str(each.id), each.name, icon="person") for each in self.names)
        return self._page(
            say("Whose PIN is forgotten?"), ask, Choices("operator", cards, acts=True), step="who"
        )

    def _code(self, chosen: Operator) -> ForgottenPinView:
        say = self.texts.say
        error = next((each.text for each in self.errors if each.field == "code"), "")
        label = say("Code of the recovery sheet")
        field = TextField("code", label, self.code, FieldKind.CODE, CODE_GROUPS, error=error, private=True)
        title = say("Please type the code of the recovery sheet")
        return self._page(title, field, step="code", where=chosen.name, forward="")

    def _pin(self, chosen: Operator, new: NewPin) -> ForgottenPinView:
        self.errors = new.errors
        step = "again" if new.again else "pin"
        forward = self.texts.say("Take this PIN") if new.again else ""
        title, field = new.title(self.texts), new.field(self.texts)
        return self._page(
            title, field, step=step, where=chosen.name, hint=new.hint(self.texts), forward=forward
        )

    def _page(
        self, title: str, *body: Part, step: str, where: str = "", hint: str = "", forward: str | None = None
    ) -> ForgottenPinView:
        return self.page(
            ForgottenPinView,
            title=title,
            where=where,
            hint=hint,
            body=body,
            back=self.back_button(),
            forward=None if forward is None else self.forward_button(forward),
            staff=True,
            private=step != "who",
            key=f"{self.screen}:{step}:{self.visit.number}",
        )

    def take(self, event: Event) -> None:
        match event:
            case Chosen(field="operator", value=value):
                self.chosen = next((each for each in self.names if str(each.id) == value), None)
            case Typed(field="code", text=text):
                self.code = text
            case _ if self.new is not None and self.new.take(event):
                pass
            case _:
                return
        self.errors = ()
        self.stage.refresh()

    def back(self) -> None:
        self.errors, self.fault = (), None
        if self.new is not None:
            self.new = self.new if self.new.back() else None
        elif self.chosen is not None:
            self.chosen, self.code = None, ""
        else:
            self.stage.go(Outcome.BACK)
            return
        self.stage.refresh()

    def forward(self) -> None:
        if self.new is None:
            refused = refusal_of(lambda: typed_code(self.code, RECOVERY_DIGITS))
            self.errors = () if refused is None else refused.errors("code", self.texts)
            self.new = NewPin() if refused is None else None
            self.stage.refresh()
        elif self.new.forward(self.texts):
            self._recover(self.new.pin)
        else:
            self.stage.refresh()

    def _recover(self, pin: str) -> None:
        assert self.chosen is not None, "the first page asks who"
        operators, chosen, code = self.desk.operators, self.chosen.id, self.code

        def recover(done: Callable[[SignedIn | Exception], None]) -> None:
            self.desk.background.run(lambda: operators.recover(code, chosen, pin), done)

        wait_or_refuse(self.stage, recover, self._recovered, self._refused)

    def _recovered(self, signed_in: SignedIn) -> None:
        self.code, self.new = "", None
        self.visit.signed_in = signed_in
        self.stage.go(Outcome.SIGNED_IN)

    def _refused(self, refused: Refused) -> None:
        # The PIN was looked at before, so it is the code that was refused.
        self.new = None
        self.errors = refused.errors("code", self.texts)
        self.stage.refresh()

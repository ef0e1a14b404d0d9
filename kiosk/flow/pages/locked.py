"""Locked: a volunteer stepped away. The page underneath keeps its place behind a blank front."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from kiosk.flow.presenter import READ, SETTINGS, Presenter, Stage
from kiosk.flow.refusal import Refused, wait_or_refuse
from kiosk.flow.showing_who import ShowingWho, Step
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Bar, Button, Buttons, Event, Pressed, Tone, View
from kiosk.operators import SignedIn


@dataclass(frozen=True, kw_only=True)
class LockedView(View):
    screen: ClassVar[str] = Screen.LOCKED


class LockedPresenter(Presenter):
    """Opens for whoever was signed in; anybody else begins a visit of their own."""

    screen = Screen.LOCKED

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        assert self.visit.signed_in is not None, "only who is signed in can lock"
        self.holder = self.visit.signed_in
        self.showing = ShowingWho(self.holder.operator)

    def view(self) -> LockedView:
        say = self.texts.say
        someone_else = Button("someone_else", say("I am someone else"), tone=Tone.QUIET)
        return self.page(
            LockedView,
            title=say("This kiosk is locked"),
            where="" if self.showing.step is Step.PIN else self.showing.title(self.texts),
            hint=say("{name} stepped away and will be back.", name=self.holder.operator.name),
            body=(*self.showing.parts(self.texts), Buttons((someone_else,))),
            bar=self._bar(),
            forward=self.forward_button(say("Unlock") if self.showing.is_last else ""),
            staff=True,
            key=f"{self.screen}:{self.showing.step.name.lower()}:{self.visit.number}",
        )

    def _bar(self) -> Bar:
        # Help leads out of a page; out of this one leads the PIN, or a new visit.
        bar = self.bar()
        return Bar(tuple(each for each in bar.buttons if each.id in (SETTINGS, READ)), bar.note)

    def handle(self, event: Event) -> None:
        if event not in (Pressed("help"), Pressed("back"), Pressed("lock")):
            super().handle(event)

    def take(self, event: Event) -> None:
        match event:
            case Pressed(id="someone_else"):
                self.stage.go(Outcome.FINISHED)
            case _ if self.showing.take(event):
                self.errors = ()
                self.stage.refresh()

    def forward(self) -> None:
        if not self.showing.forward(self.texts):
            self.errors = self.showing.errors
            self.stage.refresh()
            return
        operators, holder = self.desk.operators, self.holder.id
        pin, proof = self.showing.pin, self.showing.proof
        self.showing.start_again()

        def sign_in(done: Callable[[SignedIn | Exception], None]) -> None:
            self.desk.background.run(lambda: operators.sign_in(holder, pin, proof), done)

        wait_or_refuse(self.stage, sign_in, self._unlocked, self._refused)

    def _unlocked(self, signed_in: SignedIn) -> None:
        self.visit.signed_in = signed_in
        self.stage.close()

    def _refused(self, refused: Refused) -> None:
        self.errors = self.showing.errors = refused.errors("pin", self.texts)
        self.stage.refresh()

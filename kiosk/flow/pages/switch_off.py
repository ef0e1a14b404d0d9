"""The one way out of the kiosk, for a coordinator: to the desktop, or by switching the computer off."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from kiosk.applications import Waiting
from kiosk.flow.desk import Ending
from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.table import Screen
from kiosk.flow.view import (
    Bar,
    Button,
    Buttons,
    Event,
    Notice,
    Paragraph,
    Part,
    Pressed,
    Progress,
    View,
)
from kiosk.texts import N_

WISHES: Mapping[Ending, str] = {
    Ending.CLOSE: N_("Close the kiosk"),
    Ending.POWER_OFF: N_("Switch the computer off"),
    Ending.RESTART: N_("Start the computer anew"),
}
ENDINGS: Mapping[Ending, str] = {
    Ending.CLOSE: N_("The kiosk is closing"),
    Ending.POWER_OFF: N_("The computer is switching off"),
    Ending.RESTART: N_("The computer is starting anew"),
}


@dataclass(frozen=True, kw_only=True)
class SwitchOffView(View):
    screen: ClassVar[str] = Screen.SWITCH_OFF


class SwitchOffPresenter(Presenter):
    """The filled button is the first of what this computer can do; further ones stand above it."""

    screen = Screen.SWITCH_OFF

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.waiting: Waiting | None = None
        self.chosen: Ending | None = None

    def entered(self) -> None:
        background, backlog = self.desk.background, self.desk.backlog

        def read(done: Callable[[Waiting | Exception], None]) -> None:
            background.run(backlog.waiting, done)

        self.stage.wait_for(read, self._have_read)

    def _have_read(self, waiting: Waiting) -> None:
        self.waiting = waiting
        self.stage.refresh()

    def view(self) -> SwitchOffView:
        return self._question() if self.chosen is None else self._ending(self.chosen)

    def _question(self) -> SwitchOffView:
        say, (first, *others) = self.texts.say, self.desk.computer.endings
        body: list[Part] = [
            Paragraph(say("Everything that was taken is stored here, under lock.")),
            *self._what_waits(),
        ]
        if first is Ending.CLOSE:
            body.append(Paragraph(say("To come back, open Opora among the programs of this computer.")))
        if others:
            body.append(
                Buttons(tuple(Button(each, say(WISHES[each]), icon="repeat") for each in others)),
            )
        return self.page(
            SwitchOffView,
            title=say("Is the work done?"),
            where=self.signed_in.operator.name,
            body=tuple(body),
            back=self.back_button(),
            forward=replace(self.forward_button(say(WISHES[first])), icon="power"),
            staff=True,
        )

    def _what_waits(self) -> tuple[Notice, ...]:
        if self.waiting is None or not self.waiting.count:
            return ()
        told = self.texts.many(
            "{count} application waits to be sent", "{count} applications wait to be sent", self.waiting.count
        )
        return (Notice(told, self.texts.say("This happens by itself when the kiosk is open again.")),)

    def _ending(self, ending: Ending) -> SwitchOffView:
        say = self.texts.say
        return self.page(
            SwitchOffView,
            title=say(ENDINGS[ending]),
            body=(Progress(say("One moment")),),
            bar=Bar(),
            staff=True,
            key=f"{self.screen}:{ending}:{self.visit.number}",
        )

    def take(self, event: Event) -> None:
        match event:
            case Pressed(id=id) if id in self.desk.computer.endings:
                self._end(Ending(id))

    def forward(self) -> None:
        if self.chosen is None:
            self._end(self.desk.computer.endings[0])

    def _end(self, ending: Ending) -> None:
        operators, computer, signed_in = self.desk.operators, self.desk.computer, self.signed_in

        def end() -> Ending:
            operators.note_closing(signed_in, ending)
            computer.end(ending)
            return ending

        def begin(done: Callable[[Ending | Exception], None]) -> None:
            self.desk.background.run(end, done)

        self.stage.wait_for(begin, self._ends)

    def _ends(self, ending: Ending) -> None:
        self.chosen = ending
        self.stage.refresh()

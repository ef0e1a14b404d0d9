"""For whoever helps from afar: what is in the file, told before it is written onto a stick."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from kiosk.errors import Message, StoreFault
from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Bullets, Notice, Part, Tone, View
from kiosk.operators import Permission
from kiosk.support import CONTENTS
from kiosk.texts import N_


@dataclass(frozen=True, kw_only=True)
class SupportView(View):
    screen: ClassVar[str] = Screen.SUPPORT


class SupportPresenter(Presenter):
    screen = Screen.SUPPORT

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.written: Path | None = None

    def entered(self) -> None:
        assert self.visit.signed_in is not None, "this page is for whoever is signed in"
        self.visit.signed_in.require(Permission.CHANGE_SETTINGS)

    def view(self) -> SupportView:
        say = self.texts.say
        body: tuple[Part, ...] = (
            Bullets(tuple(say(each) for each in CONTENTS)),
            Notice(
                say("Nothing about any person is in it"),
                say("No name, no answer, no code. You can open the file and read it before you send it."),
            ),
        )
        if self.written is not None:
            done = Notice(
                say("The file is on the stick: {name}", name=self.written.name),
                say("Take the stick out and send the file to whoever helps you."),
                Tone.GOOD,
            )
            body = (done, *body)
        return self.page(
            SupportView,
            title=say("A file for whoever helps from afar"),
            hint=say("Put a USB stick in. This is what will be in the file:"),
            body=body,
            back=self.back_button(),
            forward=self.forward_button(
                say("Write it on the stick") if self.written is None else say("Done")
            ),
            staff=True,
            key=f"{self.screen}:{self.written is not None}:{self.visit.number}",
        )

    def forward(self) -> None:
        if self.written is not None:
            self.stage.go(Outcome.BACK)
            return
        sticks, machine = self.desk.sticks, self.desk.machine

        def work() -> Path:
            stick = next(iter(sticks.find()), None)
            if stick is None:
                raise StoreFault(
                    Message(N_("There is no USB stick in this kiosk.")),
                    Message(N_("Please put one in, wait a moment, and press the button again.")),
                )
            return machine.write_support(stick.folder)

        def start(done: Callable[[Path | Exception], None]) -> None:
            self.desk.background.run(work, done)

        def written(file: Path) -> None:
            self.written = file
            self.stage.refresh()

        self.stage.wait_for(start, written)

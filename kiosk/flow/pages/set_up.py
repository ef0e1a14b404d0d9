"""Everything that is set up once, to be done again or for the first time, whenever a coordinator wants."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final

from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.setting_up import PAGES, SetUpPage
from kiosk.flow.setting_up.names import NAMES
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Button, Event, Pressed, Progress, Row, Rows, Tone, View
from kiosk.operators import Part, Permission, SetUp

DO: Final = "do:"
"""Before a part: what its row's button does."""


@dataclass(frozen=True, kw_only=True)
class SetUpView(View):
    screen: ClassVar[str] = Screen.SET_UP


class SetUpPresenter(Presenter):
    """The list of what there is, and one of its pages at a time."""

    screen = Screen.SET_UP

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.set_up: SetUp | None = None
        self.page_shown: SetUpPage | None = None

    def entered(self) -> None:
        assert self.visit.signed_in is not None, "this page is for whoever is signed in"
        self.visit.signed_in.require(Permission.CHANGE_SETTINGS)
        setting_up = self.desk.setting_up

        def begin(done: Callable[[SetUp | Exception], None]) -> None:
            self.desk.background.run(setting_up.progress, done)

        self.stage.wait_for(begin, self.settled)

    # -- what is shown

    def view(self) -> SetUpView:
        return self._list() if self.page_shown is None else self._one(self.page_shown)

    def _list(self) -> SetUpView:
        say, set_up = self.texts.say, self.set_up
        done, open_, again, now = say("Done"), say("Not yet"), say("Do it again"), say("Do it now")
        waiting = () if set_up is None else set_up.open
        rows = tuple(
            Row(
                part,
                say(name),
                open_ if part in waiting else done,
                (Button(f"{DO}{part}", now if part in waiting else again, icon="forward"),),
                tone=Tone.WARNING if part in waiting else Tone.PLAIN,
            )
            for part, name in NAMES.items()
        )
        return self.page(
            SetUpView,
            title=say("Set up this kiosk"),
            body=(Progress(say("One moment")),) if set_up is None else (Rows(rows),),
            back=self.back_button(),
            staff=True,
        )

    def _one(self, page: SetUpPage) -> SetUpView:
        return self.page(
            SetUpView,
            title=page.title(),
            hint=page.hint(),
            body=page.body(),
            back=self.back_button(),
            forward=self.forward_button(page.forward_label(), enabled=page.forward_enabled()),
            staff=True,
            private=page.private,
            key=f"{self.screen}:{page.part}:{page.step}:{self.visit.number}",
        )

    # -- what is done

    def settled(self, set_up: SetUp) -> None:
        self.set_up, self.page_shown = set_up, None
        self.errors, self.fault = (), None
        self.stage.refresh()

    def take(self, event: Event) -> None:
        if self.page_shown is not None:
            self.page_shown.take(event)
        elif isinstance(event, Pressed) and event.id.startswith(DO):
            self.page_shown = PAGES[Part(event.id.removeprefix(DO))](self)
            self.page_shown.entered()
            self.stage.refresh()

    def back(self) -> None:
        page = self.page_shown
        if page is None:
            self.stage.go(Outcome.BACK)
        elif not page.back():
            self.page_shown, self.errors, self.fault = None, (), None
            self.stage.refresh()

    def forward(self) -> None:
        if self.page_shown is not None:
            self.page_shown.forward()

    def tick(self) -> None:
        if self.page_shown is not None:
            self.page_shown.tick()

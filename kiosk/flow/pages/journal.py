"""The journal for the coordinator: who did what and when, in plain words, the newest first."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Button, Buttons, Event, Notice, Part, Pressed, Progress, Row, Rows, Tone, View
from kiosk.flow.wording import shown_moment
from kiosk.journal.wording import in_words, who_in_words
from kiosk.operators import JournalPage


@dataclass(frozen=True, kw_only=True)
class JournalView(View):
    screen: ClassVar[str] = Screen.JOURNAL


class JournalPresenter(Presenter):
    screen = Screen.JOURNAL

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.read: JournalPage | None = None
        self._before: int | None = None

    def entered(self) -> None:
        self._read()

    def _read(self) -> None:
        journal, signed_in, before = self.desk.journal, self.signed_in, self._before

        def start(done: Callable[[JournalPage | Exception], None]) -> None:
            self.desk.background.run(lambda: journal.page(signed_in, before), done)

        self.stage.wait_for(start, self._have_read)

    def _have_read(self, page: JournalPage) -> None:
        self.read = page
        self.stage.refresh()

    def view(self) -> JournalView:
        say = self.texts.say
        body: tuple[Part, ...] = (
            (Progress(say("One moment")),) if self.read is None else self._body(self.read)
        )
        return self.page(
            JournalView,
            title=say("The journal"),
            where=self.signed_in.operator.name,
            hint=say("Who did what and when. No answer of anybody stands in it."),
            body=body,
            back=self.back_button(),
            forward=self.forward_button(say("Done")),
            staff=True,
            key=f"{self.screen}:{self._before}:{self.visit.number}",
        )

    def _body(self, page: JournalPage) -> tuple[Part, ...]:
        say = self.texts.say
        if page.bad is None:
            state = Notice(
                say("The journal is whole"), say("Nothing was changed, moved or removed."), Tone.GOOD
            )
        else:
            state = Notice(
                say("The journal does not hold from entry {number} on", number=page.bad.number),
                say("Somebody has changed, moved or removed an entry. Please tell the agency."),
                Tone.WARNING,
            )
        rows = tuple(
            Row(
                f"entry:{entry.number}",
                in_words(entry, self.texts, page.names),
                say(
                    "{moment}. By: {who}",
                    moment=shown_moment(entry.at, self.desk.zone, self.texts.language),
                    who=who_in_words(entry.actor, self.texts, page.names),
                ),
            )
            for entry in page.entries
        )
        ways = [Button("earlier", say("Earlier entries"), icon="clock")] if page.earlier else []
        return (state, Rows(rows), *((Buttons(tuple(ways)),) if ways else ()))

    def take(self, event: Event) -> None:
        if event == Pressed("earlier") and self.read is not None and self.read.entries:
            self._before = self.read.entries[-1].number
            self._read()

    def back(self) -> None:
        if self._before is None:
            self.stage.go(Outcome.BACK)
        else:
            self._before = None
            self._read()

    def forward(self) -> None:
        self.stage.go(Outcome.BACK)

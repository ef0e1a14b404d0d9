"""Leave without sending: keep the answers for later, or erase them for good. Nothing happens by one press."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Choice, Choices, Chosen, Event, FieldError, Notice, Paragraph, Tone, View
from kiosk.flow.visit import is_handed_in, is_unfinished


class Way(StrEnum):
    KEEP = "keep"
    ERASE = "erase"


@dataclass(frozen=True, kw_only=True)
class LeaveView(View):
    screen: ClassVar[str] = Screen.LEAVE


class LeavePresenter(Presenter):
    screen = Screen.LEAVE

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.way: Way | None = None

    def view(self) -> LeaveView:
        say = self.texts.say
        if self.desk.practising:
            return self.page(
                LeaveView,
                title=say("Would you like to stop practising?"),
                body=(Paragraph(say("Nothing is sent, and nothing of it is kept.")),),
                back=self.back_button(say("Back to my page")),
                forward=self.forward_button(say("Stop practising")),
            )
        if is_unfinished(self.visit):
            return self._two_ways()
        handed_in = is_handed_in(self.visit)
        return self.page(
            LeaveView,
            title=say("Would you like to leave?"),
            body=(
                Paragraph(
                    say("Your application is stored already. It will be sent, whether or not you stay.")
                    if handed_in
                    else say("You have not begun an application, so nothing is kept and nothing is sent.")
                ),
            ),
            back=self.back_button(say("Back to my page")),
            forward=self.forward_button(say("Leave")),
        )

    def _two_ways(self) -> LeaveView:
        say, way = self.texts.say, self.way
        label = {
            None: say("Leave"),
            Way.KEEP: say("Keep my answers"),
            Way.ERASE: say("Erase and leave"),
        }[way]
        warning = Notice(
            say("Erased answers cannot be brought back"),
            say("Neither you nor a volunteer can open them again."),
            Tone.WARNING,
        )
        return self.page(
            LeaveView,
            title=say("What shall become of your answers?"),
            hint=say("Nothing has been sent."),
            body=(
                Choices(
                    "way",
                    (
                        Choice(
                            Way.KEEP,
                            say("Keep them for another day"),
                            say("They stay here, locked away, until you come again."),
                            "lock",
                            chosen=way is Way.KEEP,
                        ),
                        Choice(
                            Way.ERASE,
                            say("Erase them"),
                            say("All that you answered today is gone for good."),
                            "remove",
                            chosen=way is Way.ERASE,
                        ),
                    ),
                ),
                *((warning,) if way is Way.ERASE else ()),
            ),
            back=self.back_button(say("Back to my page")),
            forward=self.forward_button(label),
        )

    def take(self, event: Event) -> None:
        match event:
            case Chosen(field="way", value=value):
                self.way = Way(value)
                self.errors = ()
                self.stage.refresh()

    def back(self) -> None:
        self.stage.close()

    def forward(self) -> None:
        if self.desk.practising or not is_unfinished(self.visit):
            self.stage.go(Outcome.FINISHED)
            return
        match self.way:
            case None:
                self.errors = (FieldError("way", self.texts.say("Please choose one of these.")),)
                self.stage.refresh()
            case Way.KEEP:
                self.stage.close()
                self.stage.open(Screen.FINISH_LATER)
            case Way.ERASE:
                self.stage.wait_for(self._erase, lambda _: self.stage.go(Outcome.FINISHED))

    def _erase(self, done: Callable[[Exception | None], None]) -> None:
        draft = self.visit.errand.draft
        assert draft is not None, "there is something to erase"
        self.desk.drafts.erase(draft, done)

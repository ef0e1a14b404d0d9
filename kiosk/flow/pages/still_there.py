"""Are you still there? Asked before an idle visit ends (ACCESS.md D3); any press is an answer."""

from dataclasses import dataclass
from typing import ClassVar, assert_never

from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.table import Screen
from kiosk.flow.view import Bar, Event, Paragraph, Tone, View
from kiosk.flow.visit import Farewell, farewell_of

READ_AGAIN_AT = (30, 15)
"""Seconds left at which the question is heard again; the first time is when it appears."""


@dataclass(frozen=True, kw_only=True)
class StillThereView(View):
    screen: ClassVar[str] = Screen.STILL_THERE


class StillTherePresenter(Presenter):
    screen = Screen.STILL_THERE

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._shown_seconds = -1

    def view(self) -> StillThereView:
        texts, left = self.texts, self.stage.seconds_left
        self._shown_seconds = left
        heard = sum(left <= mark for mark in READ_AGAIN_AT)
        return self.page(
            StillThereView,
            title=texts.say("Are you still there?"),
            hint=texts.say("Press anywhere and we go on where you are."),
            body=(
                Paragraph(
                    texts.many(
                        "This page closes in {count} second.", "This page closes in {count} seconds.", left
                    ),
                    tone=Tone.STRONG,
                ),
                Paragraph(self._what_happens()),
            ),
            bar=Bar(),
            forward=self.forward_button(texts.say("I am here")),
            key=f"{self.screen}:{self.visit.number}:{heard}",
        )

    def _what_happens(self) -> str:
        say = self.texts.say
        match farewell_of(self.visit):
            case Farewell.NOTHING:
                return say("After that the kiosk is ready for the next person.")
            case Farewell.FOR_VOLUNTEER:
                return say(
                    "Your answers stay here, locked away. A volunteer can open them and go on with you."
                )
            case Farewell.FOR_CODE:
                return say("Your answers stay here, locked away. Your code opens them again.")
            case Farewell.ERASED:
                return say(
                    "You did not want a volunteer to go on, and you have no code:"
                    " your answers will be erased."
                )
            case _ as never:
                assert_never(never)

    def tick(self) -> None:
        if self.stage.seconds_left != self._shown_seconds:
            self.stage.refresh()

    def handle(self, event: Event) -> None:
        """Whatever was pressed, somebody is there."""
        self.stage.close()

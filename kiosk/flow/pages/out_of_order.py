"""The failsafe: something went wrong that nobody foresaw. Nothing is lost, and one press starts again."""

from dataclasses import dataclass
from typing import ClassVar

from kiosk.flow.presenter import Presenter
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Notice, Paragraph, Tone, View
from kiosk.flow.wording import unbroken


@dataclass(frozen=True, kw_only=True)
class OutOfOrderView(View):
    screen: ClassVar[str] = Screen.OUT_OF_ORDER


class OutOfOrderPresenter(Presenter):
    screen = Screen.OUT_OF_ORDER

    def view(self) -> OutOfOrderView:
        say, centre = self.texts.say, self.desk.centre
        return self.page(
            OutOfOrderView,
            title=say("Something went wrong here"),
            hint=say("It was not your doing."),
            body=(
                Notice(
                    say("Nothing is lost"),
                    say("Every answer up to the last page is stored. A volunteer can open it again."),
                    Tone.GOOD,
                ),
                Paragraph(say("Press “Start again”. If this page comes back, please ask a volunteer.")),
                *(
                    (Paragraph(say("Telephone of the centre: {phone}", phone=unbroken(centre.phone))),)
                    if centre.phone
                    else ()
                ),
            ),
            forward=self.forward_button(say("Start again")),
        )

    def forward(self) -> None:
        self.stage.go(Outcome.OPENED)

    def back(self) -> None:
        """There is nowhere to go back to: what lay before is what broke."""

"""What do you need? Apply, look up an application, go on with one that was begun, or the volunteer's page."""

from dataclasses import dataclass
from typing import ClassVar

from kiosk.flow.presenter import Presenter
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Choice, Choices, Chosen, Event, View


@dataclass(frozen=True, kw_only=True)
class NeedView(View):
    screen: ClassVar[str] = Screen.NEED


class NeedPresenter(Presenter):
    screen = Screen.NEED

    def view(self) -> NeedView:
        say = self.texts.say
        # One line: the ways themselves matter more to whoever stands here.
        wrong = (
            say("The kiosk's clock is wrong: please tell a volunteer.") if self.desk.day_is_doubtful() else ""
        )
        return self.page(
            NeedView,
            title=say("What would you like to do?"),
            hint=wrong,
            body=(Choices("need", self._practice() if self.desk.practising else self._ways(), acts=True),),
            back=None if self.desk.practising else self.back_button(),
        )

    def _ways(self) -> tuple[Choice, ...]:
        say = self.texts.say
        return (
            self._apply(),
            Choice(
                "look_up", say("See what became of it"), say("You need the code on your receipt."), "search"
            ),
            Choice(
                "continue", say("Go on where I stopped"), say("You need the code you were given."), "clock"
            ),
            Choice("staff", say("For volunteers"), say("You need your PIN."), "key"),
        )

    def _apply(self) -> Choice:
        say = self.texts.say
        return Choice("apply", say("Apply for help"), say("We go through it question by question."), "write")

    def _practice(self) -> tuple[Choice, ...]:
        """Whoever practises applies, or stops practising: everything else is for true applications."""
        end = Choice("end", self.texts.say("Stop practising"), icon="stop")
        return (self._apply(), end)

    def take(self, event: Event) -> None:
        match event:
            case Chosen(field="need", value="apply"):
                self.stage.go(Outcome.APPLY)
            case Chosen(field="need", value="end") if self.desk.practising:
                self.stage.go(Outcome.FINISHED)
            case Chosen(field="need", value="look_up"):
                self.stage.go(Outcome.LOOK_UP)
            case Chosen(field="need", value="continue"):
                self.stage.open(Screen.ENTER_CODE)
            case Chosen(field="need", value="staff"):
                self.stage.go(Outcome.STAFF)

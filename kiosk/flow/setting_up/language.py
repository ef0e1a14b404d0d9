"""The language of whoever sets the kiosk up; here too a machine that takes another one's place."""

from collections.abc import Callable

from kiosk.flow.setting_up.page import SetUpPage
from kiosk.flow.table import Outcome
from kiosk.flow.view import Button, Buttons, Choice, Choices, Chosen, Event, Pressed, Tone
from kiosk.flow.view import Part as ViewPart
from kiosk.operators import Part, SetUp
from kiosk.texts import LANGUAGES, OWN_NAMES

REPLACES = "replaces"


class LanguagePage(SetUpPage):
    part = Part.LANGUAGE
    can_wait = False

    def title(self) -> str:
        return self.texts.say("Let us set up this kiosk")

    def hint(self) -> str:
        return self.texts.say("It takes about ten minutes. First choose your language.")

    def body(self) -> tuple[ViewPart, ...]:
        say, chosen = self.texts.say, self.visit.language
        cards = tuple(Choice(tag, OWN_NAMES[tag], chosen=tag == chosen, language=tag) for tag in LANGUAGES)
        replaces = Button(REPLACES, say("This machine replaces another one"), icon="stick", tone=Tone.QUIET)
        return (Choices("language", cards, label=say("Your language")), Buttons((replaces,)))

    def forward_label(self) -> str:
        return self.texts.say("Continue")

    def take(self, event: Event) -> bool:
        match event:
            case Chosen(field="language", value=value) if value in LANGUAGES:
                self.visit.language = value
                self.stage.refresh()
            case Pressed(id=id) if id == REPLACES:
                self.stage.go(Outcome.MOVING)
            case _:
                return False
        return True

    def forward(self) -> None:
        setting_up, language = self.desk.setting_up, self.visit.language

        def begin(done: Callable[[SetUp | Exception], None]) -> None:
            self.desk.background.run(lambda: setting_up.choose_language(language), done)

        self.stage.wait_for(begin, self.host.settled)

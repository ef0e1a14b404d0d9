"""The first page a person sees: one large card a language."""

from dataclasses import dataclass
from typing import ClassVar, assert_never

from kiosk.flow.presenter import Presenter
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Choice, Choices, Chosen, Event, View
from kiosk.flow.visit import Farewell
from kiosk.texts import LANGUAGES, OWN_NAMES, texts_for


@dataclass(frozen=True, kw_only=True)
class WelcomeView(View):
    screen: ClassVar[str] = Screen.WELCOME


class WelcomePresenter(Presenter):
    screen = Screen.WELCOME

    def view(self) -> WelcomeView:
        texts = self.texts
        cards = tuple(
            Choice(
                language,
                OWN_NAMES[language],
                hint=texts_for(language).say("Touch here to begin"),
                language=language,
            )
            for language in LANGUAGES
        )
        return self.page(
            WelcomeView,
            title=texts.say("Welcome"),
            hint=self._farewell() or texts.say("We will find help together, one step at a time."),
            where=self.desk.centre.name,
            body=(Choices("language", cards, acts=True),),
        )

    def _farewell(self) -> str:
        """For whoever went away and comes back, in their language; it names nobody."""
        say = self.texts.say
        match self.visit.farewell:
            case None | Farewell.NOTHING:
                return ""
            case Farewell.FOR_VOLUNTEER:
                return say(
                    "Nobody had touched the screen for a while. What was answered is kept here, locked away:"
                    " a volunteer can open it."
                )
            case Farewell.FOR_CODE:
                return say(
                    "Nobody had touched the screen for a while. What was answered is kept here, locked away:"
                    " its code opens it."
                )
            case Farewell.ERASED:
                return say(
                    "Nobody had touched the screen for a while. What was answered has been erased,"
                    " as was wished."
                )
            case _ as never:
                assert_never(never)

    def take(self, event: Event) -> None:
        match event:
            case Chosen(field="language", value=language) if language in LANGUAGES:
                self.visit.language, self.visit.farewell = language, None
                self.stage.go(Outcome.LANGUAGE_CHOSEN)

"""The first page a person sees: one large card a language."""

from dataclasses import dataclass
from typing import ClassVar

from kiosk.flow.presenter import Presenter
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Choice, Choices, Chosen, Event, View
from kiosk.texts import LANGUAGES, texts_for

OWN_NAMES = {"en": "English", "ru": "Русский", "ko": "한국어"}


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
            hint=texts.say("We will find help together, one step at a time."),
            where=self.desk.centre.name,
            body=(Choices("language", cards, acts=True),),
        )

    def take(self, event: Event) -> None:
        match event:
            case Chosen(field="language", value=language) if language in LANGUAGES:
                self.visit.language = language
                self.stage.go(Outcome.LANGUAGE_CHOSEN)

"""Who is it for: myself, or someone I speak for, and what entitles me to; the proof may follow."""

from dataclasses import dataclass
from typing import ClassVar

from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Choice, Choices, Chosen, Event, FieldError, View
from kiosk.flow.visit import Entitlement, Speaker


@dataclass(frozen=True, kw_only=True)
class WhoView(View):
    screen: ClassVar[str] = Screen.WHO


class WhoPresenter(Presenter):
    """Two steps on one page: who speaks, and for someone else by what right."""

    screen = Screen.WHO

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.chosen: Speaker | None = None
        self.entitlement: Entitlement | None = None

    def view(self) -> WhoView:
        return self._right() if self._for_another() else self._speaker()

    def _for_another(self) -> bool:
        return self.chosen is not None and self.chosen is not Speaker.MYSELF

    def _speaker(self) -> WhoView:
        say = self.texts.say
        cards = (
            Choice(Speaker.MYSELF, say("For myself"), icon="person"),
            Choice(Speaker.RELATIVE, say("For a relative"), icon="people"),
            Choice(Speaker.CARER, say("For someone I care for"), icon="care"),
            Choice(Speaker.GUARDIAN, say("As a guardian"), icon="home"),
            Choice(Speaker.ATTORNEY, say("With a power of attorney"), icon="write"),
        )
        return self.page(
            WhoView,
            title=say("Who is this application for?"),
            body=(Choices("speaker", cards, acts=True),),
            back=self.back_button(),
        )

    def _right(self) -> WhoView:
        say = self.texts.say
        cards = tuple(
            Choice(value, label, chosen=value is self.entitlement)
            for value, label in (
                (Entitlement.ASKED, say("The person asked me to")),
                (Entitlement.WRITTEN_AUTHORITY, say("I have it in writing from the person")),
                (Entitlement.COURT_ORDER, say("A court or an authority appointed me")),
                (Entitlement.POWER_OF_ATTORNEY, say("I hold a power of attorney")),
            )
        )
        return self.page(
            WhoView,
            title=say("What allows you to speak for this person?"),
            hint=say("You can show the paper later."),
            body=(Choices("entitlement", cards),),
            back=self.back_button(),
            forward=self.forward_button(),
            key=f"who:right:{self.visit.number}",
        )

    def back(self) -> None:
        self.errors = ()
        if self._for_another():
            self.chosen = None
            self.stage.refresh()
        else:
            self.stage.go(Outcome.BACK)

    def forward(self) -> None:
        if self._for_another() and self.entitlement is None:
            self.errors = (FieldError("entitlement", self.texts.say("Please choose one of these.")),)
            self.stage.refresh()
            return
        self._leave()

    def take(self, event: Event) -> None:
        match event:
            case Chosen(field="speaker", value=value):
                self.chosen = Speaker(value)
                if self.chosen is Speaker.MYSELF:
                    self._leave()
                else:
                    self.stage.refresh()
            case Chosen(field="entitlement", value=value):
                self.entitlement = Entitlement(value)
                self.errors = ()
                self.stage.refresh()

    def _leave(self) -> None:
        errand = self.visit.errand
        errand.speaker = self.chosen or Speaker.MYSELF
        errand.entitlement = self.entitlement if self._for_another() else None
        self.stage.go(Outcome.SPEAKER_KNOWN)

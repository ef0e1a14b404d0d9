"""Choose a service from the pack, by the stage of life that it belongs to."""

from dataclasses import dataclass
from typing import ClassVar

from kiosk.catalogue import LIFE_STAGE_ICONS, LIFE_STAGE_NAMES, LifeStage, Service
from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Bullets, Choice, Choices, Chosen, Event, Notice, Paragraph, Part, Tone, View
from kiosk.flow.wording import unbroken


@dataclass(frozen=True, kw_only=True)
class ServiceView(View):
    screen: ClassVar[str] = Screen.SERVICE


class ServicePresenter(Presenter):
    """Three steps: the stage of life, a service of it, and for one without a form whom to ask."""

    screen = Screen.SERVICE

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.life_stage: LifeStage | None = None
        self.reading: Service | None = None

    def view(self) -> ServiceView:
        if self.reading is not None:
            return self._about(self.reading)
        if self.life_stage is not None:
            return self._services(self.life_stage)
        return self._stages()

    def _stages(self) -> ServiceView:
        texts, pack = self.texts, self.desk.pack
        present = [stage for stage in LifeStage if pack.at(stage)]
        cards = tuple(
            Choice(stage, texts.say(LIFE_STAGE_NAMES[stage]), icon=LIFE_STAGE_ICONS[stage])
            for stage in present
        )
        return self.page(
            ServiceView,
            title=texts.say("What is the help about?"),
            hint=texts.say("Choose what is nearest. You can always go back."),
            body=(Choices("life_stage", cards, acts=True),) if cards else (self._nothing(),),
            back=self.back_button(),
        )

    def _nothing(self) -> Notice:
        say = self.texts.say
        told = say("They come with the first exchange with the agency. Please ask the coordinator.")
        return Notice(say("There are no services on this kiosk yet."), told, Tone.WARNING)

    def _services(self, stage: LifeStage) -> ServiceView:
        texts, language = self.texts, self.visit.language
        cards = tuple(
            Choice(
                service.id,
                service.plain_name.text(language),
                service.description.text(language),
                service.icon,
            )
            for service in self.desk.pack.at(stage)
        )
        return self.page(
            ServiceView,
            title=texts.say("Which help would you like?"),
            where=texts.say(LIFE_STAGE_NAMES[stage]),
            body=(Choices("service", cards, acts=True),),
            back=self.back_button(),
            key=f"service:{stage}:{self.visit.number}",
        )

    def _about(self, service: Service) -> ServiceView:
        """A service that is not applied for here: what it is, what to bring, whom to ask."""
        say, language = self.texts.say, self.visit.language
        agency = self.desk.pack.agencies[service.agency]
        body: list[Part] = [Paragraph(service.description.text(language))]
        if service.required_documents:
            body.append(Paragraph(say("What to bring"), tone=Tone.STRONG))
            body.append(Bullets(tuple(d.text(language) for d in service.required_documents)))
        body.append(
            Notice(
                say("You apply for this at {agency}.", agency=agency.name.text(language)),
                say("Telephone: {phone}", phone=unbroken(agency.phone)),
            )
        )
        return self.page(
            ServiceView,
            title=service.plain_name.text(language),
            where=say(LIFE_STAGE_NAMES[service.life_stage]),
            body=tuple(body),
            back=self.back_button(),
            key=f"service:{service.id}:{self.visit.number}",
        )

    def back(self) -> None:
        if self.reading is not None:
            self.reading = None
        elif self.life_stage is not None:
            self.life_stage = None
        else:
            self.stage.go(Outcome.BACK)
            return
        self.stage.refresh()

    def take(self, event: Event) -> None:
        match event:
            case Chosen(field="life_stage", value=value):
                self.life_stage = LifeStage(value)
                self.stage.refresh()
            case Chosen(field="service", value=value):
                service = next(s for s in self.desk.pack.services if s.id == value)
                if service.form is None:
                    self.reading = service
                    self.stage.refresh()
                else:
                    self.visit.errand.service = service
                    self.stage.go(Outcome.SERVICE_CHOSEN)

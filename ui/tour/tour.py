"""The tour itself: kiosk and hub in a folder of their own, one person through the whole of it."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from kiosk.applications import agency_answers
from kiosk.flow.comfort import Comfort, TextSize
from kiosk.flow.desk import Line, LineState
from kiosk.flow.looking_up import opener
from kiosk.flow.printing import receipt_pdf_for
from kiosk.flow.table import Screen
from kiosk.flow.view import Code, View
from kiosk.forms import parse_form
from kiosk.receipts import FolderPrinter
from kiosk.voice.speech import SpeechState
from kiosk.voice.spoken import Utterance
from sync.carriers.port import Meter
from sync.hub.server import HubServer
from sync.hub.statuses import Decision
from ui.app import KioskApp
from ui.demonstration import demonstration_hub, settle_in
from ui.display import paint_without_display
from ui.driver import Driver
from ui.glass import Glass
from ui.house import House
from ui.opening import application, utc_now
from ui.theme import Look
from ui.threads import GuiDelivery
from ui.tour.person import Hands, Person, TourFailed
from ui.tour.persona import Persona
from ui.tour.report import SyncFigures, TourReport
from ui.tour.voice import TourPlayer
from ui.window import KioskWindow

DECISION = "granted"
ANSWER = {
    "en": "A letter with the details is on its way to you.",
    "ru": "Письмо с подробностями уже в пути.",
    "ko": "자세한 내용은 편지로 보내 드렸습니다.",
}
"""What the tour's case worker writes."""
STORED = "stored"
"""What ``passed`` is told when the screen has said that the application is stored, with its reference."""
RECEIPT = "receipt.pdf"
PIXELS = (1920, 1080)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What kind of tour: ``form`` by its id, or None for the pack's first service that has one."""

    out: Path
    language: str = "en"
    size: str = TextSize.LARGE
    panel: str = "15.6"
    form: str | None = None
    seed: int = 1
    data: Path | None = None
    """The data folder; None for one that is thrown away."""
    quick: bool = False
    """Without pictures, and with the voice switched off: what is left is the work itself."""


@dataclass(slots=True)
class Spoken:
    """What began to sound, in order."""

    lines: list[str] = field(default_factory=list)

    def __call__(self, utterance: Utterance) -> None:
        self.lines.append(utterance.text)


def run_tour(
    wishes: Wishes,
    told: Callable[[View], None] = lambda _: None,
    passed: Callable[[str, str], None] = lambda _ref, _value: None,
    hands: Callable[[KioskWindow], Hands] = Driver,
) -> TourReport:
    """Raises :class:`~ui.tour.person.TourFailed` where a step fails; the pictures until then stay."""
    paint_without_display()
    wishes.out.mkdir(parents=True, exist_ok=True)
    for old in (*wishes.out.glob("*.png"), wishes.out / RECEIPT, wishes.out / "tour.json"):
        old.unlink(missing_ok=True)
    if wishes.data is not None:
        return _in_folder(wishes, wishes.data, told, passed, hands)
    with TemporaryDirectory(prefix="opora-tour-") as folder:
        return _in_folder(wishes, Path(folder), told, passed, hands)


def _in_folder(
    wishes: Wishes,
    folder: Path,
    told: Callable[[View], None],
    passed: Callable[[str, str], None],
    hands: Callable[[KioskWindow], Hands],
) -> TourReport:
    application()
    with demonstration_hub(folder, utc_now) as hub:
        house = House(folder, clock=utc_now, deliver=GuiDelivery(), environment=os.environ)
        settle_in(house, hub)
        window = KioskWindow(Look(Glass.panel(wishes.panel, *PIXELS)))
        window.resize(*PIXELS)
        window.show()
        spoken, player = Spoken(), TourPlayer()
        app = KioskApp(house, house.pack(), window, player, FolderPrinter(wishes.out), heard=spoken)
        try:
            return _Walk(wishes, app, hub, hands(window), spoken, told, passed).walk()
        finally:
            app.close()
            player.end()
            window.close()


class _Walk:
    """One person's way, in the order in which it happens."""

    def __init__(
        self,
        wishes: Wishes,
        app: KioskApp,
        hub: HubServer,
        hands: Hands,
        spoken: Spoken,
        told: Callable[[View], None],
        passed: Callable[[str, str], None],
    ) -> None:
        self._wishes = wishes
        self._app = app
        self._hub = hub
        self._hands = hands
        self._spoken = spoken
        self._passed = passed
        pack = app.conductor.desk.pack
        offered = [each for each in pack.services if each.form and wishes.form in (None, each.form)]
        if not offered:
            raise TourFailed(f"no service of this pack has the form {wishes.form!r}")
        service = offered[0]
        assert service.form is not None
        language = wishes.language
        agency = pack.agencies[service.agency].name.text(language)
        self._decision = Decision(DECISION, by=agency, text=ANSWER[language], share=True)
        form = parse_form(pack.forms[service.form].source)
        persona = Persona.for_form(form, language, wishes.seed)
        self._person = Person(
            app.conductor,
            hands,
            persona,
            service.id,
            None if wishes.quick else wishes.out,
            self._listen,
            told,
            passed,
        )

    def walk(self) -> TourReport:
        began = time.monotonic()
        conductor, person = self._app.conductor, self._person
        self._app.start()
        self._hands.until(lambda: bool(self._app.couriers), 20, "the courier")
        conductor.visit.comfort = self._comfort()
        person.walk_to(Screen.STORED)
        stored_ms = person.last_ms
        code, reference = self._numbers()
        self._passed(STORED, reference)
        person.press("forward")
        person.look()
        receipt_ms = self._receipt_ms()
        person.press("forward")
        person.look()
        person.press("forward")
        sync_began = time.monotonic()
        self._sync()
        self._hub.caseworker.decide(reference, self._decision)
        self._sync()
        sync_ms = (time.monotonic() - sync_began) * 1000
        status = self._look_up(code)
        moved = self._meter()
        report = TourReport(
            reference=reference,
            screens=tuple(person.screens),
            questions=person.questions,
            spoken_utterances=len(self._spoken.lines),
            stored_ms=round(stored_ms, 1),
            receipt_ms=round(receipt_ms, 1),
            sync=SyncFigures(
                moved.requests,
                moved.bytes_up,
                moved.bytes_down,
                round(sync_ms, 1),
            ),
            status_after=status,
            seconds=round(time.monotonic() - began, 1),
        )
        report.write(self._wishes.out)
        (self._wishes.out / "spoken.txt").write_text("\n".join(self._spoken.lines) + "\n", encoding="utf-8")
        return report

    def _comfort(self) -> Comfort:
        """What this person would set before the first page."""
        return Comfort(size=TextSize(self._wishes.size), voice=not self._wishes.quick)

    def _listen(self) -> None:
        """Until the page's heading has begun to sound, where there is a voice."""
        title, heard = self._person.view.title, self._spoken.lines
        if self._app.conductor.visit.comfort.voice and title:
            self._hands.until(
                lambda: (
                    self._app.speech.off_reason is not None
                    or self._app.speech.state is SpeechState.QUIET
                    or title in heard[-4:]
                ),
                20,
                f"the voice to say {title!r}",
            )

    def _numbers(self) -> tuple[str, str]:
        """The code and the reference, read off the screen."""
        code, reference = ("".join(part.groups) for part in self._person.view.body if isinstance(part, Code))
        return code, reference

    def _receipt_ms(self) -> float:
        """How long the PDF takes to make; the printer has written it beside the pictures."""
        began = time.monotonic()
        pdf = receipt_pdf_for(self._app.conductor.visit, self._app.conductor.desk)
        took = (time.monotonic() - began) * 1000
        if not (self._wishes.out / RECEIPT).is_file() or not pdf.startswith(b"%PDF"):
            raise TourFailed("the receipt was not printed")
        return took

    def _meter(self) -> Meter:
        (courier,) = self._app.couriers
        return courier.state.meter

    def _sync(self) -> None:
        """One whole attempt, whose result is true."""
        results: list[Line] = []
        self._app.line.try_now(results.append)
        self._hands.until(lambda: bool(results), 60, "the hub to answer")
        if results[0].state is not LineState.IDLE:
            raise TourFailed(f"sending failed: {results[0].fault}")

    def _look_up(self, code: str) -> str:
        """With the code from the paper, as somebody who comes back; gives the newest answer's kind."""
        person, conductor = self._person, self._app.conductor
        person.look()
        if person.view.screen != Screen.WELCOME:
            raise TourFailed(f"the visit did not end: the screen stands at {person.view.screen}")
        conductor.visit.comfort = self._comfort()
        person.choose("language", self._wishes.language)
        person.choose("need", "look_up")
        person.look()
        person.type("code", code)
        person.press("forward")
        person.look()
        found, keys = conductor.visit.found, conductor.visit.found_keys
        if person.view.screen != Screen.FOUND or found is None or keys is None:
            raise TourFailed(f"the receipt did not open: {[e.text for e in person.view.errors]}")
        answers = agency_answers(found, opener(keys))
        if not answers or answers[-1].kind != DECISION:
            raise TourFailed(f"the decision did not arrive: {[each.kind for each in answers]}")
        person.press("forward")
        return answers[-1].kind

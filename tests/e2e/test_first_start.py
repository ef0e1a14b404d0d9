"""The first start in a real window: by pointer, with a real hub and a practice application; and by ear."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from kiosk.flow.table import Screen
from kiosk.flow.view import Bar
from kiosk.forms import parse_form
from kiosk.operators import Part
from kiosk.store import Setting
from kiosk.texts import LANGUAGES, OWN_NAMES, texts_for
from sync.hub.rows import EnvelopeRow
from tests.conformance.blind.keys import Key, Keys
from tests.conformance.blind.language import Card, Field, Language, Place, Press
from tests.conformance.blind.typist import Typist
from tests.e2e.blank import blank_kiosk
from tests.flow.booth import buttons, sentences
from tests.receipts.reading import pages
from tests.sync.parties import Hub
from ui.app import KioskApp
from ui.driver import Driver
from ui.house import PRACTICE
from ui.tour.person import Person
from ui.tour.persona import Persona

PIN = "408317"
PATIENCE_S = 60.0
pytestmark = [pytest.mark.proof, pytest.mark.timeout(900)]


class Finger:
    """Somebody who sets the kiosk up, touching the glass."""

    def __init__(self, app: KioskApp) -> None:
        self.app = app
        self.hands = Driver(app.window)
        self.pages: list[str] = []

    def stands(self, part: Part, *, offers: str = "forward") -> None:
        def there() -> bool:
            view = self.app.conductor.shown
            found = buttons(view).get(offers)
            at_rest = not self.app.conductor.working() and found is not None and found.enabled
            return at_rest and view.key.split(":")[1:2] == [part]

        self.hands.until(there, PATIENCE_S, f"the page of {part}")
        where = self.app.conductor.shown.where
        if where not in self.pages:
            self.pages.append(where)

    def press(self, id: str) -> None:
        self.hands.press(id)
        self.hands.until(lambda: not self.app.conductor.working(), PATIENCE_S, "the page to take presses")

    def type(self, field: str, text: str) -> None:
        self.hands.type(field, text)


def set_up_by_pointer(finger: Finger, code: str, hub: Hub) -> None:
    finger.stands(Part.LANGUAGE)
    finger.hands.choose("language", "en")
    finger.press("forward")
    finger.stands(Part.SIZE)
    for press in ("wider", "narrower", "narrower", "forward"):
        finger.press(press)
    finger.stands(Part.SOUND)
    for press in ("hear", "louder", "forward"):
        finger.press(press)
    finger.stands(Part.PRINTER)
    finger.press("forward")
    finger.stands(Part.PRINTER)
    finger.press("forward")
    finger.stands(Part.CENTRE)
    for field, text in (("name", "Park House"), ("address", "3 Park Lane"), ("phone", "555 0101")):
        finger.type(field, text)
    finger.press("forward")
    finger.stands(Part.COORDINATOR)
    finger.type("code", code)
    finger.press("forward")
    finger.type("name", "Maria")
    finger.press("forward")
    for field in ("pin", "pin_again"):
        finger.type(field, PIN)
        finger.press("forward")
    finger.stands(Part.COORDINATOR, offers="print")
    finger.press("print")
    finger.press("forward")
    finger.stands(Part.HUB)
    finger.type("address", hub.url)
    finger.type("code", hub.server.kiosks.new_code().replace(" ", ""))
    finger.press("forward")
    finger.press("forward")
    finger.stands(Part.PRACTICE)


def practise(finger: Finger, notes: set[str]) -> None:
    app, pack = finger.app, finger.app.conductor.desk.pack
    service = next(each for each in pack.services if each.form)
    assert service.form is not None
    persona = Persona.for_form(parse_form(pack.forms[service.form].source), "en", seed=4)
    finger.press("forward")
    person = Person(
        app.conductor,
        finger.hands,
        persona,
        service.id,
        None,
        lambda: None,
        lambda view: notes.add(view.bar.note),
    )
    person.walk_to(Screen.STORED)
    while app.conductor.desk.practising:
        finger.press("forward")


def test_whoever_has_never_seen_it_sets_it_up_by_pointer_and_practises(
    qt: QApplication, tmp_path: Path
) -> None:
    notes: set[str] = set()
    with Hub(tmp_path / "hub") as hub, blank_kiosk(tmp_path / "kiosk") as (app, _, code):
        finger = Finger(app)
        set_up_by_pointer(finger, code, hub)
        assert len(finger.pages) == 8
        practise(finger, notes)
        assert notes == {"PRACTICE: nothing is sent or kept"}
        assert app.conductor.screen is Screen.WELCOME
        assert app.conductor.shown.bar.note == Bar().note
        gone = tmp_path / "kiosk" / "data" / PRACTICE
        finger.hands.until(lambda: not gone.exists(), PATIENCE_S, "the practice to be erased")
        finger.hands.until(
            lambda: not app.house.setting_up.progress().open, PATIENCE_S, "the end of the set-up"
        )
        tried: list[object] = []
        finger.hands.until(lambda: bool(app.couriers), PATIENCE_S, "the way to the hub")
        app.line.try_now(tried.append)
        finger.hands.until(lambda: bool(tried), PATIENCE_S, "one whole try")
        with app.house.database.reader() as repositories:
            assert repositories.applications.count() == repositories.drafts.count() == 0
            assert repositories.settings.get(Setting.HUB_URL) == hub.url
            assert repositories.settings.get(Setting.SOUND) == "4 4"
        with hub.database.transaction() as session:
            assert list(session.scalars(select(EnvelopeRow.envelope_id))) == [], "nothing of it was ever sent"
        papers = sorted((tmp_path / "kiosk" / "tray").glob("*.pdf"), key=lambda path: path.stat().st_mtime_ns)
        assert len(papers) == 3, "test page, recovery sheet, practice receipt"
        for page in pages(papers[-1].read_bytes()):
            assert "PRACTICE" in page.extract_text()


class Listener:
    """Somebody who sees nothing, with three keys."""

    def __init__(self, keys: Keys, tag: str) -> None:
        self.keys = keys
        self.language = Language(tag)
        self.say = texts_for(tag).say
        self.typist = Typist(keys, self.language)

    def find(self, wanted: Callable[[Place], bool], what: str) -> tuple[str, ...]:
        for _ in range(120):
            heard = self.keys.press(Key.NEXT)
            if wanted(self.language.place(heard)):
                return heard
        raise AssertionError(f"{what} was not heard on the page")

    def press(self, msgid: str) -> tuple[str, ...]:
        label = self.say(msgid)
        self.find(lambda place: isinstance(place, Press) and place.label == label, label)
        return self.keys.press(Key.CHOOSE)

    def choose(self, label: str) -> tuple[str, ...]:
        self.find(partial(_is_card, label), label)
        return self.keys.press(Key.CHOOSE)

    def write(self, text: str) -> None:
        self.find(lambda place: isinstance(place, Field), "something to write in")
        self.typist.write(text)


def _is_card(label: str, place: Place) -> bool:
    return isinstance(place, Card) and place.label == label


@pytest.mark.parametrize("tag", LANGUAGES)
def test_it_is_set_up_by_three_keys_and_ears_alone(qt: QApplication, tmp_path: Path, tag: str) -> None:
    with blank_kiosk(tmp_path / "kiosk") as (app, ear, code):
        keys = Keys(app, ear, 3)
        # Each language's card speaks for itself.
        hear = Listener(keys, tag)
        keys.listen()
        hear.choose(OWN_NAMES[tag])
        hear.press("Settings")
        hear.choose(hear.say("With headphones"))
        hear.press("Done")
        heard = hear.press("Continue")
        assert hear.say("How large is this screen?") in heard
        hear.press("Wider")
        heard = hear.press("It fits")
        assert hear.say("Can you hear the voice well?") in heard
        said = hear.press("Say a sentence")
        assert hear.say("Good day. This is how I read every page to the people who come here.") in said
        hear.press("I hear it well")
        hear.press("Print a test page")
        heard = hear.press("Yes, it came out")
        assert hear.say("Where does this kiosk stand?") in heard
        hear.press("Later")
        hear.write(code)
        hear.press("Continue")
        hear.write({"en": "anna", "ru": "анна", "ko": "안나"}[tag])
        hear.press("Continue")
        hear.write(PIN)
        hear.press("Continue")
        hear.write(PIN)
        heard = hear.press("Set up this kiosk")
        assert hear.say("Write down the recovery code") in heard
        hear.press("I have written it down")
        hear.press("Work alone for now")
        hear.press("Later")
        assert app.conductor.screen is Screen.WELCOME, sentences(app.conductor.shown)
        assert app.house.setting_up.progress().open == (Part.CENTRE, Part.HUB, Part.PRACTICE)
        (anna,) = app.house.operators.names()
        assert app.house.operators.sign_in(anna.id, PIN).operator.language == tag

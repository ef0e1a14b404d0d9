"""A whole kiosk with a dead clock: it says so, takes applications, and knows the time once a hub answered."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtWidgets import QApplication

from kiosk.flow.desk import Line, LineState
from kiosk.flow.table import Screen
from kiosk.texts import texts_for
from sync.hub.database import HubDatabase
from sync.hub.lists import applications
from tests.e2e.promises import broken_promises
from tests.e2e.whole import PATIENCE_S, WholeKiosk, whole_kiosk
from tests.flow.booth import sentences
from ui.demonstration import demonstration_hub
from ui.house import House
from ui.opening import utc_now

pytestmark = pytest.mark.timeout(600)

DEAD = datetime(1970, 1, 1, tzinfo=UTC)
WRONG = "The kiosk's clock is wrong: please tell a volunteer."


def sent(kiosk: WholeKiosk) -> Line:
    heard: list[Line] = []
    kiosk.hands.until(lambda: bool(kiosk.app.couriers), PATIENCE_S, "the courier")
    kiosk.app.line.try_now(heard.append)
    kiosk.hands.until(lambda: bool(heard), PATIENCE_S, "the hub to answer")
    return heard[0]


def apply(kiosk: WholeKiosk, language: str) -> str:
    person = kiosk.person(language)
    person.walk_to(Screen.STORED)
    reference = kiosk.stored()
    for _ in range(3):
        person.press("forward")
        person.look()
    assert kiosk.view.screen == Screen.WELCOME
    return reference


@pytest.mark.proof
def test_a_kiosk_that_wakes_up_in_1970_says_so_takes_applications_and_knows_the_day_after_the_first_answer(
    qt: QApplication, data: Path, tmp_path: Path
) -> None:
    began = utc_now()

    def dead() -> datetime:
        return DEAD + (utc_now() - began)

    with whole_kiosk(data, tmp_path / "first", clock=dead) as kiosk:
        person = kiosk.person("ru")
        person.choose("language", "ru")
        assert texts_for("ru").say(WRONG) in sentences(kiosk.view)
        person.press("back")
        first = apply(kiosk, "ru")
        assert kiosk.app.bugs.count == 0
        promises = list(kiosk.promises)
    printed = text_of(tmp_path / "first" / "receipt.pdf")
    assert "1970" not in printed
    assert "сегодняшнее число" in printed

    with demonstration_hub(data, utc_now) as hub:
        house = House(data, clock=dead, deliver=lambda call: call(), environment={})
        house.change(HUB_URL=hub.url)
        house.close()
        with whole_kiosk(data, tmp_path / "second", clock=dead) as kiosk:
            house = kiosk.app.house
            assert sent(kiosk).state is LineState.IDLE
            kiosk.hands.until(lambda: not house.known_time.doubtful, PATIENCE_S, "the right time")
            assert abs(house.clock() - utc_now()) < timedelta(minutes=2)
            assert house.known_time.wrong, "the machine's own clock still is"
            second = apply(kiosk, "ko")
            assert sent(kiosk).state is LineState.IDLE
            with house.database.reader() as repositories:
                assert repositories.journal.verify() is None
                assert repositories.outbox.counts().waiting == 0
            assert kiosk.app.bugs.count == 0
            promises += kiosk.promises
    assert "시계가 맞지 않았습니다" not in text_of(tmp_path / "second" / "receipt.pdf")
    database = HubDatabase.in_folder(data / "hub")
    there = applications(database, 10)
    database.close()
    assert sorted(each.reference or "" for each in there) == sorted([first, second]), "each once"
    assert broken_promises(data, [each for each in promises if each.question == "stored"]) == []

    with whole_kiosk(data, tmp_path / "third", clock=lambda: DEAD) as reopened:
        known = reopened.app.house.clock()
        assert abs(known - utc_now()) < timedelta(hours=2), "it goes on from the last confirmed time"


def text_of(paper: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(paper).pages).split())

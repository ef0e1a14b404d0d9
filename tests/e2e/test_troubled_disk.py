"""The whole kiosk over a disk that is full or fails: it says so in plain words, and nothing is lost."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from kiosk.flow.pages.trouble import AGAIN
from kiosk.flow.table import Screen
from kiosk.store.faults import full_disk, unwritable
from kiosk.texts import LANGUAGES, texts_for
from tests.e2e.promises import broken_promises
from tests.e2e.whole import PATIENCE_S, PIXELS, WholeKiosk, whole_kiosk
from tests.faults.failing_disk import FailingDisk, failing_disk
from tests.faults.small_disk import fill, mounted
from tests.flow.booth import sentences
from ui.driver import Driver
from ui.glass import Glass
from ui.opening import Opening
from ui.window import KioskWindow

pytestmark = pytest.mark.timeout(600)
QUESTIONS = 40


@pytest.fixture
def small(tmp_path: Path, settled: Path) -> Iterator[Path]:
    """A disk of eight megabytes with a settled data folder on it."""
    with mounted(tmp_path / "small", 8) as disk:
        shutil.copytree(settled, disk / "data")
        yield disk


@pytest.fixture
def failing(tmp_path: Path, settled: Path) -> Iterator[FailingDisk]:
    with failing_disk(tmp_path / "failing") as disk:
        shutil.copytree(settled, disk.folder / "data")
        disk.settle()
        yield disk


def says(kiosk: WholeKiosk, language: str, full: bool) -> None:
    fault = full_disk("") if full else unwritable("")
    texts = texts_for(language)
    assert kiosk.errors[:2] == [texts.message(fault.title), texts.message(fault.advice)]


def test_a_disk_that_fills_up_meanwhile_is_told_on_the_page_and_the_person_goes_on_with_room(
    qt: QApplication, small: Path, tmp_path: Path
) -> None:
    with whole_kiosk(small / "data", tmp_path / "paper") as kiosk:
        person = kiosk.person("ru")
        person.walk_questions(4)
        ballast = fill(small)
        person.answer_on(QUESTIONS)
        says(kiosk, "ru", full=True)
        stands = kiosk.view.title
        person.press("forward")
        says(kiosk, "ru", full=True)
        assert kiosk.view.title == stands, "the page that could not be stored is not left"
        ballast.unlink()
        person.press("forward")
        assert not kiosk.errors
        person.walk_to(Screen.SIGN)
        ballast = fill(small)
        person.sign_and_hand_in()
        says(kiosk, "ru", full=True)
        ballast.unlink()
        person.press("forward")
        person.walk_to(Screen.STORED)
        kiosk.stored()
        assert kiosk.app.bugs.count == 0
        promises = kiosk.promises
    assert len(promises) > 10
    assert broken_promises(small / "data", promises) == []


@pytest.mark.proof
def test_a_disk_that_fails_meanwhile_is_told_and_everything_until_then_is_there_after_the_repair(
    qt: QApplication, failing: FailingDisk, tmp_path: Path
) -> None:
    data = failing.folder / "data"
    with whole_kiosk(data, tmp_path / "paper") as kiosk:
        person = kiosk.person("ko")
        person.walk_questions(6)
        failing.fail()
        person.answer_on(QUESTIONS)
        says(kiosk, "ko", full=False)
        person.press("forward")
        says(kiosk, "ko", full=False)
        assert kiosk.app.bugs.count == 0
        promises = list(kiosk.promises)
    assert len(promises) >= 5
    failing.repair()
    assert broken_promises(data, promises) == []
    with whole_kiosk(data, tmp_path / "paper") as again:
        next_one = again.person("ko")
        next_one.walk_to(Screen.STORED)
        again.stored()
        promises += again.promises
    assert broken_promises(data, promises[-1:]) == []


def test_a_kiosk_that_finds_its_disk_full_says_so_in_every_language_and_opens_once_there_is_room(
    qt: QApplication, small: Path
) -> None:
    ballast = fill(small)
    opening = Opening(small / "data", Glass.panel("15.6", *PIXELS))
    hands = Driver(opening.window)
    try:
        opening.window.resize(*PIXELS)
        opening.window.show()
        hands.until(lambda: opening.failure is not None, PATIENCE_S, "the trouble to be told")
        for language in LANGUAGES:
            assert texts_for(language).message(full_disk("").title) in said(opening.window)
            assert texts_for(language).say("Try again") in said(opening.window)
        hands.press(AGAIN)
        hands.until(lambda: opening.failure is not None, PATIENCE_S, "the same trouble to be told again")
        ballast.unlink()
        hands.press(AGAIN)
        hands.until(lambda: opening.app is not None, PATIENCE_S, "the kiosk to open")
        assert opening.app is not None
        app = opening.app
        hands.until(lambda: app.conductor.screen is Screen.WELCOME, PATIENCE_S, "the first page")
    finally:
        opening.close()


def test_a_kiosk_that_finds_its_disk_read_only_says_so_and_opens_after_the_repair(
    qt: QApplication, failing: FailingDisk
) -> None:
    failing.fail()
    opening = Opening(failing.folder / "data", Glass.panel("15.6", *PIXELS))
    hands = Driver(opening.window)
    try:
        opening.window.resize(*PIXELS)
        opening.window.show()
        hands.until(lambda: opening.failure is not None, PATIENCE_S, "the trouble to be told")
        for language in LANGUAGES:
            assert texts_for(language).message(unwritable("").title) in said(opening.window)
        failing.repair()
        hands.press(AGAIN)
        hands.until(lambda: opening.app is not None, PATIENCE_S, "the kiosk to open")
    finally:
        opening.close()


def said(window: KioskWindow) -> str:
    view = window.page.view
    assert view is not None
    return "\n".join(sentences(view))

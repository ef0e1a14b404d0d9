"""The whole kiosk over a disk that is full or fails: it says so in plain words, and nothing is lost."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from kiosk.flow.table import Screen
from kiosk.store.faults import full_disk, unwritable
from kiosk.texts import texts_for
from tests.e2e.promises import broken_promises
from tests.e2e.whole import WholeKiosk, whole_kiosk
from tests.faults.failing_disk import FailingDisk, failing_disk
from tests.faults.small_disk import fill, mounted

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

"""A practice application: marked on every page and on the paper, sent nowhere, and gone when it ends."""

from pathlib import Path

import pytest

from kiosk.flow.table import Screen
from kiosk.operators import Part
from kiosk.receipts import FolderPrinter
from tests.flow.booth import Booth, buttons, sentences
from tests.flow.conftest import Kiosks
from tests.flow.test_staff import to_today
from tests.receipts.reading import pages
from ui.house import PRACTICE, House

MARK = "PRACTICE: nothing is sent or kept"


@pytest.fixture
def tray(kiosks: Kiosks, tmp_path: Path) -> Path:
    folder = tmp_path / "tray"
    folder.mkdir()
    kiosks.printer = FolderPrinter(folder)
    return folder


@pytest.fixture
def practising(kiosks: Kiosks, tray: Path) -> Booth:
    booth = kiosks.open()
    to_today(booth)
    for press in ("rules", "set_up", "do:practice", "forward"):
        booth.press(press)
    assert booth.view.screen == Screen.WHO
    return booth


def to_questions(booth: Booth) -> None:
    booth.choose("speaker", "myself")
    booth.choose("life_stage", "old_age")
    booth.choose("service", "heating")
    booth.choose("volunteer", "yes")
    booth.press("forward")


def counted(kiosks: Kiosks) -> tuple[int, int, int]:
    return kiosks.lane.submit(
        lambda r: (r.applications.count(), r.drafts.count(), r.outbox.counts().waiting)
    ).result()


def wait_for_erasure(kiosks: Kiosks, booth: Booth) -> None:
    booth.pump.until(lambda: not (kiosks.folder / PRACTICE).exists())


def texts(paper: Path) -> list[str]:
    return [page.extract_text() for page in pages(paper.read_bytes())]


def test_every_page_says_that_it_is_practice_and_so_does_the_paper(
    kiosks: Kiosks, practising: Booth, tray: Path
) -> None:
    booth, begun = practising, len(kiosks.shown)
    to_questions(booth)
    booth.answer_all()
    booth.hand_in()
    booth.press("forward")
    shown = kiosks.shown[begun:]
    assert len({view.key for view in shown}) > 8
    assert {view.bar.note for view in shown} == {MARK}
    (receipt,) = tray.glob("*.pdf")
    for text in texts(receipt):
        assert "PRACTICE / ТРЕНИРОВКА / 연습" in text
    assert "It opens nothing." in " ".join(texts(receipt))


def test_nothing_of_it_is_kept_or_waits_and_the_next_person_finds_the_true_kiosk(
    kiosks: Kiosks, practising: Booth
) -> None:
    booth, before = practising, counted(kiosks)
    to_questions(booth)
    booth.answer_all()
    booth.hand_in()
    assert (kiosks.folder / PRACTICE / "kiosk.db").exists()
    while booth.view.screen != Screen.WELCOME:
        booth.press("forward")
    assert booth.view.bar.note == ""
    assert booth.visit.signed_in is None
    wait_for_erasure(kiosks, booth)
    assert counted(kiosks) == before == (0, 0, 0)
    booth.pump.until(lambda: Part.PRACTICE not in booth.desk.setting_up.progress().open)
    booth.reach_question()
    assert counted(kiosks) == (0, 1, 0), "what comes now is a true application"


def test_one_that_was_broken_off_stays_to_be_done(kiosks: Kiosks, practising: Booth) -> None:
    booth = practising
    to_questions(booth)
    for press in ("help", "leave", "forward"):
        booth.press(press)
    assert booth.view.screen == Screen.WELCOME
    wait_for_erasure(kiosks, booth)
    assert booth.desk.setting_up.progress().open == (Part.PRACTICE,)


def test_idleness_ends_it_without_a_word_about_answers(kiosks: Kiosks, practising: Booth) -> None:
    booth = practising
    to_questions(booth)
    for _ in range(200):
        booth.tick(2)
        if booth.view.screen == Screen.WELCOME:
            break
    assert booth.view.screen == Screen.WELCOME
    assert not any("waits for" in text or "erased" in text for text in sentences(booth.view))
    wait_for_erasure(kiosks, booth)


def test_a_power_cut_in_the_middle_leaves_nothing_after_the_next_opening(
    kiosks: Kiosks, practising: Booth
) -> None:
    to_questions(practising)
    place = kiosks.folder / PRACTICE
    kept = {file.name: file.read_bytes() for file in place.iterdir() if file.is_file()}
    kiosks.switch_off()
    place.mkdir(exist_ok=True)
    for name, content in kept.items():
        (place / name).write_bytes(content)
    house = House(kiosks.folder, clock=kiosks.clock, deliver=lambda call: call(), environment={})
    house.close()
    assert not place.exists()


def test_practice_offers_neither_staff_nor_codes(practising: Booth) -> None:
    booth = practising
    booth.press("back")
    assert booth.view.screen == Screen.NEED
    labels = sentences(booth.view)
    assert "For volunteers" not in labels
    assert "Go on where I stopped" not in labels
    booth.press("help")
    assert "staff" not in buttons(booth.view)
    booth.press("back")
    booth.choose("need", "end")
    assert booth.view.screen == Screen.WELCOME

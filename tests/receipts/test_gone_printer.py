"""A real printer behind a real spooler that goes and comes back: the kiosk says so and goes on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.flow.rounds import printer_check
from kiosk.flow.table import Screen
from kiosk.receipts import CupsPrinter
from kiosk.store import Setting
from kiosk.texts import texts_for
from tests.flow.booth import Booth, buttons, sentences
from tests.flow.conftest import Kiosks
from tests.flow.test_first_start import do_language, do_size, do_sound
from tests.flow.test_staff import to_today
from tests.receipts.pressroom import QUEUE, Pressroom, open_pressroom, until

EN = texts_for("en")


@pytest.fixture(scope="module")
def pressroom() -> Iterator[Pressroom]:
    with open_pressroom() as pressroom:
        yield pressroom


@pytest.fixture
def kiosks(tmp_path: Path, pressroom: Pressroom) -> Iterator[Kiosks]:
    kiosks = Kiosks(tmp_path / "data", tmp_path / "runtime")
    # A backend that still asks how its job ended goes on asking a printer that is switched off meanwhile,
    # without a word, and holds up whatever is printed next.
    until(lambda: pressroom.at_rest, "a queue at rest")
    for paper in pressroom.papers:
        paper.unlink()
    kiosks.printer = CupsPrinter("", pressroom.environment)
    yield kiosks
    kiosks.switch_off()


def offered(booth: Booth, id: str) -> bool:
    found = buttons(booth.view).get(id)
    return found is not None and found.enabled


def test_the_first_start_finds_the_printers_and_a_true_page_comes_out(
    kiosks: Kiosks, pressroom: Pressroom
) -> None:
    booth = kiosks.open(Screen.MOMENT, set_up=False)
    for do in (do_language, do_size, do_sound):
        do(booth, kiosks)
    booth.pump.until(lambda: offered(booth, "forward"))
    booth.choose("printer", QUEUE)
    booth.press("forward")
    until(lambda: len(pressroom.papers) == 1, pressroom.complaints())
    booth.press("forward")
    kept = kiosks.lane.submit(lambda r: r.settings.get(Setting.PRINTER)).result()
    assert kept == QUEUE


def test_a_printer_that_is_switched_off_is_told_and_prints_when_it_is_back(
    kiosks: Kiosks, pressroom: Pressroom
) -> None:
    booth = kiosks.open()
    kiosks.printer.use(QUEUE)
    to_today(booth)
    pressroom.switch_off()
    try:
        booth.press("opening")
        booth.pump.until(lambda: offered(booth, "again"))
        booth.press("print")
        # Only who tries hears that nobody answers.
        until(lambda: printer_check(booth.desk, EN).ok is None, pressroom.complaints())
        booth.press("forward")
        booth.tick(31)
        booth.pump.until(lambda: "The printer does not answer." in sentences(booth.view))
        booth.press("back")
        booth.reach_question()
        assert booth.view.screen == Screen.QUESTION, "an applicant is not kept waiting"
        booth.conductor.begin_visit()
        booth.conductor.start(Screen.WELCOME)
    finally:
        pressroom.switch_on()
    until(lambda: len(pressroom.papers) == 1, pressroom.complaints())
    until(lambda: printer_check(booth.desk, EN).ok is True, pressroom.complaints())
    to_today(booth)
    assert "The printer does not answer." not in sentences(booth.view)

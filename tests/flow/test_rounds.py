"""The opening and the closing check: a line each, as it comes, never in anybody's way."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.errors import Message
from kiosk.flow.table import Screen
from kiosk.flow.view import Notice, Progress, Rows
from kiosk.journal import Action
from kiosk.receipts import FolderPrinter, PrinterStatus
from tests.flow.booth import Booth, buttons, sentences
from tests.flow.conftest import Kiosks
from tests.flow.test_staff import to_today
from tests.receipts.reading import pages, writing

DUE = "The opening check was not done today"


class Printer(FolderPrinter):
    """Into a folder; may be out of paper."""

    empty = False

    def status(self) -> PrinterStatus:
        if self.empty:
            return PrinterStatus(False, Message("The printer has no paper."))
        return super().status()


@pytest.fixture
def printer(kiosks: Kiosks, tmp_path: Path) -> Printer:
    folder = tmp_path / "tray"
    folder.mkdir()
    kiosks.printer = printer = Printer(folder)
    return printer


def run(booth: Booth, which: str) -> None:
    booth.press(which)
    booth.pump.until(lambda: "again" in buttons(booth.view))


def until_said(booth: Booth, said: bool) -> None:
    booth.pump.until(lambda: ("The printer has no paper." in sentences(booth.view)) is said)


def in_order(booth: Booth) -> set[str]:
    return {row.id for part in booth.view.body if isinstance(part, Rows) for row in part.rows}


def troubles(booth: Booth) -> list[str]:
    return [part.title for part in booth.view.body if isinstance(part, Notice)][1:]


def test_it_is_offered_at_the_first_sign_in_of_the_day_and_once_done_not_again(
    kiosks: Kiosks, printer: Printer
) -> None:
    booth = kiosks.open()
    to_today(booth)
    assert DUE in sentences(booth.view)
    run(booth, "opening")
    kiosks.drain()
    booth.press("forward")
    booth.pump.until(lambda: not booth.conductor.working())
    assert DUE not in sentences(booth.view)
    booth.press("back")
    kiosks.clock.move(hours=24)
    to_today(booth)
    assert DUE in sentences(booth.view), "another day"


def test_each_line_says_what_was_found_and_trouble_stands_first_with_what_to_do(
    kiosks: Kiosks, printer: Printer
) -> None:
    printer.empty = True
    booth = kiosks.open()
    to_today(booth)
    run(booth, "opening")
    everything = in_order(booth) | {"line", "backup", "screen", "printer"}
    assert everything == {
        *("disk", "clock", "line", "waiting", "backup", "screen", "printer", "voice", "set-up"),
    }
    assert "The printer has no paper." in troubles(booth)
    assert "There is no backup of this kiosk yet." in troubles(booth)
    assert all(part.text for part in booth.view.body if isinstance(part, Notice)), "and what to do"


def test_it_is_shown_as_it_comes_and_can_be_left_meanwhile(kiosks: Kiosks, printer: Printer) -> None:
    gate, asked = threading.Event(), threading.Event()

    def held() -> None:
        asked.set()
        gate.wait(20)

    booth = kiosks.open()
    to_today(booth)
    kiosks.bench.held = held
    try:
        booth.press("opening")
        booth.pump.until(lambda: "disk" in in_order(booth))
        assert any(isinstance(part, Progress) and part.done == 1 for part in booth.view.body)
        assert asked.wait(20)
        assert not booth.conductor.working(), "the page takes presses while the machine is asked"
        booth.press("forward")
        booth.press("back")
        booth.reach_question()
        gate.set()
        booth.pump.empty()
        assert booth.view.screen == Screen.QUESTION
    finally:
        gate.set()


def test_it_is_printed_on_one_page_in_large_letters(kiosks: Kiosks, printer: Printer, tmp_path: Path) -> None:
    booth = kiosks.open()
    to_today(booth)
    run(booth, "opening")
    booth.press("print")
    (sheet,) = (tmp_path / "tray").glob("*.pdf")
    content = sheet.read_bytes()
    (text,) = (page.extract_text() for page in pages(content))
    assert "Opening check" in text
    assert "House of Help" in text
    assert min(piece.size for piece in writing(content)) >= 14


def test_the_journal_keeps_who_looked_and_what_was_wrong_in_three_words(
    kiosks: Kiosks, printer: Printer
) -> None:
    printer.empty = True
    booth = kiosks.open()
    to_today(booth)
    run(booth, "opening")
    booth.press("forward")
    run(booth, "closing")
    kiosks.drain()
    entries = kiosks.lane.submit(lambda r: list(r.journal.entries())).result()
    opening, closing = (each for each in entries if "checked" in each.action)
    assert (opening.action, opening.subject) == (Action.OPENING_CHECKED, "look")
    assert opening.details["printer"] == "look"
    assert opening.details["disk"] == "fine"
    assert closing.action == Action.CLOSING_CHECKED
    assert {*opening.details.values(), *closing.details.values()} <= {"fine", "look", "broken"}


def test_the_closing_check_says_what_is_unprinted_unsent_and_still_plugged_in(
    kiosks: Kiosks, printer: Printer
) -> None:
    booth = kiosks.open()
    booth.reach_question()
    booth.answer_all()
    booth.hand_in()
    booth.tick()
    for _ in range(300):
        booth.tick(2)
        if booth.view.screen == Screen.WELCOME:
            break
    to_today(booth)
    run(booth, "closing")
    assert "1 receipt was not printed yet." in troubles(booth)
    assert "waiting" in in_order(booth), "one that waits since today is no trouble"
    assert "Lock the room." in [item for part in booth.view.body for item in getattr(part, "items", ())]


@pytest.mark.parametrize("hours", [7, -30, 24 * 365])
def test_a_clock_that_jumped_is_told_on_the_page_of_the_day_and_applications_go_on(
    kiosks: Kiosks, printer: Printer, hours: int
) -> None:
    booth = kiosks.open()
    kiosks.bench.jump = timedelta(hours=hours)
    to_today(booth)
    booth.pump.until(lambda: any("The clock has jumped" in text for text in sentences(booth.view)))
    booth.press("back")
    booth.reach_question()
    assert booth.view.screen == Screen.QUESTION


def test_a_printer_that_goes_and_comes_back_is_told_on_the_page_of_the_day(
    kiosks: Kiosks, printer: Printer
) -> None:
    booth = kiosks.open()
    to_today(booth)
    assert "The printer has no paper." not in sentences(booth.view)
    for empty in (True, False):
        printer.empty = empty
        booth.tick(31)
        until_said(booth, empty)

"""The receipt's way: printed with its code until somebody has it, a copy without one after that."""

from pathlib import Path

import pypdf
import pytest

from kiosk.errors import Message, PrintFault
from kiosk.flow.table import Screen
from kiosk.flow.view import Code
from kiosk.receipts import FolderPrinter, JobState, PrinterStatus, PrintJob
from tests.flow.booth import Booth, buttons, sentences
from tests.flow.conftest import Kiosks
from tests.flow.test_staff import to_today


class Tray:
    """A printer that prints into a folder, and can be ``jammed``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._printer = FolderPrinter(folder)
        self.jammed = False
        self.withdrawn: list[PrintJob] = []

    @property
    def papers(self) -> list[str]:
        """The text of each paper, in the order in which they came out."""
        files = sorted(self._folder.glob("*.pdf"), key=lambda path: (len(path.name), path.name))
        return ["\n".join(page.extract_text() for page in pypdf.PdfReader(file).pages) for file in files]

    def status(self) -> PrinterStatus:
        return self._printer.status()

    def names(self) -> tuple[str, ...]:
        return self._printer.names()

    def use(self, name: str) -> None:
        self._printer.use(name)

    def print_pdf(self, pdf: bytes, title: str) -> PrintJob:
        if self.jammed:
            raise PrintFault(Message("The printer does not answer."), Message("Please look at the printer."))
        return self._printer.print_pdf(pdf, title)

    def job_state(self, job: PrintJob) -> JobState:
        return self._printer.job_state(job)

    def withdraw(self, job: PrintJob) -> None:
        self.withdrawn.append(job)
        self._printer.withdraw(job)


@pytest.fixture
def tray(kiosks: Kiosks, tmp_path: Path) -> Tray:
    folder = tmp_path / "tray"
    folder.mkdir()
    tray = Tray(folder)
    kiosks.printer = tray
    return tray


def to_stored(booth: Booth) -> str:
    """Hands an application in; returns the code as it is printed."""
    booth.reach_question()
    booth.answer_all()
    booth.hand_in()
    code = next(part for part in booth.view.body if isinstance(part, Code) and len(part.groups) == 5)
    return " ".join(code.groups)


def digits(text: str) -> str:
    return "".join(each for each in text if each.isdigit())


def test_the_receipt_carries_the_code_that_the_screen_showed(kiosks: Kiosks, tray: Tray) -> None:
    booth = kiosks.open()
    code = to_stored(booth)
    booth.press("forward")
    assert booth.view.screen == Screen.CAME_OUT
    (paper,) = tray.papers
    assert digits(code) in digits(paper)
    assert "Help with heating" in paper
    assert "House of Help" in paper


def test_yes_it_came_out_ends_the_visit_and_the_kiosk_keeps_no_code(kiosks: Kiosks, tray: Tray) -> None:
    booth = kiosks.open()
    to_stored(booth)
    booth.press("forward")
    booth.press("forward")
    assert "Please keep the paper" in sentences(booth.view)
    booth.press("forward")
    assert booth.view.screen == Screen.WELCOME
    assert booth.visit.slip is None
    to_today(booth)
    assert not any(id.startswith("print:") for id in buttons(booth.view))
    counts = booth.desk.today.counts(booth.clock().replace(hour=0))
    assert (counts.printed, counts.unprinted) == (1, 0)


def test_a_second_print_before_anybody_has_it_is_the_receipt_itself(kiosks: Kiosks, tray: Tray) -> None:
    booth = kiosks.open()
    code = to_stored(booth)
    booth.press("forward")
    booth.press("no")
    assert "Is there paper in it, and is none stuck?" in sentences(booth.view)
    booth.press("again")
    assert "Did your receipt come out?" in sentences(booth.view)
    assert len(tray.papers) == 2
    assert digits(code) in digits(tray.papers[1])
    assert "COPY" not in tray.papers[1]


def test_a_jammed_printer_says_so_and_the_person_can_finish_without_paper(kiosks: Kiosks, tray: Tray) -> None:
    booth = kiosks.open()
    to_stored(booth)
    tray.jammed = True
    booth.press("forward")
    assert booth.view.screen == Screen.STORED
    assert "The printer does not answer." in sentences(booth.view)
    tray.jammed = False
    booth.press("forward")
    booth.press("no")
    tray.jammed = True
    booth.press("again")
    assert booth.view.screen == Screen.CAME_OUT
    assert "The printer does not answer." in sentences(booth.view)
    booth.press("forward")
    assert booth.view.screen == Screen.WELCOME


def test_a_volunteer_prints_what_did_not_come_out_and_later_only_copies(kiosks: Kiosks, tray: Tray) -> None:
    booth = kiosks.open()
    code = to_stored(booth)
    booth.press("forward")
    booth.press("no")
    booth.press("forward")
    assert booth.view.screen == Screen.WELCOME

    to_today(booth)
    booth.press(next(id for id in buttons(booth.view) if id.startswith("print:")))
    assert "Did the receipt come out?" in sentences(booth.view)
    assert digits(code) in digits(tray.papers[-1])
    booth.press("forward")
    assert not any(id.startswith("print:") for id in buttons(booth.view))

    booth.press(next(id for id in buttons(booth.view) if id.startswith("copy:")))
    assert digits(code) not in digits(tray.papers[-1])
    assert "COPY" in tray.papers[-1]


def test_a_receipt_that_a_volunteer_could_not_print_either_stays_on_the_list(
    kiosks: Kiosks, tray: Tray
) -> None:
    booth = kiosks.open()
    to_stored(booth)
    booth.press("forward")
    booth.press("no")
    booth.press("forward")
    to_today(booth)
    waiting = next(id for id in buttons(booth.view) if id.startswith("print:"))
    booth.press(waiting)
    booth.press("no")
    assert waiting in buttons(booth.view)


def test_without_a_printer_nobody_is_asked_whether_it_came_out(kiosks: Kiosks) -> None:
    booth = kiosks.open()
    to_stored(booth)
    booth.press("forward")
    assert booth.view.screen == Screen.CAME_OUT
    assert "Did your receipt come out?" not in sentences(booth.view)
    assert any("Your receipt then waits 7 days here" in each for each in sentences(booth.view))


def test_the_code_of_a_receipt_opens_the_application_where_a_paused_ones_code_is_asked(
    kiosks: Kiosks, tray: Tray
) -> None:
    booth = kiosks.open()
    code = to_stored(booth)
    booth.press("forward")
    booth.press("forward")
    booth.press("forward")
    booth.reach_need()
    booth.choose("need", "continue")
    booth.type("code", digits(code))
    booth.press("forward")
    assert booth.view.screen == Screen.FOUND
    assert booth.view.title == "Help with heating"


def test_a_receipt_that_nobody_has_is_taken_back_from_the_printer_when_its_person_leaves(
    kiosks: Kiosks, tray: Tray
) -> None:
    booth = kiosks.open()
    to_stored(booth)
    booth.press("forward")
    booth.press("no")
    booth.press("forward")
    assert booth.view.screen == Screen.WELCOME
    booth.pump.until(lambda: bool(tray.withdrawn))
    assert len(tray.withdrawn) == 1


def test_a_receipt_in_hand_is_left_alone(kiosks: Kiosks, tray: Tray) -> None:
    booth = kiosks.open()
    to_stored(booth)
    for _ in range(3):
        booth.press("forward")
    assert booth.view.screen == Screen.WELCOME
    kiosks.switch_off()
    assert tray.withdrawn == []

"""To a real printer through a real CUPS, and back from what arrived there."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.errors import PrintFault
from kiosk.receipts import (
    CupsPrinter,
    FolderPrinter,
    JobState,
    NoPrinter,
    Printer,
    PrintJob,
    qr_content,
    receipt_lines,
    receipt_pdf,
)
from kiosk.texts import LANGUAGES
from tests.receipts.pressroom import QUEUE, Pressroom, open_pressroom, until
from tests.receipts.reading import barcodes, fonts, letters, page_letters, pages, writing
from tests.receipts.samples import CODE, first_receipt

TITLE = "Opora"


@pytest.fixture(scope="module")
def shop() -> Iterator[Pressroom]:
    with open_pressroom() as pressroom:
        yield pressroom


@pytest.fixture
def pressroom(shop: Pressroom) -> Iterator[Pressroom]:
    """The shop as it was: no jobs, no default, paper in the printer, the queue open."""
    until(lambda: shop.at_rest, "a queue at rest")
    yield shop
    shop.tell("cancel", "-a", "-x", check=False)
    shop.tell("cupsenable", QUEUE)
    shop.tell("cupsaccept", QUEUE)
    shop.set_paper(250)
    until(lambda: shop.at_rest, "a queue at rest")
    for paper in shop.papers:
        paper.unlink()


def printer_of(pressroom: Pressroom, destination: str = QUEUE) -> CupsPrinter:
    return CupsPrinter(destination, pressroom.environment)


def came_out(pressroom: Pressroom, printer: Printer, job: PrintJob) -> bytes:
    """The one paper that lies in the tray once the job is out of the queue."""
    until(lambda: printer.job_state(job) is JobState.DONE, f"{job.id} out of the queue")
    papers = pressroom.papers
    assert len(papers) == 1, pressroom.complaints()
    return papers[0].read_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_receipt_that_arrives_at_the_printer_is_whole(
    pressroom: Pressroom, language: str, tmp_path: Path
) -> None:
    content = first_receipt(language)
    printer = printer_of(pressroom)
    arrived = came_out(pressroom, printer, printer.print_pdf(receipt_pdf(content), TITLE))
    assert page_letters(arrived) == [letters("".join(receipt_lines(content)))]
    assert all(fonts(arrived).values()), "not embedded"
    assert min(piece.size for piece in writing(arrived)) >= 13.99, "made smaller on the way"
    box = pages(arrived)[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (595, 842)
    (code,) = barcodes(arrived, tmp_path)
    assert code.content == qr_content(CODE)
    assert code.side_mm >= 30


def test_a_ready_printer_says_so(pressroom: Pressroom) -> None:
    status = printer_of(pressroom).status()
    assert status.ready
    assert status.sentence.msgid == "The printer is ready."


def test_where_nobody_named_a_printer_the_only_one_prints(pressroom: Pressroom) -> None:
    printer = printer_of(pressroom, "")
    assert printer.status().ready
    came_out(pressroom, printer, printer.print_pdf(receipt_pdf(first_receipt("en")), TITLE))


def test_of_two_the_system_s_default_prints_and_none_where_there_is_no_default(pressroom: Pressroom) -> None:
    printer = printer_of(pressroom, "")
    pressroom.tell("lpadmin", "-p", "another", "-v", "file:///dev/null", "-E")
    try:
        assert printer.status().sentence.msgid == "There is no printer here."
        with pytest.raises(PrintFault):
            printer.print_pdf(receipt_pdf(first_receipt("en")), TITLE)
        pressroom.tell("lpadmin", "-d", QUEUE)
        assert printer.status().ready
        came_out(pressroom, printer, printer.print_pdf(receipt_pdf(first_receipt("en")), TITLE))
    finally:
        pressroom.tell("lpadmin", "-d", "another")
        pressroom.tell("lpadmin", "-x", "another")


def test_an_unknown_printer_is_no_printer(pressroom: Pressroom) -> None:
    printer = printer_of(pressroom, "elsewhere")
    assert printer.status().sentence.msgid == "There is no printer here."
    with pytest.raises(PrintFault) as caught:
        printer.print_pdf(receipt_pdf(first_receipt("en")), TITLE)
    assert caught.value.title.msgid == "The receipt could not be printed."
    assert "does not exist" in caught.value.detail


def test_a_stopped_printer_says_so_and_the_job_waits_until_it_goes_on(pressroom: Pressroom) -> None:
    printer = printer_of(pressroom)
    pressroom.tell("cupsdisable", QUEUE)
    until(lambda: not printer.status().ready, "that the queue stands")
    assert printer.status().sentence.msgid == "The printer has been stopped."
    job = printer.print_pdf(receipt_pdf(first_receipt("en")), TITLE)
    assert printer.job_state(job) is JobState.WAITING
    assert pressroom.papers == []
    pressroom.tell("cupsenable", QUEUE)
    came_out(pressroom, printer, job)


def test_a_queue_that_takes_nothing_is_stopped_and_refuses(pressroom: Pressroom) -> None:
    printer = printer_of(pressroom)
    pressroom.tell("cupsreject", QUEUE)
    # A scheduler that is busy says it a moment after it was told.
    until(lambda: not printer.status().ready, "that the queue refuses")
    assert printer.status().sentence.msgid == "The printer has been stopped."
    with pytest.raises(PrintFault) as caught:
        printer.print_pdf(receipt_pdf(first_receipt("en")), TITLE)
    assert "not accepting" in caught.value.detail


def test_a_printer_that_is_switched_off_does_not_answer_and_prints_when_it_is_on_again(
    pressroom: Pressroom,
) -> None:
    printer = printer_of(pressroom)
    pressroom.switch_off()
    try:
        job = printer.print_pdf(receipt_pdf(first_receipt("en")), TITLE)
        until(lambda: not printer.status().ready, "the silence noticed")
        assert printer.status().sentence.msgid == "The printer does not answer."
        assert printer.job_state(job) is JobState.WAITING
    finally:
        pressroom.switch_on()
    came_out(pressroom, printer, job)
    assert printer.status().ready


def test_a_printer_without_paper_says_so_while_a_receipt_waits(pressroom: Pressroom) -> None:
    printer = printer_of(pressroom)
    pressroom.set_paper(0)
    job = printer.print_pdf(receipt_pdf(first_receipt("en")), TITLE)
    until(lambda: not printer.status().ready, "the empty tray noticed")
    assert printer.status().sentence.msgid == "The printer has no paper."
    assert printer.job_state(job) is JobState.WAITING
    pressroom.set_paper(250)
    came_out(pressroom, printer, job)
    assert printer.status().ready


def test_what_is_withdrawn_never_comes_out_and_leaves_nothing_in_the_spool(pressroom: Pressroom) -> None:
    printer = printer_of(pressroom)
    pressroom.tell("cupsdisable", QUEUE)
    job = printer.print_pdf(receipt_pdf(first_receipt("en")), TITLE)
    assert len(pressroom.spooled) == 1
    printer.withdraw(job)
    assert printer.job_state(job) is JobState.DONE
    assert pressroom.spooled == []
    pressroom.tell("cupsenable", QUEUE)
    after = printer.print_pdf(receipt_pdf(first_receipt("ru")), TITLE)
    assert "Вашарасписка" in page_letters(came_out(pressroom, printer, after))[0]
    printer.withdraw(after)


def test_nothing_of_a_printed_receipt_stays_in_the_spool(pressroom: Pressroom) -> None:
    printer = printer_of(pressroom)
    came_out(pressroom, printer, printer.print_pdf(receipt_pdf(first_receipt("en")), TITLE))
    until(lambda: pressroom.spooled == [], "an empty spool")


@pytest.fixture
def silent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CupsPrinter]:
    """A scheduler that takes the connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        address = f"127.0.0.1:{deaf.getsockname()[1]}"
        home = str(tmp_path_factory.mktemp("home"))
        yield CupsPrinter(QUEUE, {"CUPS_SERVER": address, "HOME": home}, patience_s=0.5)


def test_a_spooler_that_never_answers_is_given_up_with_a_sentence(silent: CupsPrinter) -> None:
    if isinstance(printer_here(), NoPrinter):
        pytest.skip("cups-client is not installed")
    status = silent.status()
    assert not status.ready
    assert status.sentence.msgid == "The printer does not answer."
    with pytest.raises(PrintFault) as caught:
        silent.print_pdf(receipt_pdf(first_receipt("en")), TITLE)
    assert caught.value.title.msgid == "The printer does not answer."
    assert "off and on" in caught.value.advice.msgid
    with pytest.raises(PrintFault):
        silent.job_state(PrintJob("kiosk-1"))


def printer_here() -> Printer:
    from kiosk.receipts import system_printer

    return system_printer()


def test_no_scheduler_is_no_printer(tmp_path: Path) -> None:
    printer = CupsPrinter("", {"CUPS_SERVER": str(tmp_path / "nobody"), "HOME": str(tmp_path)})
    assert printer.status().sentence.msgid == "There is no printer here."
    with pytest.raises(PrintFault):
        printer.print_pdf(b"%PDF-1.4", TITLE)


def test_without_cups_s_commands_there_is_no_printer(tmp_path: Path) -> None:
    printer = CupsPrinter("", {"PATH": str(tmp_path)})
    assert printer.status().sentence.msgid == "There is no printer here."
    with pytest.raises(PrintFault) as caught:
        printer.print_pdf(b"%PDF-1.4", TITLE)
    assert "not installed" in caught.value.detail


def test_no_printer_says_so_and_refuses() -> None:
    printer = NoPrinter()
    assert not printer.status().ready
    with pytest.raises(PrintFault) as caught:
        printer.print_pdf(b"%PDF-1.4", TITLE)
    assert caught.value.title.msgid == "There is no printer here."
    assert "later" in caught.value.advice.msgid


def test_a_folder_takes_each_paper_under_a_name_of_its_own(tmp_path: Path) -> None:
    printer = FolderPrinter(tmp_path)
    assert printer.status().ready
    jobs = [printer.print_pdf(paper, TITLE) for paper in (b"one", b"two")]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "receipt.pdf": b"one",
        "receipt-2.pdf": b"two",
    }
    assert all(printer.job_state(job) is JobState.DONE for job in jobs)

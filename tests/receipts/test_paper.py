"""The paper that goes home, read back."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from reportlab.pdfbase.ttfonts import TTFontFile

from kiosk.errors import PrintFault
from kiosk.receipts import ReceiptContent, qr_content, receipt_lines, receipt_pdf
from kiosk.receipts.fonts import find_fonts
from kiosk.receipts.paper import TITLE
from kiosk.receipts.sheet import MARGIN, PAGE_HEIGHT, PAGE_WIDTH, SMALLEST
from kiosk.receipts.wording import COPY_MARK, PRACTICE_MARK, receipt_text
from kiosk.texts import LANGUAGES
from tests.receipts.reading import (
    Word,
    barcodes,
    cut_lines,
    dashes,
    fonts,
    letters,
    page_letters,
    pages,
    words,
    writing,
)
from tests.receipts.samples import CODE, first_receipt, received_copy, with_answers, with_second

SLACK = 1.0
"""Points."""

each_language = pytest.mark.parametrize("language", LANGUAGES)


def other(language: str) -> str:
    return LANGUAGES[(LANGUAGES.index(language) + 1) % len(LANGUAGES)]


def kinds(language: str) -> dict[str, ReceiptContent]:
    first = first_receipt(language)
    return {
        "first": first,
        "copy": received_copy(language),
        "first with a second language": with_second(first, other(language)),
        "copy with a second language and answers": with_answers(
            with_second(received_copy(language), other(language))
        ),
        "first with all": with_answers(with_second(first, other(language))),
    }


KINDS = tuple(kinds("en"))
each_kind = pytest.mark.parametrize("kind", KINDS)


def with_steps(content: ReceiptContent, number: int) -> ReceiptContent:
    return replace(content, next_steps=(content.next_steps * number)[:number])


@each_language
@each_kind
def test_what_is_spoken_is_what_is_printed_in_the_same_order(language: str, kind: str) -> None:
    content = kinds(language)[kind]
    on_pages = page_letters(receipt_pdf(content))
    if content.copy:
        on_pages[1:] = [page.removeprefix(letters(COPY_MARK)) for page in on_pages[1:]]
    assert "".join(on_pages) == letters("".join(receipt_lines(content)))


@each_language
def test_the_paper_names_service_agency_centre_reference_and_time(language: str) -> None:
    content = first_receipt(language)
    (paper,) = page_letters(receipt_pdf(content))
    when = {
        "en": "21 November 2026, 10:30",
        "ru": "21 ноября 2026 года, 18:30",
        "ko": "2026년 11월 22일 오전 12:30",
    }
    for printed in (
        content.service,
        content.form_title,
        content.agency_name,
        content.agency_phone,
        content.centre_name,
        content.centre_address,
        content.centre_phone,
        *content.next_steps,
        "73028 46159 20437",
        "1234 5678 9012 3456 7895",
        when[language],
    ):
        assert letters(printed) in paper


@each_language
@each_kind
def test_no_letter_is_smaller_than_14_points(language: str, kind: str) -> None:
    pieces = writing(receipt_pdf(kinds(language)[kind]))
    assert len(pieces) > 10
    assert min(piece.size for piece in pieces) >= SMALLEST == 14


@each_language
@each_kind
def test_every_letter_is_in_the_embedded_font_that_sets_it(language: str, kind: str) -> None:
    pdf = receipt_pdf(kinds(language)[kind])
    embedded = fonts(pdf)
    assert embedded
    assert all(embedded.values()), embedded
    files = find_fonts()
    known: dict[str, dict[int, int]] = {}
    for path in (files.regular, files.bold, files.hangul, files.hangul_bold):
        face = TTFontFile(str(path))
        known[face.name.decode() if isinstance(face.name, bytes) else face.name] = face.charToGlyph
    for piece in writing(pdf):
        name = piece.font.removeprefix("/").partition("+")[2]
        missing = {letter for letter in letters(piece.text) if ord(letter) not in known[name]}
        assert not missing, f"{name} has no {missing}"


@each_language
@each_kind
def test_nothing_runs_over_the_margin_or_over_something_else(language: str, kind: str) -> None:
    content = kinds(language)[kind]
    for page in words(receipt_pdf(content)):
        on_page = [word for word in page if not is_mark(word)]
        assert (len(on_page) < len(page)) == content.copy
        assert on_page
        for word in on_page:
            assert word.left >= MARGIN - SLACK, word
            assert word.right <= PAGE_WIDTH - MARGIN + SLACK, word
            assert word.top >= MARGIN - 4, word
            assert word.bottom <= PAGE_HEIGHT - MARGIN + 4, word
        for number, word in enumerate(on_page):
            assert not [later for later in on_page[number + 1 :] if overlap(word, later)], word


@each_language
@pytest.mark.parametrize("mark", [COPY_MARK, PRACTICE_MARK])
def test_the_mark_under_everything_is_whole_on_the_paper(language: str, mark: str) -> None:
    practised = replace(first_receipt(language), practice=True)
    page = words(receipt_pdf(practised if mark == PRACTICE_MARK else received_copy(language)))[0]
    found = [word for word in page if is_mark(word, mark)]
    assert set(letters("".join(word.text for word in found))) == set(letters(mark))
    for word in found:
        assert word.left >= 0, word
        assert word.right <= PAGE_WIDTH, word
        assert word.top >= 0, word
        assert word.bottom <= PAGE_HEIGHT, word


def is_mark(word: Word, mark: str = COPY_MARK) -> bool:
    """Whether it is of the large grey mark, which lies under everything; or of a title of such words."""
    return max(word.right - word.left, word.bottom - word.top) > 1.4 * TITLE and word.text in mark


def overlap(one: Word, two: Word) -> bool:
    # The boxes are as high as the font's tallest accents, which is more than a line: what counts are letters.
    inset = 0.2 * min(one.bottom - one.top, two.bottom - two.top)
    return (
        min(one.right, two.right) - max(one.left, two.left) > 0.1
        and min(one.bottom, two.bottom) - max(one.top, two.top) > 2 * inset
    )


@each_language
def test_a_usual_receipt_is_one_sheet(language: str) -> None:
    assert len(pages(receipt_pdf(first_receipt(language)))) == 1
    assert len(pages(receipt_pdf(received_copy(language)))) == 1


@each_language
@pytest.mark.parametrize("dpi", [100, 200])
def test_the_square_code_is_read_from_the_paper_and_is_30_millimetres_wide(
    language: str, dpi: int, tmp_path: Path
) -> None:
    (found,) = barcodes(receipt_pdf(first_receipt(language)), tmp_path, dpi)
    assert found.content == qr_content(CODE)
    assert found.side_mm >= 30


@each_language
@pytest.mark.parametrize("second", [False, True])
def test_the_code_part_is_never_broken_and_one_line_cuts_it_off(language: str, second: bool) -> None:
    first = first_receipt(language)
    if second:
        first = with_second(first, other(language))
    places = set()
    for number in (0, 2, 3, 4, 6, 8, 12):
        content = with_steps(first, number)
        part = receipt_text(content).code
        assert part is not None
        belonging = letters("".join((part.fold, part.title, *part.groups, *part.sentences)))
        pdf = receipt_pdf(content)
        ((sheet, cut),) = [(n, y) for n, page in enumerate(pages(pdf)) for y in cut_lines(page)]
        page = words(pdf)[sheet]
        above = letters("".join(word.text for word in page if word.bottom <= cut + 3))
        below = letters("".join(word.text for word in page if word.top >= cut - 3))
        assert len(above) + len(below) == sum(len(word.text) for word in page)
        part_above = sorted(above) == sorted(belonging)
        assert part_above or sorted(below) == sorted(belonging)
        places.add((sheet, part_above))
    assert len(places) >= 2, "the steps did not push it from the first page"


@each_language
def test_a_copy_says_so_on_every_page_and_has_no_code(language: str, tmp_path: Path) -> None:
    content = with_answers(with_second(received_copy(language), other(language)), rows=3)
    pdf = receipt_pdf(content)
    papers = page_letters(pdf)
    assert len(papers) > 1
    assert all(paper.startswith("COPY/КОПИЯ/사본") for paper in papers)
    assert CODE not in "".join(papers)
    assert letters(receipt_text(content).copy_note) in papers[0]
    assert barcodes(pdf, tmp_path, dpi=100) == []
    assert not [line for page in pages(pdf) for line in cut_lines(page)]


@each_language
def test_a_first_receipt_does_not_call_itself_a_copy(language: str) -> None:
    (paper,) = page_letters(receipt_pdf(first_receipt(language)))
    assert "COPY" not in paper
    assert receipt_text(first_receipt(language)).copy_note == ""


@each_language
def test_stored_here_and_received_differ_in_words_and_in_shape(language: str) -> None:
    said = {
        "en": ("Stored here, not yet sent", "Received by the agency on 23 November 2026"),
        "ru": ("Хранится здесь, пока не отправлено", "Получено ведомством 23 ноября 2026 года"),
        "ko": ("이곳에 보관 중이며 아직 보내지 않았습니다", "2026년 11월 24일에 기관이 받았습니다"),
    }
    here, received = (letters(sentence) for sentence in said[language])
    stored_pdf, received_pdf = receipt_pdf(first_receipt(language)), receipt_pdf(received_copy(language))
    (stored_paper,), (received_paper,) = page_letters(stored_pdf), page_letters(received_pdf)
    assert here in stored_paper
    assert received not in stored_paper
    assert received in received_paper
    assert here not in received_paper
    frame = (7.0, 4.0)
    assert frame in dashes(pages(stored_pdf)[0])
    assert frame not in dashes(pages(received_pdf)[0])


@each_language
def test_no_sentence_ends_in_two_full_stops_and_dates_hold_together(language: str) -> None:
    for content in kinds(language).values():
        for line in receipt_lines(content):
            assert ".." not in line
            assert line == " ".join(line.split())
    said = {"en": "21 November 2027", "ru": "21 ноября 2027 года", "ko": "2027년 11월 21일"}
    kept = replace(first_receipt(language), copy_kept_until=first_receipt("ru").copy_kept_until)
    assert any(said[language] in line for line in receipt_lines(kept))


def test_a_single_step_has_no_number_and_several_have() -> None:
    content = first_receipt("en")
    assert receipt_text(with_steps(content, 1)).next_steps == content.next_steps[:1]
    assert [step[:3] for step in receipt_text(content).next_steps] == ["1. ", "2. ", "3. "]


@each_language
def test_loose_jamo_zero_width_blanks_and_control_characters_are_set_as_letters(language: str) -> None:
    content = replace(first_receipt(language), service="김영희\u200b\u00ad й\x07")
    (paper,) = page_letters(receipt_pdf(content))
    assert "김영희й" in paper


@each_language
def test_a_word_longer_than_the_line_is_broken_and_not_lost(language: str) -> None:
    content = replace(first_receipt(language), service="Ж" * 90, agency_name="x" * 70)
    pdf = receipt_pdf(content)
    paper = "".join(page_letters(pdf))
    assert "Ж" * 90 in paper
    assert "x" * 70 in paper
    assert all(word.right <= PAGE_WIDTH - MARGIN + SLACK for page in words(pdf) for word in page)


def test_the_same_content_gives_the_same_bytes_in_another_process() -> None:
    program = (
        "import hashlib, sys; from kiosk.receipts import receipt_pdf;"
        "from tests.receipts.samples import first_receipt;"
        "sys.stdout.write(hashlib.sha256(receipt_pdf(first_receipt('ko'))).hexdigest())"
    )
    root = Path(__file__).parents[2]
    there = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(root)},
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    receipt_pdf(first_receipt("ru"))
    assert there.stdout == hashlib.sha256(receipt_pdf(first_receipt("ko"))).hexdigest()


def test_another_reference_gives_another_paper() -> None:
    content = first_receipt("en")
    changed = replace(content, reference=type(content.reference)("999999999999999"))
    assert receipt_pdf(content) != receipt_pdf(changed)


def test_a_missing_font_is_a_fault_that_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(PrintFault) as caught:
        find_fonts([tmp_path])
    assert "fonts-noto-core" in caught.value.advice.msgid

"""Words in lines: none wider than its room, none broken sooner than it has to be."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication

from tests.ui.conftest import SMALL_GLASS
from ui.theme import Face, Look
from ui.widgets.words import Line, break_lines, longest_word

WORD = re.compile(r"[^\S\u00a0]*(?:(?:[^\s-]|\u00a0)+-*|-+)")
WORD_AND_BLANKS = re.compile(r"[^\S\u00a0]*(?:(?:[^\s-]|\u00a0)+-*|-+)[^\S\u00a0]*")
LETTERS = "aiwMAVTо́щжЙ한글은 مرح١,.-—’  "


@pytest.mark.parametrize("spaced", [False, True])
@given(text=st.text(LETTERS, max_size=120), width=st.integers(30, 1500), face=st.sampled_from(Face))
@settings(max_examples=150, deadline=None)
def test_a_line_takes_what_fits_and_no_more(
    application: QApplication, text: str, width: int, face: Face, spaced: bool
) -> None:
    font = Look(SMALL_GLASS, spaced=spaced).font(face)
    wide = QFontMetricsF(font).horizontalAdvance
    lines = break_lines(text, font, width)
    assert "".join(line.text for line in lines) == text
    for line in lines:
        assert text[line.start : line.start + len(line.text)] == line.text
        assert wide(line.text.rstrip()) <= width or len(line.text) == 1
    for line, following in pairwise(_with_orphan(lines)):
        rest = text[following.start :]
        if text[following.start - 1].isspace() or text[following.start - 1] == "-":
            word = WORD.match(rest)
            more = word[0] if word else ""
        else:
            more = rest[0]
        assert not more.strip() or wide(line.text + more) > width


def _with_orphan(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """What the lines were before a last word got company."""
    if len(lines) < 2 or len(lines[-1].text.split()) != 2:
        return lines
    *others, before, last = lines
    first = WORD_AND_BLANKS.match(last.text)
    assert first is not None
    taken = Line(before.text + first[0], before.start, before.width)
    return (*others, taken, Line(last.text[len(first[0]) :], last.start + len(first[0]), last.width))


def test_no_short_word_is_left_alone(application: QApplication) -> None:
    font = Look(SMALL_GLASS).font()
    wide = QFontMetricsF(font).horizontalAdvance
    text = "Please hold the card against the glass now"
    lines = break_lines(text, font, int(wide("Please hold the card against the glass")) + 1)
    assert [line.text.strip() for line in lines] == ["Please hold the card against the", "glass now"]
    long = "Please hold it steadily and unhesitatingly"
    lines = break_lines(long, font, int(wide("Please hold it steadily and")) + 1)
    assert lines[-1].text == "unhesitatingly", "a long word looks well alone"


def test_a_no_break_space_holds_a_telephone_number_together(application: QApplication) -> None:
    font = Look(SMALL_GLASS).font()
    wide = QFontMetricsF(font).horizontalAdvance
    number = "+1\u00a0555\u00a00101"
    text = f"Please call the centre at {number}"
    lines = break_lines(text, font, int(wide(text)) - 10)
    assert lines[-1].text.endswith(number)
    assert number not in lines[0].text
    assert longest_word(text, font) >= wide(number)

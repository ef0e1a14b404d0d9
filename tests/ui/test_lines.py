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
from ui.widgets.words import break_lines

WORD = re.compile(r"\s*(?:[^\s-]+-*|-+)")
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
    for line, following in pairwise(lines):
        rest = text[following.start :]
        if text[following.start - 1].isspace() or text[following.start - 1] == "-":
            word = WORD.match(rest)
            more = word[0] if word else ""
        else:
            more = rest[0]
        assert not more.strip() or wide(line.text + more) > width

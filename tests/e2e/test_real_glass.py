"""A real window on an X server, touched by its pointer and typed into by its keyboard."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from tests.e2e.real_glass import KOREAN, MOST, SHORT, WHOLE, Walk, farthest, kept, small, walked

pytestmark = pytest.mark.timeout(900)

HELP = QRect(500, 14, 80, 20)
"""Where that word stands in the bar of a kept picture."""


def same_pictures(walk: Walk, out: Path) -> None:
    for screen in walk.pictures:
        far, where = farthest(small(out / f"{screen}.png"), small(kept(walk, screen)))
        assert far <= MOST, (
            f"{screen} in {walk.language} looks different near {where}: {far:.1f} of 255. Where it is meant "
            f"to, take the kept pictures anew (make glass-pictures) and look at them."
        )


def walk_and_compare(walk: Walk, folder: Path) -> dict[str, Any]:
    said = walked(walk, folder / "out", folder / "data")
    assert said["platform"] == "xcb"
    same_pictures(walk, folder / "out")
    return said


def test_a_pointer_comes_from_the_welcome_to_the_first_question(tmp_path: Path) -> None:
    said = walk_and_compare(SHORT, tmp_path)
    assert said["screens"][0] == "welcome"
    assert said["screens"][-1] == "question"
    assert said["touches"] >= 7, "a page was left without a touch"


@pytest.mark.proof
def test_a_pointer_and_a_keyboard_walk_a_whole_application_to_the_agency_s_answer(tmp_path: Path) -> None:
    said = walk_and_compare(WHOLE, tmp_path)
    assert said["status"] == "granted"
    assert {"check", "sign", "stored", "came_out", "found"} <= set(said["screens"])
    assert said["touches"] > 150
    assert said["typed"] >= 1, "nothing was typed on the keyboard"


@pytest.mark.proof
def test_the_first_pages_look_as_they_did_in_korean(tmp_path: Path) -> None:
    walk_and_compare(KOREAN, tmp_path)


@pytest.mark.parametrize(
    ("walk", "screen"), [(walk, screen) for walk in (WHOLE, SHORT, KOREAN) for screen in walk.pictures]
)
def test_a_word_that_is_missing_is_seen(walk: Walk, screen: str) -> None:
    whole = small(kept(walk, screen))
    assert farthest(whole, whole)[0] == 0
    less = whole.copy()
    painter = QPainter(less)
    painter.fillRect(HELP, whole.pixelColor(HELP.topLeft()))
    painter.end()
    assert farthest(whole, less)[0] > MOST

"""The same way through the kiosk in three languages: no sentence stays English."""

import re

import pytest

from kiosk.flow.table import Screen
from kiosk.flow.view import View
from tests.flow.booth import Booth, sentences
from tests.flow.conftest import PIN, Kiosks

NEUTRAL = re.compile(r"[\d\s+:.,()/·–-]*|English|Русский|한국어|Maria|Opora|Anna|House of Help")
"""Numbers and names are the same in every language."""


def whole_way(booth: Booth, language: str) -> list[View]:
    """Every page that can be come to without a printer or a line, in the order of this script."""
    seen: list[View] = []

    def look() -> None:
        seen.append(booth.view)

    def look_at_overlays() -> None:
        booth.press("settings")
        look()
        booth.press("forward")
        booth.press("help")
        look()
        booth.press("using")
        look()
        booth.press("back")
        booth.press("back")

    booth.reach_need(language)
    look()
    look_at_overlays()
    booth.choose("need", "continue")
    look()
    booth.press("forward")
    look()
    booth.press("back")
    booth.press("help")
    booth.press("leave")
    look()
    booth.press("back")
    booth.tick(151)
    assert booth.view.screen == Screen.STILL_THERE
    look()
    booth.press("forward")

    booth.choose("need", "staff")
    look()
    booth.choose("operator", str(booth.desk.operators.names()[0].id))
    look()
    booth.press("forward")
    look()
    booth.type("pin", "408318")
    booth.press("forward")
    look()
    booth.clock.move(seconds=5)
    booth.type("pin", PIN)
    booth.press("forward")
    look()
    booth.press("lock")
    look()
    booth.press("someone_else")

    booth.reach_question(language)
    look_at_overlays()
    booth.press("help")
    booth.press("finish_later")
    look()
    booth.press("forward")
    look()
    booth.press("back")
    booth.press("help")
    booth.press("leave")
    look()
    booth.choose("way", "erase")
    look()
    booth.press("back")
    booth.answer_all()
    look()
    booth.hand_in()
    look()
    booth.press("forward")
    look()
    booth.press("forward")
    booth.reach_need(language)
    booth.choose("need", "staff")
    booth.choose("operator", str(booth.desk.operators.names()[0].id))
    booth.type("pin", PIN)
    booth.press("forward")
    look()
    booth.press("back")

    booth.reach_need(language)
    booth.conductor.broke(RuntimeError("a bug"))
    booth.bugs.clear()
    look()
    return seen


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> list[View]:
    kiosks = Kiosks(tmp_path_factory.mktemp("en") / "data", tmp_path_factory.mktemp("run"))
    try:
        return whole_way(kiosks.open(), "en")
    finally:
        kiosks.switch_off()


@pytest.mark.parametrize("language", ["ru", "ko"])
def test_no_sentence_stays_english_on_any_page(booth: Booth, english: list[View], language: str) -> None:
    translated = whole_way(booth, language)
    assert [view.screen for view in translated] == [view.screen for view in english]
    for ours, theirs in zip(english, translated, strict=True):
        assert theirs.language == language
        left, right = sentences(ours), sentences(theirs)
        assert len(left) == len(right), (ours.screen, left, right)
        for before, after in zip(left, right, strict=True):
            if not NEUTRAL.fullmatch(before):
                assert before != after, f"{ours.screen}: {before!r} stays English in {language}"

"""Whoever sits down next sees, hears and finds nothing of whoever was here before."""

from dataclasses import replace

import pytest

from kiosk.flow.comfort import Comfort
from kiosk.flow.covering import DOTS
from kiosk.flow.table import Screen
from kiosk.flow.view import Choices, Rows, TextField
from kiosk.flow.visit import Farewell
from kiosk.texts import texts_for
from kiosk.voice.spoken import words_of
from tests.flow.booth import Booth, buttons, sentences
from tests.flow.conftest import PIN, Kiosks


def cover(booth: Booth) -> None:
    booth.press("settings")
    booth.choose("company", "others")
    booth.press("forward")


def spoken(booth: Booth) -> str:
    view = booth.view
    return " ".join(each.text for each in words_of(view, texts_for(view.language), headphones=False))


def walk_away(booth: Booth) -> None:
    booth.tick(151)
    assert booth.view.screen == Screen.STILL_THERE
    booth.tick(46)
    assert booth.view.screen == Screen.WELCOME


@pytest.mark.parametrize(
    ("volunteer", "code", "told"),
    [
        ("yes", False, "их может открыть волонтёр"),
        ("no", True, "откроет выданный код"),
        ("no", False, "стёрты"),
    ],
)
def test_the_first_page_says_in_their_language_what_became_of_the_answers(
    booth: Booth, volunteer: str, code: bool, told: str
) -> None:
    booth.reach_question("ru", volunteer=volunteer)
    if code:
        booth.press("help")
        booth.press("finish_later")
        booth.press("forward")
        booth.press("back")
    walk_away(booth)
    assert told in booth.view.hint
    booth.choose("language", "ko")
    booth.press("back")
    assert booth.view.hint == texts_for("ko").say("We will find help together, one step at a time.")


def test_nothing_is_said_where_there_was_nothing_to_keep(booth: Booth) -> None:
    booth.reach_need()
    walk_away(booth)
    assert booth.visit.farewell is Farewell.NOTHING
    assert booth.view.hint == "We will find help together, one step at a time."


def test_while_others_stand_near_answers_are_covered_and_not_spoken(booth: Booth) -> None:
    booth.reach_question()
    cover(booth)
    booth.type("/data/name", "Anna")
    (field,) = (part for part in booth.view.body if isinstance(part, TextField))
    assert field.covered
    assert field.value == "Anna", "the keys go on from what was typed"
    assert "Anna" not in spoken(booth)
    assert "The answer is hidden." in spoken(booth)
    booth.press("forward")
    booth.type("/data/rooms", "2")
    booth.press("forward")
    booth.choose("/data/stove", "wood")
    (cards,) = (part for part in booth.view.body if isinstance(part, Choices))
    assert [each.value for each in cards.choices if each.chosen] == ["wood"]
    assert "Chosen." not in spoken(booth), "which card it is stays between finger and eye"
    while booth.view.screen != Screen.CHECK:
        booth.press("forward")
    values = [row.value for part in booth.view.body if isinstance(part, Rows) for row in part.rows]
    assert values
    assert set(values) <= {DOTS, ""}


def test_covering_ends_with_the_visit(booth: Booth) -> None:
    booth.reach_question()
    cover(booth)
    assert booth.visit.comfort == replace(Comfort(), others_near=True)
    walk_away(booth)
    assert booth.visit.comfort == Comfort()
    assert booth.reader.comforts[-1] == Comfort()


def test_one_touch_locks_from_any_page_and_the_page_keeps_its_place(booth: Booth) -> None:
    booth.reach_need()
    assert "lock" not in buttons(booth.view), "nobody is signed in"
    booth.choose("need", "staff")
    booth.choose("operator", str(booth.desk.operators.names()[0].id))
    booth.type("pin", PIN)
    booth.press("forward")
    booth.press("lock")
    booth.type("pin", PIN)
    booth.press("forward")
    assert booth.view.screen == Screen.TODAY


def test_the_write_ahead_log_is_empty_when_a_visit_has_ended(kiosks: Kiosks) -> None:
    booth = kiosks.open()
    booth.reach_question(volunteer="no")
    booth.type("/data/name", "Аннушка-Приметная")
    booth.press("forward")
    walk_away(booth)
    booth.desk.drafts.end_session().result()
    kiosks.drain()
    assert (kiosks.folder / "kiosk.db-wal").stat().st_size == 0


def test_no_sentence_of_the_first_page_quotes_what_was_typed(booth: Booth) -> None:
    booth.reach_question()
    booth.type("/data/name", "Marked-Name")
    walk_away(booth)
    assert not any("Marked-Name" in each for each in sentences(booth.view))

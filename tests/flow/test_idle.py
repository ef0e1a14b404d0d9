"""Nobody is cut off unasked, and nobody's answers stay open on the screen (ACCESS.md D3)."""

import pytest

from kiosk.flow.table import Screen
from tests.flow.booth import Booth, sentences
from tests.flow.conftest import Kiosks
from tests.flow.test_staff import to_today


def wait_until_asked(booth: Booth) -> None:
    booth.tick(151)
    assert booth.view.screen == Screen.STILL_THERE


def test_the_countdown_falls_in_words_and_is_read_again_at_thirty_and_fifteen_seconds(booth: Booth) -> None:
    booth.reach_need()
    wait_until_asked(booth)
    before = len(booth.reader.read_views)
    heard_at: list[str] = []
    for _ in range(44):
        booth.tick()
        if len(booth.reader.read_views) > before:
            before = len(booth.reader.read_views)
            heard_at.append(sentences(booth.view)[2])
    assert heard_at == ["This page closes in 30 seconds.", "This page closes in 15 seconds."]
    assert "This page closes in 1 second." in sentences(booth.view)
    booth.tick()
    assert booth.view.screen == Screen.WELCOME


def test_any_press_is_an_answer_and_leads_back_to_the_same_page(booth: Booth) -> None:
    booth.reach_need()
    page = booth.view
    wait_until_asked(booth)
    booth.press("forward")
    assert booth.view == page
    booth.tick(100)
    assert booth.view == page


def test_what_becomes_of_the_answers_is_said_beforehand_and_is_true_with_a_volunteer(kiosks: Kiosks) -> None:
    booth = kiosks.open()
    booth.reach_question()
    booth.type("/data/name", "Anna")
    booth.press("forward")
    wait_until_asked(booth)
    assert "Your answers stay here, locked away. A volunteer can open them and go on with you." in sentences(
        booth.view
    )
    booth.tick(46)
    assert booth.view.screen == Screen.WELCOME
    booth.pump.empty()
    kiosks.switch_off()
    later = kiosks.open()
    assert later.desk.today.counts(later.clock()).drafts == 1


def test_answers_that_nobody_may_open_are_erased_and_the_page_says_so_before(kiosks: Kiosks) -> None:
    booth = kiosks.open()
    booth.reach_question(volunteer="no")
    wait_until_asked(booth)
    assert any("your answers will be erased" in each for each in sentences(booth.view))
    booth.tick(46)
    kiosks.switch_off()
    later = kiosks.open()
    assert later.desk.today.counts(later.clock()).drafts == 0


def test_listening_is_not_idleness(booth: Booth) -> None:
    booth.reach_need()
    booth.reader.speaking = True
    for _ in range(40):
        booth.tick(10)
    booth.reader.speaking = False
    booth.tick(100)
    assert booth.view.screen == Screen.NEED


@pytest.mark.parametrize("hours", [1, -1, 24 * 365 * 56, -24 * 365 * 56])
def test_a_clock_that_is_set_meanwhile_sends_nobody_away(booth: Booth, hours: float) -> None:
    booth.reach_need()
    page = booth.view
    booth.clock.jump(hours=hours)
    booth.tick()
    assert booth.view == page
    booth.tick(148)
    assert booth.view == page
    booth.tick(2)
    assert booth.view.screen == Screen.STILL_THERE, "nor does it keep a page open for whoever comes next"


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_is_set_while_the_kiosk_asks_leaves_the_time_to_answer(
    kiosks: Kiosks, hours: float
) -> None:
    booth = kiosks.open()
    booth.reach_question(volunteer="no")
    wait_until_asked(booth)
    booth.clock.jump(hours=hours)
    booth.tick(40)
    assert "This page closes in 5 seconds." in sentences(booth.view)
    booth.press("forward")
    booth.tick(100)
    assert booth.view.screen == Screen.QUESTION


def test_a_machine_that_slept_for_hours_wakes_up_between_people_and_says_what_became_of_the_answers(
    kiosks: Kiosks,
) -> None:
    booth = kiosks.open()
    booth.reach_question()
    booth.type("/data/name", "Anna")
    booth.press("forward")
    booth.clock.move(hours=5)
    booth.conductor.tick()
    assert booth.view.screen == Screen.WELCOME
    assert "Anna" not in str(booth.view)
    booth.pump.empty()
    kiosks.switch_off()
    later = kiosks.open()
    assert later.desk.today.counts(later.clock()).drafts == 1


def test_the_touch_that_wakes_it_opens_nothing_of_the_one_before(booth: Booth) -> None:
    """It may come before the first second has passed."""
    booth.reach_question()
    booth.type("/data/name", "Anna")
    booth.clock.move(hours=5)
    booth.press("forward")
    assert booth.view.screen == Screen.WELCOME


def test_who_is_signed_in_is_signed_out_by_a_long_sleep(booth: Booth) -> None:
    to_today(booth)
    booth.clock.move(hours=5)
    booth.conductor.tick()
    assert booth.view.screen == Screen.WELCOME
    assert booth.visit.signed_in is None


def test_a_locked_page_sleeps_behind_its_lock(booth: Booth) -> None:
    to_today(booth)
    booth.press("lock")
    booth.clock.move(hours=5)
    booth.conductor.tick()
    assert booth.view.screen == Screen.LOCKED


def test_after_a_short_sleep_the_person_is_asked_and_goes_on(booth: Booth) -> None:
    booth.reach_question()
    booth.clock.move(seconds=180)
    booth.conductor.tick()
    assert booth.view.screen == Screen.STILL_THERE
    booth.press("forward")
    assert booth.view.screen == Screen.QUESTION


def test_a_sleep_while_a_page_was_read_aloud_counts_too(booth: Booth) -> None:
    booth.reach_question()
    booth.reader.speaking = True
    booth.clock.move(hours=1)
    booth.conductor.tick()
    assert booth.view.screen == Screen.WELCOME

"""How a kiosk opens: for the first time, in the morning, and just after it broke off."""

from kiosk.flow.table import Screen
from kiosk.forms import Ref
from tests.flow.conftest import Kiosks


def test_a_kiosk_without_a_coordinator_opens_on_its_first_start(kiosks: Kiosks) -> None:
    booth = kiosks.open(Screen.MOMENT, set_up=False)
    assert booth.view.screen == Screen.FIRST_START


def test_a_kiosk_opens_on_welcome_in_the_morning(kiosks: Kiosks) -> None:
    booth = kiosks.open(Screen.MOMENT)
    assert booth.view.screen == Screen.WELCOME


def test_after_a_crash_the_kiosk_opens_on_the_same_question_with_every_answer(kiosks: Kiosks) -> None:
    booth = kiosks.open()
    booth.reach_question("ru")
    booth.type("/data/name", "Анна")
    booth.press("forward")
    booth.type("/data/rooms", "2")
    booth.press("forward")
    before = booth.view
    kiosks.switch_off()
    kiosks.clock.move(seconds=60)

    again = kiosks.open(Screen.MOMENT)
    assert again.view.screen == Screen.QUESTION
    assert (again.view.title, again.view.where) == (before.title, before.where)
    assert again.view.language == "ru"
    session = again.visit.errand.session
    assert session is not None
    assert [session.value(Ref(f"/data/{name}")) for name in ("name", "rooms")] == ["Анна", "2"]


def test_a_crash_before_the_first_answer_opens_on_the_first_question(kiosks: Kiosks) -> None:
    booth = kiosks.open()
    booth.reach_question("ko")
    kiosks.switch_off()
    again = kiosks.open(Screen.MOMENT)
    assert again.view.title == "성함이 어떻게 되세요?"


def test_a_crash_on_the_check_page_opens_there_again(kiosks: Kiosks) -> None:
    booth = kiosks.open()
    booth.reach_question()
    booth.answer_all()
    kiosks.switch_off()
    again = kiosks.open(Screen.MOMENT)
    assert again.view.screen == Screen.CHECK


def test_later_than_two_minutes_the_draft_waits_for_a_volunteer(kiosks: Kiosks) -> None:
    booth = kiosks.open()
    booth.reach_question()
    kiosks.switch_off()
    kiosks.clock.move(seconds=180)
    again = kiosks.open(Screen.MOMENT)
    assert again.view.screen == Screen.WELCOME
    assert again.desk.today.counts(again.clock()).drafts == 1


def test_a_crash_after_handing_in_opens_on_the_receipt_again(kiosks: Kiosks) -> None:
    booth = kiosks.open()
    booth.reach_question()
    booth.answer_all()
    booth.hand_in()
    slip = booth.visit.slip
    assert slip is not None
    kiosks.switch_off()
    again = kiosks.open(Screen.MOMENT)
    assert again.view.screen == Screen.STORED
    assert again.visit.slip is not None
    assert (again.visit.slip.code, again.visit.slip.keys) == (slip.code, slip.keys)
    assert again.desk.today.counts(again.clock()).unprinted == 1

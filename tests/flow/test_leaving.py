"""The ways out of an application that is not finished, and the ways back in."""

from kiosk.flow.table import Screen
from kiosk.flow.view import Code
from kiosk.forms import Ref
from kiosk.receipts import new_resume_code
from tests.flow.booth import Booth, buttons, sentences
from tests.flow.conftest import PIN, Kiosks


def code_shown(booth: Booth) -> str:
    return "".join(next(part for part in booth.view.body if isinstance(part, Code)).groups)


def begin(booth: Booth, *, volunteer: str = "yes") -> None:
    booth.reach_question(volunteer=volunteer)
    booth.type("/data/name", "Anna")
    booth.press("forward")
    assert booth.view.title == "How many rooms do you heat?"


def finish_later_with_a_code(booth: Booth) -> str:
    booth.press("help")
    booth.press("finish_later")
    booth.press("forward")
    code = code_shown(booth)
    booth.press("forward")
    assert booth.view.screen == Screen.WELCOME
    return code


def enter(booth: Booth, code: str) -> None:
    booth.reach_need()
    booth.choose("need", "continue")
    booth.type("code", code)
    booth.press("forward")


def test_a_code_opens_the_same_question_with_every_answer_after_a_restart(kiosks: Kiosks) -> None:
    booth = kiosks.open()
    begin(booth, volunteer="no")
    code = finish_later_with_a_code(booth)
    kiosks.switch_off()

    later = kiosks.open()
    enter(later, code)
    assert later.view.screen == Screen.QUESTION
    assert later.view.title == "How many rooms do you heat?"
    session = later.visit.errand.session
    assert session is not None
    assert session.value(Ref("/data/name")) == "Anna"
    assert later.visit.errand.service is not None
    assert not later.visit.errand.volunteer_may_continue


def test_a_code_leads_back_to_the_check_page_where_somebody_stopped_there(booth: Booth) -> None:
    booth.reach_question()
    booth.answer_all()
    code = finish_later_with_a_code(booth)
    enter(booth, code)
    assert booth.view.screen == Screen.CHECK
    assert "Anna" in sentences(booth.view)


def test_answers_come_back_in_the_language_in_which_they_were_begun(booth: Booth) -> None:
    booth.reach_question("ko")
    code = finish_later_with_a_code(booth)
    enter(booth, code)
    assert booth.view.language == "ko"
    assert booth.view.title == "성함이 어떻게 되세요?"


def test_a_slip_of_a_digit_is_told_at_the_field_in_the_words_of_the_summary(booth: Booth) -> None:
    booth.reach_need()
    booth.choose("need", "continue")
    booth.type("code", "1234")
    booth.press("forward")
    assert booth.view.screen == Screen.ENTER_CODE
    at_field = next(each for each in booth.view.errors if each.field == "code")
    field = booth.view.body[0]
    assert getattr(field, "error", None) == at_field.text == "That is not the whole code"
    booth.press("back")
    assert booth.view.screen == Screen.NEED


def test_a_code_of_nobody_opens_nothing_and_says_what_to_do(booth: Booth) -> None:
    enter(booth, new_resume_code())
    assert booth.view.screen == Screen.ENTER_CODE
    assert booth.view.errors
    assert "Nothing was found for this code." in sentences(booth.view)


def test_erasing_takes_two_presses_and_leaves_nothing(kiosks: Kiosks) -> None:
    booth = kiosks.open()
    begin(booth)
    booth.press("help")
    booth.press("leave")
    booth.press("forward")
    assert booth.view.errors, "nothing happens before a way is chosen"
    booth.choose("way", "erase")
    assert "Erased answers cannot be brought back" in sentences(booth.view)
    assert booth.view.screen == Screen.LEAVE
    booth.press("forward")
    assert booth.view.screen == Screen.WELCOME
    kiosks.switch_off()
    later = kiosks.open()
    assert later.desk.today.counts(later.clock()).drafts == 0


def test_keeping_leads_to_the_page_that_gives_a_code(booth: Booth) -> None:
    begin(booth)
    booth.press("help")
    booth.press("leave")
    booth.choose("way", "keep")
    booth.press("forward")
    assert booth.view.screen == Screen.FINISH_LATER
    booth.press("back")
    assert booth.view.title == "How many rooms do you heat?"


def test_who_wants_no_volunteer_is_offered_no_way_without_a_code(booth: Booth) -> None:
    begin(booth, volunteer="no")
    booth.press("help")
    booth.press("finish_later")
    assert "without" not in buttons(booth.view)
    assert "You need the code" in sentences(booth.view)


def test_a_volunteer_goes_on_with_what_was_left_without_a_code(kiosks: Kiosks) -> None:
    booth = kiosks.open()
    begin(booth)
    booth.press("help")
    booth.press("finish_later")
    booth.press("without")
    assert booth.view.screen == Screen.WELCOME
    booth.reach_need()
    booth.choose("need", "staff")
    sign_in(booth)
    draft = next(id for id in buttons(booth.view) if id.startswith("continue:"))
    booth.press(draft)
    assert booth.view.title == "How many rooms do you heat?"


def sign_in(booth: Booth) -> None:
    operator = booth.desk.operators.names()[0]
    booth.choose("operator", str(operator.id))
    booth.type("pin", PIN)
    booth.press("forward")
    assert booth.view.screen == Screen.TODAY, sentences(booth.view)


def test_a_form_that_changed_since_opens_nothing_and_loses_nothing(kiosks: Kiosks) -> None:
    from tests.flow.sample_form import XFORM, sample_pack

    booth = kiosks.open()
    begin(booth)
    code = finish_later_with_a_code(booth)
    kiosks.switch_off()
    kiosks.pack = sample_pack(XFORM.replace(b"How many rooms", b"How many warm rooms"))
    later = kiosks.open()
    enter(later, code)
    assert "The questions of this application have changed since" in sentences(later.view)
    later.press("back")
    later.press("help")
    later.press("leave")
    later.press("forward")
    kiosks.switch_off()
    kiosks.pack = sample_pack()
    again = kiosks.open()
    enter(again, code)
    assert again.view.title == "How many rooms do you heat?"

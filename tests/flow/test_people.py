"""The coordinator's pages: people, rules, the recovery sheet; and everybody's own sign-in."""

import pyotp
import pytest

from kiosk.flow.table import Screen
from kiosk.flow.view import Code, Rows
from kiosk.operators import Factor, Operator
from tests.flow.booth import Booth, buttons, sentences
from tests.flow.conftest import PIN, Kiosks
from tests.flow.test_staff import to_today

OTHER_PIN = "604188"


def row_actions(booth: Booth, name: str) -> dict[str, str]:
    """What can be done with somebody, by the words on the buttons."""
    rows = [row for part in booth.view.body if isinstance(part, Rows) for row in part.rows]
    row = next(row for row in rows if row.label == name)
    return {button.label: button.id for button in row.actions}


def add(booth: Booth, name: str, pin: str = OTHER_PIN, role: str = "volunteer") -> None:
    booth.press("people")
    booth.press("add")
    booth.type("name", name)
    booth.press("forward")
    booth.choose("role", role)
    booth.press("forward")
    booth.choose("language", "ko")
    booth.press("forward")
    type_twice(booth, pin)
    assert f"{name} can sign in now" in sentences(booth.view)
    booth.press("back")


def type_twice(booth: Booth, pin: str) -> None:
    booth.type("pin", pin)
    booth.press("forward")
    booth.type("pin_again", pin)
    booth.press("forward")


def operator(booth: Booth, name: str) -> Operator:
    return next(each for each in booth.desk.operators.names() if each.name == name)


def choose_operator(booth: Booth, name: str) -> None:
    booth.reach_need()
    booth.choose("need", "staff")
    booth.choose("operator", str(operator(booth, name).id))


def shown_code(booth: Booth) -> Code:
    return next(part for part in booth.view.body if isinstance(part, Code))


def test_somebody_new_types_their_own_pin_and_signs_in(booth: Booth) -> None:
    to_today(booth)
    add(booth, "Min-ji")
    assert (operator(booth, "Min-ji").role, operator(booth, "Min-ji").language) == ("volunteer", "ko")
    booth.press("back")
    choose_operator(booth, "Min-ji")
    booth.type("pin", OTHER_PIN)
    booth.press("forward")
    assert booth.view.screen == Screen.TODAY
    assert not {"people", "rules"} & set(buttons(booth.view)), "these are the coordinator's"
    assert "my_pin" in buttons(booth.view)


def test_a_coordinator_gives_a_forgotten_pin_anew(booth: Booth) -> None:
    to_today(booth)
    add(booth, "Min-ji")
    booth.press("people")
    booth.press(row_actions(booth, "Min-ji")["New PIN"])
    type_twice(booth, "730294")
    assert "Min-ji has a new PIN" in sentences(booth.view)
    booth.press("back")
    booth.press("back")
    choose_operator(booth, "Min-ji")
    booth.type("pin", OTHER_PIN)
    booth.press("forward")
    assert booth.view.screen == Screen.SIGN_IN
    booth.clock.move(seconds=5)
    booth.type("pin", "730294")
    booth.press("forward")
    assert booth.view.screen == Screen.TODAY


def test_with_the_recovery_sheet_a_forgotten_pin_needs_no_coordinator(booth: Booth) -> None:
    to_today(booth)
    booth.press("rules")
    booth.press("sheet")
    code = "".join(shown_code(booth).groups)
    booth.press("forward")
    booth.press("forward")
    booth.press("back")
    choose_operator(booth, "Maria")
    booth.press("forgotten")
    booth.choose("operator", str(operator(booth, "Maria").id))
    booth.type("code", code)
    booth.press("forward")
    type_twice(booth, OTHER_PIN)
    assert booth.view.screen == Screen.TODAY
    booth.press("back")
    choose_operator(booth, "Maria")
    booth.type("pin", OTHER_PIN)
    booth.press("forward")
    assert booth.view.screen == Screen.TODAY


def test_whoever_left_opens_nothing_and_what_waits_is_still_there(kiosks: Kiosks) -> None:
    booth = kiosks.open()
    booth.reach_question()
    booth.type("/data/name", "Anna")
    booth.press("forward")
    booth.press("help")
    booth.press("finish_later")
    booth.press("without")
    to_today(booth)
    add(booth, "Min-ji")
    before = booth.desk.operators.centre()
    booth.press("people")
    assert "Has left" not in row_actions(booth, "Maria"), "nobody removes themselves"
    booth.press(row_actions(booth, "Min-ji")["Has left"])
    booth.press("forward")
    assert "Min-ji opens nothing any more" in sentences(booth.view)
    assert [each.name for each in booth.desk.operators.names()] == ["Maria"]
    assert booth.desk.operators.centre() != before, "the centre has another key"
    booth.press("back")
    booth.press(next(id for id in buttons(booth.view) if id.startswith("continue:")))
    assert booth.view.screen == Screen.QUESTION
    booth.press("back")
    assert "Anna" in str(booth.view)


def set_up_number(booth: Booth) -> pyotp.TOTP:
    """From the page that asks for it to the end; the app on the telephone."""
    booth.press("factor")
    booth.type("pin", PIN)
    booth.press("forward")
    app = pyotp.parse_uri(shown_code(booth).qr)
    assert isinstance(app, pyotp.TOTP)
    booth.type("number", app.at(int(booth.clock().timestamp())))
    booth.press("forward")
    assert "Your sign-in has been changed" in sentences(booth.view)
    booth.press("forward")
    assert booth.view.screen == Screen.TODAY
    return app


def test_a_number_from_the_telephone_is_set_up_at_the_next_sign_in_and_then_asked_for(booth: Booth) -> None:
    to_today(booth)
    booth.press("rules")
    booth.choose("factor", "totp")
    booth.press("forward")
    booth.press("back")
    choose_operator(booth, "Maria")
    booth.type("pin", PIN)
    booth.press("forward")
    assert booth.view.screen == Screen.MY_PIN
    assert "Please set up your second proof" in sentences(booth.view)
    app = set_up_number(booth)
    booth.press("lock")
    booth.type("pin", PIN)
    booth.press("forward")
    booth.type("number", "000000")
    booth.press("forward")
    assert "This number from your telephone does not match." in sentences(booth.view)
    booth.clock.move(seconds=60)
    booth.type("pin", PIN)
    booth.press("forward")
    booth.type("number", app.at(int(booth.clock().timestamp())))
    booth.press("forward")
    assert booth.view.screen == Screen.TODAY


def test_a_badge_is_held_before_the_reader_and_then_the_pin_is_typed(booth: Booth) -> None:
    to_today(booth)
    booth.press("rules")
    booth.choose("factor", "badge")
    booth.press("forward")
    booth.press("my_pin")
    booth.press("factor")
    booth.type("pin", PIN)
    booth.press("forward")
    badge = shown_code(booth).qr
    booth.press("forward")
    booth.press("forward")
    booth.press("back")
    choose_operator(booth, "Maria")
    booth.type("badge", badge[:-1])
    booth.press("forward")
    assert "That is not a whole badge." in sentences(booth.view)
    booth.type("badge", badge)
    booth.press("forward")
    booth.type("pin", PIN)
    booth.press("forward")
    assert booth.view.screen == Screen.TODAY
    assert operator(booth, "Maria").second_factor == Factor.BADGE


def test_somebodys_own_pin_is_changed_with_the_old_one(booth: Booth) -> None:
    to_today(booth)
    booth.press("my_pin")
    booth.press("pin")
    booth.type("pin", OTHER_PIN)
    booth.press("forward")
    assert "This PIN does not match." in sentences(booth.view)
    booth.clock.move(seconds=5)
    booth.type("pin", PIN)
    booth.press("forward")
    type_twice(booth, OTHER_PIN)
    booth.press("forward")
    booth.press("back")
    choose_operator(booth, "Maria")
    booth.type("pin", OTHER_PIN)
    booth.press("forward")
    assert booth.view.screen == Screen.TODAY


@pytest.mark.parametrize("own", [True, False])
def test_volunteers_see_their_own_drafts_alone_where_the_centre_wants_it(booth: Booth, own: bool) -> None:
    booth.reach_question()
    booth.press("help")
    booth.press("finish_later")
    booth.press("without")
    to_today(booth)
    add(booth, "Min-ji")
    if own:
        booth.press("rules")
        booth.choose("drafts", "own")
        booth.press("forward")
    waiting = [id for id in buttons(booth.view) if id.startswith("continue:")]
    assert len(waiting) == 1, "a coordinator sees all"
    booth.press("back")
    choose_operator(booth, "Min-ji")
    booth.type("pin", OTHER_PIN)
    booth.press("forward")
    seen = [id for id in buttons(booth.view) if id.startswith("continue:")]
    assert seen == ([] if own else waiting)


def test_ending_a_visit_signs_out_and_the_journal_says_so_once(booth: Booth) -> None:
    to_today(booth)
    booth.tick(151)
    booth.tick(46)
    assert booth.view.screen == Screen.WELCOME
    to_today(booth)
    booth.press("back")
    booth.desk.drafts.end_session().result()
    with booth.desk.operators._lane.database.reader() as repositories:
        actions = [entry.action for entry in repositories.journal.entries()]
    assert (actions.count("signed-in"), actions.count("signed-out")) == (2, 2)


def test_a_lost_receipt_is_replaced_after_the_volunteer_has_said_how_they_knew(kiosks: Kiosks) -> None:
    booth = kiosks.open()
    booth.reach_question()
    booth.answer_all()
    booth.hand_in()
    slip = booth.visit.slip
    assert slip is not None
    assert slip.stored is not None
    id, old = slip.stored.application_id, slip.code
    booth.desk.receipts.came_out(id, True, None).result()
    booth.tick(151)
    booth.tick(46)
    to_today(booth)
    booth.press("lost_receipt")
    booth.press(f"this:{id}")
    booth.press("forward")
    assert "Please choose one of these." in sentences(booth.view), "nobody gets one unchecked"
    booth.choose("checked", "document")
    booth.press("forward")
    assert "The new receipt can be printed" in sentences(booth.view)
    booth.press("forward")
    assert f"print:{id}" in buttons(booth.view)
    assert booth.visit.signed_in is not None
    new = booth.desk.receipts.unprinted(booth.visit.signed_in, id).code
    booth.press("back")
    for code, page in ((old, Screen.LOOKUP), (new, Screen.FOUND)):
        booth.clock.move(seconds=5)
        booth.reach_need()
        booth.choose("need", "look_up")
        booth.type("code", code)
        booth.press("forward")
        assert booth.view.screen == page
        booth.tick(151)
        booth.tick(46)


def test_the_journal_is_read_in_plain_words_page_by_page(booth: Booth) -> None:
    to_today(booth)
    for _ in range(30):
        booth.desk.operators.signed_out(booth.visit.signed_in)  # type: ignore[arg-type]
    booth.press("journal")
    assert "The journal is whole" in sentences(booth.view)
    assert "Signed in" in sentences(booth.view)
    booth.press("forward")
    assert booth.view.screen == Screen.TODAY


def test_the_coordinator_is_reminded_of_a_backup_and_told_where_a_stick_is_missing(booth: Booth) -> None:
    to_today(booth)
    assert "There is no backup of this kiosk yet" in sentences(booth.view)
    booth.press("backup")
    assert "There is no USB stick in this kiosk." in sentences(booth.view)

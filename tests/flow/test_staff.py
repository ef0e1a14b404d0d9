"""The volunteers' own pages: first start, sign-in, today's work, the lock."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from kiosk.errors import LineFault, Message
from kiosk.flow.desk import Line, LineState
from kiosk.flow.table import Screen
from kiosk.flow.view import Code, Notice, Rows, TextField
from kiosk.ids import EnvelopeId
from tests.flow.booth import Booth, buttons, sentences
from tests.flow.conftest import PIN, Kiosks


def to_pin(booth: Booth) -> None:
    booth.reach_need()
    booth.choose("need", "staff")
    booth.choose("operator", str(booth.desk.operators.names()[0].id))


def to_today(booth: Booth) -> None:
    to_pin(booth)
    booth.type("pin", PIN)
    booth.press("forward")
    assert booth.view.screen == Screen.TODAY, sentences(booth.view)


def rows(booth: Booth) -> dict[str, str]:
    return {row.id: row.value for part in booth.view.body if isinstance(part, Rows) for row in part.rows}


# -- first start


def to_one_time_code(booth: Booth, language: str = "en") -> None:
    """Leaves for later whatever comes before the coordinator."""
    booth.choose("language", language)
    booth.press("forward")
    for _ in range(4):
        booth.press("later")


def first_start(booth: Booth, code: str, pin: str = PIN) -> None:
    to_one_time_code(booth, "ru")
    booth.type("code", code.replace(" ", ""))
    booth.press("forward")
    booth.type("name", "Мария")
    booth.press("forward")
    booth.type("pin", pin)
    booth.press("forward")
    booth.type("pin_again", pin)
    booth.press("forward")


def test_the_one_time_code_makes_the_first_coordinator_and_the_sheet_is_shown_once(kiosks: Kiosks) -> None:
    booth = kiosks.open(Screen.FIRST_START, set_up=False)
    first_start(booth, kiosks.first_start_code)
    code = next(part for part in booth.view.body if isinstance(part, Code))
    assert len(code.groups) == 7
    assert all(len(group) == 4 and group.isdigit() for group in code.groups)
    assert not {"settings", "help", "back"} & set(buttons(booth.view)), "nothing may lie over the code"
    for press in ("forward", "later", "later"):
        booth.press(press)
    assert booth.view.screen == Screen.WELCOME
    (maria,) = booth.desk.operators.names()
    assert (maria.name, maria.language) == ("Мария", "ru")
    to_today(booth)


def test_a_wrong_one_time_code_is_told_at_the_code_and_makes_nobody(kiosks: Kiosks) -> None:
    booth = kiosks.open(Screen.FIRST_START, set_up=False)
    to_one_time_code(booth)
    booth.type("code", "1234")
    booth.press("forward")
    assert any(error.field == "code" for error in booth.view.errors)
    assert booth.desk.operators.names() == ()


@pytest.mark.parametrize("pin", ["123456", "111111", "4083"])
def test_a_silly_pin_is_refused_where_it_was_typed(kiosks: Kiosks, pin: str) -> None:
    booth = kiosks.open(Screen.FIRST_START, set_up=False)
    to_one_time_code(booth)
    booth.type("code", kiosks.first_start_code.replace(" ", ""))
    booth.press("forward")
    booth.type("name", "Maria")
    booth.press("forward")
    booth.type("pin", pin)
    booth.press("forward")
    (field,) = (part for part in booth.view.body if isinstance(part, TextField))
    assert field.field == "pin"
    assert field.error == next(error.text for error in booth.view.errors if error.field == "pin")


def test_two_different_pins_are_noticed(kiosks: Kiosks) -> None:
    booth = kiosks.open(Screen.FIRST_START, set_up=False)
    to_one_time_code(booth)
    booth.type("code", kiosks.first_start_code.replace(" ", ""))
    booth.press("forward")
    booth.type("name", "Maria")
    booth.press("forward")
    booth.type("pin", PIN)
    booth.press("forward")
    booth.type("pin_again", "408318")
    booth.press("forward")
    assert "That was not the same PIN. Please type it again." in sentences(booth.view)
    assert booth.desk.operators.names() == ()


# -- sign-in and the lock


def test_a_wrong_pin_is_told_plainly_and_the_field_is_empty_again(booth: Booth) -> None:
    to_pin(booth)
    booth.type("pin", "408318")
    booth.press("forward")
    (field,) = (part for part in booth.view.body if isinstance(part, TextField))
    assert (field.value, field.error) == ("", "This PIN does not match.")
    assert booth.visit.signed_in is None


def test_tries_too_soon_are_told_how_long_to_wait(booth: Booth) -> None:
    to_pin(booth)
    for _ in range(2):
        booth.type("pin", "408318")
        booth.press("forward")
    assert "There were several wrong tries." in sentences(booth.view)
    booth.clock.move(seconds=5)
    booth.type("pin", PIN)
    booth.press("forward")
    assert booth.view.screen == Screen.TODAY


def test_a_locked_page_opens_for_its_own_pin_and_keeps_its_place(booth: Booth) -> None:
    to_today(booth)
    booth.press("lock")
    assert booth.view.screen == Screen.LOCKED
    assert "help" not in buttons(booth.view)
    assert "back" not in buttons(booth.view)
    assert "Maria stepped away and will be back." in sentences(booth.view)
    booth.type("pin", "999919")
    booth.press("forward")
    assert booth.view.screen == Screen.LOCKED
    booth.clock.move(seconds=5)
    booth.type("pin", PIN)
    booth.press("forward")
    assert booth.view.screen == Screen.TODAY


def test_a_locked_page_waits_for_its_volunteer_however_long(booth: Booth) -> None:
    to_today(booth)
    booth.press("lock")
    for _ in range(4):
        booth.tick(600)
    assert booth.view.screen == Screen.LOCKED
    booth.type("pin", PIN)
    booth.press("forward")
    assert booth.view.screen == Screen.TODAY


def test_a_volunteer_who_helps_can_lock_an_applicants_page_and_find_it_again(booth: Booth) -> None:
    booth.reach_question()
    booth.press("help")
    booth.press("finish_later")
    booth.press("without")
    to_today(booth)
    booth.press(next(id for id in buttons(booth.view) if id.startswith("continue:")))
    question = booth.view
    assert question.screen == Screen.QUESTION
    booth.press("lock")
    assert question.title not in sentences(booth.view)
    booth.type("pin", PIN)
    booth.press("forward")
    assert booth.view == question


def test_someone_else_at_a_locked_page_starts_with_nothing_of_the_one_before(booth: Booth) -> None:
    to_today(booth)
    booth.press("lock")
    booth.press("someone_else")
    assert booth.view.screen == Screen.WELCOME
    assert booth.visit.signed_in is None


def test_signing_out_leads_to_welcome_and_forgets(booth: Booth) -> None:
    to_today(booth)
    booth.press("back")
    assert booth.view.screen == Screen.WELCOME
    assert booth.visit.signed_in is None


# -- today's work


def test_an_empty_day_says_so_in_figures_and_that_there_is_nobody_to_send_to(booth: Booth) -> None:
    to_today(booth)
    assert rows(booth) == {"stored": "0", "printed": "0", "received": "0", "waiting": "0"}
    assert "This kiosk works alone" in sentences(booth.view)
    assert not buttons(booth.view)["forward"].enabled


def test_what_a_try_says_is_what_came_of_it(booth: Booth) -> None:
    booth.wire.line = Line(LineState.IDLE)
    to_today(booth)
    fault = LineFault(Message("There is no line to the hub."), Message("What waits goes out later."))
    booth.wire.answer = Line(LineState.FAILED, fault=fault)
    booth.press("forward")
    booth.pump.empty()
    booth.tick()
    assert booth.wire.tries == 1
    assert "It did not go through" in sentences(booth.view)
    assert "There is no line to the hub." in sentences(booth.view)

    booth.wire.answer = Line(LineState.IDLE, heard_at=booth.clock())
    booth.press("forward")
    assert not buttons(booth.view)["forward"].enabled, "one try at a time"
    booth.pump.empty()
    booth.tick()
    shown = sentences(booth.view)
    assert "Nothing waits any more" in shown
    assert "It did not go through" not in shown
    assert "The line works" in shown


def test_a_day_shows_what_was_stored_what_waits_and_whose_receipt_is_missing(booth: Booth) -> None:
    booth.reach_question("ru")
    booth.answer_all()
    booth.hand_in()
    booth.press("forward")
    booth.press("forward")
    assert booth.view.screen == Screen.WELCOME
    to_today(booth)
    shown = rows(booth)
    assert (shown["stored"], shown["printed"], shown["waiting"]) == ("1", "0", "1")
    assert shown["oldest"] == "3 March 2026, 10:00"
    (taken,) = (value for id, value in shown.items() if id.startswith("taken:"))
    assert "kept here since 3 March 2026, 10:00" in taken
    assert any(id.startswith("print:") for id in buttons(booth.view))
    assert not any(id.startswith("copy:") for id in buttons(booth.view))


def test_an_application_is_on_its_way_just_as_long_as_a_request_carries_it(booth: Booth) -> None:
    booth.reach_question("en")
    booth.answer_all()
    booth.hand_in()
    booth.press("forward")
    booth.press("forward")
    booth.wire.line = Line(LineState.TRYING, total=1)
    to_today(booth)

    def told() -> str:
        ((id, value),) = ((id, value) for id, value in rows(booth).items() if id.startswith("taken:"))
        return f"{id} {value}"

    assert "kept here" in told()
    id = UUID(told().split()[0].removeprefix("taken:"))
    booth.wire.line = Line(LineState.TRYING, total=1, on_its_way=frozenset({EnvelopeId(id)}))
    booth.tick()
    assert told().endswith(": on its way")
    booth.wire.line = Line(LineState.FAILED)
    booth.tick()
    assert "kept here" in told()


def test_everything_on_the_page_is_locked_against_being_read_aloud(booth: Booth) -> None:
    to_today(booth)
    assert booth.view.private
    assert booth.view.staff


def test_help_lets_a_volunteer_in_only_where_nothing_of_an_applicant_is_open(booth: Booth) -> None:
    booth.reach_need()
    booth.press("help")
    assert "staff" in buttons(booth.view)
    booth.press("back")
    booth.choose("need", "apply")
    for _ in range(1):
        booth.press("back")
    booth.press("back")
    booth.reach_question()
    booth.press("help")
    assert "staff" not in buttons(booth.view)
    assert any(
        "A volunteer can sign in as soon as you have finished" in each for each in sentences(booth.view)
    )
    assert any(isinstance(part, Notice) and "+1\u00a0555\u00a00101" in part.text for part in booth.view.body)


def test_a_bug_leads_to_the_failsafe_in_the_persons_language_and_loses_no_answer(booth: Booth) -> None:
    booth.reach_question("ru")
    booth.type("/data/name", "Анна")
    booth.press("forward")
    booth.conductor.broke(RuntimeError("a bug"))
    booth.bugs.clear()
    assert booth.view.screen == Screen.OUT_OF_ORDER
    assert booth.view.language == "ru"
    booth.pump.empty()
    booth.press("forward")
    assert booth.view.screen == Screen.WELCOME
    assert booth.visit.errand.session is None


def test_the_day_on_which_the_clocks_change_is_one_day_and_what_came_later_stands_later(
    kiosks: Kiosks,
) -> None:
    """Half past two comes twice on the last Sunday of October."""
    kiosks.clock.jump(seconds=(datetime(2026, 10, 25, 0, 30, tzinfo=UTC) - kiosks.clock()).total_seconds())
    booth = kiosks.open()
    for _ in range(2):
        booth.reach_question()
        booth.answer_all()
        booth.hand_in()
        booth.press("forward")
        booth.press("forward")
        booth.clock.move(hours=1)
    booth.clock.move(hours=20)
    to_today(booth)
    shown = rows(booth)
    assert (shown["stored"], shown["waiting"]) == ("2", "2")
    assert shown["oldest"] == "25 October 2026, 02:30"
    with kiosks.lane.database.reader() as repositories:
        entries = repositories.outbox.waiting(0, 1 << 30, 100, kiosks.clock())
    assert [entry.sequence for entry in entries] == [1, 2]
    assert [entry.made_at for entry in entries] == sorted(entry.made_at for entry in entries)

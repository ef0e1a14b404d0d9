"""What staff see of what waits: told the louder the longer it lasts, and nobody is ever sent home for it."""

from datetime import datetime, timedelta

import pytest

from kiosk.applications.backlog import Urgency, urgency
from kiosk.errors import HubFault, Message
from kiosk.flow.desk import Line, LineState
from kiosk.flow.table import Screen
from kiosk.flow.view import Notice, Progress, Rows, Tone
from kiosk.operators import Role
from kiosk.store import Repositories
from tests.flow.booth import Booth, Clock, buttons, sentences
from tests.flow.conftest import PIN, Kiosks


def applied(booth: Booth) -> None:
    booth.reach_question()
    booth.answer_all()
    booth.hand_in()
    booth.press("forward")
    booth.press("forward")
    assert booth.view.screen == Screen.WELCOME


def to_today(booth: Booth) -> None:
    booth.reach_need()
    booth.choose("need", "staff")
    booth.choose("operator", str(booth.desk.operators.names()[0].id))
    booth.type("pin", PIN)
    booth.press("forward")
    assert booth.view.screen == Screen.TODAY, sentences(booth.view)


def set_aside(kiosks: Kiosks, code: str, text: str) -> None:
    """The hub says no to what waits."""

    def work(repositories: Repositories) -> None:
        now = kiosks.clock()
        for entry in repositories.outbox.waiting(0, 1_000_000, 10, now):
            repositories.outbox.reject(entry.envelope_id, now, code, text, conflict=False)

    kiosks.lane.submit(work).result()


def warnings(booth: Booth) -> list[str]:
    """What the page says of what waits; it may warn of other things too."""
    found = [part for part in booth.view.body if isinstance(part, Notice) and part.tone is Tone.WARNING]
    return [f"{part.title} {part.text}" for part in found if "to be sent" in part.title]


@pytest.mark.parametrize(
    ("count", "age", "expected"),
    [
        (0, timedelta(), Urgency.FINE),
        (49, timedelta(days=2, hours=23), Urgency.FINE),
        (50, timedelta(), Urgency.WARNING),
        (1, timedelta(days=3), Urgency.WARNING),
        (499, timedelta(days=13, hours=23), Urgency.WARNING),
        (500, timedelta(), Urgency.GRAVE),
        (1, timedelta(days=14), Urgency.GRAVE),
    ],
)
def test_limits_are_graduated(count: int, age: timedelta, expected: Urgency) -> None:
    now = Clock().now
    oldest: datetime | None = now - age if count else None
    assert urgency(count, oldest, now) is expected


def test_three_days_warn_and_fourteen_want_a_coordinator_who_has_seen_it(kiosks: Kiosks) -> None:
    booth = kiosks.open()
    applied(booth)
    to_today(booth)
    assert warnings(booth) == []
    booth.press("back")
    booth.clock.move(days=3)
    to_today(booth)
    (told,) = warnings(booth)
    assert told.startswith("1 application waits to be sent, the oldest since 3 March 2026")
    assert "Go on taking applications." in told
    assert "seen" not in buttons(booth.view)
    booth.press("back")
    booth.clock.move(days=11)
    applied(booth)
    to_today(booth)
    assert "Please arrange today" in warnings(booth)[0]
    booth.press("seen")
    assert "Please arrange today" not in warnings(booth)[0]
    assert "seen" not in buttons(booth.view)
    booth.press("back")
    booth.clock.move(days=8)
    to_today(booth)
    assert "seen" in buttons(booth.view), "after a week the coordinator is asked again"


def test_volunteer_is_asked_to_tell_the_coordinator_and_cannot_say_it_was_seen(kiosks: Kiosks) -> None:
    booth = kiosks.open()
    operators = booth.desk.operators
    coordinator = operators.sign_in(operators.names()[0].id, PIN)
    operators.add(coordinator, "Ivan", Role.VOLUNTEER, "592716", "en")
    operators.signed_out(coordinator)
    applied(booth)
    booth.clock.move(days=20)
    booth.reach_need()
    booth.choose("need", "staff")
    ivan = next(each for each in operators.names() if each.name == "Ivan")
    booth.choose("operator", str(ivan.id))
    booth.type("pin", "592716")
    booth.press("forward")
    assert "Please tell the coordinator today." in warnings(booth)[0]
    assert not {"seen", "stick"} & set(buttons(booth.view))


def test_what_was_set_aside_is_told_in_plain_words_and_can_be_tried_again(kiosks: Kiosks) -> None:
    booth = kiosks.open()
    applied(booth)
    set_aside(kiosks, "too-large", "413 Payload Too Large")
    to_today(booth)
    told = " ".join(sentences(booth.view))
    assert "Needs attention: it is too large for the agency's hub." in told
    assert "413" not in told, "plain words, never codes"
    assert ": needs attention" in told
    again = next(id for id in buttons(booth.view) if id.startswith("again:"))
    nudges = booth.wire.nudges
    booth.press(again)
    assert booth.wire.nudges == nudges + 1
    assert not [id for id in buttons(booth.view) if id.startswith("again:")]
    rows = {row.id: row.value for part in booth.view.body if isinstance(part, Rows) for row in part.rows}
    assert rows["waiting"] == "1"


def test_try_that_left_something_set_aside_does_not_say_that_all_is_well(kiosks: Kiosks) -> None:
    booth = kiosks.open()
    applied(booth)
    booth.wire.line = Line(LineState.IDLE)
    to_today(booth)
    set_aside(kiosks, "moon-phase", "The moon is in the wrong phase.")
    booth.wire.answer = Line(LineState.IDLE, heard_at=booth.clock())
    booth.press("forward")
    booth.pump.empty()
    booth.tick()
    shown = sentences(booth.view)
    assert "Nothing waits any more" not in shown
    assert "1 application needs your attention." in shown
    assert "Needs attention: The moon is in the wrong phase." in shown


def test_nobody_is_signed_out_because_the_network_failed(kiosks: Kiosks) -> None:
    booth = kiosks.open()
    booth.wire.line = Line(LineState.IDLE)
    to_today(booth)
    fault = HubFault(Message("The hub no longer accepts this kiosk."), Message("Everything is kept here."))
    booth.wire.answer = Line(LineState.FAILED, fault=fault)
    for _ in range(3):
        booth.press("forward")
        booth.pump.empty()
        booth.tick()
    assert booth.view.screen == Screen.TODAY
    assert booth.visit.signed_in is not None


def test_progress_is_told_in_envelopes_and_bytes(kiosks: Kiosks) -> None:
    booth = kiosks.open()
    booth.wire.line = Line(LineState.TRYING, 3, 12, bytes_up=40_000)
    to_today(booth)
    (progress,) = (part for part in booth.view.body if isinstance(part, Progress))
    assert (progress.done, progress.total) == (3, 12)
    assert progress.label == "Sending what waits: 40 KB so far"

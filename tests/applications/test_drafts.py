"""Every answer is kept, sealed, as it is given."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.applications import DraftState, RestoredDraft
from kiosk.errors import Fault, SignInFault
from kiosk.ids import DraftId, new_id
from kiosk.operators import Role
from tests.applications.people import begun, drafts_of, opening, paper
from tests.store.opened import Boot, Centre, Opened, TestClock, centre_of, opened

STEPS = tuple(f'{{"ref": "/data/q{number}", "value": "ответ {number}"}}' for number in range(1, 8))


def test_a_volunteer_opens_a_draft_where_it_was_left(store: Opened, centre: Centre) -> None:
    drafts = drafts_of(store, centre.key)
    draft = begun(drafts)
    numbers = [drafts.record(draft, step, f"/data/q{n}").result() for n, step in enumerate(STEPS, start=2)]
    drafts.move(draft, "/data/q3").result()
    assert numbers == list(range(1, 8))
    assert drafts.end_session().result() is DraftState.WAITING

    (summary,) = drafts.list_for(centre.coordinator)
    assert summary.opening == opening()
    restored = drafts.open_as(centre.coordinator, summary.id).result()
    assert restored == RestoredDraft(draft, DraftState.OPEN, opening(), STEPS, "/data/q3", None)
    assert drafts.current == draft
    assert drafts.record(draft, "{}", "/data/q4").result() == 8


def test_steps_that_were_held_back_are_kept_together_in_order(store: Opened, centre: Centre) -> None:
    drafts = drafts_of(store, centre.key)
    draft = begun(drafts)
    drafts.record(draft, STEPS[0], "/data/q2").result()
    drafts.record_all(draft, STEPS[1:], "/data/q8").result()
    drafts.record_all(draft, (), "/data/q5").result()
    drafts.end_session().result()
    restored = drafts.open_as(centre.coordinator, draft.id).result()
    assert (restored.steps, restored.place) == (STEPS, "/data/q5")


def test_a_resume_code_opens_the_draft_with_nobody_signed_in(store: Opened, centre: Centre) -> None:
    drafts, code, earlier = drafts_of(store, centre.key), paper(b"new" * 5), paper(b"old" * 5)
    draft = begun(drafts, volunteer_may_continue=False)
    drafts.record(draft, STEPS[0], "/data/q2").result()
    drafts.set_resume_code(draft, earlier).result()
    drafts.set_resume_code(draft, code).result()
    assert drafts.end_session().result() is DraftState.WAITING
    with pytest.raises(SignInFault, match="Nothing was found"):
        drafts.open_with_code(earlier.identity, earlier.tag).result()
    store.clock.pass_by(seconds=1)
    assert drafts.open_with_code(code.identity, code.tag).result().steps == STEPS[:1]


def test_wrong_resume_codes_slow_down(store: Opened, centre: Centre) -> None:
    drafts, code = drafts_of(store, centre.key), paper()
    begun(drafts)
    for _ in range(3):
        with pytest.raises(SignInFault, match="Nothing was found"):
            drafts.open_with_code(code.identity, b"x" * 16).result()
        with pytest.raises(SignInFault, match="several wrong tries"):
            drafts.open_with_code(code.identity, b"x" * 16).result()
        store.clock.pass_by(seconds=8)


def test_no_volunteer_opens_what_the_person_kept_to_themselves(store: Opened, centre: Centre) -> None:
    drafts = drafts_of(store, centre.key)
    draft = begun(drafts, volunteer_may_continue=False)
    drafts.set_resume_code(draft, paper()).result()
    drafts.end_session().result()
    (summary,) = drafts.list_for(centre.coordinator)
    assert summary.opening is None
    with pytest.raises(SignInFault, match="own code"):
        drafts.open_as(centre.coordinator, draft.id).result()


def test_a_draft_that_nobody_could_open_is_erased_when_the_session_ends(
    store: Opened, centre: Centre
) -> None:
    drafts = drafts_of(store, centre.key)
    draft = begun(drafts, volunteer_may_continue=False)
    drafts.record(draft, STEPS[0], "/data/q2").result()
    assert drafts.end_session().result() is None
    assert rows(store, "draft") == rows(store, "answer") == 0


def test_a_draft_left_without_sending_is_erased_when_its_person_wants_it(
    store: Opened, centre: Centre
) -> None:
    drafts = drafts_of(store, centre.key)
    draft = begun(drafts)
    drafts.record(draft, STEPS[0], "/data/q2").result()
    drafts.erase(draft).result()
    assert rows(store, "draft") == rows(store, "answer") == 0
    assert drafts.end_session().result() is None


def test_after_a_crash_the_kiosk_opens_on_the_same_question(tmp_path: Path) -> None:
    boot, clock = Boot(), TestClock()
    with opened(tmp_path / "data", clock) as store, centre_of(store) as centre:
        drafts = drafts_of(store, centre.key, boot)
        draft = begun(drafts, volunteer_may_continue=False)
        for step in STEPS:
            drafts.record(draft, step, "/data/q9").result()
        coordinator, key = centre.coordinator, centre.key
    boot.seconds += 119
    with opened(tmp_path / "data", clock) as store:
        restored = drafts_of(store, key, boot).open_after_crash().result()
        assert restored is not None
        assert (restored.steps, restored.place, restored.draft) == (STEPS, "/data/q9", draft)
        assert drafts_of(store, key, boot).list_for(coordinator) == ()


@pytest.mark.parametrize(("silent", "boot_name"), [(121, "boot-1"), (5, "boot-2")])
def test_later_or_after_a_reboot_the_draft_waits(tmp_path: Path, silent: int, boot_name: str) -> None:
    boot, clock = Boot(), TestClock()
    with opened(tmp_path / "data", clock) as store, centre_of(store) as centre:
        drafts = drafts_of(store, centre.key, boot)
        draft = begun(drafts)
        drafts.record(draft, STEPS[0], "/data/q2").result()
        coordinator, key = centre.coordinator, centre.key
    boot.seconds += silent
    with opened(tmp_path / "data", clock) as store:
        drafts = drafts_of(store, key, boot, boot_name)
        assert drafts.open_after_crash().result() is None
        assert drafts.open_as(coordinator, draft.id).result().steps == STEPS[:1]


def test_a_session_that_ended_leaves_no_key_in_memory(store: Opened, centre: Centre) -> None:
    drafts = drafts_of(store, centre.key)
    draft = begun(drafts)
    memory = store.folder.parent / "memory"
    assert any(draft.key.hex() in file.read_text() for file in memory.iterdir())
    drafts.end_session().result()
    assert list(memory.iterdir()) == []


def test_nothing_that_was_said_stands_in_the_folder(store: Opened, centre: Centre) -> None:
    drafts = drafts_of(store, centre.key)
    draft = begun(drafts)
    drafts.record(draft, '{"value": "Иванова", "sum": 98765}', "/data/member[2]/illness").result()
    drafts.end_session().result()
    store.lane.drain()
    marks = [mark.encode() for mark in ("Иванова", "98765", "illness", "daughter", "heating-allowance")]
    for file in store.folder.rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        assert not [mark for mark in marks if mark in content]


def test_an_answer_moved_to_another_row_does_not_open(store: Opened, centre: Centre) -> None:
    drafts = drafts_of(store, centre.key)
    draft = begun(drafts)
    for step in STEPS[:2]:
        drafts.record(draft, step, "/data/q2").result()
    drafts.end_session().result()
    store.lane.drain()
    with closing(sqlite3.connect(store.database.path)) as connection:
        connection.execute("UPDATE answer SET step = (SELECT step FROM answer WHERE number = 1)")
        connection.commit()
    with pytest.raises(Fault, match="does not open"):
        drafts.open_as(centre.coordinator, draft.id).result()


def test_one_damaged_draft_does_not_hide_the_others(store: Opened, centre: Centre) -> None:
    drafts = drafts_of(store, centre.key)
    for _ in range(2):
        begun(drafts)
        drafts.end_session().result()
        store.clock.pass_by(minutes=5)
    store.lane.drain()
    with closing(sqlite3.connect(store.database.path)) as connection:
        connection.execute("UPDATE draft SET opening = zeroblob(60) WHERE id = (SELECT min(id) FROM draft)")
        connection.commit()
    assert [summary.opening for summary in drafts.list_for(centre.coordinator)] == [opening(), None]


def test_only_a_confirmed_time_erases_what_waited_too_long(store: Opened, centre: Centre) -> None:
    drafts = drafts_of(store, centre.key)
    begun(drafts)
    drafts.end_session().result()
    put_aside = store.clock()
    store.clock.pass_by(days=3650)
    drafts_of(store, centre.key).open_after_crash().result()
    assert rows(store, "draft") == 1, "the kiosk's own clock erases nothing"
    assert drafts.erase_overdue(put_aside + timedelta(days=29)).result() == 0
    assert drafts.erase_overdue(put_aside + timedelta(days=30)).result() == 1
    assert rows(store, "draft") == 0


def test_a_draft_that_is_gone_is_told_in_words(store: Opened, centre: Centre) -> None:
    with pytest.raises(Fault, match="no longer here"):
        drafts_of(store, centre.key).open_as(centre.coordinator, DraftId(new_id())).result()


def test_volunteers_see_their_centres_drafts(store: Opened, centre: Centre) -> None:
    volunteer = centre.operators.add(centre.coordinator, "Мин-джи", Role.VOLUNTEER, "482917", "ko")
    drafts = drafts_of(store, centre.key)
    begun(drafts)
    drafts.end_session().result()
    assert len(drafts.list_for(centre.operators.sign_in(volunteer.id, "482917"))) == 1


def rows(store: Opened, table: str) -> int:
    store.lane.drain()
    with closing(sqlite3.connect(store.database.path)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

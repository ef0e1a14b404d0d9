"""The same opening and steps give the same session, whatever the steps were."""

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.forms import (
    AddRepeat,
    Answer,
    Finish,
    Opening,
    Ref,
    RemoveRepeat,
    Session,
    Step,
    opening_from_json,
    step_from_json,
)
from tests.forms.writing import HOUSEHOLD, NOW, answer, form, inputs, opened

_VOLATILE = form(
    "<a/><at/><dice/><kept/><id/><start/><end/><b/>",
    "<bind nodeset=\"/data/at\" calculate=\"if(/data/a = '', '', now())\"/>"
    "<bind nodeset=\"/data/dice\" calculate=\"if(/data/a = '', '', random())\"/>"
    '<bind nodeset="/data/kept" calculate="once(random())"/>'
    '<bind nodeset="/data/id" calculate="once(uuid())"/>'
    '<bind nodeset="/data/start" jr:preload="timestamp" jr:preloadParams="start"/>'
    '<bind nodeset="/data/end" jr:preload="timestamp" jr:preloadParams="end"/>'
    '<bind nodeset="/data/b" relevant="/data/a != \'hide\'"/>',
    inputs("a", "b"),
)


def test_a_replayed_session_gives_the_same_submission_byte_for_byte() -> None:
    session = opened(_VOLATILE, seed=42)
    for value in ("x", "y", "hide", "z"):
        answer(session, "/data/a", value)
    answer(session, "/data/b", "kept")
    session.apply(Finish(session.now + timedelta(minutes=3)))
    again = Session.replay(_VOLATILE, session.opening, session.steps)
    assert again.submission() == session.submission()
    assert again.steps == session.steps
    assert session.value(Ref("/data/end")) == "2026-03-02T09:33:25.000+00:00"


def test_the_seed_decides_the_identity_of_the_record() -> None:
    one, same, other = (opened(_VOLATILE, seed=seed) for seed in (1, 1, 2))
    assert one.instance_id == same.instance_id
    assert one.instance_id.startswith("uuid:")
    assert one.instance_id != other.instance_id


def test_asking_for_what_a_screen_shows_does_not_move_the_random_numbers() -> None:
    quiet, watched = opened(_VOLATILE, seed=5), opened(_VOLATILE, seed=5)
    for value in ("1", "2"):
        answer(quiet, "/data/a", value)
        answer(watched, "/data/a", value)
        for ref in watched.screens():
            watched.question(ref)
        watched.violations()
    assert quiet.submission() == watched.submission()


def test_what_is_kept_once_stays() -> None:
    session = opened(_VOLATILE)
    kept = session.value(Ref("/data/kept"))
    answer(session, "/data/a", "x")
    assert session.value(Ref("/data/kept")) == kept
    assert kept


def test_now_is_the_time_of_the_step_in_the_places_zone() -> None:
    session = Session(_VOLATILE, Opening(NOW, 1), ZoneInfo("Asia/Seoul"))
    session.apply(Answer(NOW, Ref("/data/a"), "x"))
    assert session.value(Ref("/data/at")) == "2026-03-02T18:30:00.000+09:00"
    assert session.value(Ref("/data/start")) == "2026-03-02T18:30:00.000+09:00"


_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add")),
        st.tuples(st.just("remove"), st.integers(0, 9)),
        st.tuples(st.just("name"), st.integers(0, 9), st.text(max_size=12)),
        st.tuples(st.just("age"), st.integers(0, 9), st.sampled_from(["", "7", "81", "old", "-3"])),
    ),
    max_size=25,
)


def _taken(moves: list[tuple[object, ...]]) -> Session:
    session = opened(HOUSEHOLD)
    at = NOW
    for what, *rest in moves:
        at += timedelta(seconds=1)
        count = session.repeat(Ref("/data/member")).count
        member = Ref(f"/data/member[{int(str(rest[0])) % count + 1}]") if rest and count else None
        step: Step | None = None
        if what == "add":
            step = AddRepeat(at, Ref("/data/member"))
        elif member is not None and what == "remove":
            step = RemoveRepeat(at, member)
        elif member is not None:
            step = Answer(at, Ref(f"{member}/{what}"), str(rest[1]))
        if step is not None:
            session.apply(step)
    return session


@settings(max_examples=60, deadline=None)
@given(_STEPS)
def test_any_session_replayed_from_what_was_written_down_is_the_same(moves: list[tuple[object, ...]]) -> None:
    session = _taken(moves)
    written = json.loads(json.dumps([step.to_json() for step in session.steps]))
    opening = opening_from_json(json.loads(json.dumps(session.opening.to_json())))
    again = Session.replay(HOUSEHOLD, opening, [step_from_json(each) for each in written])
    assert again.submission() == session.submission()
    assert again.screens() == session.screens()
    assert again.violations() == session.violations()


@settings(max_examples=60, deadline=None)
@given(_STEPS)
def test_settling_step_by_step_leaves_what_working_everything_out_anew_would(
    moves: list[tuple[object, ...]],
) -> None:
    session = _taken(moves)
    fresh = Session.resume(HOUSEHOLD, session.opening, session.submission())
    assert fresh.submission() == session.submission()

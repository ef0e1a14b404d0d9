"""The blind index: the same person is noticed, and nobody without the centre's key can search it."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.applications import Drafts, Likeness, Likenesses, Submissions, TodaysWork
from kiosk.applications.likeness import groups_of
from kiosk.ids import ApplicationId, new_id
from kiosk.journal import Action
from kiosk.operators import SignedIn
from kiosk.store.sealing import new_key, new_key_pair
from tests.applications.people import begun, drafts_of, paper, submit
from tests.store.opened import PIN, Centre, Opened, another_hand

AGENCY, _ = new_key_pair()
KEY = bytes(range(32))
OTHER_KEY = bytes(32)
ANNA = Likeness("Анна Сергеевна Королёва", "1948-03-03", "480303-2123456")


@pytest.fixture
def drafts(store: Opened, centre: Centre) -> Drafts:
    return drafts_of(store, centre.key)


def like(one: Likeness, other: Likeness) -> bool:
    ids = ApplicationId(new_id()), ApplicationId(new_id())
    indexes = [(id, each.index(KEY)) for id, each in zip(ids, (one, other), strict=True)]
    return bool(groups_of((id, index) for id, index in indexes if index is not None))


@pytest.mark.parametrize(
    "other",
    [
        Likeness("КОРОЛЕВА  анна сергеевна", "1948-03-03"),
        Likeness("Анна Сергеевна Королёва", "1948-03-03", "somebody's slip"),
        Likeness("Somebody Else", "2001-01-01", "4803032123456"),
    ],
)
def test_the_same_person_is_noticed_however_it_was_typed(other: Likeness) -> None:
    assert like(ANNA, other)


@pytest.mark.parametrize(
    "other",
    [
        Likeness("Анна Сергеевна Королёва", "1949-03-03"),
        Likeness("Анна Сергеевна", "1948-03-03"),
        Likeness("Анна Сергеевна Королёва"),
        Likeness(),
    ],
)
def test_somebody_else_is_not(other: Likeness) -> None:
    assert not like(ANNA, other)


@given(st.text(max_size=30), st.sampled_from(["", "1948-03-03"]), st.text(max_size=14))
def test_an_index_tells_nothing_without_its_key_and_blanks_are_like_nobody(
    name: str, born: str, number: str
) -> None:
    person = Likeness(name, born, number)
    index = person.index(KEY)
    if index is None:
        assert not like(person, person)
        return
    other = person.index(OTHER_KEY)
    assert other is not None
    for one, two in ((index[:16], other[:16]), (index[16:], other[16:])):
        assert (one == bytes(16)) is (two == bytes(16))
        assert one == bytes(16) or one != two


def applied_before(store: Opened, signed_in: SignedIn) -> list[int]:
    rows = TodaysWork(store.database).applications(signed_in, datetime(2020, 1, 1, tzinfo=UTC))
    return [len(row.applied_before) for row in rows]


def test_with_nobody_signed_in_the_facts_wait_sealed_until_the_next_sign_in(
    store: Opened, centre: Centre, drafts: Drafts
) -> None:
    submissions = Submissions(store.lane, centre.key, store.clock)
    submit(submissions, begun(drafts), AGENCY, paper(new_key()[:16]), likeness=ANNA)
    submit(submissions, begun(drafts), AGENCY, paper(new_key()[:16]), likeness=ANNA)
    likenesses = Likenesses(store.lane, store.clock)
    signed_in = centre.operators.sign_in(centre.coordinator.id, PIN)
    assert applied_before(store, signed_in) == [0, 0], "nothing was compared yet"
    assert likenesses.settle(signed_in) == 2
    assert applied_before(store, signed_in) == [1, 1]
    assert likenesses.settle(signed_in) == 0
    with closing(sqlite3.connect(store.database.path)) as connection:
        left = connection.execute("SELECT count(*) FROM application WHERE likeness IS NOT NULL").fetchone()
    assert left == (0,), "the facts are gone"
    with store.database.reader() as repositories:
        erased = [e for e in repositories.journal.entries() if e.action == Action.LIKENESS_ERASED]
    assert len(erased) == 1


def test_with_somebody_signed_in_nothing_but_the_index_is_ever_written(
    store: Opened, centre: Centre, drafts: Drafts
) -> None:
    submissions = Submissions(store.lane, centre.key, store.clock)
    for _ in range(2):
        submit(
            submissions,
            begun(drafts),
            AGENCY,
            paper(new_key()[:16]),
            likeness=ANNA,
            signed_in=centre.coordinator,
        )
    with closing(sqlite3.connect(store.database.path)) as connection:
        rows = connection.execute("SELECT likeness, blind_index FROM application").fetchall()
    assert {row[0] for row in rows} == {None}
    assert len({row[1] for row in rows}) == 1
    assert applied_before(store, centre.coordinator) == [1, 1]


def test_facts_that_were_tampered_with_are_erased_and_count_for_nothing(
    store: Opened, centre: Centre, drafts: Drafts
) -> None:
    submissions = Submissions(store.lane, centre.key, store.clock)
    submit(submissions, begun(drafts), AGENCY, paper(new_key()[:16]), likeness=ANNA)
    with another_hand(store.database) as connection:
        connection.execute("UPDATE application SET likeness = zeroblob(300)")
    assert Likenesses(store.lane, store.clock).settle(centre.coordinator) == 1
    with store.database.reader() as repositories:
        assert repositories.applications.indexes() == ()

"""Pauses and batch sizes, for every order of events."""

from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from sync.pace import LEAST_WAIT, MOST_WAIT, Backoff, BatchSize


@given(st.integers(), st.integers(1, 60))
def test_pauses_stay_between_ten_seconds_and_fifteen_minutes(seed: int, failures: int) -> None:
    backoff = Backoff(Random(seed))
    pauses = [backoff.failed() for _ in range(failures)]
    assert all(LEAST_WAIT <= pause <= MOST_WAIT for pause in pauses)
    assert all(pause >= MOST_WAIT / 2 for pause in pauses[7:])


@given(st.integers())
def test_pauses_of_many_kiosks_differ(seed: int) -> None:
    random = Random(seed)
    pauses = {Backoff(random).failed() for _ in range(50)}
    assert len(pauses) > 40


@given(st.integers(), st.integers(1, 10_000))
def test_hub_that_asks_for_time_gets_it_within_the_cap(seed: int, seconds: int) -> None:
    asked = timedelta(seconds=seconds)
    assert Backoff(Random(seed)).failed(asked) >= min(asked, MOST_WAIT)


def test_reset_forgets_the_failures() -> None:
    backoff = Backoff(Random(1))
    for _ in range(9):
        backoff.failed()
    backoff.reset()
    assert backoff.failed() <= 2 * LEAST_WAIT


@given(st.lists(st.booleans(), max_size=60), st.integers(1, 500))
def test_batch_size_stays_within_its_bounds(successes: list[bool], sent: int) -> None:
    size = BatchSize()
    for success in successes:
        size = size.grown() if success else size.halved(min(sent, size.envelopes))
        assert 4 * 1024 <= size.bytes <= 1024 * 1024
        assert 1 <= size.envelopes <= 500


@given(st.integers(1, 500))
def test_halving_comes_down_to_one_envelope_and_growing_leaves_it_again(sent: int) -> None:
    size = BatchSize()
    for _ in range(10):
        sent = min(sent, size.envelopes)
        size = size.halved(sent)
    assert size.envelopes == 1
    assert size.grown().envelopes == 2

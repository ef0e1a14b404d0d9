"""The next batch is read while the hub answers; what was read too early never goes out in its place."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.store.outbox import OutboxState
from sync import outbox
from sync.ahead import ReadAhead
from sync.outbox import Batch
from sync.pace import BatchSize
from tests.sync.parties import Hub, Kiosk, Stored, now
from tests.sync.way import Way, forwarding

SIZE = BatchSize()
PATIENCE_S = 60


class Reading:
    """Reads a kiosk's store two envelopes at a time, and stops in between where it is told to."""

    def __init__(self, kiosk: Kiosk) -> None:
        self._kiosk = kiosk
        self.asked: list[int] = []
        self.begun = threading.Event()
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def __call__(self, after: int, size: BatchSize) -> Batch:
        self.asked.append(after)
        self.begun.set()
        assert self.may_go_on.wait(PATIENCE_S)
        with self._kiosk.database.reader() as repositories:
            return outbox.next_batch(repositories, after, size.bytes, 2, now())


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Kiosk]:
    with Kiosk(tmp_path / "kiosk") as kiosk:
        yield kiosk


@pytest.fixture
def reading(kiosk: Kiosk) -> Reading:
    return Reading(kiosk)


@pytest.fixture
def ahead(reading: Reading) -> Iterator[ReadAhead]:
    ahead = ReadAhead(reading)
    yield ahead
    ahead.close()


def test_the_next_batch_is_read_meanwhile_and_once(kiosk: Kiosk, reading: Reading, ahead: ReadAhead) -> None:
    for _ in range(3):
        kiosk.store()
    reading.may_go_on.clear()
    ahead.start(1, SIZE)
    assert reading.begun.wait(PATIENCE_S), "nothing is read before it is asked for"
    reading.may_go_on.set()
    assert [entry.sequence for entry in ahead.take(1, SIZE).entries] == [2, 3]
    assert reading.asked == [1]


def test_after_trouble_it_is_read_anew(kiosk: Kiosk, reading: Reading, ahead: ReadAhead) -> None:
    for _ in range(3):
        kiosk.store()
    ahead.start(1, SIZE)
    assert [entry.sequence for entry in ahead.take(1, SIZE.halved(2)).entries] == [2, 3]
    ahead.start(1, SIZE)
    assert [entry.sequence for entry in ahead.take(0, SIZE).entries] == [1, 2]
    assert reading.asked == [1, 1, 1, 0]


def test_nothing_that_was_read_ahead_is_not_the_last_word(
    kiosk: Kiosk, reading: Reading, ahead: ReadAhead
) -> None:
    reading.may_go_on.clear()
    ahead.start(0, SIZE)
    assert reading.begun.wait(PATIENCE_S)
    reading.may_go_on.set()
    ahead.drop()
    ahead.start(0, SIZE)
    kiosk.store()
    assert len(ahead.take(0, SIZE).entries) == 1


def test_what_is_stored_while_the_hub_answers_goes_in_the_same_try(tmp_path: Path, kiosk: Kiosk) -> None:
    later: list[Stored] = []

    def meanwhile(answer: bytes, number: int) -> bytes:
        if not later:
            later.append(kiosk.store())
        return answer

    with Hub(tmp_path / "hub") as hub, Way(forwarding(hub.url, answer=meanwhile)) as way:
        carrier = kiosk.enrolled(hub, by_way_of=way.url)
        first = kiosk.store()
        state = kiosk.tried(carrier)
        assert (state.done, state.waiting) == (2, 0)
        assert {kiosk.state(one) for one in (first, *later)} == {OutboxState.ACKNOWLEDGED}

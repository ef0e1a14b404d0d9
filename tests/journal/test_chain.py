"""The journal shows what was changed, moved or taken out of it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.journal import KIOSK, Action, BadEntry, operator_actor
from kiosk.store import Repositories
from tests.store.opened import Opened, opened


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Opened]:
    with opened(tmp_path / "data") as one:

        def append(number: int) -> None:
            subject, details = f"size-{number}", {"to": "очень крупный"}
            one.lane.submit(
                lambda r: r.journal.append(one.clock(), KIOSK, Action.SETTING_CHANGED, subject, details)
            ).result()

        for number in range(5):
            append(number)
        yield one


def verdict(store: Opened) -> BadEntry | None:
    with store.database.reader() as repositories:
        return repositories.journal.verify()


def tamper(store: Opened, statement: str) -> None:
    with closing(sqlite3.connect(store.database.path)) as connection:
        connection.execute(statement)
        connection.commit()


def test_an_untouched_chain_holds(store: Opened) -> None:
    assert verdict(store) is None
    with store.database.reader() as repositories:
        assert [entry.number for entry in repositories.journal.entries(after=3)] == [4, 5]


@pytest.mark.parametrize(
    ("statement", "bad"),
    [
        ("UPDATE journal SET actor = 'applicant' WHERE number = 2", BadEntry(2, "changed")),
        ("UPDATE journal SET at = at + 1 WHERE number = 4", BadEntry(4, "changed")),
        ("UPDATE journal SET details = '{}' WHERE number = 1", BadEntry(1, "changed")),
        ("UPDATE journal SET details = 'no json' WHERE number = 3", BadEntry(3, "changed")),
        ("UPDATE journal SET id = 'no id' WHERE number = 3", BadEntry(3, "changed")),
        ("UPDATE journal SET at = 'yesterday' WHERE number = 3", BadEntry(3, "changed")),
        ("UPDATE journal SET hash = zeroblob(32) WHERE number = 2", BadEntry(2, "changed")),
        ("DELETE FROM journal WHERE number = 3", BadEntry(3, "missing")),
        ("DELETE FROM journal WHERE number = 1", BadEntry(1, "missing")),
        ("UPDATE journal SET previous = zeroblob(32) WHERE number = 5", BadEntry(5, "moved")),
    ],
)
def test_tampering_names_the_first_bad_entry(store: Opened, statement: str, bad: BadEntry) -> None:
    tamper(store, statement)
    assert verdict(store) == bad


def test_two_entries_that_changed_places_are_found(store: Opened) -> None:
    tamper(store, "UPDATE journal SET number = 100 WHERE number = 2")
    tamper(store, "UPDATE journal SET number = 2 WHERE number = 3")
    tamper(store, "UPDATE journal SET number = 3 WHERE number = 100")
    assert verdict(store) == BadEntry(2, "moved")


def test_an_entry_belongs_to_the_transaction_of_its_deed(store: Opened) -> None:
    def work(repositories: Repositories) -> None:
        repositories.journal.append(store.clock(), operator_actor(None), Action.EXPORTED, "usb")
        raise LookupError

    store.lane.submit(work).exception()
    assert verdict(store) is None
    with store.database.reader() as repositories:
        head = repositories.journal.head()
    assert head is not None
    assert head.number == 5

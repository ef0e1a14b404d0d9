"""A data folder, opened as the kiosk opens it; a clock that a test moves; a centre with its coordinator."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kiosk.operators import Argon2Parameters, DeviceSecret, Operators, SignedIn
from kiosk.store import CentreKey, Database, WriterLane, open_database

CHEAP = Argon2Parameters(passes=1, memory_kib=8, lanes=1)
"""The least that Argon2 takes: tests prove what it guards, not how slow it is."""

PIN = "739205"


class TestClock:
    """Stands still until it is moved."""

    __test__ = False

    def __init__(self) -> None:
        self.now = datetime(2031, 3, 4, 9, 30, 0, 125_000, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass(frozen=True)
class Opened:
    folder: Path
    database: Database
    lane: WriterLane
    clock: TestClock


@contextmanager
def opened(folder: Path, clock: TestClock | None = None) -> Iterator[Opened]:
    clock = clock or TestClock()
    database = open_database(folder, clock=clock)
    lane = WriterLane(database, lambda call: call())
    try:
        yield Opened(folder, database, lane, clock)
    finally:
        lane.close()
        database.close()


@contextmanager
def another_hand(database: Database) -> Iterator[sqlite3.Connection]:
    """Writes beside the kiosk, with a connection of its own: the kiosk's belongs to the lane's thread."""
    with closing(sqlite3.connect(database.path, timeout=20)) as connection, connection:
        yield connection


@dataclass(frozen=True)
class Centre:
    operators: Operators
    coordinator: SignedIn
    key: CentreKey
    recovery_code: str


@contextmanager
def centre_of(store: Opened) -> Iterator[Centre]:
    """A centre whose first coordinator was made with the one-time code."""
    operators = operators_of(store)
    first = operators.make_first_coordinator(operators.first_start_code(), "Вера", PIN, "ru")
    key = operators.centre()
    assert key is not None
    try:
        yield Centre(operators, first.signed_in, key, first.recovery_code)
    finally:
        operators.close()


def operators_of(store: Opened) -> Operators:
    return Operators(store.lane, DeviceSecret.load(store.folder, {}), store.clock, CHEAP)


class Boot:
    """Seconds since a machine's start, moved by hand."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds

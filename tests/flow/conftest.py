"""A kiosk without a screen for every test of the flow; see :mod:`tests.flow.booth`."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from kiosk.applications import (
    Approvals,
    Backlog,
    Drafts,
    Likenesses,
    Lookups,
    Receipts,
    Replacements,
    Submissions,
    TodaysWork,
)
from kiosk.catalogue import Pack
from kiosk.flow.book import BOOK
from kiosk.flow.conductor import Conductor
from kiosk.flow.desk import Centre, Desk
from kiosk.flow.table import Screen
from kiosk.flow.view import View
from kiosk.operators import (
    Argon2Parameters,
    Backups,
    DeviceSecret,
    JournalReading,
    MovingIn,
    Operators,
    Rounds,
    SettingUp,
    Vault,
)
from kiosk.receipts import NoPrinter, Printer
from kiosk.store import WriterLane, open_database
from kiosk.store.session_key import SessionKeyFile
from kiosk.updates.service import Updates
from tests.flow.booth import (
    ZONE,
    Bench,
    Booth,
    Clock,
    DrawnPane,
    NoSticks,
    Pump,
    Reader,
    SwitchedComputer,
    Wire,
)
from tests.flow.sample_form import sample_pack
from ui.moving import UsbMoving
from ui.practice import PracticeRoom
from ui.sticks import volumes_in
from ui.threads import Workers

PIN = "408317"
CHEAP = Argon2Parameters(passes=1, memory_kib=64, lanes=1)
SALT = bytes(range(16))

T = TypeVar("T")


class Kiosks:
    """Opens kiosks over one data folder, one after the other, as switching one off and on does."""

    def __init__(self, folder: Path, runtime: Path) -> None:
        self.folder = folder
        self.runtime = runtime
        self.clock = Clock()
        self.pack = sample_pack()
        self.printer: Printer = NoPrinter()
        self.centre = Centre("House of Help", "1 Market Square", "+1 555 0101")
        self.pane = DrawnPane()
        self.no_sticks = NoSticks()
        self.bench = Bench(folder, self.clock)
        self.sticks = folder.parent / "sticks"
        self.reopened: list[bool] = []
        self.computer = SwitchedComputer()
        self.day_is_doubtful = False
        self.shown: list[View] = []
        """Every view that a kiosk showed, in order."""
        self._close: list[Callable[[], None]] = []

    def open(self, start: Screen = Screen.WELCOME, *, set_up: bool = True) -> Booth:
        pump, clock = Pump(), self.clock
        bugs: list[BaseException] = []
        database = open_database(self.folder, clock=clock)
        lane = self.lane = WriterLane(database, pump)
        secret = DeviceSecret.load(self.folder, {})
        operators = Operators(lane, secret, clock, CHEAP)
        workers, lookout = Workers(pump), Workers(pump)
        self._close += [workers.close, lookout.close, operators.close, lane.close, database.close]
        if operators.centre() is None:
            self.first_start_code = operators.first_start_code()
            if set_up:
                operators.make_first_coordinator(self.first_start_code, "Maria", PIN, "en")
        with database.reader() as repositories:
            centre = repositories.centre_keys.current()
        assert centre is not None, "a first-start code makes the centre's key"
        reader, wire = Reader(), Wire(pump)
        practice = PracticeRoom(
            self.folder, clock, pump, workers, lambda: own_desk(), {"XDG_RUNTIME_DIR": str(self.runtime)}
        )
        self._close.insert(2, practice.close)
        desk = Desk(
            clock=clock,
            since_boot=clock.since_boot,
            day_is_doubtful=lambda: self.day_is_doubtful,
            zone=ZONE,
            centre=self.centre,
            pack=self.pack,
            salt=SALT,
            drafts=Drafts(lane, centre, clock, self._session_key()),
            submissions=Submissions(lane, centre, clock),
            lookups=Lookups(lane, clock),
            receipts=Receipts(lane, clock),
            today=TodaysWork(database),
            approvals=Approvals(lane, clock),
            likenesses=Likenesses(lane, clock),
            replacements=Replacements(lane, clock),
            backlog=Backlog(database, lane, clock),
            operators=operators,
            vault=Vault(lane, secret, clock, CHEAP),
            backups=Backups(lane, clock),
            journal=JournalReading(lane, clock),
            printer=self.printer,
            background=workers,
            lookout=lookout,
            voice=reader,
            courier=wire,
            sticks=self.no_sticks,
            updates=Updates(lane, clock),
            pane=self.pane,
            setting_up=SettingUp(lane, clock),
            rounds=Rounds(lane, clock),
            machine=self.bench,
            moving=UsbMoving(
                MovingIn(self.folder, secret, clock, lambda: not operators.names(), CHEAP),
                lambda: volumes_in(self.sticks),
                lambda: self.reopened.append(True),
            ),
            practice=practice,
            computer=self.computer,
            kiosk_name="booth",
        )

        def own_desk() -> Desk:
            return conductor.own_desk

        conductor = Conductor(desk, BOOK, self.shown.append, bugs.append)
        conductor.start(start)
        booth = Booth(conductor, pump, clock, reader, wire, bugs)
        booth.settle()
        return booth

    def _session_key(self) -> SessionKeyFile:
        self.runtime.mkdir(mode=0o700, exist_ok=True)
        return SessionKeyFile(self.folder, self.runtime, "this boot", lambda: self.clock().timestamp())

    def drain(self) -> None:
        """Until everything that was handed in is done."""
        self.lane.drain()

    def switch_off(self) -> None:
        """Ends the process in good order: what was handed in is done."""
        for close in self._close:
            close()
        self._close.clear()


@pytest.fixture
def kiosks(tmp_path: Path) -> Iterator[Kiosks]:
    found = Kiosks(tmp_path / "data", tmp_path / "runtime")
    yield found
    found.switch_off()


@pytest.fixture
def booth(kiosks: Kiosks) -> Booth:
    """A kiosk that is set up and stands on its welcome page."""
    return kiosks.open()


@pytest.fixture
def pack() -> Pack:
    return sample_pack()

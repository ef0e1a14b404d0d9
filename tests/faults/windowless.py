"""A kiosk without its window, in a process of its own: it stores, it sends, it is killed.

Everything but the screen is the product's, wired as the product wires it (``ui.house``). The process does
what it is told over a pipe and says what has happened; an application is said to be stored when the call
has returned after which the screen says so.
"""

import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import TypeAlias

from kiosk.applications import Attachment
from kiosk.errors import Fault
from kiosk.ids import Reference
from kiosk.store import Database
from sync.carriers.https import READ_S, HttpsCarrier
from sync.carriers.usb import UsbCarrier
from sync.courier import Courier, CourierState, Phase
from sync.enrolment import carrier_of, device_of
from sync.kinds import PartKind
from sync.stick import read_file, write_file
from tests.applications.people import FORM as ANY_FORM
from tests.applications.people import opening, paper, submit
from tests.store.released.__main__ import FORM, FORM_XML
from ui.house import APP_VERSION, House

STEPS = 2
SCAN_BYTES = 200_000
"""Of a page on paper, photographed: it travels by itself, in pieces."""


def scan_of(reference: str) -> bytes:
    """The scan that an application with this reference has, where it has one: nothing makes it smaller."""
    return Random(reference).randbytes(SCAN_BYTES)


@dataclass(frozen=True)
class Orders:
    """How a kiosk is to be. ``hub_url`` is where it finds its hub, whatever it was enrolled at."""

    folder: Path
    memory: Path
    log: Path
    agency: str
    seed: int
    hub_url: str = ""
    clock_off: timedelta = timedelta()
    read_s: float = READ_S
    defect: str = ""
    """The name of one of :data:`tests.faults.defects.KIOSKS`."""


@dataclass(frozen=True)
class Ready:
    pass


@dataclass(frozen=True)
class StoredHere:
    reference: str
    envelope: str
    scanned: bool


@dataclass(frozen=True)
class Refused:
    """It was not stored, and the person was told so."""

    title: str


@dataclass(frozen=True)
class Tried:
    """How a whole try of the courier went. ``number`` is that of the order; 0 for one of its own."""

    number: int
    went_well: bool
    done: int
    waiting: int
    attention: int
    fault: str


@dataclass(frozen=True)
class Carried:
    """A stick was written or read; ``fault`` says why not, empty where it was."""

    fault: str = ""


Said: TypeAlias = Ready | StoredHere | Refused | Tried | Carried
Order: TypeAlias = tuple[str, *tuple[object, ...]]


class Windowless:
    """Says everything to ``say``, which may be called on any thread."""

    carrier_class = HttpsCarrier

    def __init__(self, orders: Orders, say: Callable[[Said], None]) -> None:
        self._orders = orders
        self._say = say
        self._random = Random(orders.seed)
        self._house = House(
            orders.folder,
            clock=self._clock,
            deliver=lambda call: call(),
            environment={"XDG_RUNTIME_DIR": str(orders.memory)},
        )
        self._courier: Courier | None = None
        self.opened(self._house.database)

    def opened(self, database: Database) -> None:
        """For a kiosk that is to be wrong."""

    def enrol(self, url: str, code: str) -> None:
        self._house.enrol(url, code)

    def store(self, *, scanned: bool = False) -> None:
        """One person's application: begun, answered, handed in; ``scanned`` with :func:`scan_of` it."""
        reference = "".join(self._random.choices("0123456789", k=15))
        words = " ".join(self._random.choices(_WORDS, k=self._random.randrange(5, 60)))
        answers = (
            f'<data id="heating" version="1"><full_name>{words}</full_name><income>12400</income>'
            f'<meta xmlns="http://openrosa.org/xforms"><reference xmlns="https://opora.invalid/ns">'
            f"{reference}</reference></meta></data>"
        )
        drafts = self._house.drafts
        try:
            draft = drafts.begin(ANY_FORM, "ru", opening(), None).result()
            for number in range(STEPS):
                drafts.record(draft, f'{{"ref": "/data/q{number}"}}', f"/data/q{number}").result()
            stored = submit(
                self._house.submissions,
                draft,
                self._orders.agency,
                paper(self._random.randbytes(16)),
                submission_xml=answers.encode(),
                form_xml=FORM_XML,
                form=FORM,
                reference=Reference(reference),
                attachments=(Attachment("page.jpg", PartKind.SCAN, scan_of(reference)),) if scanned else (),
            )
            self._say(StoredHere(reference, str(stored.envelope_id), scanned))
            drafts.end_session().result()
        except Fault as fault:
            self._say(Refused(fault.title.msgid))

    def send(self, number: int = 0) -> None:
        """One whole try; how it went is said on the courier's thread."""
        if self._courier is None:
            self._courier = self._made_courier()
            self._courier.start()
        self._courier.try_now(lambda state: self._say(_tried(number, state)))

    def write_stick(self, file: Path) -> None:
        """Everything that waits, into a file for the agency."""
        self._carry(lambda: write_file(file, self._usb().pack().content))

    def read_stick(self, file: Path) -> None:
        """The agency's answer."""
        self._carry(lambda: self._usb().unpack(read_file(file)))

    def _carry(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Fault as fault:
            self._say(Carried(fault.title.msgid))
        else:
            self._say(Carried())

    def _usb(self) -> UsbCarrier:
        house = self._house
        device = device_of(house.database, house.lane)
        return UsbCarrier(house.database, house.lane, device, app_version=APP_VERSION, clock=self._clock)

    def close(self) -> None:
        if self._courier is not None:
            assert self._courier.stop(60)
        self._house.close()

    def _made_courier(self) -> Courier:
        house = self._house
        device = device_of(house.database, house.lane)
        known = carrier_of(house.database, device, self._clock)
        assert known is not None, "this kiosk was never enrolled"
        trusted = replace(known.trusted, url=self._orders.hub_url or known.trusted.url)
        carrier = self.carrier_class(trusted, device, self._clock, read_s=self._orders.read_s)
        return Courier(
            database=house.database,
            lane=house.lane,
            carrier=carrier,
            kiosk=house.facts.kiosk,
            app_version=APP_VERSION,
            clock=self._clock,
            random=self._random,
            deliver=lambda call: call(),
        )

    def _clock(self) -> datetime:
        return datetime.now(UTC) + self._orders.clock_off


def _tried(number: int, state: CourierState) -> Tried:
    fault = "" if state.fault is None else f"{state.fault.title.msgid} [{state.fault.detail}]"
    well = state.phase is Phase.RESTING
    return Tried(number, well, state.done, state.waiting, state.attention, fault)


_WORDS = ("печь", "дрова", "уголь", "газ", "дом", "сад", "вода", "Вера", "Пётр", "Лесная", "пенсия", "зима")


def run(orders: Orders, channel: "Connection[Said, Order]") -> None:
    """The process: does what it is told until the other end of ``channel`` is closed."""
    from tests.faults.defects import KIOSKS

    log = os.open(orders.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    speaking = threading.Lock()

    def say(what: Said) -> None:
        with speaking:
            channel.send(what)

    kiosk = KIOSKS[orders.defect](orders, say)
    say(Ready())
    try:
        while True:
            match channel.recv():
                case ("enrol", str(url), str(code)):
                    kiosk.enrol(url, code)
                    say(Ready())
                case ("store", int(count), bool(scanned)):
                    for _ in range(count):
                        kiosk.store(scanned=scanned)
                case ("send", int(number)):
                    kiosk.send(number)
                case ("write-stick", str(file)):
                    kiosk.write_stick(Path(file))
                case ("read-stick", str(file)):
                    kiosk.read_stick(Path(file))
                case ("work",):
                    while not channel.poll():
                        kiosk.send()
                        kiosk.store()
                        kiosk.store()
                case ("close",):
                    break
                case other:
                    raise AssertionError(other)
    except (EOFError, ConnectionError):
        # Whoever gave the orders is gone.
        os._exit(1)
    kiosk.close()


if __name__ == "__main__":
    sys.exit("this is run by tests.faults")

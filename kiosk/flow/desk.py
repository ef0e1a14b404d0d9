"""Everything that pages work with, handed in by the composition root. No Qt, no network.

All callbacks arrive on the thread that shows pages; nothing here blocks it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeVar

from kiosk.flow.comfort import Comfort, Output

if TYPE_CHECKING:
    from datetime import datetime, timedelta, tzinfo

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
    from kiosk.errors import Fault, Message
    from kiosk.flow.machine import Machine
    from kiosk.flow.moving import Moving
    from kiosk.flow.sticks import Sticks
    from kiosk.flow.view import View
    from kiosk.ids import EnvelopeId
    from kiosk.operators import Backups, JournalReading, Operators, Rounds, SettingUp, Vault
    from kiosk.receipts import Printer
    from kiosk.updates.service import Updates

T = TypeVar("T")


class Background(Protocol):
    """Work that takes longer than a frame (key derivation, paper) on a thread of its own."""

    def run(self, work: Callable[[], T], done: Callable[[T | Exception], None]) -> None:
        """``done`` gets the result, or what ``work`` raised: a fault, or a bug's exception."""
        ...


class Voice(Protocol):
    """The kiosk's one voice, as pages and the conductor see it."""

    @property
    def speaking(self) -> bool: ...

    @property
    def off_reason(self) -> Message | None:
        """Why there is no voice at all, or None."""
        ...

    @property
    def outputs(self) -> tuple[Output, ...]:
        """What there is to listen with, where there is a choice; else nothing."""
        ...

    def read(self, view: View) -> None:
        """Reads a page from its beginning; cuts whatever was being said."""
        ...

    def read_errors(self, view: View) -> None:
        """Reads what is wrong with the answers, as it stands above them."""
        ...

    def stop(self) -> None: ...

    def try_again(self) -> None:
        """A voice that was off is given another chance: something has changed."""
        ...

    def comfort(self, comfort: Comfort) -> None:
        """Takes over rate, volume, and whether it speaks at all."""
        ...

    def end_person(self) -> None:
        """Drops every clip and every word of the person who leaves."""
        ...


class LineState(StrEnum):
    IDLE = "idle"
    TRYING = "trying"
    FAILED = "failed"
    NO_HUB = "no-hub"


@dataclass(frozen=True, slots=True)
class Line:
    """How the conversation with the hub stands. ``done`` of ``total`` envelopes while trying, and
    ``bytes_up`` sent so far. ``on_its_way``: those in a request that is being sent just now."""

    state: LineState
    done: int = 0
    total: int = 0
    fault: Fault | None = None
    heard_at: datetime | None = None
    bytes_up: int = 0
    clock_error: timedelta | None = None
    """How far this machine's clock is ahead of the other end's, where that matters."""
    on_its_way: frozenset[EnvelopeId] = frozenset()


class Courier(Protocol):
    """What pages may ask of sync."""

    @property
    def line(self) -> Line: ...

    def nudge(self) -> None:
        """Something new waits."""
        ...

    def try_now(self, done: Callable[[Line], None]) -> None:
        """One whole attempt; ``done`` gets what truly came of it."""
        ...


class Pane(Protocol):
    """The glass that pages stand on, and how large it truly is."""

    def fitted(self, share: float) -> str:
        """What to keep of it when a bank card, drawn at ``share`` of its size, is as wide as a real one."""
        ...

    def use(self, measured: str) -> None:
        """Draws every page by what was kept, from the next one on."""
        ...


class Ending(StrEnum):
    """How the kiosk can end."""

    CLOSE = "close"
    """The program alone; the desktop is there again."""
    POWER_OFF = "power-off"
    RESTART = "restart"


class Computer(Protocol):
    """The machine that the kiosk runs on."""

    @property
    def endings(self) -> tuple[Ending, ...]:
        """What can be done here, the usual one first; at least one."""
        ...

    def end(self, ending: Ending) -> None:
        """Asks for it and returns; ComputerFault where the system refuses. Call it in the background."""
        ...


@dataclass(frozen=True, slots=True)
class Centre:
    """Where the kiosk stands, as printed on the receipt."""

    name: str
    address: str
    phone: str


class Practice(Protocol):
    """A store of its own for somebody who tries the kiosk out: nothing in it is sent, and none stays."""

    def begin(self) -> Desk:
        """Takes as long as opening a kiosk does: call it in the background."""
        ...

    def end(self, *, finished: bool) -> None:
        """Erases it, in its own time. ``finished``: an application came to its end."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    clock: Callable[[], datetime]
    since_boot: Callable[[], float]
    """Seconds since the machine was started, time asleep included: what a wrong clock cannot reach."""
    day_is_doubtful: Callable[[], bool]
    """Whether the machine's clock is wrong and nobody has said yet what time it is: ``clock`` then goes on
    from what was known last."""
    zone: tzinfo
    centre: Centre
    pack: Pack
    salt: bytes
    drafts: Drafts
    submissions: Submissions
    lookups: Lookups
    receipts: Receipts
    today: TodaysWork
    approvals: Approvals
    likenesses: Likenesses
    replacements: Replacements
    backlog: Backlog
    operators: Operators
    vault: Vault
    backups: Backups
    journal: JournalReading
    printer: Printer
    background: Background
    lookout: Background
    """For asking the machine, which may hang as long as a spooler does: nobody's work stands behind it."""
    voice: Voice
    courier: Courier
    sticks: Sticks
    updates: Updates
    pane: Pane
    computer: Computer
    setting_up: SettingUp
    rounds: Rounds
    machine: Machine
    moving: Moving
    practice: Practice
    comfort: Comfort = field(default_factory=Comfort)
    """What a person begins with, as the centre's set-up has it."""
    former_salts: tuple[bytes, ...] = ()
    """What codes were made with before this kiosk joined its deployment, the newest first."""
    practising: bool = False
    """Everything that this desk keeps is practice, and is erased with it."""
    kiosk_name: str = ""

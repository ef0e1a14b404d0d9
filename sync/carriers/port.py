"""What the courier needs of a carrier."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from kiosk.errors import HubFault, LineFault
from sync.protocol import ExchangeAnswer, ExchangeRequest, Piece, PieceAnswer, UpdatePiece, Wanted


@dataclass(frozen=True, slots=True)
class Parcel:
    """One request. Its envelopes travel beside it as JSON, verbatim: their digests are over that text."""

    request: ExchangeRequest
    """Without envelopes."""
    envelopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Meter:
    """What a carrier has moved since it was made; headers count, TLS and TCP do not."""

    requests: int = 0
    bytes_up: int = 0
    bytes_down: int = 0


class TimedOut(LineFault):
    """The answer did not come in time; whether the hub took the parcel is not known."""


class Broken(LineFault):
    """The line broke while the parcel or its answer was under way; what the hub took is not known."""


class TooLarge(HubFault):
    """The hub, or something before it, takes no parcel of this size."""


class EnvelopeUnreadable(HubFault):
    """One of the envelopes cannot even be named by the hub: send them singly to find it."""


class Stumbled(HubFault):
    """The hub itself failed on this parcel: perhaps on one envelope, perhaps on all."""


class RequestUnreadable(Stumbled):
    """The hub could not read the request: perhaps it does not know this way of writing one."""


class PieceCarrier(Protocol):
    """Takes pieces of attachments to one hub. Faults as of :meth:`Carrier.exchange`."""

    def put(self, piece: Piece) -> PieceAnswer: ...


class UpdateCarrier(Protocol):
    """Brings pieces of updates from one hub. Faults as of :meth:`Carrier.exchange`."""

    def get(self, wanted: Wanted) -> UpdatePiece: ...


class Carrier(Protocol):
    """Takes a parcel to one hub and brings its answer. Used by one thread."""

    @property
    def name(self) -> str:
        """Stable: stands in the outbox beside what it delivered."""

    @property
    def hub(self) -> str:
        """Stable: the cursor is kept under it."""

    @property
    def meter(self) -> Meter: ...

    @property
    def clock_error(self) -> timedelta | None:
        """How far this machine's clock is ahead of the hub's, where it is wrong enough to matter."""

    @property
    def apart(self) -> PieceCarrier | None:
        """How large parts travel by themselves; None where they have to go inside their envelopes. It may
        become None with the first answer of an older hub."""

    def exchange(self, parcel: Parcel) -> ExchangeAnswer:
        """Only an answer that is certainly the hub's is returned.

        Raises :class:`kiosk.errors.LineFault` (no way there), :class:`kiosk.errors.HubFault` (an answer that
        is none), or one of the faults of this module. After any of them the parcel may or may not have
        been taken: ask again, the hub answers a repeat with its first answer.
        """

    def close(self) -> None: ...

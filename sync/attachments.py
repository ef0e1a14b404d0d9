"""Takes large parts to the hub ahead of their envelope, in pieces as large as the line carries."""

import contextlib
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.errors import HubFault, Message
from kiosk.ids import KioskId
from kiosk.store.outbox import OutboxEntry
from kiosk.texts import N_
from sync.carriers.port import Broken, PieceCarrier, TimedOut, TooLarge
from sync.going import MOST_BROKEN
from sync.outbox import Settled
from sync.pace import BatchSize
from sync.protocol import APART_OVER, Piece


def _first_size() -> BatchSize:
    most = 128 * 1024
    return BatchSize(bytes=16 * 1024, least=2 * 1024, most=most, safe=most)


@dataclass(slots=True)
class Uploads:
    """Remembers nothing but the size of a piece: how far an attachment has come, the hub is asked."""

    kiosk: KioskId
    size: BatchSize = field(default_factory=_first_size)

    def deliver(
        self,
        carrier: PieceCarrier,
        entry: OutboxEntry,
        exchange: Callable[[], Settled],
        went_on: Callable[[], bool],
    ) -> Settled | None:
        """The parts as :meth:`send` does, then the envelope by ``exchange``, which is repeated where the line
        breaks. None where ``went_on`` ended it."""
        settled: Settled | None = None
        # A hub that lost a part meanwhile says so, and is sent it once more.
        while settled is None or settled.wanted:
            again = settled is not None
            if not self.send(carrier, entry, went_on):
                return None
            settled = _tenaciously(exchange)
            if again:
                break
        return settled

    def send(self, carrier: PieceCarrier, entry: OutboxEntry, went_on: Callable[[], bool]) -> bool:
        """Sends every large part of ``entry``. ``went_on`` is called after each piece; False from it ends
        the sending, which goes on another time where it stopped. Returns whether all is there.

        Faults as of the carrier: :class:`TooLarge` where the hub takes no attachment of that size.
        """
        for part in entry.parts:
            if part.body is None or len(part.body) <= APART_OVER:
                continue
            if not self._send_part(carrier, part.body, went_on):
                return False
        return True

    def _send_part(self, carrier: PieceCarrier, body: bytes, went_on: Callable[[], bool]) -> bool:
        digest = hashlib.sha256(body).hexdigest()
        offset: int | None = None
        in_vain = through = 0
        while offset is None or offset < len(body):
            piece = b"" if offset is None else body[offset : offset + self.size.bytes]
            question = Piece(kiosk=self.kiosk, digest=digest, size=len(body), offset=offset or 0, body=piece)
            try:
                answer = carrier.put(question)
            except Broken:
                # What the hub took of it is not known; a piece at the wrong place changes nothing there.
                in_vain += 1
                if not through:
                    # A line that carried one of this size before it broke will carry another.
                    self.size = self.size.halved(1)
                through = 0
                if in_vain > MOST_BROKEN:
                    raise
                continue
            except TimedOut:
                self.size = self.size.halved(1)
                raise
            except TooLarge:
                if len(piece) <= self.size.least:
                    raise
                self.size = self.size.halved(1)
                continue
            moved = offset is None or answer.offset > offset
            in_vain = 0 if moved else in_vain + 1
            if answer.offset > len(body) or in_vain > MOST_BROKEN:
                raise HubFault(
                    Message(N_("An attachment does not get through to the agency.")),
                    Message(N_("Everything is kept here. Please call the agency that runs the hub.")),
                    f"at {answer.offset} of {len(body)} bytes",
                )
            if piece and moved:
                through += 1
                self.size = self.size.grown()
            offset = answer.offset
            if not went_on():
                return False
        return True


def _tenaciously(exchange: Callable[[], Settled]) -> Settled:
    for _ in range(MOST_BROKEN):
        with contextlib.suppress(Broken):
            return exchange()
    return exchange()

"""One whole try: what goes into which request, how much at once, and what becomes of what does not go."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.errors import Fault, HubFault, LineFault
from kiosk.ids import ApplicationId, EnvelopeId, KioskId
from kiosk.store.engine import Database
from kiosk.store.lane import WriterLane
from kiosk.store.outbox import Agencies, OutboxEntry
from kiosk.store.repositories import Repositories
from sync import outbox
from sync.ahead import ReadAhead
from sync.attachments import Uploads
from sync.carriers.port import (
    Broken,
    Carrier,
    EnvelopeUnreadable,
    Parcel,
    PieceCarrier,
    Stumbled,
    TimedOut,
    TooLarge,
)
from sync.going import MOST_BROKEN, Going
from sync.journal_head import was_heard
from sync.kinds import ReasonCode
from sync.outbox import Batch, Settled
from sync.pace import BatchSize
from sync.protocol import APART_OVER, ExchangeRequest

Told = Callable[[Settled], None]


class Sending:
    """Sends by one carrier; remembers from one try to the next how much the line bears.

    Reads with sessions of its own and posts every write to the lane, for which it waits. ``answered`` hears
    what each answer changed, ``went_on`` what else did: an envelope set aside, a piece of an attachment that
    arrived (which settles nothing yet). ``goes`` hears which envelopes are under way just now, none once the
    line is quiet. With the device ``key`` the journal's head goes along.
    """

    def __init__(
        self,
        *,
        database: Database,
        lane: WriterLane,
        carrier: Carrier,
        kiosk: KioskId,
        app_version: str,
        clock: Callable[[], datetime],
        key: Ed25519PrivateKey | None,
        agencies: Agencies | None,
        stopping: Callable[[], bool],
        answered: Told,
        went_on: Told,
        goes: Callable[[frozenset[EnvelopeId]], None] = lambda _: None,
    ) -> None:
        self._database = database
        self._lane = lane
        self._carrier = carrier
        self._kiosk = kiosk
        self._app_version = app_version
        self._clock = clock
        self._key = key
        self._agencies = agencies
        self._stopping = stopping
        self._answered = answered
        self._went_on = went_on
        self._goes = goes
        self._on_its_way: list[EnvelopeId] = []
        self._size = BatchSize()
        self._ahead = ReadAhead(self._read)
        self._uploads = Uploads(kiosk)

    def send(self) -> timedelta | None:
        """Requests until nothing waits here or there, or ``stopping`` says so. None, or the wait wanted for
        what is unsettled. Raises the carrier's faults; what was answered before stays settled."""
        going = Going()
        apart = self._carrier.apart is not None
        try:
            self._send_whole(going)
            if apart and not self._send_apart(going):
                # The hub is older than the kiosk thought: what was to travel by itself travels inside.
                going.after = 0
                self._send_whole(going)
        finally:
            self._ahead.drop()
        if going.stumble is not None:
            raise going.stumble
        return going.retry_after

    def close(self) -> None:
        """Ends its thread. Not while it sends."""
        self._ahead.close()

    def _send_whole(self, going: Going) -> None:
        """Everything that fits into a request as it is, in batches."""
        while not self._stopping():
            batch = self._ahead.take(going.after, self._size)
            if batch.damaged:
                self._set_aside(batch.damaged, ReasonCode.DAMAGED)
                continue
            if not (batch.entries or going.first or going.more):
                break
            if batch.entries:
                self._ahead.start(batch.last_sequence, self._size.grown())
            try:
                settled, going.more = self._exchange(batch)
            except TimedOut:
                self._size = self._size.halved(len(batch.entries))
                raise
            except Broken as fault:
                # A line that breaks again and again still carries what fits between two breaks; where it has
                # carried a batch since the last one, this one was not too large for it.
                going.broken += 1
                carried, going.carried = going.carried, False
                if not carried and (going.broken > MOST_BROKEN or not self._smaller(batch, fault)):
                    raise
                continue
            except (TooLarge, EnvelopeUnreadable, Stumbled) as fault:
                if self._smaller(batch, fault):
                    continue
                if not isinstance(fault, Stumbled) or not batch.entries:
                    raise
                going.pass_by(fault)
                going.after = batch.last_sequence
                continue
            going.first = False
            going.carried, going.broken = True, 0
            going.after = batch.last_sequence
            self._size = self._size.grown()
            going.note(settled)
            if settled.resent and not going.resent:
                going.resent, going.after = True, 0

    def _send_apart(self, going: Going) -> bool:
        """One by one the envelopes whose large parts travel ahead of them, and what waits behind those. One
        that cannot go holds up its own application alone. False where the hub knows no such parts."""
        # Kept beyond the settling of the first: what waited behind it is then nothing special any more.
        known: dict[EnvelopeId, OutboxEntry] = {}
        tried: set[EnvelopeId] = set()
        held: set[ApplicationId | None] = set()
        while not self._stopping():
            known |= {entry.envelope_id: entry for entry in self._apart()}
            waiting = (known[id] for id in known if id not in tried)
            entry = next((entry for entry in waiting if entry.application_id not in held), None)
            if entry is None:
                break
            if (pieces := self._carrier.apart) is None:
                return False
            tried.add(entry.envelope_id)
            with self._database.reader() as repositories:
                batch = outbox.single(repositories, entry.envelope_id)
            if batch is None:
                continue
            if batch.damaged:
                self._set_aside(batch.damaged, ReasonCode.DAMAGED)
                continue
            try:
                if not self._send_single(batch, pieces, going):
                    held |= {entry.application_id} - {None}
            except LineFault:
                raise
            except (TooLarge, EnvelopeUnreadable) as fault:
                self._smaller(batch, fault)
            except HubFault as fault:
                held |= {entry.application_id} - {None}
                going.pass_by(fault)
        return True

    def _send_single(self, batch: Batch, pieces: PieceCarrier, going: Going) -> bool:
        """Whether the hub has answered for it."""

        def went_on() -> bool:
            # It may take long, and what has come meanwhile and needs no such thing goes first.
            self._went_on(Settled())
            self._send_whole(going)
            return not self._stopping()

        def exchange() -> Settled:
            return self._exchange(batch)[0]

        with self._carrying(batch.entries):
            settled = self._uploads.deliver(pieces, batch.entries[0], exchange, went_on)
        if settled is None:
            return False
        going.note(settled)
        return not settled.unsettled

    def _apart(self) -> tuple[OutboxEntry, ...]:
        with self._database.reader() as repositories:
            return repositories.outbox.with_parts_over(APART_OVER, self._agencies)

    def _read(self, after: int, size: BatchSize) -> Batch:
        apart = self._apart() if self._carrier.apart is not None else ()
        but = [entry.envelope_id for entry in apart]
        with self._database.reader() as repositories:
            return outbox.next_batch(
                repositories, after, size.bytes, size.envelopes, self._clock(), self._agencies, but
            )

    def _request(self) -> ExchangeRequest:
        """Without its envelopes."""
        free = shutil.disk_usage(self._database.folder).free
        with self._database.reader() as repositories:
            return outbox.make_request(
                repositories,
                self._kiosk,
                self._carrier.hub,
                now=self._clock(),
                app_version=self._app_version,
                disk_free_bytes=free,
                key=self._key,
            )

    def _exchange(self, batch: Batch) -> tuple[Settled, bool]:
        parcel = Parcel(self._request(), batch.envelopes)
        with self._carrying(batch.entries):
            answer = self._carrier.exchange(parcel)
        carrier, hub = self._carrier.name, self._carrier.hub

        def work(repositories: Repositories) -> Settled:
            now = repositories.clock()
            was_heard(repositories, parcel.request.journal)
            return outbox.settle(repositories, batch, answer, carrier=carrier, hub=hub, now=now)

        settled = self._lane.submit(work).result()
        self._answered(settled)
        return settled, answer.more

    @contextmanager
    def _carrying(self, entries: Iterable[OutboxEntry]) -> Iterator[None]:
        """One may be carried within another: a whole batch between two pieces of an attachment."""
        ids = [entry.envelope_id for entry in entries]
        if not ids:
            yield
            return
        self._on_its_way += ids
        self._goes(frozenset(self._on_its_way))
        try:
            yield
        finally:
            del self._on_its_way[-len(ids) :]
            self._goes(frozenset(self._on_its_way))

    def _smaller(self, batch: Batch, fault: Fault) -> bool:
        """Makes the next batch smaller; sets a single envelope aside that is itself the trouble."""
        if len(batch.entries) > 1:
            self._size = self._size.halved(len(batch.entries))
            return True
        if batch.entries and isinstance(fault, TooLarge):
            return self._set_aside(batch.entries, ReasonCode.TOO_LARGE, fault.detail)
        if batch.entries and isinstance(fault, EnvelopeUnreadable):
            return self._set_aside(batch.entries, ReasonCode.UNREADABLE, fault.detail)
        return False

    def _set_aside(self, entries: tuple[OutboxEntry, ...], code: ReasonCode, text: str = "") -> bool:
        def work(repositories: Repositories) -> int:
            return outbox.set_aside(repositories, entries, code, text, repositories.clock())

        count = self._lane.submit(work).result()
        self._went_on(Settled(set_aside=count))
        return count > 0

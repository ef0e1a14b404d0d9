"""When to try, how much at once, when to try again: a thread of its own that never stops for a failure."""

import logging
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.errors import Fault, HubFault, LineFault, Message
from kiosk.ids import ApplicationId, EnvelopeId, KioskId
from kiosk.store.engine import Database
from kiosk.store.lane import Deliver, WriterLane
from kiosk.store.outbox import Agencies, OutboxEntry
from kiosk.store.repositories import Repositories
from kiosk.texts import N_
from sync import outbox
from sync.attachments import Uploads
from sync.carriers.port import (
    Broken,
    Carrier,
    EnvelopeUnreadable,
    Meter,
    Parcel,
    PieceCarrier,
    Stumbled,
    TimedOut,
    TooLarge,
)
from sync.going import MOST_BROKEN, Going
from sync.journal_head import was_heard
from sync.outbox import Batch, Settled
from sync.pace import Backoff, BatchSize
from sync.protocol import APART_OVER, ExchangeRequest, ReasonCode

log = logging.getLogger(__name__)

HEARTBEAT_EVERY = timedelta(minutes=15)
"""With nothing to send: to fetch what came for this kiosk, and to let the hub know how it is."""

Waiter = Callable[[threading.Event, float | None], bool]
"""Waits for the event, at most so many seconds; true when it was set."""


class Phase(StrEnum):
    """What the courier does just now."""

    RESTING = "resting"
    TRYING = "trying"
    FAILED = "failed"
    """The last try failed; it tries again by itself."""


@dataclass(frozen=True, slots=True)
class CourierState:
    """How it stands. ``done`` and ``total`` count envelopes of the present or the last try; ``waiting`` and
    ``attention`` are the store's own counts after it."""

    phase: Phase = Phase.RESTING
    done: int = 0
    total: int = 0
    set_aside: int = 0
    statuses: int = 0
    waiting: int = 0
    attention: int = 0
    bytes_up: int = 0
    """Of the present or the last try."""
    meter: Meter = Meter()  # noqa: RUF009 - frozen
    """Since the carrier was made."""
    fault: Fault | None = None
    last_success_at: datetime | None = None
    clock_error: timedelta | None = None


Listener = Callable[[CourierState], None]


class Courier:
    """Takes what waits in the store to the hub, and brings home what waits there. With the device ``key``
    it sends the journal's head along.

    Reads with sessions of its own and posts every write to the lane. Listeners and the callbacks of
    :meth:`try_now` are handed to ``deliver``, in order. Start it once; :meth:`stop` ends its thread.
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
        random: Random,
        deliver: Deliver,
        key: Ed25519PrivateKey | None = None,
        wait: Waiter = threading.Event.wait,
        heartbeat_every: timedelta = HEARTBEAT_EVERY,
        agencies: Agencies | None = None,
    ) -> None:
        self._agencies = agencies
        self._database = database
        self._lane = lane
        self._carrier = carrier
        self._kiosk = kiosk
        self._app_version = app_version
        self._clock = clock
        self._deliver = deliver
        self._key = key
        self._wait = wait
        self._heartbeat_every = heartbeat_every
        self._backoff = Backoff(random)
        self._size = BatchSize()
        self._uploads = Uploads(kiosk)
        self._moved_before = 0
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._asked: list[Listener] = []
        self._listeners: list[Listener] = []
        self._state = CourierState()
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)

    @property
    def state(self) -> CourierState:
        with self._lock:
            return self._state

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float = 2.0) -> bool:
        """Ends the thread; false where a request is still under way after ``timeout_s``. What that one
        carries stays waiting and is asked about at the next start."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        ended = not self._thread.is_alive()
        if ended:
            self._carrier.close()
        return ended

    def nudge(self) -> None:
        """Something new waits: try soon. Returns at once."""
        self._wake.set()

    def network_up(self) -> None:
        """The line seems to be back: try now, and be patient no longer."""
        with self._lock:
            self._backoff.reset()
        self._wake.set()

    def try_now(self, done: Listener) -> None:
        """Tries at once; ``done`` hears how a whole try went that began after this call. Returns at once."""
        with self._lock:
            self._backoff.reset()
            self._asked.append(done)
        self._wake.set()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """``listener`` hears every state from now on; the returned call ends that."""
        with self._lock:
            self._listeners.append(listener)

        def end() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return end

    def _run(self) -> None:
        pause = timedelta()
        while not self._stopping.is_set():
            self._wait(self._wake, pause.total_seconds())
            self._wake.clear()
            if self._stopping.is_set():
                break
            with self._lock:
                asked, self._asked = self._asked, []
            pause = self._try()
            state = self.state
            for done in asked:
                self._tell(done, state)

    def _try(self) -> timedelta:
        """One whole try. Returns how long to rest after it."""
        try:
            retry_after = self._rounds()
        except Fault as fault:
            return self._failed(fault)
        except (CancelledError, Exception) as error:
            # A bug must not end the courier: what waits has to go once the bug's cause is gone.
            log.exception("the courier stumbled")
            return self._failed(
                HubFault(
                    Message(N_("Sending did not work this time.")),
                    Message(N_("The kiosk tries again by itself. Everything is kept here.")),
                    type(error).__name__,
                )
            )
        with self._lock:
            unsettled = retry_after is not None
            pause = self._backoff.failed(retry_after) if unsettled else self._heartbeat_every
            if not unsettled:
                self._backoff.reset()
        self._show(phase=Phase.RESTING, fault=None, **self._counts())
        return pause

    def _rounds(self) -> timedelta | None:
        """Requests until nothing waits here or there. None, or the wait wanted for what is unsettled."""
        counts = self._counts()
        self._moved_before = self._carrier.meter.bytes_up
        self._show(
            phase=Phase.TRYING, done=0, set_aside=0, statuses=0, total=counts["waiting"], fault=None, **counts
        )
        going = Going()
        apart = self._carrier.apart is not None
        self._send_whole(going)
        if apart and not self._send_apart(going):
            # The hub is older than the kiosk thought: what was to travel by itself travels inside.
            going.after = 0
            self._send_whole(going)
        if going.stumble is not None:
            raise going.stumble
        return going.retry_after

    def _send_whole(self, going: Going) -> None:
        """Everything that fits into a request as it is, in batches."""
        while not self._stopping.is_set():
            batch, parcel = self._next(going.after)
            if batch.damaged:
                self._set_aside(batch.damaged, ReasonCode.DAMAGED)
                continue
            if not (batch.entries or going.first or going.more):
                break
            try:
                settled, going.more = self._exchange(batch, parcel)
            except TimedOut:
                self._size = self._size.halved(len(batch.entries))
                raise
            except Broken as fault:
                # A line that breaks again and again still carries what fits between two breaks.
                going.broken += 1
                if going.broken > MOST_BROKEN or not self._smaller(batch, fault):
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
            going.broken = 0
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
        while not self._stopping.is_set():
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
            self._show()
            self._send_whole(going)
            return not self._stopping.is_set()

        def exchange() -> Settled:
            return self._exchange(batch, Parcel(self._request(), batch.envelopes))[0]

        settled = self._uploads.deliver(pieces, batch.entries[0], exchange, went_on)
        if settled is None:
            return False
        going.note(settled)
        return not settled.unsettled

    def _apart(self) -> tuple[OutboxEntry, ...]:
        with self._database.reader() as repositories:
            return repositories.outbox.with_parts_over(APART_OVER, self._agencies)

    def _next(self, after: int) -> tuple[Batch, Parcel]:
        apart = self._apart() if self._carrier.apart is not None else ()
        but = [entry.envelope_id for entry in apart]
        with self._database.reader() as repositories:
            batch = outbox.next_batch(
                repositories,
                after,
                self._size.bytes,
                self._size.envelopes,
                self._clock(),
                self._agencies,
                but,
            )
        return batch, Parcel(self._request(), batch.envelopes)

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

    def _exchange(self, batch: Batch, parcel: Parcel) -> tuple[Settled, bool]:
        answer = self._carrier.exchange(parcel)
        carrier, hub = self._carrier.name, self._carrier.hub

        def work(repositories: Repositories) -> Settled:
            now = repositories.clock()
            was_heard(repositories, parcel.request.journal)
            return outbox.settle(repositories, batch, answer, carrier=carrier, hub=hub, now=now)

        settled = self._lane.submit(work).result()
        state = self.state
        self._show(
            done=state.done + settled.acknowledged,
            total=state.total + settled.resent,
            set_aside=state.set_aside + settled.set_aside,
            statuses=state.statuses + settled.statuses,
            last_success_at=self._clock(),
        )
        return settled, answer.more

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
        self._show(set_aside=self.state.set_aside + count)
        return count > 0

    def _failed(self, fault: Fault) -> timedelta:
        hub, now = self._carrier.hub, self._clock()
        try:
            self._lane.submit(lambda repositories: repositories.cursors.failed(hub, now, str(fault))).result()
            counts = self._counts()
        except (Fault, RuntimeError):
            # The store is the trouble itself, or is closing: the state below tells the person.
            counts = {}
        self._show(phase=Phase.FAILED, fault=fault, **counts)
        with self._lock:
            return self._backoff.failed()

    def _counts(self) -> dict[str, int]:
        with self._database.reader() as repositories:
            counts = repositories.outbox.counts()
        return {"waiting": counts.waiting, "attention": counts.attention}

    def _show(self, **changes: object) -> None:
        with self._lock:
            self._state = replace(
                self._state,
                meter=self._carrier.meter,
                bytes_up=self._carrier.meter.bytes_up - self._moved_before,
                clock_error=self._carrier.clock_error,
                **changes,  # type: ignore[arg-type]
            )
            state, listeners = self._state, tuple(self._listeners)
        for listener in listeners:
            self._tell(listener, state)

    def _tell(self, listener: Listener, state: CourierState) -> None:
        self._deliver(lambda: listener(state))

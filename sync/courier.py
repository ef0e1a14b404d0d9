"""When to try, and when to try again: a thread of its own that never stops for a failure."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.errors import Fault, HubFault, Message
from kiosk.ids import EnvelopeId, KioskId
from kiosk.store.engine import Database
from kiosk.store.lane import Deliver, WriterLane
from kiosk.store.outbox import Agencies
from kiosk.texts import N_
from sync.carriers.port import Carrier, Meter
from sync.downloads import Downloads
from sync.outbox import Settled
from sync.pace import Backoff
from sync.sending import Sending

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
    on_its_way: frozenset[EnvelopeId] = frozenset()
    """What is in a request that is being sent just now."""
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
        downloads: Downloads | None = None,
    ) -> None:
        self._downloads = downloads
        self._database = database
        self._lane = lane
        self._carrier = carrier
        self._clock = clock
        self._deliver = deliver
        self._wait = wait
        self._heartbeat_every = heartbeat_every
        self._backoff = Backoff(random)
        self._moved_before = 0
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._sending = Sending(
            database=database,
            lane=lane,
            carrier=carrier,
            kiosk=kiosk,
            app_version=app_version,
            clock=clock,
            key=key,
            agencies=agencies,
            stopping=self._stopping.is_set,
            answered=self._answered,
            went_on=self._went_on,
            goes=lambda ids: self._show(on_its_way=ids),
        )
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
            self._sending.close()
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
            if self._downloads is not None and state.phase is Phase.RESTING:
                self._downloads.fetch(self._is_idle)

    def _is_idle(self) -> bool:
        """Nobody has asked for anything since the last try began, so nothing new waits."""
        return not (self._stopping.is_set() or self._wake.is_set())

    def _try(self) -> timedelta:
        """One whole try. Returns how long to rest after it."""
        try:
            retry_after = self._send()
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

    def _send(self) -> timedelta | None:
        """Requests until nothing waits here or there. None, or the wait wanted for what is unsettled."""
        counts = self._counts()
        self._moved_before = self._carrier.meter.bytes_up
        self._show(
            phase=Phase.TRYING, done=0, set_aside=0, statuses=0, total=counts["waiting"], fault=None, **counts
        )
        return self._sending.send()

    def _answered(self, settled: Settled) -> None:
        self._went_on(settled, last_success_at=self._clock())

    def _went_on(self, settled: Settled, **changes: object) -> None:
        state = self.state
        self._show(
            done=state.done + settled.acknowledged,
            total=state.total + settled.resent,
            set_aside=state.set_aside + settled.set_aside,
            statuses=state.statuses + settled.statuses,
            **changes,
        )

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

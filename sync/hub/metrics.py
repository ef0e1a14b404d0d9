"""What a hub's operator watches (Prometheus): counts and times, and nothing of any person.

Counters are each process's own, as Prometheus expects; what is in the database (kiosks, what waits at them)
is the same at every process and read when it is asked for.
"""

from collections import Counter as Tally
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from sync.hub.database import HubDatabase, micros
from sync.hub.rows import ApplicationRow, KioskRow, PartRow, SetAsideRow
from sync.kinds import Outcome
from sync.protocol import ExchangeAnswer

SILENT_AFTER = timedelta(days=1)

_OUTCOMES = frozenset(Outcome)


class HubMetrics:
    """One process's counters, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "opora_hub_requests", "Requests answered.", ("place", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "opora_hub_request_seconds",
            "From a request's first byte to its answer.",
            ("place",),
            registry=self.registry,
            buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
        )
        self._bytes = Counter(
            "opora_hub_request_bytes", "Bytes of bodies as they came.", registry=self.registry
        )
        self._refusals = Counter(
            "opora_hub_refusals",
            "Requests refused, by the refusal's code.",
            ("code",),
            registry=self.registry,
        )
        self._envelopes = Counter(
            "opora_hub_envelopes",
            "Envelopes answered, repeats included, by outcome.",
            ("outcome",),
            registry=self.registry,
        )

    def watch(self, database: HubDatabase, clock: Callable[[], datetime]) -> None:
        """Adds what the database knows, read at each scrape."""
        self.registry.register(_InTheDatabase(database, clock))

    def request(self, place: str, status: int, seconds: float, body_bytes: int, refusal: str | None) -> None:
        """``place`` is a route's path, never what somebody typed."""
        self._requests.labels(place, str(status)).inc()
        self._seconds.labels(place).observe(seconds)
        self._bytes.inc(body_bytes)
        if refusal is not None:
            self._refusals.labels(refusal).inc()

    def answered(self, answer: ExchangeAnswer, envelopes: int) -> None:
        """``envelopes`` came; those without an acknowledgement of their own are in the answer's runs."""
        for outcome, count in Tally(each.outcome for each in answer.acknowledgements).items():
            self._envelopes.labels(outcome if outcome in _OUTCOMES else "other").inc(count)
        in_runs = envelopes - len(answer.acknowledgements)
        if answer.stored and in_runs > 0:
            self._envelopes.labels(Outcome.STORED).inc(in_runs)


class _InTheDatabase(Collector):
    def __init__(self, database: HubDatabase, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def describe(self) -> Iterator[GaugeMetricFamily]:
        # Registering must not read a database.
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            figures = self._read()
        except SQLAlchemyError:
            yield GaugeMetricFamily("opora_hub_database_up", "1 while the database answers.", 0)
            return
        yield GaugeMetricFamily("opora_hub_database_up", "1 while the database answers.", 1)
        for name, (text, value) in figures.items():
            yield GaugeMetricFamily(f"opora_hub_{name}", text, value)

    def _read(self) -> dict[str, tuple[str, float]]:
        now = self._clock()
        silent = micros(now - SILENT_AFTER)
        active = KioskRow.revoked_at.is_(None)
        with self._database.transaction() as session:

            def one(what: object, *where: object) -> float:
                return float(session.scalar(select(what).where(*where)) or 0)  # type: ignore[call-overload]

            oldest = session.scalar(select(func.min(KioskRow.oldest_waiting_at)).where(active))
            return {
                "kiosks": ("Kiosks that may send.", one(func.count(KioskRow.id), active)),
                "kiosks_silent": (
                    "Kiosks that were not heard for a day.",
                    one(func.count(KioskRow.id), active, func.coalesce(KioskRow.heard_at, 0) < silent),
                ),
                "waiting": (
                    "Envelopes that wait at kiosks, as last heard.",
                    one(func.sum(KioskRow.waiting), active),
                ),
                "waiting_oldest_seconds": (
                    "Age of the oldest envelope that waits at a kiosk, as last heard.",
                    0.0 if oldest is None else max(0.0, (micros(now) - oldest) / 1e6),
                ),
                "attention": (
                    "Envelopes that somebody at a kiosk has to look at.",
                    one(func.sum(KioskRow.attention), active),
                ),
                "applications": ("Applications held.", one(func.count(ApplicationRow.id))),
                "set_aside": ("Envelopes set aside here.", one(func.count(SetAsideRow.envelope_id))),
                "unopened_parts": (
                    "Sealed parts whose key or form is missing here.",
                    one(func.count(PartRow.number), PartRow.state.in_(["no-key", "no-form"])),
                ),
            }

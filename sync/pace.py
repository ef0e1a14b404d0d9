"""How often to try, and how much at once. Pure: no clock, no thread."""

from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

LEAST_WAIT = timedelta(seconds=10)
MOST_WAIT = timedelta(minutes=15)


@dataclass(slots=True)
class Backoff:
    """Capped exponential back-off with jitter: many kiosks whose hub comes back do not all come at once."""

    random: Random
    least: timedelta = LEAST_WAIT
    most: timedelta = MOST_WAIT
    failures: int = 0

    def failed(self, asked_for: timedelta | None = None) -> timedelta:
        """How long to wait now, from ``least`` to ``most``; no shorter than the hub asked for."""
        self.failures += 1
        doubled: int = 2 ** min(self.failures, 20)
        ceiling = min(self.most, self.least * doubled)
        drawn = ceiling * self.random.uniform(0.5, 1.0)
        return min(self.most, max(self.least, drawn, asked_for or timedelta()))

    def reset(self) -> None:
        self.failures = 0


@dataclass(frozen=True, slots=True)
class BatchSize:
    """Bytes of a batch on the line, and how many envelopes at most. Halved in trouble, grown on success."""

    bytes: int = 64 * 1024
    envelopes: int = 500
    least: int = 4 * 1024
    most: int = 1024 * 1024
    safe: int = 1024 * 1024
    """Up to here it doubles; beyond, where there was trouble before, it grows by an eighth."""

    def halved(self, sent: int) -> "BatchSize":
        """After a batch of ``sent`` envelopes proved too much: also fewer of them, down to one."""
        half = max(self.least, self.bytes // 2)
        return replace(self, bytes=half, envelopes=max(1, sent // 2), safe=half)

    def grown(self) -> "BatchSize":
        wanted = max(min(2 * self.bytes, self.safe), self.bytes * 9 // 8)
        envelopes = min(500, max(2, self.envelopes * 2))
        return replace(self, bytes=min(self.most, wanted), envelopes=envelopes)

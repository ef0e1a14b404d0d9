"""What one whole try of a courier remembers until its end."""

from dataclasses import dataclass
from datetime import timedelta

from kiosk.errors import Fault
from sync.outbox import Settled

MOST_SKIPPED = 5
"""So many envelopes that a hub stumbles over are passed by in one try; then the hub is taken to be ill."""

MOST_BROKEN = 6
"""So often in a row it goes on at once, with less each time, when the line breaks; then it rests."""


@dataclass(slots=True)
class Going:
    """``after`` is the number of the last envelope that was sent as it is, ``carried`` whether a batch has
    got through since the line last broke, ``stumble`` why an envelope was passed by, ``retry_after`` the wait
    wanted for what is unsettled (None: nothing is)."""

    after: int = 0
    first: bool = True
    more: bool = False
    resent: bool = False
    skipped: int = 0
    broken: int = 0
    carried: bool = False
    stumble: Fault | None = None
    retry_after: timedelta | None = None

    def note(self, settled: Settled) -> None:
        if settled.unsettled:
            self.retry_after = max(self.retry_after or timedelta(), settled.retry_after or timedelta())

    def pass_by(self, fault: Fault) -> None:
        """One envelope must not hold up the others; a hub that cannot cope with many is ill."""
        if self.skipped == MOST_SKIPPED:
            raise fault
        self.skipped, self.stumble = self.skipped + 1, fault

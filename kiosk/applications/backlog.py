"""What waits too long, and what was set aside: who has to look at it, and what they can do.

Nobody is ever sent home because of it: applications are taken however much waits.
"""

from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kiosk.ids import EnvelopeId
from kiosk.journal import Action, operator_actor
from kiosk.operators import Permission, SignedIn
from kiosk.store import Clock, Database, Done, Repositories, Setting, WriterLane

WARN_AGE, WARN_COUNT = timedelta(days=3), 50
GRAVE_AGE, GRAVE_COUNT = timedelta(days=14), 500
SEEN_FOR = timedelta(days=7)
"""After so long a coordinator is asked again."""


class Urgency(StrEnum):
    FINE = "fine"
    WARNING = "warning"
    """Somebody should see to the line, or take a stick."""
    GRAVE = "grave"
    """A coordinator has to say that they have seen it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """``seen``: a coordinator has said so lately, of this very backlog."""

    urgency: Urgency
    count: int
    oldest_at: datetime | None
    seen: bool


def urgency(count: int, oldest_at: datetime | None, now: datetime) -> Urgency:
    age = timedelta() if oldest_at is None else now - oldest_at
    if count >= GRAVE_COUNT or age >= GRAVE_AGE:
        return Urgency.GRAVE
    if count >= WARN_COUNT or age >= WARN_AGE:
        return Urgency.WARNING
    return Urgency.FINE


class Backlog:
    def __init__(self, database: Database, lane: WriterLane, clock: Clock) -> None:
        self._database = database
        self._lane = lane
        self._clock = clock

    def waiting(self) -> Waiting:
        """Reads; needs no key."""
        now = self._clock()
        with self._database.reader() as repositories:
            counts = repositories.outbox.counts()
            seen = repositories.settings.get(Setting.BACKLOG_SEEN)
        oldest = counts.oldest_waiting_at
        return Waiting(
            urgency(counts.waiting, oldest, now),
            counts.waiting,
            oldest,
            _is_seen(seen, oldest, now),
        )

    def seen(self, signed_in: SignedIn, done: Done[None] = None) -> Future[None]:
        """The coordinator has seen it; raises SignInFault for anybody else."""
        signed_in.require(Permission.RESEND)
        now = self._clock()

        def work(repositories: Repositories) -> None:
            repositories.settings.put(Setting.BACKLOG_SEEN, now.isoformat())
            counts = repositories.outbox.counts()
            repositories.journal.append(
                now, operator_actor(signed_in.id), Action.BACKLOG_SEEN, "", {"waiting": str(counts.waiting)}
            )

        return self._lane.submit(work, done)

    def try_again(self, signed_in: SignedIn, envelope: EnvelopeId, done: Done[bool] = None) -> Future[bool]:
        """What was set aside waits again. False where it was not set aside (any more)."""
        signed_in.require(Permission.RESEND)
        actor, now = operator_actor(signed_in.id), self._clock()
        return self._lane.submit(
            lambda repositories: repositories.outbox.try_again(envelope, now, actor), done
        )


def _is_seen(seen: str | None, oldest: datetime | None, now: datetime) -> bool:
    if not seen or oldest is None:
        return False
    at = datetime.fromisoformat(seen)
    # A backlog that began after the last look is another one.
    return oldest <= at and timedelta() <= now - at < SEEN_FOR

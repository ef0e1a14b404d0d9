"""Looking an application up by the paper's code, with nobody signed in."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime

from kiosk.errors import SealFault
from kiosk.ids import AgencyId, ApplicationId
from kiosk.operators.throttle import begin_try
from kiosk.store import ApplicationState, ArrivedStatus, Clock, Done, Repositories, WriterLane

RECEIPT = "receipt"
"""What codes that open nothing are counted under."""


@dataclass(frozen=True, slots=True)
class FoundApplication:
    """``for_holder`` is the JSON that was stored for the paper; ``statuses`` are still sealed, in the
    agency's order. An application that another kiosk took has no ``for_holder``, state or times here."""

    id: ApplicationId
    agency: AgencyId | None
    state: ApplicationState | None
    stored_at: datetime | None
    received_at: datetime | None
    for_holder: str | None = field(repr=False)
    statuses: tuple[ArrivedStatus, ...]


class Lookups:
    def __init__(self, lane: WriterLane, clock: Clock) -> None:
        self._lane = lane
        self._clock = clock

    def find(
        self,
        tag: bytes,
        opening: Callable[[bytes], bytes],
        done: Done[FoundApplication | None] = None,
    ) -> Future[FoundApplication | None]:
        """By the tag of a receipt's code; ``opening`` undoes age with the receipt's identity.

        None where this kiosk knows nothing of it: it is then asked for at the next exchange with the hub.
        Faults: :class:`~kiosk.errors.SignInFault` too soon after codes that opened nothing.
        """
        now = self._clock()

        def work(repositories: Repositories) -> FoundApplication | None:
            begin_try(repositories, RECEIPT, now)
            found = _known_here(repositories, tag, opening) or _known_elsewhere(repositories, tag)
            if found is None:
                repositories.questions.ask(tag, now)
                return None
            if found.for_holder is None:
                # There may be news of it, and only the hub has them.
                repositories.questions.ask(tag, now)
            repositories.throttles.clear(RECEIPT)
            return found

        return self._lane.submit(work, done)

    def knows(self, tag: bytes) -> Future[bool]:
        """Whether a code with this tag would open anything here, a draft included. Counts as no try."""
        return self._lane.submit(lambda repositories: _is_known(repositories, tag))


def _is_known(repositories: Repositories, tag: bytes) -> bool:
    return bool(
        repositories.applications.by_tag(tag)
        or repositories.drafts.by_code(tag)
        or repositories.statuses.of(tag)
    )


def _known_here(
    repositories: Repositories, tag: bytes, opening: Callable[[bytes], bytes]
) -> FoundApplication | None:
    record = repositories.applications.by_tag(tag)
    if record is None:
        return None
    view: str | None
    try:
        view = repositories.applications.for_holder(record.id, opening).decode()
    except SealFault:
        # Damaged: what the agency answered can still be read.
        view = None
    return FoundApplication(
        record.id,
        record.agency,
        record.state,
        record.stored_at,
        record.received_at,
        view,
        repositories.statuses.of(record.id),
    )


def _known_elsewhere(repositories: Repositories, tag: bytes) -> FoundApplication | None:
    statuses = repositories.statuses.of(tag)
    if not statuses:
        return None
    return FoundApplication(statuses[0].application, None, None, None, None, None, statuses)

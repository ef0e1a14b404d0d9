"""Brings updates down, piece by piece, in what envelopes leave of the line.

Nothing is fetched while anything waits to be sent, a piece is as long as the line takes some seconds for it,
and a try spends :data:`LINE_S` on it, so that a slow line is left to people's applications.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.errors import Fault, PackFault
from kiosk.ids import KioskId
from kiosk.journal import KIOSK
from kiosk.store.engine import Database
from kiosk.store.lane import WriterLane
from kiosk.updates.release import MOST_HEAD, damaged
from kiosk.updates.service import Updates
from sync.carriers.port import Broken, TimedOut, UpdateCarrier
from sync.going import MOST_BROKEN
from sync.known_release import refuse_release, told_release
from sync.protocol import MOST_PIECE, PackVersion, Wanted

log = logging.getLogger(__name__)

LINE_S = 20.0
"""Seconds of a try, 2 % of the quarter of an hour until the next; a fast line brings all of it in that."""
LARGEST = 16 * 1024 * 1024
"""Bytes of a body: a larger one (the application) comes by stick, or from a package server."""

_LEAST, _FIRST = 2 * 1024, 16 * 1024
_QUICK_S, _SLOW_S = 1.0, 4.0
"""A piece that took less is followed by a larger one, one that took more by a smaller one."""

MayGoOn = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class _Body:
    digest: str
    size: int


class Downloads:
    """What has come lies in the kiosk's own folder, so a try goes on where the last one stopped."""

    def __init__(
        self,
        updates: Updates,
        carrier: UpdateCarrier,
        kiosk: KioskId,
        database: Database,
        lane: WriterLane,
        *,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._updates = updates
        self._carrier = carrier
        self._kiosk = kiosk
        self._database = database
        self._lane = lane
        self._seconds = seconds
        self._piece = _FIRST

    def fetch(self, may_go_on: MayGoOn) -> bool:
        """Whether everything that is wanted is here. Never raises a fault: what is wrong with an update is
        no reason not to send applications, and stands in the journal and on the coordinator's page."""
        until = self._seconds() + LINE_S

        def still() -> bool:
            return may_go_on() and self._seconds() < until

        try:
            return self._fetch(still)
        except Fault as fault:
            log.warning("an update did not come: %s", type(fault).__name__)
            self._updates.trouble = fault
            return False

    def _fetch(self, still: MayGoOn) -> bool:
        with self._database.reader() as repositories:
            told = told_release(repositories)
        if told is not None and not told[1] and not self._head(told[0], still):
            return False
        for target in self._updates.missing():
            if target.size <= LARGEST and not self._bring(_Body(target.digest, target.size), still):
                return False
        self._updates.trouble = None
        return True

    def _head(self, told: PackVersion, still: MayGoOn) -> bool:
        try:
            if told.size > MOST_HEAD:
                raise damaged("the list is too long")
            if not self._bring(_Body(told.digest, told.size), still):
                return False
            head = self._updates.shelf.read(told.digest) or b""
            if not self._updates.trusts_anybody:
                # The hub has signed which head this is, and this kiosk was enrolled by that hub.
                self._updates.trust_first_of(head, KIOSK)
            self._updates.offer(head)
        except PackFault:
            self._lane.submit(lambda repositories: refuse_release(repositories, told)).result()
            raise
        return True

    def _bring(self, body: _Body, still: MayGoOn) -> bool:
        """Piece after piece, beginning where the last try stopped."""
        shelf, in_vain = self._updates.shelf, 0
        arrived = shelf.arrived(body.digest, body.size)
        while arrived < body.size:
            if not still():
                return False
            wanted = Wanted(kiosk=self._kiosk, digest=body.digest, offset=arrived, most=self._piece)
            began = self._seconds()
            try:
                piece = self._carrier.get(wanted)
            except (Broken, TimedOut):
                in_vain += 1
                self._piece = max(_LEAST, self._piece // 2)
                if in_vain > MOST_BROKEN:
                    raise
                continue
            try:
                arrived = shelf.append(body.digest, body.size, piece.offset, piece.body[: wanted.most])
            except PackFault as fault:
                # Once, and not at every try: it is asked for again, since a hub can be mended.
                if not isinstance(self._updates.trouble, PackFault):
                    self._updates.note_refusal(fault)
                raise
            took = self._seconds() - began
            if took < _QUICK_S:
                self._piece = min(MOST_PIECE, self._piece * 2)
            elif took > _SLOW_S:
                self._piece = max(_LEAST, self._piece // 2)
            in_vain = 0 if arrived > wanted.offset else in_vain + 1
            if in_vain > MOST_BROKEN:
                return False
        return True

"""What is done to a kiosk while nobody is at it: an update is taken up, and the first page stays as it is."""

from collections.abc import Callable
from datetime import timedelta

from kiosk.catalogue import Pack
from kiosk.flow.conductor import Conductor
from ui.house import House, servers_of
from ui.threads import Workers

QUIET = timedelta(minutes=1)
"""Nobody has touched the first page for so long."""
LOOK_EVERY = 30
"""Ticks, of about a second each."""


class BetweenPeople:
    """Call :meth:`tick` about once a second, on the thread that shows pages."""

    def __init__(
        self,
        conductor: Conductor,
        house: House,
        workers: Workers,
        report: Callable[[BaseException], None],
        servers_changed: Callable[[], None],
        back_up: Callable[[], object] = lambda: None,
    ) -> None:
        self._conductor = conductor
        self._house = house
        self._workers = workers
        self._report = report
        self._servers_changed = servers_changed
        self._back_up = back_up
        self._ticks = 0
        self._at_work = False
        self._next: Pack | None = None
        house.updates.listeners.append(lambda: house.deliver(self._other_version))

    def tick(self) -> None:
        self._ticks += 1
        if not self._conductor.between_people:
            return
        if self._next is not None:
            self._renew(self._next)
        elif self._ticks % LOOK_EVERY == 0 and self._conductor.untouched_for >= QUIET and not self._at_work:
            self._at_work = True
            self._workers.run(self._house.updates.apply, self._applied)

    def _applied(self, applied: bool | Exception) -> None:
        if isinstance(applied, Exception):
            self._report(applied)
        self._workers.run(self._back_up, self._backed_up)

    def _backed_up(self, made: object) -> None:
        self._at_work = False
        if isinstance(made, Exception):
            self._report(made)

    def _other_version(self) -> None:
        """It counts in the store from now on; whoever is here goes on with what they began with."""
        self._workers.run(self._house.pack, self._loaded)

    def _loaded(self, pack: Pack | Exception) -> None:
        if isinstance(pack, Exception):
            self._report(pack)
        else:
            self._next = pack
            self.tick()

    def _renew(self, pack: Pack) -> None:
        before = self._conductor.desk.pack
        self._next = None
        self._conductor.renew(pack=pack)
        if servers_of(before) != servers_of(pack):
            self._servers_changed()

"""A store of its own for a practice application, in the data folder, erased when the visit ends.

What a power cut leaves of it is erased when the kiosk is opened the next time: it lies where it is sure to be
found, and is sealed like everything else until then.
"""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from threading import Lock

from kiosk.flow.desk import Desk
from kiosk.store import Clock, Deliver
from ui.house import PRACTICE, House
from ui.line import CourierLine
from ui.threads import Workers


class PracticeRoom:
    """Implements :class:`kiosk.flow.desk.Practice`. ``desk`` gives the kiosk's own desk as it is now."""

    def __init__(
        self,
        data: Path,
        clock: Clock,
        deliver: Deliver,
        workers: Workers,
        desk: Callable[[], Desk],
        environment: Mapping[str, str],
    ) -> None:
        self._data = data
        self._clock = clock
        self._deliver = deliver
        self._workers = workers
        self._desk = desk
        self._environment = environment
        self._practice: House | None = None
        self._lock = Lock()

    def begin(self) -> Desk:
        self.close()
        real = self._desk()
        practice = House(
            self._data / PRACTICE, clock=self._clock, deliver=self._deliver, environment=self._environment
        )
        self._practice = practice
        return replace(
            real,
            salt=practice.facts.salt,
            former_salts=(),
            drafts=practice.drafts,
            submissions=practice.submissions,
            lookups=practice.lookups,
            receipts=practice.receipts,
            today=practice.today,
            approvals=practice.approvals,
            likenesses=practice.likenesses,
            replacements=practice.replacements,
            backlog=practice.backlog,
            operators=practice.operators,
            vault=practice.vault,
            backups=practice.backups,
            journal=practice.journal,
            courier=CourierLine(),
            practising=True,
        )

    def end(self, *, finished: bool) -> None:
        def work() -> None:
            self.close()
            if finished:
                self._desk().setting_up.practised()

        self._workers.run(work, _raised)

    def close(self) -> None:
        """Also when the kiosk ends in the middle of a practice."""
        with self._lock:
            if self._practice is not None:
                self._practice.wipe()
                self._practice = None
            shutil.rmtree(self._data / PRACTICE, ignore_errors=True)


def _raised(outcome: Exception | None) -> None:
    if outcome is not None:
        raise outcome

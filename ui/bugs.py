"""What becomes of a bug: its kind and the lines it passed go to a log, never a value that a person gave."""

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import datetime

from kiosk.journal import KIOSK, Action
from kiosk.store import Repositories, WriterLane

log = logging.getLogger("opora.bug")


def report_without_values() -> None:
    """Python prints what nobody caught with its message, which may quote an answer: type and place go to
    the log instead, for every thread."""
    sys.excepthook = lambda _kind, bug, _trace: _log(bug)
    threading.excepthook = lambda args: None if args.exc_value is None else _log(args.exc_value)


def _log(bug: BaseException) -> str:
    """Returns the last place."""
    frames = traceback.extract_tb(bug.__traceback__)
    places = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames[-8:]]
    log.error("%s at %s", type(bug).__name__, " > ".join(places))
    return places[-1] if places else ""


class BugReports:
    """Writes a bug's type and place; its message may quote an answer and is left out."""

    def __init__(self, lane: WriterLane, clock: Callable[[], datetime]) -> None:
        self._lane = lane
        self._clock = clock
        self.count = 0

    def __call__(self, bug: BaseException) -> None:
        self.count += 1
        kind, place = type(bug).__name__, _log(bug)
        now = self._clock()

        def work(repositories: Repositories) -> None:
            repositories.journal.append(now, KIOSK, Action.BUG, kind, {"at": place})

        self._lane.submit(work)

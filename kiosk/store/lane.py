"""The one thread that writes.

Every piece of work is one transaction, committed with a sync to the disk before anybody is told that it is
done. Work is done in the order in which it was handed in.
"""

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeAlias, TypeVar

from sqlalchemy.orm import Session

from kiosk.errors import Fault
from kiosk.store.engine import Database, faults_told
from kiosk.store.repositories import Repositories

T = TypeVar("T")

Outcome: TypeAlias = T | Exception
"""What became of a piece of work: its value, a :class:`Fault` (the world's doing), or a bug's exception."""

Done: TypeAlias = Callable[[Outcome[T]], None] | None

Deliver: TypeAlias = Callable[[Callable[[], None]], None]
"""Runs a call where its owner wants it: a GUI posts it to its own thread, a test calls it at once."""


class Refused(Exception):
    """Raised by work that says no and whose writes are kept all the same: a wrong try has to be counted."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


_Job: TypeAlias = Callable[[], None]

log = logging.getLogger(__name__)


class WriterLane:
    """The only writing session of the process. ``submit`` may be called from any thread."""

    def __init__(self, database: Database, deliver: Deliver) -> None:
        self.database = database
        self.deliver = deliver
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="writer-lane", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Repositories], T], done: Done[T] = None) -> Future[T]:
        """Does ``work`` in a transaction of its own; ``done`` hears the outcome after the commit.

        An exception rolls everything back. The future has the same outcome, for those who wait: never wait
        on it in the lane's own thread or in a GUI's.
        """
        future: Future[T] = Future()

        def job() -> None:
            outcome = self._outcome(work, whole_log=False)
            self._tell(future, done, outcome)

        self._put(job)
        return future

    def empty_log(self) -> Future[None]:
        """Cuts the write-ahead log to nothing, so that no old page outlives a person's session."""
        future: Future[None] = Future()

        def job() -> None:
            self._tell(future, None, self._outcome(lambda _: None, whole_log=True))

        self._put(job)
        return future

    def drain(self) -> None:
        """Returns when everything handed in so far has been done."""
        reached = threading.Event()
        self._put(reached.set)
        reached.wait()

    def close(self) -> None:
        """Does what was handed in, then ends the thread. Handing in more is a bug and raises."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        self._thread.join()

    def _put(self, job: _Job) -> None:
        with self._closing:
            if self._closed:
                raise RuntimeError("the writer lane is closed")
            self._jobs.put(job)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()

    def _outcome(self, work: Callable[[Repositories], T], *, whole_log: bool) -> Outcome[T]:
        try:
            with faults_told():
                with Session(self.database.writer, autoflush=False) as session, session.begin():
                    value = _result(work, Repositories(session, self.database.clock))
                if whole_log:
                    self.database.empty_log()
                return value
        except Fault as fault:
            return fault
        except Exception as error:
            # The type only: an exception's text may carry what a person said.
            log.error("work in the writer lane failed: %s", type(error).__name__)
            return error

    def _tell(self, future: Future[T], done: Done[T], outcome: Outcome[T]) -> None:
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
        if done is not None:
            told = done
            self.deliver(lambda: told(outcome))


def _result(work: Callable[[Repositories], T], repositories: Repositories) -> Outcome[T]:
    try:
        return work(repositories)
    except Refused as refused:
        return refused.fault

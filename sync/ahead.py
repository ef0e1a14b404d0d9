"""Reads the next batch while the hub answers for the last one: both ends then work at the same time."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

from sync.outbox import Batch
from sync.pace import BatchSize

Read = Callable[[int, BatchSize], Batch]
"""The batch behind a sequence number, of at most such a size."""


class ReadAhead:
    """What was read ahead counts only for the very number and size that it was read for: after any trouble
    those are others, and the batch is read anew."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._thread = ThreadPoolExecutor(1, "courier-ahead")
        self._asked: tuple[int, BatchSize] | None = None
        self._ahead: Future[Batch] | None = None

    def start(self, after: int, size: BatchSize) -> None:
        self.drop()
        self._asked, self._ahead = (after, size), self._thread.submit(self._read, after, size)

    def take(self, after: int, size: BatchSize) -> Batch:
        """Raises what reading raises."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None and self._asked == (after, size):
            batch = ahead.result()
            if batch.entries or batch.damaged:
                return batch
            # Nothing waited then; something may have come since.
        elif ahead is not None:
            wait([ahead])
        return self._read(after, size)

    def drop(self) -> None:
        """Returns when nothing reads any more."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None and not ahead.cancel():
            wait([ahead])

    def close(self) -> None:
        self._thread.shutdown()

"""How results of other threads come back to the one that shows pages."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal

T = TypeVar("T")
Deliver = Callable[[Callable[[], None]], None]


class GuiDelivery(QObject):
    """Calls what other threads hand over, in order, on the thread that made this object."""

    _handed_over = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._handed_over.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def __call__(self, call: Callable[[], None]) -> None:
        """May be called from any thread; returns at once."""
        self._handed_over.emit(call)

    def _call(self, call: Callable[[], None]) -> None:
        call()


class Workers:
    """Two threads for work that is longer than a frame: key derivation, paper, forms.

    Implements :class:`kiosk.flow.desk.Background`: what ``work`` raises is handed to ``done`` as a value.
    """

    def __init__(self, deliver: Deliver) -> None:
        self._deliver = deliver
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="work")

    def run(self, work: Callable[[], T], done: Callable[[T | Exception], None]) -> None:
        def finished(future: Future[T]) -> None:
            failure = future.exception()
            if failure is not None and not isinstance(failure, Exception):
                raise failure
            result: T | Exception = future.result() if failure is None else failure
            self._deliver(lambda: done(result))

        self._pool.submit(work).add_done_callback(finished)

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

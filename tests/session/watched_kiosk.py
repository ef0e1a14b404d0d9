"""The kiosk as `opora kiosk` runs it, with two windows into it for a test.

``python -m tests.session.watched_kiosk DATA`` says PAINTED=1 on the supervisor's own socket when the page is
painted for the first time, and stands still for good when it gets SIGUSR1.
"""

import os
import signal
import sys
import threading
from pathlib import Path

from PySide6.QtCore import QEvent, QObject

from ui.forgetful import start_forgetful


def stand_still(*_: object) -> None:
    threading.Event().wait()


class FirstPaint(QObject):
    """Speaks up behind the first paint event that a page has answered."""

    def __init__(self) -> None:
        super().__init__()
        from ui.service import Supervisor

        self._supervisor = Supervisor(os.environ["NOTIFY_SOCKET"])
        self._painted = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's own name
        if event.type() is QEvent.Type.Paint and not self._painted:
            self._painted = True
            self._supervisor.tell("PAINTED=1")
        return False


def main() -> None:
    start_forgetful()
    from ui.opening import Opening, application, glass_here, run

    qt = application()
    opening = Opening(Path(sys.argv[1]), glass_here("15.6"), guarded=True)
    first = FirstPaint()
    opening.window.page.installEventFilter(first)
    signal.signal(signal.SIGUSR1, stand_still)
    opening.window.showFullScreen()
    sys.exit(run(qt, opening))


if __name__ == "__main__":
    main()

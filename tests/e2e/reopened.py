"""Opens the kiosk over a folder as switching it on does, and says where it stands.

``python -m tests.e2e.reopened DATA`` prints one JSON object: the ``screen`` with its ``title`` and
``where`` (where-you-are), the ``answers`` given in the open form by their questions, and how many drafts
are ``waiting``.
"""

import json
import sys
import time
from pathlib import Path

from PySide6.QtTest import QTest

from kiosk.flow.table import Screen
from kiosk.forms import Answer
from ui.glass import Glass
from ui.opening import Opening, application

PATIENCE_S = 60.0


def main() -> None:
    application()
    opening = Opening(Path(sys.argv[1]), Glass.panel("15.6", 1920, 1080))
    opening.window.show()
    deadline = time.monotonic() + PATIENCE_S
    while not _stands(opening):
        if opening.failure is not None:
            raise opening.failure
        if time.monotonic() > deadline:
            raise TimeoutError("the kiosk did not come to rest")
        QTest.qWait(10)
    app = opening.app
    assert app is not None
    view, session = app.conductor.shown, app.conductor.visit.errand.session
    given = [] if session is None else [step.ref for step in session.steps if isinstance(step, Answer)]
    answers = {} if session is None else {ref: session.value(ref) for ref in given}
    counts = app.house.today.counts(app.house.clock())
    opening.close()
    print(
        json.dumps(
            {
                "screen": view.screen,
                "title": view.title,
                "where": view.where,
                "answers": answers,
                "waiting": counts.drafts,
            }
        )
    )


def _stands(opening: Opening) -> bool:
    app = opening.app
    return app is not None and app.conductor.screen is not Screen.MOMENT and not app.conductor.working()


if __name__ == "__main__":
    main()

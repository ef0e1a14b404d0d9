"""Every answer is stored when it is given: the walk moves on only after the store said so."""

import json
from collections.abc import Callable

from kiosk.applications import OpenDraft
from kiosk.flow import walk
from kiosk.flow.enclosing import line_of
from kiosk.flow.presenter import Stage
from kiosk.flow.visit import Errand


def draft_of(errand: Errand) -> OpenDraft:
    assert errand.draft is not None, "a draft is open wherever answers are given"
    return errand.draft


def save(stage: Stage, done: Callable[[], None], enclosed: str = "") -> None:
    """Stores the session's new steps and where the screen now stands in one transaction, then ``done``.

    Steps that a full disk refused go with the next attempt, in order: the session has taken them already.
    ``enclosed`` names the enclosure to keep beside them, since an XForm holds only a file name for it.
    """
    errand = stage.visit.errand
    steps = walk.session_of(errand).steps
    lines = [json.dumps(step.to_json(), ensure_ascii=False) for step in steps[errand.stored_steps :]]
    if enclosed:
        lines.append(line_of(enclosed, errand.enclosures[enclosed]))

    def saved(_: None) -> None:
        errand.stored_steps = len(steps)
        done()

    def start(arrived: Callable[[Exception | None], None]) -> None:
        stage.desk.drafts.record_all(draft_of(errand), lines, walk.saved_place(errand), arrived)

    stage.wait_for(start, saved)

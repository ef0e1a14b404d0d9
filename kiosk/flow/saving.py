"""Every answer is stored when it is given: the walk moves on only after the store said so."""

import json
from collections.abc import Callable

from kiosk.applications import OpenDraft
from kiosk.flow import walk
from kiosk.flow.presenter import Stage
from kiosk.flow.view import Stroke
from kiosk.flow.visit import Errand

STROKES_FILE = "signature.json"
"""What stands in the form for a signature; the strokes themselves travel beside it."""

DRAWN = "attachment"
"""What tells a stored signature from a step of the form."""


def draft_of(errand: Errand) -> OpenDraft:
    assert errand.draft is not None, "a draft is open wherever answers are given"
    return errand.draft


def save(stage: Stage, done: Callable[[], None], strokes: tuple[Stroke, ...] = ()) -> None:
    """Stores the session's new steps and where the screen now stands in one transaction, then ``done``.

    Steps that a full disk refused go with the next attempt, in order: the session has taken them already.
    ``strokes`` are kept beside the steps, since an XForm holds only a file name for a signature.
    """
    errand = stage.visit.errand
    steps = walk.session_of(errand).steps
    lines = [json.dumps(step.to_json(), ensure_ascii=False) for step in steps[errand.stored_steps :]]
    if strokes:
        lines.append(json.dumps({DRAWN: STROKES_FILE, "strokes": drawn(strokes)}))

    def saved(_: None) -> None:
        errand.stored_steps = len(steps)
        done()

    def start(arrived: Callable[[Exception | None], None]) -> None:
        stage.desk.drafts.record_all(draft_of(errand), lines, walk.saved_place(errand), arrived)

    stage.wait_for(start, saved)


def drawn(strokes: tuple[Stroke, ...]) -> list[list[list[float]]]:
    """Strokes as JSON holds them: lists of [x, y, milliseconds]."""
    return [[list(point) for point in each.points] for each in strokes]

"""Every answer is stored when it is given: the walk moves on only after the store said so."""

import json
from collections.abc import Callable

from kiosk.applications import OpenDraft
from kiosk.flow import walk
from kiosk.flow.presenter import Stage
from kiosk.flow.view import Stroke
from kiosk.flow.visit import Errand
from kiosk.forms import Step


def draft_of(errand: Errand) -> OpenDraft:
    assert errand.draft is not None, "a draft is open wherever answers are given"
    return errand.draft


def save(stage: Stage, steps: tuple[Step, ...], done: Callable[[], None]) -> None:
    """Stores the steps and where the screen now stands in one transaction, then ``done``.

    Steps that a full disk refused wait in ``errand.unsaved`` and go with the next attempt, in order: the
    form session has taken them already.
    """
    save_lines(stage, tuple(line_of(step) for step in steps), done)


def line_of(step: Step) -> str:
    """A step as it is stored."""
    return json.dumps(step.to_json(), ensure_ascii=False)


def save_strokes(stage: Stage, field: str, strokes: tuple[Stroke, ...], done: Callable[[], None]) -> None:
    """The signature's strokes, beside the form's answers: an XForm holds only a file name for them."""
    drawn = {"attachment": field, "strokes": [[list(point) for point in each.points] for each in strokes]}
    save_lines(stage, (json.dumps(drawn),), done)


def save_lines(stage: Stage, lines: tuple[str, ...], done: Callable[[], None]) -> None:
    errand = stage.visit.errand
    errand.unsaved.extend(lines)
    waiting = tuple(errand.unsaved)

    def saved(_: None) -> None:
        del errand.unsaved[: len(waiting)]
        done()

    def start(arrived: Callable[[Exception | None], None]) -> None:
        stage.desk.drafts.record(draft_of(errand), waiting, walk.saved_place(errand), arrived)

    stage.wait_for(start, saved)

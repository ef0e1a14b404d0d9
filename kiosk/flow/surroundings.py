"""What a question's page has around it: the pack's files for its form, and what was drawn so far."""

from collections.abc import Mapping

from kiosk.flow.answering.base import Around
from kiosk.flow.presenter import Stage
from kiosk.ids import FormId
from kiosk.texts import texts_for


def around(stage: Stage) -> Around:
    desk, visit = stage.desk, stage.visit
    return Around(
        texts_for(visit.language), desk.clock(), desk.zone, media_of(stage), visit.errand.enclosures
    )


def media_of(stage: Stage) -> Mapping[str, bytes]:
    """The files that lie in the pack beside the open form, by name."""
    form = stage.visit.errand.form
    file = stage.desk.pack.form(FormId(form.id), form.sha256) if form is not None else None
    return file.attachments if file is not None else {}

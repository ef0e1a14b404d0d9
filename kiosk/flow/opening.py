"""From "I agree" to an open draft: the form is parsed, its session opened, the draft's key made."""

import json
from collections.abc import Callable

from kiosk.applications import ApplicantRole, DraftOpening, FormKey, OpenDraft
from kiosk.flow.desk import Desk
from kiosk.flow.visit import Visit
from kiosk.forms import Form, Opening, Session, parse_form


def begin_draft(
    desk: Desk,
    visit: Visit,
    seed: int,
    consent_version: str,
    done: Callable[[OpenDraft | Exception], None],
) -> None:
    """Parses the form off the page's thread, then opens the draft; ``visit.errand`` holds both at the end."""
    errand = visit.errand
    service = errand.service
    assert service is not None, "a service was chosen before"
    assert service.form is not None, "only a service with a form is applied for"
    file = desk.pack.forms[service.form]
    opening = Opening(at=desk.clock(), seed=seed, device=desk.kiosk_name, username="", language=None)

    def opened(form: Form | Exception) -> None:
        if isinstance(form, Exception):
            done(form)
            return
        errand.form = form
        errand.session = Session(form, opening, desk.zone)
        language = form.language_for(visit.language)
        if language is not None:
            errand.session.language = language
        desk.drafts.begin(
            FormKey(file.id, file.version, file.sha256),
            visit.language,
            DraftOpening(
                service=service.id,
                agency=service.agency,
                who=ApplicantRole(errand.speaker),
                entitlement=errand.entitlement or "",
                consent_version=consent_version,
                session=json.dumps(opening.to_json()),
                helper=None if visit.signed_in is None else visit.signed_in.id,
                volunteer_may_continue=errand.volunteer_may_continue,
                keep_copy=errand.keep_copy,
            ),
            None if visit.signed_in is None else visit.signed_in.id,
            done,
        )

    desk.background.run(lambda: parse_form(file.source, file.attachments), opened)

"""From checked answers to "stored": the receipt's secrets, the sealed envelope, one transaction."""

from collections.abc import Callable

from kiosk.applications import Consent, HolderView, Stored
from kiosk.flow.desk import Desk
from kiosk.flow.enclosing import attachments
from kiosk.flow.presenter import Stage
from kiosk.flow.saving import draft_of
from kiosk.flow.table import Outcome
from kiosk.flow.visit import Kept, Slip, Speaker, Visit
from kiosk.flow.walk import session_of
from kiosk.forms import Finish
from kiosk.ids import FormId
from kiosk.receipts import ReceiptKeys, new_receipt_code, new_reference
from kiosk.store import FormKey

CONSENT_VERSION = "1"


def prepare_slip(stage: Stage) -> None:
    """Begins to make reference, code and keys while the person still reads; harmless when done already."""
    visit = stage.visit
    if visit.slip is None:
        _make_slip(stage, visit, lambda _: None)


def hand_in(stage: Stage) -> None:
    """Seals and stores the application; the stored page follows only after the store said so."""
    visit = stage.visit

    def start(done: Callable[[Stored | Exception], None]) -> None:
        def with_slip(slip: Slip | Exception) -> None:
            if isinstance(slip, Exception):
                done(slip)
            else:
                _submit(stage.desk, visit, slip, done)

        if visit.slip is not None:
            with_slip(visit.slip)
        else:
            _make_slip(stage, visit, with_slip)

    def stored(result: Stored) -> None:
        assert visit.slip is not None
        visit.slip.stored = Kept(result.application_id, result.stored_at)
        stage.desk.courier.nudge()
        stage.go(Outcome.STORED)

    stage.wait_for(start, stored)


def _submit(desk: Desk, visit: Visit, slip: Slip, done: Callable[[Stored | Exception], None]) -> None:
    errand = visit.errand
    service, form, session = errand.service, errand.form, session_of(errand)
    assert service is not None
    assert form is not None
    agency = desk.pack.agencies[service.agency]
    now = desk.clock()
    session.apply(Finish(now))
    meta = {
        "reference": slip.reference,
        "service": service.id,
        "speaker": errand.speaker.value,
        "language": visit.language,
        "centre": desk.centre.name,
    }
    if errand.entitlement is not None:
        meta["entitlement"] = errand.entitlement.value
    holder = HolderView(
        reference=slip.reference,
        service=service.id,
        service_name=service.plain_name.text(visit.language),
        language=visit.language,
        centre=desk.centre.name,
        stored_at=now,
    )
    submission = session.submission(meta)
    desk.submissions.submit(
        draft_of(errand),
        submission_xml=submission,
        form_xml=form.source,
        agency=service.agency,
        agency_recipient=agency.recipient,
        reference=slip.reference,
        code=slip.code,
        keys=slip.keys,
        service=service.id,
        form=FormKey(FormId(form.id), form.version, form.sha256),
        consent=Consent(CONSENT_VERSION, visit.language),
        helpers=_helpers(visit),
        holder_view=holder.to_json(),
        attachments=tuple(attachments(errand.enclosures, submission)),
        done=done,
    )


def _helpers(visit: Visit) -> tuple[str, ...]:
    """Roles, never names."""
    helpers = [] if visit.errand.speaker is Speaker.MYSELF else [visit.errand.speaker.value]
    if visit.signed_in is not None:
        helpers.append(visit.signed_in.role.value)
    return tuple(helpers)


def _make_slip(stage: Stage, visit: Visit, done: Callable[[Slip | Exception], None]) -> None:
    salt = stage.desk.salt

    def make() -> Slip:
        code = new_receipt_code()
        return Slip(new_reference(), code, ReceiptKeys.derive(code, salt))

    def made(slip: Slip | Exception) -> None:
        if isinstance(slip, Slip):
            # Two may have been asked for, one by each page; the first is the one that counts.
            if visit.slip is None:
                visit.slip = slip
            slip = visit.slip
        done(slip)

    stage.desk.background.run(make, made)

"""From checked answers to "stored": the receipt's secrets, the sealed envelope, one transaction."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from kiosk.applications import Consent, HolderView, Likeness, ReadAnswer, Stored, to_be_read
from kiosk.flow.desk import Desk
from kiosk.flow.enclosing import attachments
from kiosk.flow.markup import headed
from kiosk.flow.presenter import Stage
from kiosk.flow.saving import draft_of
from kiosk.flow.table import Outcome
from kiosk.flow.visit import Errand, Kept, Slip, Speaker, Visit
from kiosk.flow.walk import session_of
from kiosk.flow.wording import shown_value
from kiosk.forms import Finish, Question, QuestionKind, Ref, Session
from kiosk.ids import FormId
from kiosk.operators import CentreRules
from kiosk.receipts import ReceiptKeys, new_receipt_code, new_reference
from kiosk.store import FormKey
from kiosk.texts import texts_for

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
    rules, likeness = desk.operators.rules(), likeness_of(session)
    slip.copy_until = copy_kept_until(rules, errand, now)
    holder = HolderView(
        reference=slip.reference,
        service=service.id,
        service_name=service.plain_name.text(visit.language),
        language=visit.language,
        centre=desk.centre.name,
        stored_at=now,
        copy_until=slip.copy_until,
    )
    submission = session.submission(meta)
    desk.submissions.submit(
        draft_of(errand),
        submission_xml=submission,
        form_xml=form.source,
        agency=service.agency,
        agency_recipient=agency.recipient,
        openrosa=bool(agency.openrosa),
        reference=slip.reference,
        code=slip.code,
        keys=slip.keys,
        service=service.id,
        form=FormKey(FormId(form.id), form.version, form.sha256),
        consent=Consent(CONSENT_VERSION, visit.language),
        helpers=_helpers(visit),
        holder_view=holder.to_json(),
        initials=likeness.initials if rules.keeps_initials else "",
        likeness=likeness,
        signed_in=visit.signed_in,
        for_approval=to_be_read(_answers(session, visit.language)) if agency.wants_approval else None,
        copy_until=slip.copy_until,
        attachments=tuple(attachments(errand.enclosures, submission)),
        done=done,
    )


def copy_kept_until(rules: CentreRules, errand: Errand, now: datetime) -> datetime | None:
    """Until when the centre keeps a sealed copy; None without the person's consent."""
    if not errand.keep_copy or not rules.copy_months:
        return None
    return now + timedelta(days=rules.copy_months * 365 // 12)


def likeness_of(session: Session) -> Likeness:
    """Who the person is, from the questions that the form marks for it; members of a household are not."""
    name = born = number = ""
    for ref in session.screens():
        question = session.question(ref)
        if question.person == "name":
            name = name or question.value
        elif question.person == "born":
            born = born or question.value
        elif question.number_kind is not None:
            number = number or question.value
    return Likeness(name, born, number)


def _answers(session: Session, language: str) -> list[ReadAnswer]:
    """Every question that was answered, as the person read it."""
    texts = texts_for(language)
    return [
        ReadAnswer(headed(question.label).title, shown_value(question, session.display(question.ref), texts))
        for question in answered(session, session.screens())
    ]


def answered(session: Session, level: tuple[Ref, ...]) -> Iterator[Question]:
    """At this level and inside of its households, in the form's order."""
    for ref in level:
        question = session.question(ref)
        if question.kind is QuestionKind.REPEAT:
            for instance in session.repeat(ref).instances:
                yield from answered(session, session.children(instance))
        elif question.value and question.kind not in (QuestionKind.NOTE, QuestionKind.SIGNATURE):
            yield question


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

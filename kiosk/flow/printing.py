"""The receipt of this visit: its content, its PDF (in memory alone), and the way to the printer."""

from collections.abc import Callable
from datetime import date, datetime

from kiosk.applications import HolderView, ReceiptSecret, TodaysRow
from kiosk.catalogue import Agency, Service
from kiosk.flow.desk import Desk
from kiosk.flow.presenter import Stage
from kiosk.flow.visit import Speaker, Visit
from kiosk.flow.wording import whom_to_ask
from kiosk.ids import Reference, ServiceId
from kiosk.operators import Role, SignedIn
from kiosk.receipts import (
    PrintJob,
    ReceiptContent,
    ReceiptHelper,
    ReceiptState,
    SecondLanguage,
    receipt_pdf,
)
from kiosk.texts import texts_for

JOB_TITLE = "Opora"
"""What the print queue shows: it names nobody."""


def receipt_of(visit: Visit, desk: Desk, *, copy: bool = False) -> ReceiptContent:
    """What stands on the receipt of the application that this visit handed in; a copy carries no code."""
    slip, service, language = visit.slip, visit.errand.service, visit.language
    assert slip is not None, "a receipt tells of an application"
    assert slip.stored is not None, "a receipt is made for what is stored"
    assert service is not None, "an application is for a service"
    agency = desk.pack.agencies[service.agency]
    return ReceiptContent(
        language=language,
        reference=slip.reference,
        code=None if copy else slip.code,
        service=service.plain_name.text(language),
        form_title=service.name.text(language),
        agency_name=agency.name.text(language),
        agency_phone=agency.phone,
        centre_name=desk.centre.name,
        centre_address=desk.centre.address,
        centre_phone=desk.centre.phone,
        stored_at=slip.stored.stored_at,
        zone=desk.zone,
        next_steps=(*_about_the_day(desk, language), *_next_steps(service, agency, language)),
        copy=copy,
        practice=desk.practising,
        copy_kept_until=_day_of(slip.copy_until, desk),
        helped_by=_helpers(visit),
        second=_second_language(visit, desk),
    )


def receipt_of_row(row: TodaysRow, secret: ReceiptSecret | None, visit: Visit, desk: Desk) -> ReceiptContent:
    """The receipt of an application that was stored earlier, for a volunteer to hand over.

    With ``secret`` it is the receipt itself, which never came out; without, a copy that carries no code.
    With ``secret`` it speaks the applicant's language; a copy speaks that of the page, since the centre
    keeps no other.
    """
    view = None if secret is None else HolderView.from_json(secret.holder_view)
    language = visit.language if view is None else view.language
    service, agency = desk.pack.service(ServiceId(row.service)), desk.pack.agencies.get(row.agency)
    return ReceiptContent(
        language=language,
        reference=Reference(row.reference) if secret is None else secret.reference,
        code=None if secret is None else secret.code,
        service="" if service is None else service.plain_name.text(language),
        form_title="" if service is None else service.name.text(language),
        agency_name="" if agency is None else agency.name.text(language),
        agency_phone="" if agency is None else agency.phone,
        centre_name=desk.centre.name,
        centre_address=desk.centre.address,
        centre_phone=desk.centre.phone,
        stored_at=row.stored_at,
        zone=desk.zone,
        state=ReceiptState.STORED_HERE if row.received_at is None else ReceiptState.RECEIVED,
        received_at=row.received_at,
        next_steps=() if service is None else _next_steps(service, agency, language),
        copy=secret is None,
        copy_kept_until=_day_of(row.copy_until, desk),
    )


def receipt_pdf_for(visit: Visit, desk: Desk, *, copy: bool = False) -> bytes:
    """A PDF of A4 pages, made within about half a second: call it in the background."""
    return receipt_pdf(receipt_of(visit, desk, copy=copy))


def print_receipt(stage: Stage, copy: bool, done: Callable[[], None]) -> None:
    """Sends the receipt to the printer; ``done`` once the queue has it. A PrintFault shows on the page.

    Until somebody has said that it came out, a print is the receipt itself; after that it is a ``copy``.
    """
    slip = stage.visit.slip
    content = receipt_of(stage.visit, stage.desk, copy=copy)

    def taken(job: PrintJob) -> None:
        assert slip is not None
        slip.job, slip.printed = job, True
        done()

    print_content(stage, content, taken)


def print_content(stage: Stage, content: ReceiptContent, done: Callable[[PrintJob], None]) -> None:
    """The same for any receipt, such as one that waited for a volunteer."""
    printer, background = stage.desk.printer, stage.desk.background

    def start(arrived: Callable[[PrintJob | Exception], None]) -> None:
        background.run(lambda: printer.print_pdf(receipt_pdf(content), JOB_TITLE), arrived)

    stage.wait_for(start, done)


def _next_steps(service: Service, agency: Agency | None, language: str) -> tuple[str, ...]:
    elsewhere = None if agency is None else whom_to_ask(agency, texts_for(language))
    return (service.what_next.text(language), *((elsewhere,) if elsewhere else ()))


def _about_the_day(desk: Desk, language: str) -> tuple[str, ...]:
    """A date that may be wrong is not left standing on somebody's paper as if it were right."""
    if not desk.day_is_doubtful():
        return ()
    return (
        texts_for(language).say(
            "The clock of this kiosk was wrong when this was printed."
            " Please let the volunteer write today's date on this paper."
        ),
    )


def _day_of(moment: datetime | None, desk: Desk) -> date | None:
    return None if moment is None else moment.astimezone(desk.zone).date()


def _helpers(visit: Visit) -> tuple[ReceiptHelper, ...]:
    helpers: list[ReceiptHelper] = []
    if visit.errand.speaker is not Speaker.MYSELF:
        helpers.append(ReceiptHelper(visit.errand.speaker))
    if visit.signed_in is not None:
        helpers.append(_role(visit.signed_in))
    return tuple(helpers)


def _role(signed_in: SignedIn) -> ReceiptHelper:
    match signed_in.operator.role:
        case Role.VOLUNTEER:
            return ReceiptHelper.VOLUNTEER
        case Role.COORDINATOR:
            return ReceiptHelper.COORDINATOR


def _second_language(visit: Visit, desk: Desk) -> SecondLanguage | None:
    """The language of the volunteer who is signed in, where it is another than the applicant's."""
    service = visit.errand.service
    if visit.signed_in is None or service is None:
        return None
    language = visit.signed_in.operator.language
    if language == visit.language:
        return None
    return SecondLanguage(
        language, service.plain_name.text(language), desk.pack.agencies[service.agency].name.text(language)
    )

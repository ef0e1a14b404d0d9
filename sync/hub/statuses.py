"""What an agency answers, sealed to the receipt: the paper opens it, and nobody else can."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from kiosk import age
from kiosk.errors import HubFault, Message
from kiosk.ids import new_id
from kiosk.texts import N_
from sync.hub.database import HubDatabase, micros
from sync.hub.deliveries import deliver, lock_kiosk
from sync.hub.rows import ApplicationRow, EnvelopeRow, KioskRow, QuestionRow, StatusRow
from sync.kinds import DECIDED, StatusKind
from sync.protocol import Status, StatusContent

_DECISIONS = frozenset(
    {
        StatusKind.GRANTED,
        StatusKind.GRANTED_IN_PART,
        StatusKind.REFUSED,
        StatusKind.APPEAL_POSSIBLE,
        StatusKind.PAID,
        StatusKind.WITHDRAWN,
    }
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a caseworker says. ``share`` lets the centre know the kind itself; the words stay sealed."""

    kind: str
    reason: str = ""
    by: str = ""
    until: datetime | None = None
    amount: str = ""
    text: str = ""
    share: bool = False


def coarse(kind: str) -> str:
    """What the centre may know of a status without being told its kind."""
    return DECIDED if kind in _DECISIONS else StatusKind.RECEIVED


class Caseworker:
    """Sets statuses at a hub."""

    def __init__(self, database: HubDatabase, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def decide(self, application: str, decision: Decision) -> Status:
        """Answers the application of a reference, or of an application's id.

        Raises :class:`kiosk.errors.HubFault` when there is none, or when several bear that reference.
        """
        while True:
            with self._database.transaction() as session:
                name = _find(session, application)
                hearers = _hearers(session, name)
                kiosks = [locked for kiosk in sorted(hearers) if (locked := lock_kiosk(session, kiosk))]
                row = lock_application(session, name)
                assert row is not None, "applications are never deleted"
                # A kiosk that began to ask between the two looks must hear it too: look again.
                if _hearers(session, name) == hearers:
                    return add_status(session, row, kiosks, decision, self._clock())


def lock_application(session: Session, name: UUID) -> ApplicationRow | None:
    """The application's row, locked until the transaction ends. Lock kiosks first."""
    return session.scalars(
        select(ApplicationRow).where(ApplicationRow.id == name).with_for_update()
    ).one_or_none()


def add_status(
    session: Session,
    application: ApplicationRow,
    kiosks: Iterable[KioskRow],
    decision: Decision,
    at: datetime,
) -> Status:
    """Seals and stores a status and queues it for ``kiosks``; their rows and the application's are locked."""
    content = StatusContent(
        kind=decision.kind,
        at=at,
        by=decision.by,
        reason=decision.reason,
        until=decision.until,
        amount=decision.amount,
        text=decision.text,
        reference=application.reference or "",
    )
    application.statuses += 1
    status = Status(
        id=new_id(),
        application=application.id,
        kind=decision.kind if decision.share else coarse(decision.kind),
        order=application.statuses,
        at=at,
        sealed=_sealed(content, application.receipt),
    )
    application.state = decision.kind
    session.add(
        StatusRow(
            application_id=application.id,
            number=status.order,
            id=status.id,
            kind=decision.kind,
            at=micros(at),
            message=status.model_dump_json(exclude_unset=True),
            content=content.model_dump_json(exclude_defaults=True),
        )
    )
    for kiosk in kiosks:
        deliver(session, kiosk, "status", [(status.id, _for_kiosk(status, application, kiosk.id))])
    return status


def replace_receipt(
    session: Session, application: ApplicationRow, kiosk: KioskRow, receipt: str, tag: str | None
) -> None:
    """Seals all that was said to another receipt and queues it for the kiosk that asked; the old receipt
    opens nothing that is said from now on. Both rows are locked. What was said before revision 4 is told
    again by its kind and time alone."""
    application.receipt, application.tag = receipt, tag
    rows = session.scalars(
        select(StatusRow).where(StatusRow.application_id == application.id).order_by(StatusRow.number)
    ).all()
    for row in rows:
        earlier = Status.model_validate_json(row.message)
        content = (
            StatusContent(kind=row.kind, at=earlier.at, reference=application.reference or "")
            if row.content is None
            else StatusContent.model_validate_json(row.content)
        )
        status = earlier.model_copy(update={"id": new_id(), "sealed": _sealed(content, receipt)})
        row.id, row.message = status.id, status.model_dump_json(exclude_unset=True)
        deliver(session, kiosk, "status", [(status.id, _for_kiosk(status, application, kiosk.id))])


def statuses_for(session: Session, application: ApplicationRow, kiosk: UUID) -> list[tuple[UUID, Status]]:
    """All that was said so far, as a kiosk hears it that begins to ask now."""
    rows = session.scalars(
        select(StatusRow).where(StatusRow.application_id == application.id).order_by(StatusRow.number)
    )
    return [(row.id, _for_kiosk(Status.model_validate_json(row.message), application, kiosk)) for row in rows]


def _for_kiosk(status: Status, application: ApplicationRow, kiosk: UUID) -> Status:
    """A kiosk that did not take the application finds the status by the receipt's tag."""
    return status if application.kiosk_id == kiosk else status.model_copy(update={"tag": application.tag})


def _sealed(content: StatusContent, receipt: str | None) -> bytes:
    if receipt is None:
        return b""
    try:
        return age.sealed(receipt, content.model_dump_json(exclude_defaults=True).encode())
    except ValueError:
        return b""


def _hearers(session: Session, application: UUID) -> set[UUID]:
    senders = session.scalars(
        select(EnvelopeRow.kiosk_id).where(EnvelopeRow.application_id == application).distinct()
    )
    askers = session.scalars(
        select(QuestionRow.kiosk_id)
        .join(ApplicationRow, ApplicationRow.tag == QuestionRow.tag)
        .where(ApplicationRow.id == application)
    )
    return {*senders, *askers}


def _find(session: Session, application: str) -> UUID:
    digits = "".join(application.split())
    found = session.scalars(select(ApplicationRow.id).where(ApplicationRow.reference == digits)).all()
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        raise HubFault(
            Message(N_("Several applications bear the reference {reference}."), {"reference": digits}),
            Message(N_("Name the one you mean by its id; “opora hub list” shows them.")),
        )
    try:
        by_id = session.get(ApplicationRow, UUID(digits))
    except ValueError:
        by_id = None
    if by_id is None:
        raise HubFault(
            Message(N_("No application has the reference {reference}."), {"reference": digits}),
            Message(N_("Check the digits on the receipt; “opora hub list” shows what has arrived.")),
        )
    return by_id.id

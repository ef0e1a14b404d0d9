"""One round trip: take what came, answer for each envelope, hand over what waits for this kiosk.

Everything of one request is one transaction under the lock of that kiosk's row, so an answer is only ever
given for what is on the disk, and a repeat that arrives while the first is still at work waits for it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from sync.hub import deliveries, releases
from sync.hub.database import HubDatabase, micros, moment
from sync.hub.identity import HubIdentity
from sync.hub.journals import note_head
from sync.hub.limits import Limits, count_request, spend_nonce
from sync.hub.opening import Opener, PartState
from sync.hub.reading import BadEnvelope, GoodEnvelope, Json, read_envelope
from sync.hub.refusing import Refused
from sync.hub.rows import ApplicationRow, KioskRow, QuestionRow
from sync.hub.statuses import Decision, add_status, lock_application, replace_receipt, statuses_for
from sync.hub.taking import Taking
from sync.kinds import Outcome, RefusalCode, StatusKind
from sync.protocol import (
    PROTOCOL,
    RUNS_SINCE,
    Acknowledgement,
    ExchangeAnswer,
    ExchangeRequest,
    Question,
    StoredRun,
)
from sync.signatures import Signed

# Of the table and not of the class: a thousand rows go in without a thousand objects.
_APPLICATIONS = insert(ApplicationRow.__table__)  # type: ignore[arg-type]


class Exchange:
    """Answers exchange requests of enrolled kiosks."""

    def __init__(
        self,
        database: HubDatabase,
        identity: HubIdentity,
        opener: Opener,
        clock: Callable[[], datetime],
        limits: Limits = Limits(),  # noqa: B008 - frozen
        learn: Callable[[], bool] = lambda: False,
    ) -> None:
        """``learn`` teaches the opener forms that were published since; it tells whether there were any."""
        self._learn = learn
        self._limits = limits
        self._database = database
        self._identity = identity
        self._opener = opener
        self._clock = clock

    def answer(
        self, request: ExchangeRequest, envelopes: Sequence[Json], signed: Signed | None
    ) -> ExchangeAnswer:
        """Commits, then answers. Raises :class:`Refused`; then nothing of the request was taken.

        ``signed`` is None for what came on a stick: that may come twice, and is as old as it is.
        """
        read = [read_envelope(raw, self._opener) for raw in envelopes]
        if any(map(_lacks_a_form, read)) and self._learn():
            read = [read_envelope(raw, self._opener) for raw in envelopes]
        now = self._clock()
        try:
            with self._database.transaction() as session:
                kiosk = deliveries.lock_kiosk(session, request.kiosk)
                if kiosk is None:
                    raise Refused(401, RefusalCode.UNKNOWN_KIOSK, "This kiosk is not enrolled at this hub.")
                if signed is not None:
                    count_request(kiosk, self._limits, now)
                    spend_nonce(session, kiosk.id, signed, now)
                    _note_health(kiosk, request, now)
                note_head(session, kiosk, request.journal, now)
                taken = Taking(session, kiosk, now, self._opener).take(read)
                session.flush()
                self._apply_applications(session, kiosk, taken.applications, request.protocol, now)
                _replace_receipts(session, kiosk, taken.replacements)
                _hear_questions(session, kiosk, request.questions, now)
                arriving = deliveries.since(session, kiosk, request.cursor)
                lost = arriving.restored or request.high_water > kiosk.high_water
                return ExchangeAnswer(
                    protocol=min(request.protocol, PROTOCOL),
                    hub=self._identity.hub,
                    at=now,
                    **_told(
                        taken.acknowledgements, in_runs=signed is not None and request.protocol >= RUNS_SINCE
                    ),
                    statuses=arriving.statuses,
                    notices=arriving.notices,
                    packs=(*arriving.packs, *releases.told(session, request.release)),
                    cursor=arriving.cursor,
                    high_water=kiosk.high_water,
                    resend_after=kiosk.high_water if lost else None,
                    more=arriving.more,
                )
        except IntegrityError as error:
            raise Refused(
                503, RefusalCode.BUSY, "The hub is busy with this very request. Try again.", detail=str(error)
            ) from error
        except OperationalError as error:
            raise Refused(
                503,
                RefusalCode.BUSY,
                "The hub cannot write at present. What was sent stays at the kiosk and is sent again.",
                detail=str(error),
                retry_after_s=30,
            ) from error

    def _apply_applications(
        self,
        session: Session,
        kiosk: KioskRow,
        arrived: Sequence[GoodEnvelope],
        protocol: int,
        now: datetime,
    ) -> None:
        first_of = {good.envelope.application: good for good in reversed(arrived)}
        known = set(session.scalars(select(ApplicationRow.id).where(ApplicationRow.id.in_(list(first_of)))))
        fresh = [good for name, good in first_of.items() if name not in known]
        if not fresh:
            return
        rows = [_application(good, kiosk.id, now) for good in reversed(fresh)]
        if protocol >= RUNS_SINCE:
            session.connection().execute(_APPLICATIONS, rows)
            return
        for row in rows:
            session.add(added := ApplicationRow(**row))
            session.flush()
            add_status(session, added, [kiosk], Decision(StatusKind.RECEIVED), now)


def _lacks_a_form(item: GoodEnvelope | BadEnvelope) -> bool:
    return isinstance(item, GoodEnvelope) and any(opened.state is PartState.NO_FORM for opened in item.opened)


def _application(good: GoodEnvelope, kiosk: UUID, now: datetime) -> dict[str, Any]:
    envelope = good.envelope
    return {
        "id": envelope.application,
        "kiosk_id": kiosk,
        "agency": envelope.agency,
        "arrived_at": micros(now),
        "form": envelope.form.id if envelope.form else "",
        "form_version": envelope.form.version if envelope.form else "",
        "reference": next((opened.reference for opened in good.opened if opened.reference), None),
        "receipt": envelope.receipt,
        "tag": envelope.tag,
        "state": StatusKind.RECEIVED,
        "statuses": 0,
    }


def _told(acknowledgements: Sequence[Acknowledgement], *, in_runs: bool) -> dict[str, Any]:
    """The fields of an answer that say what became of the envelopes: in few bytes for who can read them, and
    singly on a stick, where the answers to several requests are joined and bytes cost nothing."""
    if not in_runs:
        return {"acknowledgements": tuple(acknowledgements)}
    runs: list[list[Acknowledgement]] = []
    others: list[Acknowledgement] = []
    for each in sorted(acknowledgements, key=lambda each: each.sequence):
        if each.outcome != Outcome.STORED or each.sequence < 1:
            others.append(each)
        elif runs and runs[-1][-1].at == each.at and each.sequence == runs[-1][-1].sequence + 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    stored = (StoredRun(first=run[0].sequence, last=run[-1].sequence, at=run[0].at) for run in runs)
    return {"acknowledgements": tuple(others), "stored": tuple(stored)}


def _note_health(kiosk: KioskRow, request: ExchangeRequest, now: datetime) -> None:
    counts = request.counts
    kiosk.heard_at = micros(now)
    kiosk.clock_ahead_us = (request.at - now) // timedelta(microseconds=1)
    kiosk.app_version = counts.app_version[:64] if counts.app_version.isprintable() else ""
    kiosk.waiting = _bounded(counts.waiting)
    kiosk.attention = _bounded(counts.attention)
    kiosk.release = None if request.release is None else _bounded(request.release)
    kiosk.disk_free_bytes = _bounded(counts.disk_free_bytes)
    kiosk.oldest_waiting_at = micros(counts.oldest_waiting_at) if counts.oldest_waiting_at else None


def _bounded(count: int) -> int:
    return min(count, 2**62)


def _replace_receipts(session: Session, kiosk: KioskRow, arrived: Sequence[GoodEnvelope]) -> None:
    """Only the kiosk that took an application may have its statuses sealed to another receipt."""
    for good in sorted(arrived, key=lambda good: good.envelope.order):
        envelope = good.envelope
        row = None if envelope.application is None else lock_application(session, envelope.application)
        if row is not None and row.kiosk_id == kiosk.id and envelope.receipt is not None:
            replace_receipt(session, row, kiosk, envelope.receipt, envelope.tag)


def _hear_questions(session: Session, kiosk: KioskRow, questions: Sequence[Question], now: datetime) -> None:
    """A receipt was shown at a kiosk that did not take the application: it hears all of it from now on."""
    tags = sorted({question.tag for question in questions if _is_tag(question.tag)})
    for tag in tags:
        if session.get(QuestionRow, (tag, kiosk.id)) is not None:
            continue
        session.add(QuestionRow(tag=tag, kiosk_id=kiosk.id, asked_at=micros(now)))
        session.flush()
        for name in session.scalars(select(ApplicationRow.id).where(ApplicationRow.tag == tag)).all():
            row = lock_application(session, name)
            if row is not None and row.kiosk_id != kiosk.id:
                if not row.statuses:
                    # The kiosk that took it knows from its acknowledgement; this one has to be told.
                    add_status(session, row, [], Decision(StatusKind.RECEIVED), moment(row.arrived_at))
                    session.flush()
                deliveries.deliver(session, kiosk, "status", statuses_for(session, row, kiosk.id))


def _is_tag(tag: str) -> bool:
    return 0 < len(tag) <= 128 and tag.isalnum() and tag.isascii()

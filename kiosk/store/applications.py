"""Submitted applications, as far as the kiosk still knows them.

The answers are not here: they lie in the outbox, sealed to the agency. What the centre may know is sealed
to the centre, and what only the paper opens to the receipt's key.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from kiosk.errors import SealFault
from kiosk.ids import AgencyId, ApplicationId, OperatorId
from kiosk.store.centre_keys import CentreKey, CentreKeyId
from kiosk.store.moments import from_us, to_us
from kiosk.store.rows import ApplicationRow
from kiosk.store.sealing import open_with, seal_to, unsealed

TABLE = "application"


class ApplicationState(StrEnum):
    AWAITING_APPROVAL = "awaiting-approval"
    KEPT = "kept"
    """On this machine; the other end has not confirmed it."""
    SENT = "sent"
    """It left by a carrier that cannot confirm at once."""
    RECEIVED = "received"
    DECIDED = "decided"


class PrintState(StrEnum):
    NOT_PRINTED = "not-printed"
    PRINTED = "printed"
    DID_NOT_COME_OUT = "did-not-come-out"


@dataclass(frozen=True, slots=True)
class ApplicationRecord:
    """What stands in the clear about an application."""

    id: ApplicationId
    state: ApplicationState
    agency: AgencyId
    stored_at: datetime
    received_at: datetime | None
    operator_id: OperatorId | None
    consent_version: str
    centre_key_id: CentreKeyId
    receipt_tag: bytes
    receipt_recipient: str
    print_state: PrintState
    printed_at: datetime | None
    copies: int
    copy_until: datetime | None
    unprinted_until: datetime | None
    has_copy: bool = False
    approval_key_id: CentreKeyId | None = None


@dataclass(frozen=True, slots=True)
class ApplicationContent:
    """The words that go into sealed columns. ``copy`` needs the person's consent."""

    for_centre: bytes
    for_holder: bytes
    unprinted_secret: bytes | None
    copy: bytes | None = None
    likeness: bytes | None = None
    for_approval: bytes | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The public side of a paper: what statuses are sealed to, and what it is found by."""

    recipient: str
    tag: bytes


_RECEIVED_AT = (
    update(ApplicationRow.__table__)  # type: ignore[arg-type]
    .where(ApplicationRow.id == bindparam("of"), ApplicationRow.received_at.is_(None))
    .values(received_at=bindparam("at"))
)

_SENT = (
    update(ApplicationRow.__table__)  # type: ignore[arg-type]
    .where(ApplicationRow.id == bindparam("of"), ApplicationRow.state == ApplicationState.KEPT)
    .values(state=ApplicationState.SENT)
)


class Applications:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._listed: Sequence[ApplicationRow] = ()

    def add(
        self,
        record: ApplicationRecord,
        content: ApplicationContent,
        centre: CentreKey,
        *,
        blind_index: bytes | None = None,
        coordinators: CentreKey | None = None,
    ) -> None:
        """``coordinators``: whom ``content.for_approval`` is sealed to."""

        def centre_sealed(plaintext: bytes | None, column: str) -> bytes | None:
            if plaintext is None:
                return None
            return seal_to(centre.recipient, plaintext, TABLE, column, record.id)

        self._session.execute(
            insert(ApplicationRow).values(
                id=record.id,
                state=record.state,
                agency=record.agency,
                stored_at=to_us(record.stored_at),
                received_at=to_us(record.received_at),
                operator_id=record.operator_id,
                consent_version=record.consent_version,
                centre_key_id=centre.id,
                receipt_tag=record.receipt_tag,
                receipt_recipient=record.receipt_recipient,
                for_centre=centre_sealed(content.for_centre, "for_centre"),
                for_holder=seal_to(
                    record.receipt_recipient, content.for_holder, TABLE, "for_holder", record.id
                ),
                copy=centre_sealed(content.copy, "copy"),
                copy_until=to_us(record.copy_until),
                likeness=centre_sealed(content.likeness, "likeness"),
                blind_index=blind_index,
                for_approval=None
                if coordinators is None or content.for_approval is None
                else seal_to(coordinators.recipient, content.for_approval, TABLE, "for_approval", record.id),
                approval_key_id=None if coordinators is None else coordinators.id,
                print_state=record.print_state,
                printed_at=to_us(record.printed_at),
                copies=record.copies,
                unprinted_secret=centre_sealed(content.unprinted_secret, "unprinted_secret"),
                unprinted_until=to_us(record.unprinted_until),
            )
        )

    def get(self, id: ApplicationId) -> ApplicationRecord | None:
        row = self._session.get(ApplicationRow, id)
        return None if row is None else _record(row)

    def by_tag(self, tag: bytes) -> ApplicationRecord | None:
        row = self._session.scalars(
            select(ApplicationRow).where(ApplicationRow.receipt_tag == tag)
        ).one_or_none()
        return None if row is None else _record(row)

    def stored_since(self, moment: datetime) -> tuple[ApplicationRecord, ...]:
        """The newest first."""
        return self._where(ApplicationRow.stored_at >= to_us(moment))

    def unprinted(self) -> tuple[ApplicationRecord, ...]:
        """Those whose receipt can still be printed with its code, the newest first."""
        return self._where(ApplicationRow.unprinted_secret.is_not(None))

    def count_since(self, moment: datetime, *states: ApplicationState) -> int:
        """Stored since ``moment`` and now in one of ``states`` (none given: in any)."""
        query = select(func.count()).where(ApplicationRow.stored_at >= to_us(moment))
        if states:
            query = query.where(ApplicationRow.state.in_(states))
        return self._session.scalar(query) or 0

    def count(self) -> int:
        return self._session.scalar(select(func.count()).select_from(ApplicationRow)) or 0

    def printed_since(self, moment: datetime) -> int:
        return (
            self._session.scalar(select(func.count()).where(ApplicationRow.printed_at >= to_us(moment))) or 0
        )

    def unprinted_count(self) -> int:
        return (
            self._session.scalar(select(func.count()).where(ApplicationRow.unprinted_secret.is_not(None)))
            or 0
        )

    def for_centre(self, id: ApplicationId, identity: str) -> bytes:
        return open_with(identity, self._row(id).for_centre, TABLE, "for_centre", id)

    def for_holder(self, id: ApplicationId, opening: Callable[[bytes], bytes]) -> bytes:
        """``opening`` undoes age with the receipt's identity."""
        return unsealed(opening, self._row(id).for_holder, TABLE, "for_holder", id)

    def unprinted_secret(self, id: ApplicationId, identity: str) -> bytes | None:
        sealed = self._row(id).unprinted_secret
        return None if sealed is None else open_with(identity, sealed, TABLE, "unprinted_secret", id)

    def copy(self, id: ApplicationId, identity: str) -> bytes | None:
        sealed = self._row(id).copy
        return None if sealed is None else open_with(identity, sealed, TABLE, "copy", id)

    def likeness(self, id: ApplicationId, identity: str) -> bytes | None:
        sealed = self._row(id).likeness
        return None if sealed is None else open_with(identity, sealed, TABLE, "likeness", id)

    def with_likeness(self) -> tuple[ApplicationRecord, ...]:
        """Stored while nobody was signed in, and not compared since."""
        return self._where(ApplicationRow.likeness.is_not(None))

    def set_index(self, id: ApplicationId, index: bytes | None) -> None:
        """Keeps the index and erases what it was made from."""
        self._update(id, blind_index=index, likeness=None)
        self._session.expire_all()

    def indexes(self) -> tuple[tuple[ApplicationId, bytes], ...]:
        """Every application that has one, in the order in which they were stored."""
        rows = self._session.execute(
            select(ApplicationRow.id, ApplicationRow.blind_index)
            .where(ApplicationRow.blind_index.is_not(None))
            .order_by(ApplicationRow.stored_at)
        )
        return tuple((ApplicationId(row.id), row.blind_index) for row in rows)

    def awaiting_approval(self) -> tuple[ApplicationRecord, ...]:
        return self._where(ApplicationRow.state == ApplicationState.AWAITING_APPROVAL)

    def for_approval(self, id: ApplicationId, identity: str) -> bytes | None:
        """What a coordinator reads before approving; None where nothing was kept for that."""
        sealed = self._row(id).for_approval
        return None if sealed is None else open_with(identity, sealed, TABLE, "for_approval", id)

    def approved(self, id: ApplicationId) -> bool:
        """It may go, and nobody here can read it any more. False where it was not waiting for that."""
        if not self._advance(id, ApplicationState.KEPT, ApplicationState.AWAITING_APPROVAL):
            return False
        self._update(id, for_approval=None, approval_key_id=None)
        return True

    def sent_all(self, ids: Collection[ApplicationId]) -> None:
        """They left the machine by a carrier that cannot confirm at once; what is further on stays so."""
        if ids:
            self._session.connection().execute(_SENT, [{"of": id} for id in ids])
        self._session.expire_all()

    def received(self, id: ApplicationId, at: datetime) -> bool:
        """False where that is known already."""
        advanced = self._advance(id, ApplicationState.RECEIVED, ApplicationState.KEPT, ApplicationState.SENT)
        row = self._session.get(ApplicationRow, id)
        if row is not None and row.received_at is None:
            self._update(id, received_at=to_us(at))
        return advanced

    def received_all(self, at_of: Mapping[ApplicationId, datetime]) -> set[ApplicationId]:
        """As :meth:`received`, for many at once; returns those of which it was not known."""
        advanced = self._session.scalars(
            update(ApplicationRow)
            .where(
                ApplicationRow.id.in_(at_of),
                ApplicationRow.state.in_([ApplicationState.KEPT, ApplicationState.SENT]),
            )
            .values(state=ApplicationState.RECEIVED)
            .returning(ApplicationRow.id)
            .execution_options(synchronize_session=False)
        ).all()
        if at_of:
            self._session.connection().execute(
                _RECEIVED_AT, [{"of": id, "at": to_us(at)} for id, at in at_of.items()]
            )
        self._session.expire_all()
        return set(map(ApplicationId, advanced))

    def decided(self, id: ApplicationId) -> bool:
        return self._advance(
            id,
            ApplicationState.DECIDED,
            ApplicationState.KEPT,
            ApplicationState.SENT,
            ApplicationState.RECEIVED,
        )

    def came_out(self, id: ApplicationId, at: datetime) -> None:
        """The paper is in somebody's hand: from now on it alone knows the code."""
        self._update(
            id,
            print_state=PrintState.PRINTED,
            printed_at=to_us(at),
            unprinted_secret=None,
            unprinted_until=None,
        )

    def did_not_come_out(self, id: ApplicationId) -> None:
        self._update(id, print_state=PrintState.DID_NOT_COME_OUT)

    def copied(self, id: ApplicationId) -> None:
        self._update(id, copies=ApplicationRow.copies + 1)
        self._session.expire_all()

    def replace_receipt(
        self,
        id: ApplicationId,
        receipt: Receipt,
        content: ApplicationContent,
        centre: CentreKey,
        until: datetime,
    ) -> None:
        """From now on another paper finds and opens it; that paper waits to be printed, until ``until``.
        Of ``content``, what the holder sees and the secret that is to be printed."""
        assert content.unprinted_secret is not None, "a new receipt is there to be printed"
        self._update(
            id,
            receipt_tag=receipt.tag,
            receipt_recipient=receipt.recipient,
            for_holder=seal_to(receipt.recipient, content.for_holder, TABLE, "for_holder", id),
            unprinted_secret=seal_to(
                centre.recipient, content.unprinted_secret, TABLE, "unprinted_secret", id
            ),
            unprinted_until=to_us(until),
            print_state=PrintState.NOT_PRINTED,
        )
        self._session.expire_all()

    def overdue_secrets(self, now: datetime) -> tuple[ApplicationId, ...]:
        return self._ids(ApplicationRow.unprinted_until <= to_us(now))

    def overdue_copies(self, now: datetime) -> tuple[ApplicationId, ...]:
        return self._ids(ApplicationRow.copy.is_not(None), ApplicationRow.copy_until <= to_us(now))

    def erase_unprinted_secret(self, id: ApplicationId) -> None:
        self._update(id, unprinted_secret=None, unprinted_until=None)

    def erase_copy(self, id: ApplicationId) -> None:
        self._update(id, copy=None)

    def reseal(self, old: CentreKeyId, identity: str, new: CentreKey) -> tuple[int, int]:
        """Seals to ``new`` what was sealed to ``old``, which ``identity`` opens.

        Returns how many applications were, and how many did not open: those stay as they are.
        """
        columns = ("for_centre", "copy", "likeness", "unprinted_secret")
        return self._reseal(ApplicationRow.centre_key_id == old, columns, identity, new, "centre_key_id")

    def reseal_for_approval(self, old: CentreKeyId, identity: str, new: CentreKey) -> tuple[int, int]:
        """The same for what waits for a coordinator."""
        condition = ApplicationRow.approval_key_id == old
        return self._reseal(condition, ("for_approval",), identity, new, "approval_key_id")

    def _reseal(
        self,
        condition: ColumnElement[bool],
        columns: Sequence[str],
        identity: str,
        new: CentreKey,
        key_column: str,
    ) -> tuple[int, int]:
        done = failed = 0
        for row in self._session.scalars(select(ApplicationRow).where(condition)).all():
            id = ApplicationId(row.id)
            sealed: dict[str, bytes | None] = {name: getattr(row, name) for name in columns}
            try:
                opened = {
                    name: open_with(identity, value, TABLE, name, id)
                    for name, value in sealed.items()
                    if value is not None
                }
            except SealFault:
                failed += 1
                continue
            again = {name: seal_to(new.recipient, value, TABLE, name, id) for name, value in opened.items()}
            self._update(id, **again, **{key_column: new.id})
            done += 1
        self._session.expire_all()
        return done, failed

    def _advance(self, id: ApplicationId, to: ApplicationState, *since: ApplicationState) -> bool:
        row = self._session.get(ApplicationRow, id)
        if row is None or row.state not in since:
            return False
        self._update(id, state=to)
        return True

    def _ids(self, *conditions: ColumnElement[bool]) -> tuple[ApplicationId, ...]:
        return tuple(map(ApplicationId, self._session.scalars(select(ApplicationRow.id).where(*conditions))))

    def _where(self, condition: ColumnElement[bool]) -> tuple[ApplicationRecord, ...]:
        rows = self._session.scalars(
            select(ApplicationRow).where(condition).order_by(ApplicationRow.stored_at.desc())
        ).all()
        # Held, so that opening what is sealed in each does not read each row again.
        self._listed = rows
        return tuple(map(_record, rows))

    def _row(self, id: ApplicationId) -> ApplicationRow:
        return self._session.get_one(ApplicationRow, id)

    def _update(self, id: ApplicationId, **values: object) -> None:
        self._session.execute(update(ApplicationRow).where(ApplicationRow.id == id).values(**values))


def _record(row: ApplicationRow) -> ApplicationRecord:
    return ApplicationRecord(
        id=ApplicationId(row.id),
        state=ApplicationState(row.state),
        agency=AgencyId(row.agency),
        stored_at=from_us(row.stored_at),
        received_at=from_us(row.received_at),
        operator_id=None if row.operator_id is None else OperatorId(row.operator_id),
        consent_version=row.consent_version,
        centre_key_id=CentreKeyId(row.centre_key_id),
        receipt_tag=row.receipt_tag,
        receipt_recipient=row.receipt_recipient,
        print_state=PrintState(row.print_state),
        printed_at=from_us(row.printed_at),
        copies=row.copies,
        copy_until=from_us(row.copy_until),
        unprinted_until=from_us(row.unprinted_until),
        has_copy=row.copy is not None,
        approval_key_id=None if row.approval_key_id is None else CentreKeyId(row.approval_key_id),
    )

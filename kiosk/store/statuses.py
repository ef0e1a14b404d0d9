"""What came back: statuses, notices, and the questions about receipts that another kiosk printed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from kiosk.ids import ApplicationId
from kiosk.journal import KIOSK, Action
from kiosk.store.applications import Applications
from kiosk.store.journal import Journal
from kiosk.store.moments import from_us, to_us
from kiosk.store.rows import NoticeRow, QuestionRow, StatusRow

RECEIVED = "received"
DECISIONS = frozenset({"decided", "granted", "granted-in-part", "refused"})
"""Kinds of status that settle an application; others leave its state as it is."""


@dataclass(frozen=True, slots=True)
class ArrivedStatus:
    """One status. ``sealed`` opens with the paper alone; ``message_json`` is everything else that came,
    fields and kinds unknown to this version included. ``tag`` is set where it answers a question."""

    id: UUID
    application: ApplicationId
    tag: bytes | None
    kind: str
    number: int
    at: datetime
    sealed: bytes
    message_json: str


class Statuses:
    def __init__(self, session: Session) -> None:
        self._session = session

    def take(self, status: ArrivedStatus, arrived_at: datetime) -> bool:
        """Keeps a status and moves its application on. False where it was here before."""
        new = self._session.scalar(
            insert(StatusRow)
            .values(
                id=status.id,
                application=status.application,
                tag=status.tag,
                kind=status.kind,
                number=status.number,
                at=to_us(status.at),
                arrived_at=to_us(arrived_at),
                sealed=status.sealed,
                message=status.message_json,
            )
            .on_conflict_do_nothing(index_elements=[StatusRow.id])
            .returning(StatusRow.id)
        )
        if new is None:
            return False
        applications = Applications(self._session)
        if status.kind == RECEIVED and applications.received(status.application, status.at):
            Journal(self._session).append(
                arrived_at, KIOSK, Action.APPLICATION_RECEIVED, str(status.application)
            )
        if status.kind in DECISIONS:
            applications.decided(status.application)
        if status.tag is not None:
            Questions(self._session).answered(status.tag, arrived_at)
        return True

    def forget(self, application: ApplicationId) -> None:
        """A new receipt opens none of what was sealed to the old one; it is sealed anew and comes again."""
        self._session.execute(delete(StatusRow).where(StatusRow.application == application))
        self._session.expire_all()

    def of(self, which: ApplicationId | bytes) -> tuple[ArrivedStatus, ...]:
        """By application, or by the tag of a receipt that another kiosk printed; in the agency's order."""
        wanted = StatusRow.tag == which if isinstance(which, bytes) else StatusRow.application == which
        rows = self._session.scalars(
            select(StatusRow).where(wanted).order_by(StatusRow.number, StatusRow.at, StatusRow.id)
        )
        return tuple(
            ArrivedStatus(
                row.id,
                ApplicationId(row.application),
                row.tag,
                row.kind,
                row.number,
                from_us(row.at),
                row.sealed,
                row.message,
            )
            for row in rows
        )

    def questions(self) -> tuple[bytes, ...]:
        """Open tags, the oldest first: see :class:`Questions`."""
        return Questions(self._session).open()

    def answered(self, tag: bytes, at: datetime) -> None:
        Questions(self._session).answered(tag, at)


class Questions:
    """Tags of receipts that were shown here and are not known here."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def ask(self, tag: bytes, at: datetime) -> None:
        """Asked again, it is open again: there may be news."""
        self._session.execute(
            insert(QuestionRow)
            .values(tag=tag, asked_at=to_us(at))
            .on_conflict_do_update(
                index_elements=[QuestionRow.tag], set_={"asked_at": to_us(at), "answered_at": None}
            )
        )
        # The upsert goes past the session's own copies.
        self._session.expire_all()

    def open(self) -> tuple[bytes, ...]:
        return tuple(
            self._session.scalars(
                select(QuestionRow.tag)
                .where(QuestionRow.answered_at.is_(None))
                .order_by(QuestionRow.asked_at, QuestionRow.tag)
            )
        )

    def answered(self, tag: bytes, at: datetime) -> None:
        self._session.execute(
            update(QuestionRow)
            .where(QuestionRow.tag == tag, QuestionRow.answered_at.is_(None))
            .values(answered_at=to_us(at))
        )


@dataclass(frozen=True, slots=True)
class ArrivedNotice:
    """For the centre's staff or the kiosk itself; kept even where its kind is not known."""

    id: UUID
    kind: str
    at: datetime
    message_json: str


class Notices:
    def __init__(self, session: Session) -> None:
        self._session = session

    def take(self, notice: ArrivedNotice, arrived_at: datetime) -> bool:
        """False where it was here before."""
        new = self._session.scalar(
            insert(NoticeRow)
            .values(
                id=notice.id,
                kind=notice.kind,
                at=to_us(notice.at),
                arrived_at=to_us(arrived_at),
                message=notice.message_json,
            )
            .on_conflict_do_nothing(index_elements=[NoticeRow.id])
            .returning(NoticeRow.id)
        )
        return new is not None

    def unseen(self) -> tuple[ArrivedNotice, ...]:
        """The oldest first."""
        rows = self._session.scalars(
            select(NoticeRow).where(NoticeRow.seen_at.is_(None)).order_by(NoticeRow.at, NoticeRow.id)
        )
        return tuple(ArrivedNotice(row.id, row.kind, from_us(row.at), row.message) for row in rows)

    def seen(self, id: UUID, at: datetime) -> None:
        self._session.execute(
            update(NoticeRow).where(NoticeRow.id == id, NoticeRow.seen_at.is_(None)).values(seen_at=to_us(at))
        )

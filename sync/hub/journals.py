"""The heads of the kiosks' journals, and whether they fit together: a journal that was cut or rewritten on
a kiosk shows here."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.hub.database import HubDatabase, micros, moment
from sync.hub.rows import JournalHeadRow, KioskRow
from sync.protocol import JournalHead, journal_statement

log = logging.getLogger(__name__)

CUT = "cut"
REWRITTEN = "rewritten"
FORGED = "forged"


@dataclass(frozen=True, slots=True)
class HeadLine:
    """``trouble`` blank: it fits to those before."""

    number: int
    hash: str
    at: datetime
    trouble: str


def note_head(session: Session, kiosk: KioskRow, head: JournalHead | None, now: datetime) -> None:
    """Keeps a head that is new, with what is wrong about it. Envelopes are taken whatever is wrong."""
    if head is None:
        return
    trouble = _trouble(session, kiosk, head)
    known = session.get(JournalHeadRow, (kiosk.id, head.number, head.hash))
    if known is None:
        session.add(
            JournalHeadRow(
                kiosk_id=kiosk.id,
                number=head.number,
                hash=head.hash,
                signature=head.signature,
                at=micros(now),
                trouble=trouble,
            )
        )
    if trouble:
        log.warning("the journal of kiosk %s was %s at entry %d", kiosk.id, trouble, head.number)


def heads(database: HubDatabase, kiosk: UUID) -> Iterator[HeadLine]:
    """In the order of their numbers."""
    with database.transaction() as session:
        rows = session.scalars(
            select(JournalHeadRow)
            .where(JournalHeadRow.kiosk_id == kiosk)
            .order_by(JournalHeadRow.number, JournalHeadRow.at)
        ).all()
    for row in rows:
        yield HeadLine(row.number, row.hash, moment(row.at), row.trouble)


def troubles(database: HubDatabase) -> dict[UUID, str]:
    """Of each kiosk whose journal is not what it was, the first thing that was found."""
    with database.transaction() as session:
        rows = session.scalars(
            select(JournalHeadRow).where(JournalHeadRow.trouble != "").order_by(JournalHeadRow.at.desc())
        ).all()
    return {row.kiosk_id: f"{row.trouble} at entry {row.number}" for row in rows}


def _trouble(session: Session, kiosk: KioskRow, head: JournalHead) -> str:
    statement = journal_statement(str(kiosk.id), head.number, head.hash)
    try:
        Ed25519PublicKey.from_public_bytes(kiosk.device_key).verify(head.signature, statement)
    except (InvalidSignature, ValueError):
        return FORGED
    newest = session.scalars(
        select(JournalHeadRow.number)
        .where(JournalHeadRow.kiosk_id == kiosk.id, JournalHeadRow.trouble == "")
        .order_by(JournalHeadRow.number.desc())
        .limit(1)
    ).one_or_none()
    if newest is not None and head.number < newest:
        return CUT
    marks = [(head.number, head.hash)]
    if head.before is not None:
        marks.append((head.before.number, head.before.hash))
    for number, digest in marks:
        seen = session.scalars(
            select(JournalHeadRow.hash).where(
                JournalHeadRow.kiosk_id == kiosk.id,
                JournalHeadRow.number == number,
                JournalHeadRow.trouble == "",
            )
        ).one_or_none()
        if seen is not None and seen != digest:
            return REWRITTEN
    return ""

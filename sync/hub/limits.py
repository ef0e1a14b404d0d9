"""How often may be asked. Counted in the database, so a limit holds however many processes one hub has."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from sync.hub.database import HubDatabase, micros
from sync.hub.refusing import Refused
from sync.hub.rows import EnrolTriesRow, KioskRow, NonceRow
from sync.kinds import RefusalCode
from sync.signatures import Signed

FRESH_FOR = timedelta(minutes=5)
"""How far a signature's time may lie from the hub's, either way."""

_MINUTE_US = 60_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """A minute each. A kiosk that works through its whole archive asks some hundred times a minute."""

    requests_of_a_kiosk: int = 600
    wrong_codes: int = 30
    """Of the whole hub: at twelve digits and a week, one in three million to hit one of a hundred codes."""


def count_request(kiosk: KioskRow, limits: Limits, now: datetime) -> None:
    """Within the transaction that holds the kiosk's row; raises :class:`Refused` past the limit."""
    minute = micros(now) // _MINUTE_US
    if kiosk.minute != minute:
        kiosk.minute, kiosk.asked = minute, 0
    if kiosk.asked >= limits.requests_of_a_kiosk:
        raise _too_often(now)
    kiosk.asked += 1


def spend_nonce(session: Session, kiosk: UUID, signed: Signed, now: datetime) -> None:
    """The same signed request is not taken twice within the freshness window."""
    oldest = micros(now - 2 * FRESH_FOR)
    session.execute(delete(NonceRow).where(NonceRow.kiosk_id == kiosk, NonceRow.at < oldest))
    if not signed.nonce or session.get(NonceRow, (kiosk, signed.nonce)) is not None:
        raise Refused(
            401, RefusalCode.REPLAYED, "This very request came before. Sign it anew and send it again."
        )
    session.add(NonceRow(kiosk_id=kiosk, nonce=signed.nonce, at=micros(now)))


def refuse_guessing(session: Session, limits: Limits, now: datetime) -> None:
    """Raises :class:`Refused` while too many wrong codes were tried in this minute, by whomever."""
    row = session.get(EnrolTriesRow, micros(now) // _MINUTE_US)
    if row is not None and row.tries >= limits.wrong_codes:
        raise _too_often(now)


def count_wrong_code(database: HubDatabase, now: datetime) -> None:
    """In a transaction of its own: the enrolment's is rolled back."""
    minute = micros(now) // _MINUTE_US
    with database.transaction() as session:
        session.execute(delete(EnrolTriesRow).where(EnrolTriesRow.minute < minute - 5))
        row = session.get(EnrolTriesRow, minute, with_for_update=True)
        if row is None:
            session.add(EnrolTriesRow(minute=minute, tries=1))
        else:
            row.tries += 1


def _too_often(now: datetime) -> Refused:
    left = 60 - (micros(now) // 1_000_000) % 60
    return Refused(
        429,
        RefusalCode.BUSY,
        "The hub is asked too often just now. What was sent stays at the kiosk and is sent again.",
        retry_after_s=left,
    )

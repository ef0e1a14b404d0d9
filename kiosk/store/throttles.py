"""Wrong tries, kept so that a restart forgives none."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from kiosk.store.moments import from_us, to_us
from kiosk.store.rows import ThrottleRow


@dataclass(frozen=True, slots=True)
class Tries:
    """``failures`` in a row; no try before ``next_try_at``."""

    failures: int
    next_try_at: datetime


class Throttles:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, subject: str) -> Tries | None:
        row = self._session.get(ThrottleRow, subject)
        return None if row is None else Tries(row.failures, from_us(row.next_try_at))

    def put(self, subject: str, tries: Tries) -> None:
        values = {"failures": tries.failures, "next_try_at": to_us(tries.next_try_at)}
        self._session.execute(
            insert(ThrottleRow)
            .values(subject=subject, **values)
            .on_conflict_do_update(index_elements=[ThrottleRow.subject], set_=values)
        )
        # The upsert goes past the session's own copies.
        self._session.expire_all()

    def clear(self, subject: str) -> None:
        self._session.execute(delete(ThrottleRow).where(ThrottleRow.subject == subject))

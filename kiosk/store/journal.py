"""The journal as it is kept: entries are added and read, never changed."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, insert, select, type_coerce
from sqlalchemy.orm import Session

from kiosk.ids import EntryId, new_id
from kiosk.journal import Action, Actor, BadEntry, Entry, first_bad, next_entry
from kiosk.store.moments import from_us, to_us
from kiosk.store.rows import JournalRow

_PAGE = 1_000


class Journal:
    def __init__(self, session: Session) -> None:
        self._session = session

    def append(
        self,
        at: datetime,
        actor: Actor,
        action: Action,
        subject: str,
        details: Mapping[str, str] | None = None,
    ) -> Entry:
        """Adds an entry in the transaction of the deed itself. ``details`` never hold an answer."""
        entry = _following(self.head(), at, actor, action, subject, details or {})
        self._session.execute(insert(JournalRow).values(_values(entry)))
        return entry

    def append_all(self, deeds: Sequence[tuple[datetime, Actor, Action, str]]) -> None:
        """Adds entries without details, in order, in the transaction of the deeds themselves."""
        head, rows = self.head(), []
        for at, actor, action, subject in deeds:
            head = _following(head, at, actor, action, subject, {})
            rows.append(_values(head))
        if rows:
            self._session.execute(insert(JournalRow), rows)

    def head(self) -> Entry | None:
        """The newest entry."""
        row = self._session.execute(
            select(*_COLUMNS).order_by(JournalRow.number.desc()).limit(1)
        ).one_or_none()
        return None if row is None else _entry(row)

    def hash_at(self, number: int) -> bytes | None:
        """Of one entry; None where there is none."""
        return self._session.scalar(select(JournalRow.hash).where(JournalRow.number == number))

    def newest(self, before: int | None, count: int) -> tuple[Entry, ...]:
        """At most ``count`` whose number is below ``before`` (None: of all), the newest first.

        One that was tampered with until it is no entry any more is left out: :meth:`verify` names it.
        """
        query = select(*_COLUMNS).order_by(JournalRow.number.desc()).limit(count)
        if before is not None:
            query = query.where(JournalRow.number < before)
        return tuple(entry for row in self._session.execute(query) if (entry := _readable(row)) is not None)

    def newest_of(self, actions: Collection[str], count: int) -> tuple[Entry, ...]:
        """At most ``count`` of these deeds, the newest first; as :meth:`newest` where one is damaged."""
        query = select(*_COLUMNS).where(JournalRow.action.in_(actions))
        rows = self._session.execute(query.order_by(JournalRow.number.desc()).limit(count))
        return tuple(entry for row in rows if (entry := _readable(row)) is not None)

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """In order, beginning behind number ``after``; read page by page.

        An entry that was tampered with until it is no entry any more raises ValueError: see :meth:`verify`.
        """
        for row in self._rows(after):
            yield _entry(row)

    def verify(self) -> BadEntry | None:
        """The first bad entry, or None."""
        read = 0

        def readable() -> Iterator[Entry]:
            nonlocal read
            for row in self._rows(0):
                yield _entry(row)
                read += 1

        try:
            return first_bad(readable())
        except (ValueError, TypeError, OverflowError):
            return BadEntry(read + 1, "changed")

    def _rows(self, after: int) -> Iterator[Any]:
        while True:
            page = self._session.execute(
                select(*_COLUMNS).where(JournalRow.number > after).order_by(JournalRow.number).limit(_PAGE)
            ).all()
            if not page:
                return
            yield from page
            after = page[-1].number


# The id is read as it stands, so that a damaged one is found by verify() and not by the driver.
_COLUMNS = (
    JournalRow.number,
    type_coerce(JournalRow.id, String).label("id"),
    JournalRow.at,
    JournalRow.actor,
    JournalRow.action,
    JournalRow.subject,
    JournalRow.details,
    JournalRow.previous,
    JournalRow.hash,
)


def _following(
    head: Entry | None, at: datetime, actor: Actor, action: Action, subject: str, details: Mapping[str, str]
) -> Entry:
    return next_entry(
        head, id=EntryId(new_id()), at=at, actor=actor, action=action, subject=subject, details=details
    )


def _values(entry: Entry) -> dict[str, object]:
    return {
        "number": entry.number,
        "id": entry.id,
        "at": to_us(entry.at),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "details": json.dumps(dict(entry.details), ensure_ascii=False, sort_keys=True),
        "previous": entry.previous,
        "hash": entry.hash,
    }


def _readable(row: Any) -> Entry | None:
    try:
        return _entry(row)
    except (ValueError, TypeError, OverflowError):
        return None


def _entry(row: Any) -> Entry:
    return Entry(
        row.number,
        EntryId(UUID(row.id)),
        from_us(row.at),
        row.actor,
        row.action,
        row.subject,
        json.loads(row.details),
        row.previous,
        row.hash,
    )

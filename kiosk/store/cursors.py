"""How far the conversation with each hub has come."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from kiosk.store.moments import from_us, to_us
from kiosk.store.rows import CursorRow


@dataclass(frozen=True, slots=True)
class Cursor:
    """``cursor`` as the hub gave it; ``high_water`` as last heard; ``failure`` of the last attempt, in
    the stable English of programs, empty where it went well."""

    hub: str
    cursor: str = ""
    high_water: int = 0
    heard_at: datetime | None = None
    tried_at: datetime | None = None
    failure: str = ""


class Cursors:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, hub: str) -> Cursor:
        """A fresh cursor for a hub that was never heard."""
        row = self._session.get(CursorRow, hub)
        return Cursor(hub) if row is None else _cursor(row)

    def latest(self) -> Cursor | None:
        """Of the hub that was tried or heard last."""
        rows = self._session.scalars(select(CursorRow))
        return max(map(_cursor, rows), key=_last, default=None)

    def put(self, hub: str, cursor: str, high_water: int, heard_at: datetime) -> None:
        """An exchange that went well."""
        self._upsert(
            hub,
            {
                "cursor": cursor,
                "high_water": high_water,
                "heard_at": to_us(heard_at),
                "tried_at": to_us(heard_at),
                "failure": "",
            },
        )

    def failed(self, hub: str, at: datetime, failure: str) -> None:
        """An exchange that did not."""
        self._upsert(hub, {"tried_at": to_us(at), "failure": failure})

    def _upsert(self, hub: str, values: dict[str, object]) -> None:
        self._session.execute(
            insert(CursorRow)
            .values({"hub": hub, "cursor": "", "high_water": 0, **values})
            .on_conflict_do_update(index_elements=[CursorRow.hub], set_=values)
        )
        # The upsert goes past the session's own copies.
        self._session.expire_all()


def _last(cursor: Cursor) -> float:
    return max((at.timestamp() for at in (cursor.tried_at, cursor.heard_at) if at is not None), default=0.0)


def _cursor(row: CursorRow) -> Cursor:
    return Cursor(
        row.hub, row.cursor, row.high_water, from_us(row.heard_at), from_us(row.tried_at), row.failure
    )

"""Which packs are installed, and which were before."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from kiosk.store.moments import from_us, to_us
from kiosk.store.rows import PackRow


class PackState(StrEnum):
    INSTALLED = "installed"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class PackRecord:
    id: str
    version: str
    digest: str
    state: PackState
    installed_at: datetime
    retired_at: datetime | None


class Packs:
    def __init__(self, session: Session) -> None:
        self._session = session

    def installed(self) -> tuple[PackRecord, ...]:
        """One version of each pack at most."""
        return self._in_state(PackState.INSTALLED)

    def retired(self) -> tuple[PackRecord, ...]:
        """Versions to which there is a way back; the one retired last comes first."""
        return self._in_state(PackState.RETIRED)

    def install(self, id: str, version: str, digest: str, at: datetime) -> None:
        """Retires the version installed so far; also the way back to an older one."""
        self._session.execute(
            update(PackRow)
            .where(PackRow.id == id, PackRow.state == PackState.INSTALLED, PackRow.version != version)
            .values(state=PackState.RETIRED, retired_at=to_us(at))
        )
        values = {
            "digest": digest,
            "state": PackState.INSTALLED,
            "installed_at": to_us(at),
            "retired_at": None,
        }
        self._session.execute(
            insert(PackRow)
            .values(id=id, version=version, **values)
            .on_conflict_do_update(index_elements=[PackRow.id, PackRow.version], set_=values)
        )
        # The upsert goes past the session's own copies.
        self._session.expire_all()

    def retire(self, id: str, at: datetime) -> None:
        """Nothing is installed under this id any more."""
        self._session.execute(
            update(PackRow)
            .where(PackRow.id == id, PackRow.state == PackState.INSTALLED)
            .values(state=PackState.RETIRED, retired_at=to_us(at))
        )
        self._session.expire_all()

    def forget(self, id: str, version: str) -> None:
        """There is no way back to this one any more."""
        self._session.execute(
            delete(PackRow).where(
                PackRow.id == id, PackRow.version == version, PackRow.state == PackState.RETIRED
            )
        )
        self._session.expire_all()

    def _in_state(self, state: PackState) -> tuple[PackRecord, ...]:
        rows = self._session.scalars(
            select(PackRow)
            .where(PackRow.state == state)
            .order_by(PackRow.retired_at.desc(), PackRow.id, PackRow.version)
        )
        return tuple(
            PackRecord(
                row.id,
                row.version,
                row.digest,
                PackState(row.state),
                from_us(row.installed_at),
                from_us(row.retired_at),
            )
            for row in rows
        )

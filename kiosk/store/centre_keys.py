"""The centre's key pairs: public halves in the clear, private halves under somebody's secret."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from kiosk.ids import OperatorId
from kiosk.store.moments import from_us, to_us
from kiosk.store.rows import CentreKeyRow, KeyWrapRow
from kiosk.store.sealing import Sealer

CentreKeyId = NewType("CentreKeyId", UUID)


class Holder(StrEnum):
    """Whose secret a private half is wrapped under."""

    OPERATOR = "operator"
    FIRST_START = "first-start"
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class CentreKey:
    """The public half: whatever anybody seals for the centre is sealed to ``recipient`` (``age1…``)."""

    id: CentreKeyId
    recipient: str


@dataclass(frozen=True, slots=True)
class KeyWrap:
    """``salt`` and ``parameters`` say how the wrapping key is made from the secret."""

    id: UUID
    centre_key_id: CentreKeyId
    holder: Holder
    operator_id: OperatorId | None
    salt: bytes
    parameters: str
    made_at: datetime


class CentreKeys:
    def __init__(self, session: Session) -> None:
        self._session = session

    def current(self) -> CentreKey | None:
        row = self._session.scalars(
            select(CentreKeyRow)
            .where(CentreKeyRow.retired_at.is_(None))
            .order_by(CentreKeyRow.made_at.desc())
            .limit(1)
        ).one_or_none()
        return None if row is None else CentreKey(CentreKeyId(row.id), row.recipient)

    def add(self, key: CentreKey, at: datetime) -> None:
        self._session.execute(
            insert(CentreKeyRow).values(id=key.id, recipient=key.recipient, made_at=to_us(at))
        )

    def retire(self, id: CentreKeyId, at: datetime) -> None:
        self._session.execute(update(CentreKeyRow).where(CentreKeyRow.id == id).values(retired_at=to_us(at)))

    def wrap(self, wrap: KeyWrap, identity: str, sealer: Sealer) -> None:
        """Keeps the private half ``identity`` under ``sealer``."""
        self._session.execute(
            insert(KeyWrapRow).values(
                id=wrap.id,
                centre_key_id=wrap.centre_key_id,
                holder=wrap.holder,
                operator_id=wrap.operator_id,
                salt=wrap.salt,
                parameters=wrap.parameters,
                wrapped=sealer.seal(identity.encode(), "key_wrap", "wrapped", wrap.id),
                made_at=to_us(wrap.made_at),
            )
        )

    def wraps(self, holder: Holder, operator_id: OperatorId | None = None) -> tuple[KeyWrap, ...]:
        """The newest first."""
        rows = self._session.scalars(
            select(KeyWrapRow)
            .where(KeyWrapRow.holder == holder, KeyWrapRow.operator_id.is_not_distinct_from(operator_id))
            .order_by(KeyWrapRow.made_at.desc(), KeyWrapRow.id.desc())
        )
        return tuple(
            KeyWrap(
                row.id,
                CentreKeyId(row.centre_key_id),
                Holder(row.holder),
                None if row.operator_id is None else OperatorId(row.operator_id),
                row.salt,
                row.parameters,
                from_us(row.made_at),
            )
            for row in rows
        )

    def unwrap(self, id: UUID, sealer: Sealer) -> str:
        """Raises :class:`~kiosk.errors.SealFault` where the secret was another."""
        row = self._session.get_one(KeyWrapRow, id)
        return sealer.open(row.wrapped, "key_wrap", "wrapped", row.id).decode()

    def drop_wraps(self, holder: Holder, operator_id: OperatorId | None = None) -> None:
        self._session.execute(
            delete(KeyWrapRow).where(
                KeyWrapRow.holder == holder, KeyWrapRow.operator_id.is_not_distinct_from(operator_id)
            )
        )

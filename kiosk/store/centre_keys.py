"""The centre's key pairs: public halves in the clear, private halves granted to those who may open them.

Every holder (an operator, the recovery sheet) has a key pair of their own, whose private half is wrapped
under their secret. The centre's private halves are sealed to the holders' public ones, so the centre can
change its key while nobody else is there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from kiosk.ids import OperatorId, new_id
from kiosk.store.moments import from_us, to_us
from kiosk.store.rows import CentreKeyRow, KeyGrantRow, KeyWrapRow
from kiosk.store.sealing import Sealer, open_with, seal_to

CentreKeyId = NewType("CentreKeyId", UUID)


class Purpose(StrEnum):
    CENTRE = "centre"
    """Whatever the centre may open: every operator holds it."""
    COORDINATORS = "coordinators"
    """What waits for approval: the coordinators alone hold it."""


class Holder(StrEnum):
    """Who holds keys of the centre."""

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
    """``salt`` and ``parameters`` say how the wrapping key is made from the secret. ``recipient`` is the
    public half of what is wrapped; None where that is a private half of the centre itself (version 0.1)."""

    id: UUID
    centre_key_id: CentreKeyId
    holder: Holder
    operator_id: OperatorId | None
    salt: bytes
    parameters: str
    made_at: datetime
    recipient: str | None = None


class CentreKeys:
    def __init__(self, session: Session) -> None:
        self._session = session

    def current(self, purpose: Purpose = Purpose.CENTRE) -> CentreKey | None:
        row = self._session.scalars(
            select(CentreKeyRow)
            .where(CentreKeyRow.retired_at.is_(None), CentreKeyRow.purpose == purpose)
            .order_by(CentreKeyRow.made_at.desc())
            .limit(1)
        ).one_or_none()
        return None if row is None else CentreKey(CentreKeyId(row.id), row.recipient)

    def add(self, key: CentreKey, at: datetime, purpose: Purpose = Purpose.CENTRE) -> None:
        self._session.execute(
            insert(CentreKeyRow).values(
                id=key.id, recipient=key.recipient, made_at=to_us(at), purpose=purpose
            )
        )

    def get(self, id: CentreKeyId) -> CentreKey:
        row = self._session.get_one(CentreKeyRow, id)
        return CentreKey(CentreKeyId(row.id), row.recipient)

    def purpose_of(self, id: CentreKeyId) -> Purpose:
        return Purpose(self._session.get_one(CentreKeyRow, id).purpose)

    def retire(self, id: CentreKeyId, at: datetime) -> None:
        self._session.execute(update(CentreKeyRow).where(CentreKeyRow.id == id).values(retired_at=to_us(at)))

    def forget(self, id: CentreKeyId) -> None:
        """Nobody can open anything with this key any more."""
        self._session.execute(delete(KeyGrantRow).where(KeyGrantRow.centre_key_id == id))
        self._session.execute(
            delete(KeyWrapRow).where(KeyWrapRow.centre_key_id == id, KeyWrapRow.recipient.is_(None))
        )
        self._session.execute(update(CentreKeyRow).where(CentreKeyRow.id == id).values(index_key=None))

    # -- the holders' own keys

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
                recipient=wrap.recipient,
            )
        )

    def wraps(self, holder: Holder, operator_id: OperatorId | None = None) -> tuple[KeyWrap, ...]:
        """The newest first."""
        rows = self._session.scalars(
            select(KeyWrapRow)
            .where(KeyWrapRow.holder == holder, KeyWrapRow.operator_id.is_not_distinct_from(operator_id))
            .order_by(KeyWrapRow.made_at.desc(), KeyWrapRow.id.desc())
        )
        return tuple(map(_wrap, rows))

    def every_wrap(self) -> tuple[KeyWrap, ...]:
        return tuple(map(_wrap, self._session.scalars(select(KeyWrapRow).order_by(KeyWrapRow.id))))

    def unwrap(self, id: UUID, sealer: Sealer) -> str:
        """Raises :class:`~kiosk.errors.SealFault` where the secret was another."""
        row = self._session.get_one(KeyWrapRow, id)
        return sealer.open(row.wrapped, "key_wrap", "wrapped", row.id).decode()

    def wrapped(self, id: UUID) -> bytes:
        """What is kept of a wrap, still sealed: a backup carries it in the clear."""
        return self._session.get_one(KeyWrapRow, id).wrapped

    def drop_wraps(self, holder: Holder, operator_id: OperatorId | None = None) -> None:
        """The holder holds nothing any more."""
        for table in (KeyWrapRow, KeyGrantRow):
            self._session.execute(
                delete(table).where(
                    table.holder == holder, table.operator_id.is_not_distinct_from(operator_id)
                )
            )

    # -- the centre's keys, granted to holders

    def grant(self, wrap: KeyWrap, key: CentreKeyId, identity: str) -> None:
        """Gives the holder of ``wrap`` the private half of ``key``."""
        assert wrap.recipient is not None, "only who has a key pair can be granted anything"
        grant = new_id()
        self._session.execute(
            insert(KeyGrantRow).values(
                id=grant,
                centre_key_id=key,
                holder=wrap.holder,
                operator_id=wrap.operator_id,
                sealed=seal_to(wrap.recipient, identity.encode(), "key_grant", "sealed", grant),
            )
        )

    def granted_to(self, holder: Holder, operator_id: OperatorId | None) -> set[CentreKeyId]:
        """Which keys of the centre a holder has been granted."""
        return set(
            map(
                CentreKeyId,
                self._session.scalars(
                    select(KeyGrantRow.centre_key_id).where(
                        KeyGrantRow.holder == holder,
                        KeyGrantRow.operator_id.is_not_distinct_from(operator_id),
                    )
                ),
            )
        )

    def granted(
        self, holder: Holder, operator_id: OperatorId | None, identity: str
    ) -> Mapping[CentreKeyId, str]:
        """The centre's private halves that the holder's own one opens."""
        rows = self._session.scalars(
            select(KeyGrantRow).where(
                KeyGrantRow.holder == holder, KeyGrantRow.operator_id.is_not_distinct_from(operator_id)
            )
        )
        return {
            CentreKeyId(row.centre_key_id): open_with(
                identity, row.sealed, "key_grant", "sealed", row.id
            ).decode()
            for row in rows
        }

    # -- the blind index's key

    def index_key(self, id: CentreKeyId, identity: str) -> bytes | None:
        sealed = self._session.get_one(CentreKeyRow, id).index_key
        return None if sealed is None else open_with(identity, sealed, "centre_key", "index_key", id)

    def set_index_key(self, key: CentreKey, index_key: bytes) -> None:
        sealed = seal_to(key.recipient, index_key, "centre_key", "index_key", key.id)
        self._session.execute(update(CentreKeyRow).where(CentreKeyRow.id == key.id).values(index_key=sealed))


def _wrap(row: KeyWrapRow) -> KeyWrap:
    return KeyWrap(
        row.id,
        CentreKeyId(row.centre_key_id),
        Holder(row.holder),
        None if row.operator_id is None else OperatorId(row.operator_id),
        row.salt,
        row.parameters,
        from_us(row.made_at),
        row.recipient,
    )

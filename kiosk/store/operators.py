"""Volunteers and coordinators as they are kept."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from kiosk.ids import OperatorId
from kiosk.store.moments import from_us, to_us
from kiosk.store.rows import OperatorRow
from kiosk.store.sealing import open_with, seal_to

TABLE = "operator"


class Role(StrEnum):
    VOLUNTEER = "volunteer"
    COORDINATOR = "coordinator"


class OperatorState(StrEnum):
    ACTIVE = "active"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Operator:
    id: OperatorId
    name: str
    role: Role
    language: str
    state: OperatorState
    made_at: datetime
    second_factor: str = ""
    """What is asked for beside the PIN; see :class:`kiosk.operators.Factor`."""


class Operators:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, operator: Operator) -> None:
        self._session.execute(
            insert(OperatorRow).values(
                id=operator.id,
                name=operator.name,
                role=operator.role,
                language=operator.language,
                state=operator.state,
                made_at=to_us(operator.made_at),
            )
        )

    def get(self, id: OperatorId) -> Operator | None:
        row = self._session.get(OperatorRow, id)
        return None if row is None else _operator(row)

    def active(self) -> tuple[Operator, ...]:
        """By name."""
        rows = self._session.scalars(
            select(OperatorRow)
            .where(OperatorRow.state == OperatorState.ACTIVE)
            .order_by(OperatorRow.name, OperatorRow.id)
        )
        return tuple(map(_operator, rows))

    def everybody(self) -> tuple[Operator, ...]:
        """Those who left too."""
        return tuple(map(_operator, self._session.scalars(select(OperatorRow).order_by(OperatorRow.id))))

    def coordinators(self) -> int:
        """How many active coordinators there are."""
        return (
            self._session.scalar(
                select(func.count()).where(
                    OperatorRow.role == Role.COORDINATOR, OperatorRow.state == OperatorState.ACTIVE
                )
            )
            or 0
        )

    def set_second_factor(self, id: OperatorId, kind: str, secret: bytes | None, recipient: str) -> None:
        """``secret`` is sealed to the centre's public key ``recipient``."""
        sealed = None if secret is None else seal_to(recipient, secret, TABLE, "second_factor_secret", id)
        self._session.execute(
            update(OperatorRow)
            .where(OperatorRow.id == id)
            .values(second_factor=kind, second_factor_secret=sealed)
        )
        self._session.expire_all()

    def second_factor_secret(self, id: OperatorId, identity: str) -> bytes | None:
        """Raises :class:`~kiosk.errors.SealFault` where it was sealed to another key, or changed."""
        sealed = self._session.get_one(OperatorRow, id).second_factor_secret
        return None if sealed is None else open_with(identity, sealed, TABLE, "second_factor_secret", id)

    def reseal(self, identity: str, recipient: str) -> None:
        """What was sealed to the key of ``identity`` is sealed to ``recipient`` instead."""
        for row in self._session.scalars(
            select(OperatorRow).where(OperatorRow.second_factor_secret.is_not(None))
        ).all():
            id = OperatorId(row.id)
            secret = self.second_factor_secret(id, identity)
            self.set_second_factor(id, row.second_factor, secret, recipient)

    def leave(self, id: OperatorId, at: datetime) -> None:
        self._session.execute(
            update(OperatorRow)
            .where(OperatorRow.id == id)
            .values(state=OperatorState.LEFT, left_at=to_us(at))
        )


def _operator(row: OperatorRow) -> Operator:
    return Operator(
        OperatorId(row.id),
        row.name,
        Role(row.role),
        row.language,
        OperatorState(row.state),
        from_us(row.made_at),
        row.second_factor,
    )

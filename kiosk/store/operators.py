"""Volunteers and coordinators as they are kept."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from kiosk.ids import OperatorId
from kiosk.store.moments import from_us, to_us
from kiosk.store.rows import OperatorRow


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
    )

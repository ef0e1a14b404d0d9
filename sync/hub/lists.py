"""What a caseworker and a coordinator see of a hub. Nothing of an applicant's answers."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from sync.hub.database import HubDatabase, moment
from sync.hub.journals import troubles
from sync.hub.rows import ApplicationRow, EnvelopeRow, KioskRow, SetAsideRow


@dataclass(frozen=True, slots=True)
class ApplicationLine:
    """``reference`` is None as long as the answers could not be opened."""

    id: UUID
    reference: str | None
    agency: str
    form: str
    state: str
    arrived_at: datetime
    kiosk: UUID


@dataclass(frozen=True, slots=True)
class KioskLine:
    """How a kiosk was when it was heard last."""

    id: UUID
    centre: str
    heard_at: datetime | None
    waiting: int
    attention: int
    app_version: str
    clock_ahead_s: float
    set_aside: int
    revoked: bool
    journal: str
    """What was found wrong with its journal; blank for nothing."""


@dataclass(frozen=True, slots=True)
class Totals:
    """For checking that nothing was lost or doubled."""

    envelopes: int
    applications: int
    set_aside: int


def applications(database: HubDatabase, limit: int) -> tuple[ApplicationLine, ...]:
    """The newest first."""
    with database.transaction() as session:
        rows = session.scalars(
            select(ApplicationRow).order_by(ApplicationRow.arrived_at.desc(), ApplicationRow.id).limit(limit)
        ).all()
    return tuple(
        ApplicationLine(
            row.id, row.reference, row.agency, row.form, row.state, moment(row.arrived_at), row.kiosk_id
        )
        for row in rows
    )


def kiosks(database: HubDatabase) -> tuple[KioskLine, ...]:
    with database.transaction() as session:
        counted = session.execute(
            select(SetAsideRow.kiosk_id, func.count().label("envelopes")).group_by(SetAsideRow.kiosk_id)
        )
        aside = {row.kiosk_id: int(row.envelopes) for row in counted}
        rows = session.scalars(select(KioskRow).order_by(KioskRow.centre, KioskRow.id)).all()
    wrong = troubles(database)
    return tuple(
        KioskLine(
            id=row.id,
            centre=row.centre,
            heard_at=None if row.heard_at is None else moment(row.heard_at),
            waiting=row.waiting,
            attention=row.attention,
            app_version=row.app_version,
            clock_ahead_s=row.clock_ahead_us / 1_000_000,
            set_aside=aside.get(row.id, 0),
            revoked=row.revoked_at is not None,
            journal=wrong.get(row.id, ""),
        )
        for row in rows
    )


def set_aside(database: HubDatabase) -> Iterator[tuple[UUID, UUID, str]]:
    """Kiosk, envelope and reason of everything that could not be taken."""
    with database.transaction() as session:
        rows = session.scalars(select(SetAsideRow).order_by(SetAsideRow.arrived_at)).all()
    for row in rows:
        reason = json.loads(row.answer).get("reason") or {}
        yield row.kiosk_id, row.envelope_id, reason.get("text", "")


def totals(database: HubDatabase) -> Totals:
    with database.transaction() as session:
        counts = [
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (EnvelopeRow, ApplicationRow, SetAsideRow)
        ]
    return Totals(*counts)

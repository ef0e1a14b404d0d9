"""What waits to leave the machine, and what became of it.

A courier reads with a session of its own (``Database.reader()``) and posts every write to the lane.
Nothing is deleted because a server said no; nothing here needs an unlocked key.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, func, insert, literal, or_, select, true, update
from sqlalchemy.orm import Session

from kiosk.ids import AgencyId, ApplicationId, EnvelopeId
from kiosk.journal import KIOSK, Action, Actor
from kiosk.store.applications import Applications
from kiosk.store.journal import Journal
from kiosk.store.moments import from_us, to_us
from kiosk.store.rows import OutboxRow, PartRow
from kiosk.store.settings import Setting, Settings


class OutboxState(StrEnum):
    AWAITING_APPROVAL = "awaiting-approval"
    """A coordinator has to look at it first; no carrier takes it."""
    WAITING = "waiting"
    ACKNOWLEDGED = "acknowledged"
    REJECTED = "rejected"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class PartBody:
    """A sealed part. ``body`` is None once the archive was cleared, or where only facts were asked for."""

    number: int
    digest: str
    body: bytes | None


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """One envelope. ``header`` is its JSON exactly as it goes up, without the bodies of the parts;
    ``size`` is in bytes, header and parts together."""

    envelope_id: EnvelopeId
    sequence: int
    application_id: ApplicationId | None
    kind: str
    agency: AgencyId
    header: str
    digest: str
    size: int
    made_at: datetime
    state: OutboxState
    attempts: int
    last_try_at: datetime | None
    next_try_at: datetime | None
    settled_at: datetime | None
    reason_code: str
    reason: str
    parts: tuple[PartBody, ...]
    order: int = 0
    carrier: str = ""


@dataclass(frozen=True, slots=True)
class OutboxCounts:
    """``attention``: envelopes that a person has to look at. ``bytes_waiting`` as they are stored."""

    waiting: int
    oldest_waiting_at: datetime | None
    attention: int
    bytes_waiting: int = 0


# Bound once: putting a statement together costs several times what the database takes for it.
_ADDED = insert(OutboxRow.__table__)  # type: ignore[arg-type]
_PART_ADDED = insert(PartRow.__table__)  # type: ignore[arg-type]
_ACKNOWLEDGED = (
    update(OutboxRow.__table__)  # type: ignore[arg-type]
    .where(OutboxRow.envelope_id == bindparam("of"))
    .values(
        state=OutboxState.ACKNOWLEDGED,
        settled_at=bindparam("at"),
        next_try_at=None,
        reason_code="",
        reason="",
    )
)


@dataclass(frozen=True, slots=True)
class Agencies:
    """Whose envelopes go one way: those of ``ids``, or with ``all_but`` those of everybody else."""

    ids: frozenset[AgencyId]
    all_but: bool = False


class Outbox:
    def __init__(self, session: Session) -> None:
        self._session = session

    def next_sequence(self) -> int:
        """Allots the next number of this kiosk: 1, 2, 3, … A transaction rolled back leaves no gap."""
        return Settings(self._session).count_up(Setting.LAST_SEQUENCE)

    def add(self, entry: OutboxEntry) -> None:
        connection = self._session.connection()
        connection.execute(
            _ADDED,
            {
                "envelope_id": entry.envelope_id,
                "sequence": entry.sequence,
                "application_id": entry.application_id,
                "kind": entry.kind,
                "agency": entry.agency,
                "order_in_application": entry.order,
                "header": entry.header,
                "digest": entry.digest,
                "size": entry.size,
                "made_at": to_us(entry.made_at),
                "state": entry.state,
            },
        )
        if entry.parts:
            connection.execute(
                _PART_ADDED,
                [
                    {
                        "envelope_id": entry.envelope_id,
                        "number": part.number,
                        "digest": part.digest,
                        "body": part.body,
                    }
                    for part in entry.parts
                ],
            )

    def agencies_in_use(self) -> frozenset[AgencyId]:
        """Of every envelope that has not arrived yet, whatever keeps it."""
        found = select(OutboxRow.agency).where(OutboxRow.state != OutboxState.ACKNOWLEDGED).distinct()
        return frozenset(map(AgencyId, self._session.scalars(found)))

    def waiting(
        self,
        after_sequence: int,
        max_bytes: int,
        max_count: int,
        now: datetime,
        agencies: "Agencies | None" = None,
        but: Collection[EnvelopeId] = (),
    ) -> tuple[OutboxEntry, ...]:
        """What may be tried at ``now``, with bodies, in order, beginning behind ``after_sequence``.

        At most ``max_bytes`` and ``max_count``, but at least one where any waits. Of every agency, or of
        those in ``agencies``; without those of ``but``.
        """
        # Columns, not objects: a batch is some hundred rows, read once.
        rows = self._session.execute(
            select(*OutboxRow.__table__.columns)
            .where(
                OutboxRow.state == OutboxState.WAITING,
                OutboxRow.sequence > after_sequence,
                _going_to(agencies),
                OutboxRow.envelope_id.not_in(but),
                or_(OutboxRow.next_try_at.is_(None), OutboxRow.next_try_at <= to_us(now)),
            )
            .order_by(OutboxRow.sequence)
            .limit(max_count)
        )
        chosen: list[Any] = []
        room = max_bytes
        for row in rows:
            room -= row.size
            if chosen and room < 0:
                break
            chosen.append(row)
        return self._entries(chosen, bodies=True)

    def with_parts_over(self, size: int, agencies: Agencies | None = None) -> tuple[OutboxEntry, ...]:
        """What waits and has a part of more than ``size`` bytes, and what waits behind it for the same
        application; in order, without bodies."""
        large = (
            select(PartRow.number)
            .where(PartRow.envelope_id == OutboxRow.envelope_id, func.length(PartRow.body) > size)
            .exists()
        )
        waits = and_(OutboxRow.state == OutboxState.WAITING, _going_to(agencies))
        found = self._session.execute(
            select(OutboxRow.envelope_id, OutboxRow.application_id, large.label("large"))
            .where(waits)
            .order_by(OutboxRow.sequence)
        ).all()
        behind: set[UUID | None] = set()
        chosen: list[UUID] = []
        for row in found:
            if row.large or row.application_id in behind:
                chosen.append(row.envelope_id)
                behind |= {row.application_id} - {None}
        return self._facts(OutboxRow.envelope_id.in_(chosen)) if chosen else ()

    def counts(self) -> OutboxCounts:
        rows = self._session.execute(
            select(OutboxRow.state, func.count(), func.min(OutboxRow.made_at), func.sum(OutboxRow.size))
            .where(OutboxRow.state.not_in([OutboxState.ACKNOWLEDGED, OutboxState.AWAITING_APPROVAL]))
            .group_by(OutboxRow.state)
        ).all()
        found = {state: (count, oldest, size) for state, count, oldest, size in rows}
        waiting, oldest, size = found.pop(OutboxState.WAITING, (0, None, 0))
        return OutboxCounts(waiting, from_us(oldest), sum(count for count, _, _ in found.values()), size)

    def get(self, id: EnvelopeId) -> OutboxEntry | None:
        """With its bodies."""
        row = self._session.get(OutboxRow, id)
        return None if row is None else self._entries([row], bodies=True)[0]

    def attention(self) -> tuple[OutboxEntry, ...]:
        """Rejected and conflicting envelopes, in order, without bodies."""
        return self._facts(OutboxRow.state.in_([OutboxState.REJECTED, OutboxState.CONFLICT]))

    def of(self, application_id: ApplicationId) -> tuple[OutboxEntry, ...]:
        """Everything that was ever made for an application, in order, without bodies."""
        return self._facts(OutboxRow.application_id == application_id)

    def last_order(self, application_id: ApplicationId) -> int | None:
        """The position of the last envelope of an application; None where there is none yet."""
        return self._session.scalar(
            select(func.max(OutboxRow.order_in_application)).where(OutboxRow.application_id == application_id)
        )

    def tried(self, ids: Iterable[EnvelopeId], at: datetime, next_try_at: datetime | None) -> None:
        """An attempt without an answer: these stay waiting and are asked about again."""
        self._session.execute(
            update(OutboxRow)
            .where(OutboxRow.envelope_id.in_(list(ids)), OutboxRow.state == OutboxState.WAITING)
            .values(attempts=OutboxRow.attempts + 1, last_try_at=to_us(at), next_try_at=to_us(next_try_at))
        )
        self._session.expire_all()

    def acknowledge(self, id: EnvelopeId, at: datetime, carrier: str, keep_until: datetime | None) -> bool:
        """The other end holds it. The application it carries becomes received, at ``at``.

        False where there is nothing to do: not known here, or acknowledged before.
        """
        return self.acknowledge_all({id: at}, carrier, keep_until) == 1

    def acknowledge_all(
        self, at_of: Mapping[EnvelopeId, datetime], carrier: str, keep_until: datetime | None
    ) -> int:
        """As :meth:`acknowledge`, for many at once: a few statements instead of ten for each. Returns how
        many were not acknowledged before."""
        rows = self._session.execute(
            select(OutboxRow.envelope_id, OutboxRow.application_id, OutboxRow.order_in_application).where(
                OutboxRow.envelope_id.in_(at_of), OutboxRow.state != OutboxState.ACKNOWLEDGED
            )
        ).all()
        if not rows:
            return 0
        self._session.connection().execute(
            _ACKNOWLEDGED.values(carrier=carrier, keep_until=to_us(keep_until)),
            [{"of": row.envelope_id, "at": to_us(at_of[EnvelopeId(row.envelope_id)])} for row in rows],
        )
        self._session.expire_all()
        begun = {
            ApplicationId(row.application_id): at_of[EnvelopeId(row.envelope_id)]
            for row in rows
            if row.application_id is not None and row.order_in_application == 0
        }
        received = Applications(self._session).received_all(begun)
        Journal(self._session).append_all(
            [
                (at, KIOSK, Action.APPLICATION_RECEIVED, str(application))
                for application, at in begun.items()
                if application in received
            ]
        )
        return len(rows)

    def reject(self, id: EnvelopeId, at: datetime, code: str, text: str, conflict: bool) -> bool:
        """Sets an envelope aside with its reason, where staff see it. It stays, whole.

        False where it is not waiting: an acknowledgement is never taken back.
        """
        row = self._session.get(OutboxRow, id)
        if row is None or row.state != OutboxState.WAITING:
            return False
        state = OutboxState.CONFLICT if conflict else OutboxState.REJECTED
        self._settle(id, state, at, reason_code=code, reason=text)
        subject = str(row.application_id or id)
        Journal(self._session).append(at, KIOSK, Action.APPLICATION_REJECTED, subject, {"code": code})
        return True

    def try_again(self, id: EnvelopeId, at: datetime, actor: Actor = KIOSK) -> bool:
        """What was set aside waits again. False where it was not set aside."""
        row = self._session.get(OutboxRow, id)
        if row is None or row.state not in (OutboxState.REJECTED, OutboxState.CONFLICT):
            return False
        self._wait_again([id])
        subject = str(row.application_id or id)
        Journal(self._session).append(at, actor, Action.APPLICATION_TRIED_AGAIN, subject)
        return True

    def approve(self, application: ApplicationId) -> None:
        """What waited for a coordinator waits for the courier."""
        self._session.execute(
            update(OutboxRow)
            .where(OutboxRow.application_id == application, OutboxRow.state == OutboxState.AWAITING_APPROVAL)
            .values(state=OutboxState.WAITING)
        )
        self._session.expire_all()

    def resend_from(self, high_water: int) -> int:
        """A hub was restored from an older backup: what it acknowledged above ``high_water`` waits again.

        Returns how many; envelopes whose archive was cleared cannot be sent again and are not counted.
        """
        ids = self._session.scalars(
            select(OutboxRow.envelope_id)
            .where(OutboxRow.state == OutboxState.ACKNOWLEDGED, OutboxRow.sequence > high_water)
            .where(
                ~select(PartRow.number)
                .where(PartRow.envelope_id == OutboxRow.envelope_id, PartRow.body.is_(None))
                .exists()
            )
        ).all()
        self._wait_again([EnvelopeId(id) for id in ids])
        return len(ids)

    def clear_archive(self, now: datetime) -> int:
        """Erases the bodies whose time is over. ``now`` must be a time that a hub confirmed: a kiosk's
        own clock may be years off. Returns how many envelopes were cleared."""
        ids = self._session.scalars(
            select(OutboxRow.envelope_id).where(
                OutboxRow.state == OutboxState.ACKNOWLEDGED, OutboxRow.keep_until <= to_us(now)
            )
        ).all()
        self._session.execute(update(PartRow).where(PartRow.envelope_id.in_(ids)).values(body=None))
        self._session.execute(update(OutboxRow).where(OutboxRow.envelope_id.in_(ids)).values(keep_until=None))
        self._session.expire_all()
        return len(ids)

    def _settle(self, id: EnvelopeId, state: OutboxState, at: datetime, **values: object) -> None:
        self._session.execute(
            update(OutboxRow)
            .where(OutboxRow.envelope_id == id)
            .values(
                {"reason_code": "", "reason": "", **values},
            )
            .values(state=state, settled_at=to_us(at), next_try_at=None)
        )

    def _wait_again(self, ids: list[EnvelopeId]) -> None:
        self._session.execute(
            update(OutboxRow)
            .where(OutboxRow.envelope_id.in_(ids))
            .values(
                state=OutboxState.WAITING,
                next_try_at=None,
                settled_at=None,
                keep_until=None,
                reason_code="",
                reason="",
            )
        )
        self._session.expire_all()

    def _facts(self, condition: ColumnElement[bool]) -> tuple[OutboxEntry, ...]:
        rows = self._session.scalars(select(OutboxRow).where(condition).order_by(OutboxRow.sequence)).all()
        return self._entries(rows, bodies=False)

    def _entries(self, rows: Sequence[Any], *, bodies: bool) -> tuple[OutboxEntry, ...]:
        ids = [row.envelope_id for row in rows]
        columns = (PartRow.envelope_id, PartRow.number, PartRow.digest)
        found = self._session.execute(
            select(*columns, PartRow.body if bodies else literal(None).label("body"))
            .where(PartRow.envelope_id.in_(ids))
            .order_by(PartRow.envelope_id, PartRow.number)
        )
        parts: dict[UUID, list[PartBody]] = {}
        for part in found:
            parts.setdefault(part.envelope_id, []).append(PartBody(part.number, part.digest, part.body))
        return tuple(_entry(row, tuple(parts.get(row.envelope_id, ()))) for row in rows)


def _going_to(agencies: Agencies | None) -> ColumnElement[bool]:
    if agencies is None:
        return true()
    theirs = OutboxRow.agency.in_(agencies.ids)
    return ~theirs if agencies.all_but else theirs


def _entry(row: Any, parts: tuple[PartBody, ...]) -> OutboxEntry:
    return OutboxEntry(
        envelope_id=EnvelopeId(row.envelope_id),
        sequence=row.sequence,
        application_id=None if row.application_id is None else ApplicationId(row.application_id),
        kind=row.kind,
        agency=AgencyId(row.agency),
        header=row.header,
        digest=row.digest,
        size=row.size,
        made_at=from_us(row.made_at),
        state=OutboxState(row.state),
        attempts=row.attempts,
        last_try_at=from_us(row.last_try_at),
        next_try_at=from_us(row.next_try_at),
        settled_at=from_us(row.settled_at),
        reason_code=row.reason_code,
        reason=row.reason,
        parts=parts,
        order=row.order_in_application,
        carrier=row.carrier,
    )

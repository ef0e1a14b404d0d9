"""What comes down to a kiosk, in order, since the cursor that it names.

A cursor is ``position.item.held``: the last delivery's position and id, and how many envelopes of this
kiosk the hub held then. A hub restored from a backup knows itself by it: the item stands elsewhere, or it
holds fewer. It then starts from the beginning (each item has an id, so the kiosk takes it once) and asks for
what it lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from sync.hub.rows import DeliveryRow, KioskRow
from sync.protocol import Model, Notice, PackVersion, Status

MOST_AT_ONCE = 200

Kind = Literal["status", "notice", "pack"]


@dataclass(frozen=True, slots=True)
class Arriving:
    """What one answer brings down."""

    statuses: tuple[Status, ...]
    notices: tuple[Notice, ...]
    packs: tuple[PackVersion, ...]
    cursor: str
    more: bool
    restored: bool
    """The cursor tells of things that this hub does not know."""


def lock_kiosk(session: Session, kiosk: UUID) -> KioskRow | None:
    """The kiosk's row, locked until the transaction ends: its requests and its deliveries come one by one."""
    return session.scalars(select(KioskRow).where(KioskRow.id == kiosk).with_for_update()).one_or_none()


def deliver(session: Session, kiosk: KioskRow, kind: Kind, items: Sequence[tuple[UUID, Model]]) -> None:
    """Puts items into the queue of a kiosk whose row is locked."""
    if not items:
        return
    rows = [
        {
            "kiosk_id": kiosk.id,
            "position": kiosk.position + number,
            "kind": kind,
            "item": item,
            "message": message.model_dump_json(exclude_unset=True),
        }
        for number, (item, message) in enumerate(items, start=1)
    ]
    session.execute(insert(DeliveryRow), rows)
    kiosk.position += len(rows)


def since(session: Session, kiosk: KioskRow, cursor: str) -> Arriving:
    """At most :data:`MOST_AT_ONCE` items after ``cursor``; an unreadable cursor means all of them."""
    position, item, held = _parse(cursor)
    restored = held > kiosk.held
    if position and not _is_ours(session, kiosk.id, position, item):
        position, item, restored = 0, None, True
    found = session.scalars(
        select(DeliveryRow)
        .where(DeliveryRow.kiosk_id == kiosk.id, DeliveryRow.position > position)
        .order_by(DeliveryRow.position)
        .limit(MOST_AT_ONCE + 1)
    ).all()
    rows = found[:MOST_AT_ONCE]
    if rows:
        position, item = rows[-1].position, rows[-1].item
    return Arriving(
        statuses=tuple(Status.model_validate_json(row.message) for row in rows if row.kind == "status"),
        notices=tuple(Notice.model_validate_json(row.message) for row in rows if row.kind == "notice"),
        packs=tuple(PackVersion.model_validate_json(row.message) for row in rows if row.kind == "pack"),
        cursor=f"{position}.{item.hex if item else ''}.{kiosk.held}",
        more=len(found) > len(rows),
        restored=restored,
    )


def _is_ours(session: Session, kiosk: UUID, position: int, item: UUID | None) -> bool:
    row = session.get(DeliveryRow, (kiosk, position))
    return row is not None and row.item == item


def _parse(cursor: str) -> tuple[int, UUID | None, int]:
    try:
        position, item, held = cursor.split(".")
        parsed = int(position), UUID(item) if item else None, int(held)
    except ValueError:
        return 0, None, 0
    return parsed if max(parsed[0], parsed[2]) < 2**63 and parsed[0] >= 0 else (0, None, 0)

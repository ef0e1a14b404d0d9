"""Opens what came before its key or its form did."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, tuple_

from sync.hub.database import HubDatabase
from sync.hub.opening import Opener, PartState
from sync.hub.reading import form_digest_of
from sync.hub.rows import ApplicationRow, EnvelopeRow, PartRow

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class _Place:
    kiosk: UUID
    envelope: UUID
    number: int


def reopen(database: HubDatabase, opener: Opener) -> int:
    """Tries every sealed part once more whose key or form was missing. Returns how many opened."""
    opened = 0
    after: _Place | None = None
    while True:
        with database.transaction() as session:
            wanted = (
                select(PartRow)
                .where(PartRow.state.in_([PartState.NO_KEY, PartState.NO_FORM]))
                .order_by(PartRow.kiosk_id, PartRow.envelope_id, PartRow.number)
                .limit(_AT_ONCE)
            )
            if after is not None:
                place = tuple_(PartRow.kiosk_id, PartRow.envelope_id, PartRow.number)
                wanted = wanted.where(place > (after.kiosk, after.envelope, after.number))
            parts = session.scalars(wanted).all()
            for part in parts:
                envelope = session.get_one(EnvelopeRow, (part.kiosk_id, part.envelope_id))
                result = opener.open(part.kind, part.body, form_digest_of(envelope.header))
                part.state, part.opened = result.state, result.plain
                if result.state is PartState.OPENED:
                    opened += 1
                if result.reference and envelope.application_id is not None:
                    application = session.get(ApplicationRow, envelope.application_id)
                    if application is not None and application.reference is None:
                        application.reference = result.reference
        if not parts:
            return opened
        after = _Place(parts[-1].kiosk_id, parts[-1].envelope_id, parts[-1].number)

"""What becomes of each envelope of one request: stored, answered as before, set aside, or asked for parts."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from sync.hub import attachments
from sync.hub.database import micros
from sync.hub.opening import Opened, Opener
from sync.hub.reading import BadEnvelope, GoodEnvelope, content_of
from sync.hub.rows import EnvelopeRow, KioskRow, PartRow, SetAsideRow
from sync.kinds import EnvelopeKind, Outcome, ReasonCode
from sync.protocol import Acknowledgement, Reason

# Of the tables and not of the classes: a thousand rows go in without a thousand objects.
_ENVELOPES = insert(EnvelopeRow.__table__)  # type: ignore[arg-type]
_PARTS = insert(PartRow.__table__)  # type: ignore[arg-type]

_TAKEN = Reason(
    code=ReasonCode.SEQUENCE_TAKEN,
    text="Another envelope came from this kiosk under the same number: was the kiosk copied, or restored "
    "from a backup? Both envelopes are kept by the hub.",
)
_OTHER = Reason(
    code=ReasonCode.OTHER_CONTENT,
    text="This envelope came before with other content. The hub keeps both; the first one counts.",
)

_OTHER_SIZE = Reason(
    code=ReasonCode.DIGEST,
    text="The envelope is not what was stored: a part has another size than its header says.",
)


class Taking:
    """Decides about each envelope of one request, within the transaction that holds the kiosk's row."""

    def __init__(self, session: Session, kiosk: KioskRow, now: datetime, opener: Opener) -> None:
        self._opener = opener
        self._session = session
        self._kiosk = kiosk
        self._now = now
        self.acknowledgements: list[Acknowledgement] = []
        self.applications: list[GoodEnvelope] = []
        self.replacements: list[GoodEnvelope] = []

    def take(self, read: Sequence[GoodEnvelope | BadEnvelope]) -> "Taking":
        names = [item.envelope.id if isinstance(item, GoodEnvelope) else item.id for item in read]
        numbers = [item.envelope.sequence for item in read if isinstance(item, GoodEnvelope)]
        known = self._known(names)
        taken = self._taken(numbers)
        arrived = self._arrived(item for item in read if isinstance(item, GoodEnvelope))
        fresh: list[tuple[GoodEnvelope, Acknowledgement]] = []
        for item in read:
            if isinstance(item, BadEnvelope):
                self.acknowledgements.append(self._set_aside(item, Outcome.REJECTED, item.reason))
                continue
            envelope = item.envelope
            first = known.get(envelope.id)
            if first is not None and first[0] == envelope.digest:
                self.acknowledgements.append(first[1])
                continue
            if first is not None:
                self.acknowledgements.append(self._set_aside(item, Outcome.CONFLICT, _OTHER))
                continue
            if wanted := attachments.missing(envelope, arrived):
                asked = self._answer(envelope.id, envelope.sequence, Outcome.PARTS_WANTED, None)
                self.acknowledgements.append(asked.model_copy(update={"wanted": wanted}))
                continue
            if any(part.body is None and part.size != len(arrived[part.digest]) for part in envelope.parts):
                self.acknowledgements.append(self._set_aside(item, Outcome.REJECTED, _OTHER_SIZE))
                continue
            item = attachments.completed(item, arrived, self._opener)
            if envelope.sequence in taken:
                acknowledgement = self._answer(envelope.id, envelope.sequence, Outcome.CONFLICT, _TAKEN)
            else:
                acknowledgement = self._answer(envelope.id, envelope.sequence, Outcome.STORED, None)
            known[envelope.id] = (envelope.digest, acknowledgement)
            taken.add(envelope.sequence)
            fresh.append((item, acknowledgement))
            self.acknowledgements.append(acknowledgement)
        self._store(fresh)
        return self

    def _arrived(self, items: Iterable[GoodEnvelope]) -> dict[str, bytes]:
        """What the envelopes name and came by itself."""
        named = {part.digest for item in items for part in item.envelope.parts if part.body is None}
        return attachments.arrived_of(self._session, self._kiosk.id, named) if named else {}

    def _known(self, names: Sequence[UUID]) -> dict[UUID, tuple[str, Acknowledgement]]:
        rows = self._session.execute(
            select(EnvelopeRow.envelope_id, EnvelopeRow.digest, EnvelopeRow.answer).where(
                EnvelopeRow.kiosk_id == self._kiosk.id, EnvelopeRow.envelope_id.in_(names)
            )
        )
        return {
            row.envelope_id: (row.digest, Acknowledgement.model_validate_json(row.answer)) for row in rows
        }

    def _taken(self, numbers: Sequence[int]) -> set[int]:
        return set(
            self._session.scalars(
                select(EnvelopeRow.sequence).where(
                    EnvelopeRow.kiosk_id == self._kiosk.id, EnvelopeRow.sequence.in_(numbers)
                )
            )
        )

    def _answer(
        self, envelope: UUID, sequence: int, outcome: Outcome, reason: Reason | None
    ) -> Acknowledgement:
        return Acknowledgement(
            envelope=envelope, outcome=outcome, at=self._now, sequence=sequence, reason=reason
        )

    def _set_aside(
        self, item: GoodEnvelope | BadEnvelope, outcome: Outcome, reason: Reason
    ) -> Acknowledgement:
        name, sequence = (
            (item.envelope.id, item.envelope.sequence)
            if isinstance(item, GoodEnvelope)
            else (item.id, item.sequence)
        )
        content, digest = content_of(item)
        before = self._session.get(SetAsideRow, (self._kiosk.id, name, digest))
        if before is not None:
            return Acknowledgement.model_validate_json(before.answer)
        acknowledgement = self._answer(name, sequence, outcome, reason)
        self._session.add(
            SetAsideRow(
                kiosk_id=self._kiosk.id,
                envelope_id=name,
                content_digest=digest,
                arrived_at=micros(self._now),
                content=content,
                answer=_json(acknowledgement),
            )
        )
        return acknowledgement

    def _store(self, fresh: Sequence[tuple[GoodEnvelope, Acknowledgement]]) -> None:
        if not fresh:
            return
        at = micros(self._now)
        connection = self._session.connection()
        connection.execute(
            _ENVELOPES,
            [
                {
                    "kiosk_id": self._kiosk.id,
                    "envelope_id": good.envelope.id,
                    "sequence": good.envelope.sequence,
                    "kind": good.envelope.kind,
                    "agency": good.envelope.agency,
                    "application_id": good.envelope.application,
                    "number": good.envelope.order,
                    "created_at": micros(good.envelope.created_at),
                    "arrived_at": at,
                    "digest": good.envelope.digest,
                    "header": good.header,
                    "outcome": acknowledgement.outcome,
                    "answer": _json(acknowledgement),
                }
                for good, acknowledgement in fresh
            ],
        )
        parts = [row for good, _ in fresh for row in self._parts(good)]
        if parts:
            connection.execute(_PARTS, parts)
        for good, _ in fresh:
            attachments.went_into(self._session, self._kiosk.id, good.envelope)
        self._kiosk.held += len(fresh)
        self._kiosk.high_water = _without_gap(self._session, self._kiosk)
        self.replacements = [
            good for good, _ in fresh if good.envelope.kind == EnvelopeKind.RECEIPT_REPLACEMENT
        ]
        self.applications = [
            good
            for good, _ in fresh
            if good.envelope.kind == EnvelopeKind.APPLICATION and good.envelope.application is not None
        ]

    def _parts(self, good: GoodEnvelope) -> list[dict[str, object]]:
        def row(number: int, body: bytes | None, opened: Opened) -> dict[str, object]:
            part = good.envelope.parts[number]
            return {
                "kiosk_id": self._kiosk.id,
                "envelope_id": good.envelope.id,
                "number": number,
                "name": part.name,
                "kind": part.kind,
                "media_type": part.media_type,
                "digest": part.digest,
                "body": body,
                "state": opened.state,
                "opened": opened.plain,
            }

        return [
            row(number, body, opened)
            for number, (body, opened) in enumerate(zip(good.bodies, good.opened, strict=True))
        ]


def _json(acknowledgement: Acknowledgement) -> str:
    return acknowledgement.model_dump_json(exclude_unset=True)


def _without_gap(session: Session, kiosk: KioskRow) -> int:
    """The number up to which nothing is missing; only what lies beyond the last one is looked at."""
    mark = kiosk.high_water
    beyond = (
        select(EnvelopeRow.sequence)
        .where(EnvelopeRow.kiosk_id == kiosk.id, EnvelopeRow.sequence > mark)
        .distinct()
        .order_by(EnvelopeRow.sequence)
        .limit(1000)
    )
    while True:
        found = session.scalars(beyond.where(EnvelopeRow.sequence > mark)).all()
        before = mark
        for number in found:
            if number != mark + 1:
                return mark
            mark = number
        if mark == before or len(found) < 1000:
            return mark

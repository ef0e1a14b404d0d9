"""Parts that travel by themselves: kept piece by piece, checked when whole, then moved into their envelope.

All of it stands in the database, under the lock of the kiosk's row: any process of the hub takes the next
piece, a repeat changes nothing, and a kiosk has no way to another's attachments, whose keys begin with that
one's id.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, delete, func, insert, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from sync.hub.database import HubDatabase, micros
from sync.hub.deliveries import lock_kiosk
from sync.hub.identity import HubIdentity
from sync.hub.limits import Limits, count_request, spend_nonce
from sync.hub.opening import Opened, Opener
from sync.hub.reading import GoodEnvelope
from sync.hub.refusing import Refused
from sync.hub.rows import AttachmentPieceRow, AttachmentRow, PartRow
from sync.kinds import RefusalCode
from sync.protocol import MOST_ATTACHMENT, MOST_PIECE, PROTOCOL, Envelope, Piece, PieceAnswer
from sync.signatures import Signed

MOST_UNFINISHED = 16 * MOST_ATTACHMENT
"""Bytes that one kiosk may have begun and not yet named in an envelope."""

UNFINISHED_LASTS = timedelta(days=30)
"""After so long without a piece it is begun anew."""

PLACE_LASTS = timedelta(days=120)
"""Where a finished one went is known for longer than a kiosk sends it again from its archive."""


class Attachments:
    """Takes pieces from enrolled kiosks."""

    def __init__(
        self, database: HubDatabase, identity: HubIdentity, clock: Callable[[], datetime], limits: Limits
    ) -> None:
        self._database = database
        self._identity = identity
        self._clock = clock
        self._limits = limits

    def take(self, piece: Piece, signed: Signed) -> PieceAnswer:
        """Commits, then tells how far the attachment has come. Raises :class:`Refused`.

        The last piece of one that is not what its digest says throws all of it away: it has to come anew.
        """
        if piece.size > MOST_ATTACHMENT or len(piece.body) > MOST_PIECE:
            raise Refused(
                413,
                RefusalCode.TOO_LARGE,
                f"An attachment may have at most {MOST_ATTACHMENT // 2**20} MB, and a piece of it "
                f"{MOST_PIECE // 2**20} MB. It stays at the kiosk.",
            )
        now = self._clock()
        try:
            with self._database.transaction() as session:
                kiosk = lock_kiosk(session, piece.kiosk)
                if kiosk is None:
                    raise Refused(401, RefusalCode.UNKNOWN_KIOSK, "This kiosk is not enrolled at this hub.")
                count_request(kiosk, self._limits, now)
                spend_nonce(session, kiosk.id, signed, now)
                offset = _taken(session, kiosk.id, piece, now)
        except IntegrityError as error:
            raise Refused(
                503, RefusalCode.BUSY, "The hub is busy with this very request. Try again.", detail=str(error)
            ) from error
        if offset is None:
            raise Refused(
                422, RefusalCode.DIGEST, "The attachment is not what was stored. The kiosk sends it anew."
            )
        return PieceAnswer(
            protocol=min(piece.protocol, PROTOCOL),
            hub=self._identity.hub,
            at=now,
            digest=piece.digest,
            offset=offset,
        )


def missing(envelope: Envelope, arrived: Mapping[str, bytes]) -> tuple[str, ...]:
    """The digests of the parts that neither came along nor stand in ``arrived``."""
    absent = (part.digest for part in envelope.parts if part.body is None)
    return tuple(dict.fromkeys(digest for digest in absent if digest not in arrived))


def arrived_of(session: Session, kiosk: UUID, digests: Collection[str]) -> dict[str, bytes]:
    """Those that are whole, wherever their bytes stand by now."""
    rows = session.scalars(
        select(AttachmentRow).where(
            AttachmentRow.kiosk_id == kiosk,
            AttachmentRow.digest.in_(digests),
            AttachmentRow.arrived == AttachmentRow.size,
        )
    ).all()
    found = {}
    for row in rows:
        if row.envelope_id is None:
            found[row.digest] = _joined(session, kiosk, row.digest)
            continue
        part = session.get(PartRow, (kiosk, row.envelope_id, row.number))
        if part is not None and part.body is not None:
            found[row.digest] = part.body
    return found


def completed(item: GoodEnvelope, arrived: Mapping[str, bytes], opener: Opener) -> GoodEnvelope:
    """With the bodies that came ahead of it, opened like those that came along."""
    if None not in item.bodies:
        return item
    form = item.envelope.form.digest if item.envelope.form else None
    bodies: list[bytes | None] = []
    opened: list[Opened] = []
    for part, body, before in zip(item.envelope.parts, item.bodies, item.opened, strict=True):
        bodies.append(arrived[part.digest] if body is None else body)
        opened.append(opener.open(part.kind, bodies[-1], form) if body is None else before)
    return replace(item, bodies=tuple(bodies), opened=tuple(opened))


def went_into(session: Session, kiosk: UUID, envelope: Envelope) -> None:
    """The envelope was stored with the parts that came ahead of it: their pieces are no longer needed."""
    for number, part in enumerate(envelope.parts):
        row = None if part.body is not None else session.get(AttachmentRow, (kiosk, part.digest))
        if row is not None and row.envelope_id is None:
            row.envelope_id, row.number = envelope.id, number
            _drop_pieces(session, kiosk, part.digest)


def _taken(session: Session, kiosk: UUID, piece: Piece, now: datetime) -> int | None:
    """So many bytes are there; None where the last one showed that they are the wrong ones."""
    key = (kiosk, piece.digest)
    row = session.get(AttachmentRow, key, with_for_update=True)
    if row is None:
        if not piece.body or piece.offset:
            return 0
        _forget_stale(session, now)
        _refuse_too_many(session, kiosk, piece)
        row = AttachmentRow(kiosk_id=kiosk, digest=piece.digest, size=piece.size, arrived=0, touched_at=0)
        session.add(row)
    if row.size != piece.size:
        raise Refused(
            422, RefusalCode.REQUEST_UNREADABLE, "This attachment was begun with another size than this."
        )
    if not piece.body or piece.offset != row.arrived or row.arrived == row.size:
        return row.arrived
    if piece.offset + len(piece.body) > row.size:
        raise Refused(
            422, RefusalCode.REQUEST_UNREADABLE, "This piece reaches beyond the end of its attachment."
        )
    session.execute(
        insert(AttachmentPieceRow).values(
            kiosk_id=kiosk, digest=piece.digest, start=piece.offset, body=piece.body
        )
    )
    row.arrived += len(piece.body)
    row.touched_at = micros(now)
    if row.arrived == row.size:
        whole = _joined(session, kiosk, piece.digest)
        if hashlib.sha256(whole).hexdigest() != piece.digest:
            _drop_pieces(session, kiosk, piece.digest)
            session.flush()
            session.delete(row)
            return None
    return row.arrived


def _joined(session: Session, kiosk: UUID, digest: str) -> bytes:
    pieces = select(AttachmentPieceRow.body).where(
        AttachmentPieceRow.kiosk_id == kiosk, AttachmentPieceRow.digest == digest
    )
    return b"".join(session.scalars(pieces.order_by(AttachmentPieceRow.start)))


def _drop_pieces(session: Session, kiosk: UUID, digest: str) -> None:
    session.execute(
        delete(AttachmentPieceRow).where(
            AttachmentPieceRow.kiosk_id == kiosk, AttachmentPieceRow.digest == digest
        )
    )


def _refuse_too_many(session: Session, kiosk: UUID, piece: Piece) -> None:
    begun = session.scalar(
        select(func.coalesce(func.sum(AttachmentRow.size), 0)).where(
            AttachmentRow.kiosk_id == kiosk, AttachmentRow.envelope_id.is_(None)
        )
    )
    if int(begun or 0) + piece.size > MOST_UNFINISHED:
        raise Refused(
            429,
            RefusalCode.BUSY,
            "Too many attachments of this kiosk are under way at once. This one stays there for now.",
            retry_after_s=3600,
        )


def _forget_stale(session: Session, now: datetime) -> None:
    """Of every kiosk: one that never comes back would otherwise leave its pieces for good."""
    stale = or_(
        and_(AttachmentRow.envelope_id.is_(None), AttachmentRow.touched_at < micros(now - UNFINISHED_LASTS)),
        AttachmentRow.touched_at < micros(now - PLACE_LASTS),
    )
    forgotten = delete(AttachmentRow).where(stale).returning(AttachmentRow.kiosk_id, AttachmentRow.digest)
    for kiosk, digest in session.execute(forgotten).all():
        _drop_pieces(session, kiosk, digest)

"""The hub's tables. Rows stay in this room.

Every key begins with the kiosk, so writes of many kiosks spread over a distributed database, and no number
comes from a sequence that all would wait for. Times are integers, microseconds since 1970 UTC.
"""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, Text, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    type_annotation_map = {  # noqa: RUF012
        UUID: Uuid(),
        bytes: LargeBinary(),
        str: Text(),
        int: BigInteger(),
    }


class KioskRow(Base):
    """An enrolled kiosk, how it is, and how far the conversation with it has come."""

    __tablename__ = "kiosk"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    centre: Mapped[str]
    device_key: Mapped[bytes]
    enrolled_at: Mapped[int]
    revoked_at: Mapped[int | None]
    revoked_reason: Mapped[str] = mapped_column(default="")
    high_water: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    """Envelopes of this kiosk that were answered for good."""
    position: Mapped[int] = mapped_column(default=0)
    """The last number given out in :class:`DeliveryRow`."""
    heard_at: Mapped[int | None]
    clock_ahead_us: Mapped[int] = mapped_column(default=0)
    app_version: Mapped[str] = mapped_column(default="")
    waiting: Mapped[int] = mapped_column(default=0)
    oldest_waiting_at: Mapped[int | None]
    attention: Mapped[int] = mapped_column(default=0)
    disk_free_bytes: Mapped[int] = mapped_column(default=0)
    release: Mapped[int | None]
    """The newest release of updates that it believed."""
    minute: Mapped[int] = mapped_column(default=0)
    """Since 1970: the one that ``asked`` counts requests of."""
    asked: Mapped[int] = mapped_column(default=0)


class EnrolCodeRow(Base):
    """A one-time code, by its hash."""

    __tablename__ = "enrol_code"
    hash: Mapped[str] = mapped_column(primary_key=True)
    made_at: Mapped[int]
    expires_at: Mapped[int]
    used_at: Mapped[int | None]
    used_by: Mapped[UUID | None]


class EnrolTriesRow(Base):
    """Wrong codes of one minute, at whichever process they were tried."""

    __tablename__ = "enrol_tries"
    minute: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tries: Mapped[int]


class NonceRow(Base):
    """Nonces of the freshness window: the same signed request is not taken twice."""

    __tablename__ = "nonce"
    kiosk_id: Mapped[UUID] = mapped_column(ForeignKey("kiosk.id"), primary_key=True)
    nonce: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[int]
    __table_args__ = (Index("nonce_age", "kiosk_id", "at"),)


class EnvelopeRow(Base):
    """An envelope as it came, and the answer that its kiosk got and gets again."""

    __tablename__ = "envelope"
    kiosk_id: Mapped[UUID] = mapped_column(ForeignKey("kiosk.id"), primary_key=True)
    envelope_id: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int]
    kind: Mapped[str]
    agency: Mapped[str]
    application_id: Mapped[UUID | None]
    number: Mapped[int]
    """Its place among the envelopes of its application."""
    created_at: Mapped[int]
    arrived_at: Mapped[int]
    digest: Mapped[str]
    header: Mapped[str]
    """JSON as it came, without the bodies of its parts."""
    outcome: Mapped[str]
    answer: Mapped[str]
    """The acknowledgement as JSON: a repeat gets this one."""
    __table_args__ = (
        # Not unique: a cloned kiosk gives a number twice, and both envelopes are kept.
        Index("envelope_sequence", "kiosk_id", "sequence"),
        Index("envelope_application", "application_id", "number"),
    )


class SetAsideRow(Base):
    """What could not be taken: not what its digest says, or a taken id with other content. Kept, and told."""

    __tablename__ = "set_aside"
    kiosk_id: Mapped[UUID] = mapped_column(ForeignKey("kiosk.id"), primary_key=True)
    envelope_id: Mapped[UUID] = mapped_column(primary_key=True)
    content_digest: Mapped[str] = mapped_column(primary_key=True)
    arrived_at: Mapped[int]
    content: Mapped[str]
    """JSON as it came, bodies included."""
    answer: Mapped[str]
    """The acknowledgement as JSON."""


class PartRow(Base):
    """A sealed part, kept as it came; and what opening it gave, once its key and its form were at hand."""

    __tablename__ = "part"
    kiosk_id: Mapped[UUID] = mapped_column(primary_key=True)
    envelope_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    media_type: Mapped[str]
    digest: Mapped[str]
    body: Mapped[bytes | None]
    state: Mapped[str] = mapped_column(index=True)
    opened: Mapped[bytes | None]


class AttachmentRow(Base):
    """A part that travels by itself, as far as it has come."""

    __tablename__ = "attachment"
    kiosk_id: Mapped[UUID] = mapped_column(ForeignKey("kiosk.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    arrived: Mapped[int]
    """Bytes from its beginning; all of them only once the digest was found right."""
    touched_at: Mapped[int] = mapped_column(index=True)
    envelope_id: Mapped[UUID | None]
    """Where it went: since then its bytes stand in :class:`PartRow`."""
    number: Mapped[int | None]


class AttachmentPieceRow(Base):
    """What one request brought of an attachment."""

    __tablename__ = "attachment_piece"
    kiosk_id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    start: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[bytes]


class ApplicationRow(Base):
    """An application, as far as the hub can name it."""

    __tablename__ = "application"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kiosk_id: Mapped[UUID] = mapped_column(ForeignKey("kiosk.id"))
    agency: Mapped[str]
    arrived_at: Mapped[int]
    form: Mapped[str]
    form_version: Mapped[str]
    reference: Mapped[str | None] = mapped_column(index=True)
    """Only once its answers were opened."""
    receipt: Mapped[str | None]
    tag: Mapped[str | None] = mapped_column(index=True)
    state: Mapped[str]
    """The kind of its last status."""
    statuses: Mapped[int] = mapped_column(default=0)
    """How many statuses it has had."""
    __table_args__ = (Index("application_kiosk", "kiosk_id", "arrived_at"),)


class StatusRow(Base):
    """What was answered about an application, sealed to its receipt."""

    __tablename__ = "status"
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    kind: Mapped[str]
    at: Mapped[int]
    message: Mapped[str]
    """The protocol's status as JSON."""
    content: Mapped[str | None]
    """What was said, as the agency said it: sealed anew when a receipt is replaced. None before 0004."""


class DeliveryRow(Base):
    """What is to come down to one kiosk, in order. Positions are given out under the kiosk's row lock."""

    __tablename__ = "delivery"
    kiosk_id: Mapped[UUID] = mapped_column(ForeignKey("kiosk.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    item: Mapped[UUID]
    message: Mapped[str]


class JournalHeadRow(Base):
    """A head of a kiosk's journal as it was sent, and what was wrong about it."""

    __tablename__ = "journal_head"
    kiosk_id: Mapped[UUID] = mapped_column(ForeignKey("kiosk.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(primary_key=True)
    signature: Mapped[bytes]
    at: Mapped[int]
    trouble: Mapped[str] = mapped_column(default="")


class ReleaseRow(Base):
    """A release of updates as it was published; the newest one counts. ``root`` is who signs the next."""

    __tablename__ = "release"
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    head: Mapped[str]
    """The digest of its head, which is kept like a body."""
    listed: Mapped[str]
    """The digest of what its signers signed."""
    root: Mapped[bytes]
    published_at: Mapped[int]


class ReleaseBodyRow(Base):
    """What kiosks fetch by its digest."""

    __tablename__ = "release_body"
    digest: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    kind: Mapped[str]


class ReleasePieceRow(Base):
    """A body in pieces, so that no process ever holds a whole one."""

    __tablename__ = "release_piece"
    digest: Mapped[str] = mapped_column(primary_key=True)
    start: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[bytes]


class QuestionRow(Base):
    """A kiosk that asked after a receipt of another kiosk: it hears of that application from then on."""

    __tablename__ = "question"
    tag: Mapped[str] = mapped_column(primary_key=True)
    kiosk_id: Mapped[UUID] = mapped_column(ForeignKey("kiosk.id"), primary_key=True)
    asked_at: Mapped[int]

"""The kiosk's tables. Rows stay in this room; repositories hand out domain types.

Columns typed :class:`Sealed` hold bytes that ``kiosk.store.sealing`` made, bound to table, column and row.
Everything else in these tables is written in the clear, and so tells nothing about a person: times, counts,
states, forms, agencies, digests. Times are integers, microseconds since 1970 UTC, so that a wrong time zone
or a driver can never change one.
"""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class Sealed(TypeDecorator[bytes]):
    """Plain bytes that refuse to be a str: what is not sealed cannot be written by accident."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: object, dialect: object) -> bytes | None:
        if value is not None and not isinstance(value, bytes):
            raise TypeError("a sealed column takes sealed bytes only")
        return value


class Base(DeclarativeBase):
    type_annotation_map = {UUID: Uuid(native_uuid=False), bytes: LargeBinary, str: String}  # noqa: RUF012


class SettingRow(Base):
    """The kiosk's own facts: kiosk id, centre, deployment salt, hub, calibration. Nothing personal."""

    __tablename__ = "setting"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class CentreKeyRow(Base):
    """The centre's key pair: the public half here, the private half wrapped in :class:`KeyWrapRow`."""

    __tablename__ = "centre_key"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    recipient: Mapped[str]
    made_at: Mapped[int]
    retired_at: Mapped[int | None]
    purpose: Mapped[str] = mapped_column(default="centre", server_default="centre")
    index_key: Mapped[bytes | None] = mapped_column(Sealed)
    """What the blind index is made with; to this key itself."""


class OperatorRow(Base):
    __tablename__ = "operator"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[str]
    language: Mapped[str]
    state: Mapped[str]
    made_at: Mapped[int]
    left_at: Mapped[int | None]
    second_factor: Mapped[str] = mapped_column(default="")
    second_factor_secret: Mapped[bytes | None] = mapped_column(Sealed)


class KeyWrapRow(Base):
    """A private half under one secret: a PIN, the first-start code, the recovery sheet.

    It is the holder's own, whose public half is ``recipient``; without one (of version 0.1) the centre's.
    """

    __tablename__ = "key_wrap"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    centre_key_id: Mapped[UUID] = mapped_column(ForeignKey("centre_key.id"))
    holder: Mapped[str]
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    salt: Mapped[bytes]
    parameters: Mapped[str]
    wrapped: Mapped[bytes] = mapped_column(Sealed)
    made_at: Mapped[int]
    recipient: Mapped[str | None]


class KeyGrantRow(Base):
    """A key of the centre for one holder, sealed to the holder's own public key."""

    __tablename__ = "key_grant"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    centre_key_id: Mapped[UUID] = mapped_column(ForeignKey("centre_key.id"))
    holder: Mapped[str]
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    sealed: Mapped[bytes] = mapped_column(Sealed)


class ThrottleRow(Base):
    """Wrong tries, by what was tried; kept, so that a restart does not forgive them."""

    __tablename__ = "throttle"
    subject: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    next_try_at: Mapped[int]


class DraftRow(Base):
    """One person's unfinished application. Its answers are sealed by a key of its own."""

    __tablename__ = "draft"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str]
    form: Mapped[str]
    form_version: Mapped[str]
    form_digest: Mapped[str]
    language: Mapped[str]
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    made_at: Mapped[int]
    changed_at: Mapped[int]
    erase_at: Mapped[int | None]
    volunteer_may_continue: Mapped[bool]
    centre_key_id: Mapped[UUID] = mapped_column(ForeignKey("centre_key.id"))
    key_for_centre: Mapped[bytes | None] = mapped_column(Sealed)
    key_for_code: Mapped[bytes | None] = mapped_column(Sealed)
    code_tag: Mapped[bytes | None] = mapped_column(unique=True)
    opening: Mapped[bytes] = mapped_column(Sealed)
    """Service, who it is for, consent, how the form session was opened; under the draft's key."""
    place: Mapped[bytes | None] = mapped_column(Sealed)
    """The question that the screen stands on; under the draft's key."""
    receipt_secret: Mapped[bytes | None] = mapped_column(Sealed)
    """Reference and receipt code, once made; under the draft's key."""


class AnswerRow(Base):
    """One step of a person through a form, as it was given: an answer, a member added or removed."""

    __tablename__ = "answer"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    draft_id: Mapped[UUID] = mapped_column(ForeignKey("draft.id", ondelete="CASCADE"))
    number: Mapped[int]
    step: Mapped[bytes] = mapped_column(Sealed)
    __table_args__ = (Index("answer_order", "draft_id", "number", unique=True),)


class ApplicationRow(Base):
    """A submitted application, as far as the kiosk still knows it."""

    __tablename__ = "application"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str]
    agency: Mapped[str]
    stored_at: Mapped[int]
    received_at: Mapped[int | None]
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator.id"))
    consent_version: Mapped[str]
    centre_key_id: Mapped[UUID] = mapped_column(ForeignKey("centre_key.id"))
    receipt_tag: Mapped[bytes] = mapped_column(unique=True)
    receipt_recipient: Mapped[str]
    for_centre: Mapped[bytes] = mapped_column(Sealed)
    """Reference, service, form, initials: to the centre's public key."""
    for_holder: Mapped[bytes] = mapped_column(Sealed)
    """What the paper opens without any status: reference, service, when, where; to the receipt's key."""
    copy: Mapped[bytes | None] = mapped_column(Sealed)
    copy_until: Mapped[int | None]
    for_approval: Mapped[bytes | None] = mapped_column(Sealed)
    """The answers, to the coordinators' key, until one of them has approved."""
    approval_key_id: Mapped[UUID | None]
    likeness: Mapped[bytes | None] = mapped_column(Sealed)
    """Name, birth date, national id, to the centre's key until the next sign-in compares them."""
    blind_index: Mapped[bytes | None] = mapped_column(index=True)
    approval: Mapped[str] = mapped_column(default="")
    print_state: Mapped[str]
    printed_at: Mapped[int | None]
    copies: Mapped[int] = mapped_column(default=0)
    unprinted_secret: Mapped[bytes | None] = mapped_column(Sealed)
    """Reference and code of a receipt that did not come out, to the centre's key."""
    unprinted_until: Mapped[int | None]


class OutboxRow(Base):
    """One envelope and what became of it. The courier reads this and needs no unlocked key."""

    __tablename__ = "outbox"
    envelope_id: Mapped[UUID] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(unique=True)
    application_id: Mapped[UUID | None] = mapped_column(ForeignKey("application.id"))
    kind: Mapped[str]
    agency: Mapped[str]
    order_in_application: Mapped[int] = mapped_column(default=0)
    header: Mapped[str]
    """The envelope's header as JSON, exactly as it goes up, without the bodies of its parts."""
    digest: Mapped[str]
    size: Mapped[int]
    made_at: Mapped[int]
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    last_try_at: Mapped[int | None]
    next_try_at: Mapped[int | None]
    settled_at: Mapped[int | None]
    carrier: Mapped[str] = mapped_column(default="")
    reason_code: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    keep_until: Mapped[int | None]
    __table_args__ = (Index("outbox_waiting", "state", "sequence"),)


class PartRow(Base):
    """A sealed part of an envelope, named by its digest."""

    __tablename__ = "part"
    envelope_id: Mapped[UUID] = mapped_column(
        ForeignKey("outbox.envelope_id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(index=True)
    body: Mapped[bytes | None] = mapped_column(Sealed)
    sent_bytes: Mapped[int] = mapped_column(default=0)


class StatusRow(Base):
    """What an agency answered; ``sealed`` opens with the paper alone."""

    __tablename__ = "status"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    application: Mapped[UUID] = mapped_column(index=True)
    tag: Mapped[bytes | None] = mapped_column(index=True)
    kind: Mapped[str]
    number: Mapped[int]
    at: Mapped[int]
    arrived_at: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(Sealed)
    message: Mapped[str]
    """JSON without ``sealed``: fields and kinds that this version does not know are kept."""


class QuestionRow(Base):
    """A receipt shown here that another kiosk printed: asked at the hub at the next exchange."""

    __tablename__ = "question"
    tag: Mapped[bytes] = mapped_column(primary_key=True)
    asked_at: Mapped[int]
    answered_at: Mapped[int | None]


class NoticeRow(Base):
    __tablename__ = "notice"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    at: Mapped[int]
    arrived_at: Mapped[int]
    message: Mapped[str]
    seen_at: Mapped[int | None]


class CursorRow(Base):
    """How far the conversation with a hub has come."""

    __tablename__ = "cursor"
    hub: Mapped[str] = mapped_column(primary_key=True)
    cursor: Mapped[str]
    high_water: Mapped[int]
    heard_at: Mapped[int | None]
    tried_at: Mapped[int | None]
    failure: Mapped[str] = mapped_column(default="")


class PackRow(Base):
    __tablename__ = "pack"
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    state: Mapped[str]
    installed_at: Mapped[int]
    retired_at: Mapped[int | None]


class JournalRow(Base):
    """Who did what and when, never an answer; each entry carries the hash of the one before."""

    __tablename__ = "journal"
    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    at: Mapped[int]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    details: Mapped[str]
    previous: Mapped[bytes]
    hash: Mapped[bytes]
    signature: Mapped[bytes | None]

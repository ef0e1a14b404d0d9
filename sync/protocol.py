"""The messages between a kiosk and a hub, typed; the hub's OpenAPI is generated from these same types.

One round trip does everything: ``POST /v1/exchange`` carries an :class:`ExchangeRequest` up and brings an
:class:`ExchangeAnswer` down. Both bodies are JSON, compressed as a whole (``Content-Encoding: zstd``, or
gzip where the other side lacks it). Payloads are sealed before they get here and stand in the JSON as base64.
From protocol 2 on a request may travel in fewer bytes, see :mod:`sync.compact`; it is the same message.

Rules that keep a year-old kiosk and a newer hub talking:

- ``protocol`` is the highest version a side speaks; both then use the lower one.
- A kind or an outcome is a plain string. The enumerations below name those known today; a kind that a side
  does not know is stored and passed on, never dropped, and never an error.
- Fields that a side does not know are kept (``extra="allow"``).
- An envelope's ``id`` is the idempotency key: the hub answers a repeat with its first answer. The same id
  with another ``digest`` is refused (:attr:`Outcome.CONFLICT`), and both are kept.
- ``digest`` is taken over the header as it stands in the JSON (``kiosk.applications.envelope``), so an
  envelope travels verbatim, as it was written down; nothing on the way may write it anew.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

PROTOCOL = 3
"""2: requests may be compact (``sync.compact``); an answer tells what it stored in runs, and that an
application was received is told by its acknowledgement alone. 3: large parts travel by themselves."""

RUNS_SINCE = 2
APART_SINCE = 3

APART_OVER = 16 * 1024
"""Bytes of a sealed part: a larger one travels by itself, ahead of its envelope, as :class:`Piece`."""
MOST_ATTACHMENT = 32 * 1024 * 1024
MOST_PIECE = 1024 * 1024

EXCHANGE_PATH = "/v1/exchange"
ATTACHMENTS_PATH = "/v1/attachments"
ENROL_PATH = "/v1/enrol"
HEALTH_PATH = "/v1/health"

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256, lower-case hex")]
Kind = Annotated[str, Field(min_length=1, max_length=64)]


class EnvelopeKind(StrEnum):
    """What goes up. All but the last two name the application that they belong to."""

    APPLICATION = "application"
    AMENDMENT = "amendment"
    WITHDRAWAL = "withdrawal"
    CHANGE_OF_CIRCUMSTANCES = "change-of-circumstances"
    APPEAL = "appeal"
    RENEWAL = "renewal"
    REPORT_OF_DEATH = "report-of-death"
    FURTHER_EVIDENCE = "further-evidence"
    RECEIPT_REPLACEMENT = "receipt-replacement"
    """A receipt was lost: what is said from now on, and what was said so far, is sealed to ``receipt``."""
    QUESTION = "question"
    JOURNAL_HEAD = "journal-head"
    HEARTBEAT = "heartbeat"


class StatusKind(StrEnum):
    """What comes down about one application."""

    RECEIVED = "received"
    IN_WORK = "in-work"
    EVIDENCE_WANTED = "evidence-wanted"
    GRANTED = "granted"
    GRANTED_IN_PART = "granted-in-part"
    REFUSED = "refused"
    APPEAL_POSSIBLE = "appeal-possible"
    PAID = "paid"
    WITHDRAWN = "withdrawn"
    MESSAGE = "message"


DECIDED = "decided"
"""The kind of a :class:`Status` that tells a centre of a decision, and not which one it was."""


class Outcome(StrEnum):
    """What became of one envelope."""

    STORED = "stored"
    """Committed at the hub; a repeat gets this very answer again."""
    REJECTED = "rejected"
    """The hub will not take it; it stays at the kiosk, and a person sees the reason."""
    CONFLICT = "conflict"
    """This id or sequence number came before with other content: a cloned or restored kiosk."""
    PARTS_WANTED = "parts-wanted"
    """Parts that it names have not arrived; send those first, then this again."""
    LATER = "later"
    """The hub cannot at present (its disk, its database); try again."""


class PartKind(StrEnum):
    ANSWERS = "answers"
    """The submission XML, zstd with the form's XML as raw dictionary, sealed to the agency (age)."""
    SIGNATURE = "signature"
    """Strokes as JSON, sealed to the agency."""
    SCAN = "scan"
    MESSAGE = "message"


class Model(BaseModel):
    """Bytes stand in the JSON as base64url (RFC 4648 section 5)."""

    model_config = ConfigDict(extra="allow", frozen=True, ser_json_bytes="base64", val_json_bytes="base64")


class FormRef(Model):
    id: str
    version: str
    digest: Digest
    """SHA-256 of the form's XML, byte for byte: the name of the zstd dictionary."""


class Consent(Model):
    version: str
    language: str


class Helper(Model):
    """Who helped, in which role; never a name."""

    role: Kind


class RefusalCode(StrEnum):
    """Why a whole request was not answered. Nothing that it carried is lost: it stays at the kiosk."""

    REQUEST_UNREADABLE = "request-unreadable"
    ENVELOPE_UNREADABLE = "envelope-unreadable"
    """One of the envelopes cannot even be named: send them singly to find it."""
    TOO_LARGE = "too-large"
    PROTOCOL = "protocol"
    NOT_SIGNED = "not-signed"
    UNKNOWN_KIOSK = "unknown-kiosk"
    REVOKED = "revoked"
    CLOCK = "clock"
    REPLAYED = "replayed"
    WRONG_CODE = "wrong-code"
    DIGEST = "digest"
    """An attachment is not what its digest says; it has to be sent anew."""
    BUSY = "busy"
    NO_SUCH_PLACE = "no-such-place"
    FAILED = "failed"


class ReasonCode(StrEnum):
    """Why one envelope was set aside, or why an answer was not opened yet."""

    DIGEST = "digest"
    DAMAGED = "damaged"
    """Found by the kiosk itself: the stored envelope is not what was stored."""
    UNREADABLE = "unreadable"
    TOO_LARGE = "too-large"
    OTHER_CONTENT = "other-content"
    SEQUENCE_TAKEN = "sequence-taken"
    FORM_UNKNOWN = "form-unknown"
    """An OpenRosa server has not this version of the form."""


class Part(Model):
    name: str
    kind: Kind
    media_type: str
    size: int = Field(ge=0)
    digest: Digest
    body: bytes | None = None
    """Absent when the part travels by itself, ahead of its envelope: one over :data:`APART_OVER`."""


class Envelope(Model):
    """One sealed thing for one agency. ``digest`` is over the header and the digests of the parts."""

    id: UUID
    kind: Kind
    agency: str
    application: UUID | None = None
    order: int = Field(ge=0, default=0)
    """Position among the envelopes of the same application; the hub applies them in this order."""
    sequence: int = Field(ge=1)
    """Per kiosk, without gaps: what the hub's high-water mark counts."""
    created_at: AwareDatetime
    form: FormRef | None = None
    consent: Consent | None = None
    helpers: tuple[Helper, ...] = ()
    receipt: str | None = None
    """The receipt's public key (age1…): statuses are sealed to it."""
    tag: str | None = None
    """The receipt's tag, lower-case hex: a kiosk that did not take the application asks by it."""
    parts: tuple[Part, ...] = ()
    digest: Digest


class Counts(Model):
    """How the kiosk is: so that a hub sees a centre in trouble before anyone calls."""

    waiting: int = Field(ge=0)
    oldest_waiting_at: AwareDatetime | None = None
    disk_free_bytes: int = Field(ge=0)
    app_version: str
    attention: int = Field(ge=0, default=0)


class Question(Model):
    """A receipt's tag that was shown at a kiosk which did not take that application."""

    tag: str
    """Lower-case hex, as in :attr:`Envelope.tag`."""


class JournalMark(Model):
    number: int = Field(ge=0)
    hash: Digest


class JournalHead(Model):
    """The newest entry of the kiosk's journal. ``signature`` is Ed25519, by the device key, over
    :func:`journal_statement`. ``before`` is what now stands where the last head stood that was sent: another
    hash than the hub has kept tells of a journal that was rewritten."""

    number: int = Field(ge=1)
    hash: Digest
    signature: bytes
    before: JournalMark | None = None


def journal_statement(kiosk: str, number: int, digest: str) -> bytes:
    """What a device key signs of a journal's head: valid for this kiosk and this place alone."""
    return f"opora journal head 1\n{kiosk}\n{number}\n{digest}".encode("ascii")


class ExchangeRequest(Model):
    protocol: int = PROTOCOL
    kiosk: UUID
    at: AwareDatetime
    counts: Counts
    cursor: str = ""
    """The last cursor received: statuses, notices and packs since then are wanted."""
    high_water: int = Field(ge=0, default=0)
    """The hub's high-water mark as last heard; a lower one in the answer tells of a restored hub."""
    envelopes: tuple[Envelope, ...] = ()
    questions: tuple[Question, ...] = ()
    languages: tuple[str, ...] = ()
    journal: JournalHead | None = None


class Reason(Model):
    """Why not, in words for a coordinator. ``code`` is stable English for programs."""

    code: str
    text: str


class Acknowledgement(Model):
    envelope: UUID
    outcome: Kind
    at: AwareDatetime
    """When the hub first committed it (or first refused it)."""
    sequence: int = 0
    reason: Reason | None = None
    wanted: tuple[Digest, ...] = ()
    retry_after_s: int | None = None


class StoredRun(Model):
    """The envelopes of the request with these numbers are stored, each and all; the same as so many
    acknowledgements with :attr:`Outcome.STORED`, in fewer bytes."""

    first: int = Field(ge=1)
    last: int = Field(ge=1)
    at: AwareDatetime
    """When the hub first committed them."""


class Status(Model):
    """``sealed`` holds a :class:`StatusContent` for the paper alone; ``shared`` what the centre may know."""

    id: UUID
    application: UUID
    kind: Kind
    """For the centre, coarse unless the agency shares more: "received" or "decided" or the kind itself."""
    order: int = Field(ge=0)
    at: AwareDatetime
    sealed: bytes
    tag: str | None = None
    """Set when it answers a :class:`Question` of a kiosk that did not take the application."""


class StatusContent(Model):
    """What an agency says, in the applicant's language where it can; sealed to the receipt's key."""

    kind: Kind
    at: AwareDatetime
    by: str = ""
    """The agency's name, as people know it."""
    reason: str = ""
    until: datetime | None = None
    """Evidence wanted by, or appeal possible until."""
    amount: str = ""
    text: str = ""
    reference: str = ""


class Notice(Model):
    """For the centre's staff, or for the kiosk itself; kept even when its kind is not known."""

    id: UUID
    kind: Kind
    at: AwareDatetime
    text: dict[str, str] = Field(default_factory=dict)
    """By language."""
    body: dict[str, str] = Field(default_factory=dict)


class PackVersion(Model):
    id: str
    version: str
    digest: Digest
    size: int = Field(ge=0)
    path: str


class ExchangeAnswer(Model):
    protocol: int
    hub: UUID
    at: AwareDatetime
    acknowledgements: tuple[Acknowledgement, ...] = ()
    stored: tuple[StoredRun, ...] = ()
    """To a kiosk of protocol 2 in place of acknowledgements that say no more; an envelope that has an
    acknowledgement of its own is not meant by a run."""
    statuses: tuple[Status, ...] = ()
    notices: tuple[Notice, ...] = ()
    packs: tuple[PackVersion, ...] = ()
    cursor: str
    high_water: int = Field(ge=0)
    """The highest sequence number up to which the hub holds every envelope of this kiosk without a gap."""
    resend_after: int | None = Field(ge=0, default=None)
    """The hub knows from the cursor that it was restored: send again what came after this number."""
    more: bool = False
    """More is waiting to come down: ask again at once."""


class Piece(Model):
    """A piece of a sealed part that travels by itself. Without ``body`` it only asks how far the part has
    come; with one it is taken where ``offset`` is just that far, and changes nothing elsewhere."""

    protocol: int = PROTOCOL
    kiosk: UUID
    digest: Digest
    """Of the whole part, as the envelope's header names it."""
    size: int = Field(ge=1)
    """Of the whole part, in bytes; at most :data:`MOST_ATTACHMENT`."""
    offset: int = Field(ge=0, default=0)
    body: bytes = b""
    """At most :data:`MOST_PIECE`."""


class PieceAnswer(Model):
    protocol: int
    hub: UUID
    at: AwareDatetime
    digest: Digest
    offset: int = Field(ge=0)
    """So many bytes are on the hub's disk: go on from here. At the size of the part it is whole, and its
    digest was checked."""


class EnrolRequest(Model):
    protocol: int = PROTOCOL
    code: str
    kiosk: UUID
    centre: str
    device_key: bytes
    """The kiosk's Ed25519 public key, raw 32 bytes."""


class EnrolAnswer(Model):
    protocol: int
    hub: UUID
    hub_key: bytes
    """The hub's Ed25519 public key: only an answer signed with it is an answer (captive portals)."""
    deployment: UUID
    salt: bytes
    """The deployment's salt for receipt codes, the same at every kiosk."""
    high_water: int = Field(ge=0, default=0)


class Health(Model):
    """The hub is there and its database answers; nothing else is told to a stranger."""

    protocol: int
    hub: UUID
    at: AwareDatetime


class Refusal(Model):
    """The body of any answer other than 200. ``code`` is one of :class:`RefusalCode`, or a newer one."""

    reason: Reason
    at: AwareDatetime | None = None
    """The hub's time: a kiosk whose clock is wrong signs again with this one."""

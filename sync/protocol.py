"""The messages between a kiosk and a hub, typed; the hub's OpenAPI is generated from these same types.

One round trip does everything: ``POST /v1/exchange`` carries an :class:`ExchangeRequest` up and brings an
:class:`ExchangeAnswer` down. Both bodies are JSON, compressed as a whole (``Content-Encoding: zstd``, or
gzip where the other side lacks it). Payloads are sealed before they get here and stand in the JSON as base64.
From protocol 2 on a request may travel in fewer bytes, see :mod:`sync.compact`; it is the same message.

Rules that keep a year-old kiosk and a newer hub talking:

- ``protocol`` is the highest version a side speaks; both then use the lower one.
- A kind or an outcome is a plain string. :mod:`sync.kinds` names those known today; a kind that a side does
  not know is stored and passed on, never dropped, and never an error.
- Fields that a side does not know are kept (``extra="allow"``).
- An envelope's ``id`` is the idempotency key: the hub answers a repeat with its first answer. The same id
  with another ``digest`` is refused (:attr:`sync.kinds.Outcome.CONFLICT`), and both are kept.
- ``digest`` is taken over the header as it stands in the JSON (``kiosk.applications.envelope``), so an
  envelope travels verbatim, as it was written down; nothing on the way may write it anew.
"""

from datetime import datetime
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
"""Up or down."""

EXCHANGE_PATH = "/v1/exchange"
ATTACHMENTS_PATH = "/v1/attachments"
ENROL_PATH = "/v1/enrol"
UPDATES_PATH = "/v1/updates"
HEALTH_PATH = "/v1/health"

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256, lower-case hex")]
Kind = Annotated[str, Field(min_length=1, max_length=64)]


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
    release: int | None = Field(ge=0, default=None)
    """The number of the newest release of updates that this kiosk believed, 0 for none; absent where it
    takes none up."""


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
    acknowledgements with :attr:`sync.kinds.Outcome.STORED`, in fewer bytes."""

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
    """Something newer is there. With the path :data:`UPDATES_PATH` it is the head of a release of updates
    (:mod:`kiosk.updates.trust`), whose number is ``version``; it and what it lists are fetched by digest."""

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


class Wanted(Model):
    """Asks for a piece of what updates consist of: the bytes from ``offset`` on."""

    protocol: int = PROTOCOL
    kiosk: UUID
    digest: Digest
    offset: int = Field(ge=0, default=0)
    most: int = Field(ge=1, le=MOST_PIECE)
    """So many bytes at most."""


class UpdatePiece(Model):
    """Signed by the hub like every answer. Whether the whole may be used, the release's signatures say."""

    protocol: int
    hub: UUID
    at: AwareDatetime
    digest: Digest
    """Of the whole."""
    size: int = Field(ge=1)
    """Of the whole, in bytes."""
    offset: int = Field(ge=0)
    body: bytes


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
    """The body of any answer other than 200. ``code`` is one of :class:`sync.kinds.RefusalCode`, or newer."""

    reason: Reason
    at: AwareDatetime | None = None
    """The hub's time: a kiosk whose clock is wrong signs again with this one."""

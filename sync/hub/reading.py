"""What came in a request, read one envelope at a time, so that a bad one never stops the others."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from pydantic import ValidationError

from kiosk.applications.envelope import envelope_digest
from sync import compact, wire
from sync.hub.opening import Opened, Opener
from sync.hub.refusing import Refused
from sync.kinds import ReasonCode, RefusalCode
from sync.protocol import Envelope, ExchangeRequest, Piece, Reason, Wanted

Json = Mapping[str, object]

MOST_SEQUENCE = 2**53
"""Numbers beyond it don't survive every JSON reader (RFC 8259 section 6)."""


@dataclass(frozen=True, slots=True)
class GoodEnvelope:
    """An envelope that is what its digest says, with its parts opened as far as keys and forms go."""

    envelope: Envelope
    header: str
    """JSON as it came, without bodies."""
    bodies: tuple[bytes | None, ...]
    opened: tuple[Opened, ...]
    raw: Json
    """As it came, bodies included."""


@dataclass(frozen=True, slots=True)
class BadEnvelope:
    """An envelope that can be named, and why it cannot be taken."""

    id: UUID
    sequence: int
    reason: Reason
    raw: Json


def read_request(body: bytes, media_type: str = wire.JSON) -> tuple[ExchangeRequest, tuple[Json, ...]]:
    """The request without its envelopes, and those as they stand in the JSON. Raises :class:`Refused`."""
    try:
        given: object
        if media_type == compact.MEDIA_TYPE:
            raw, given = compact.read(body)
        else:
            raw = json.loads(body)
            if not isinstance(raw, dict):
                raise ValueError("not an object")
            given = raw.pop("envelopes", [])
        if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
            raise ValueError("envelopes: not a list of objects")
        request = ExchangeRequest.model_validate_json(json.dumps(raw))
    except (ValueError, RecursionError) as error:
        raise Refused(
            422,
            RefusalCode.REQUEST_UNREADABLE,
            "The hub could not read the request. Update the kiosk's program, then try again.",
            detail=_where(error),
        ) from error
    return request, tuple(given)


def read_piece(body: bytes) -> Piece:
    """Raises :class:`Refused`."""
    try:
        return Piece.model_validate_json(body)
    except ValidationError as error:
        raise Refused(
            422,
            RefusalCode.REQUEST_UNREADABLE,
            "The hub could not read this piece of an attachment. Update the kiosk's program, then try again.",
            detail=_where(error),
        ) from error


def read_wanted(body: bytes) -> Wanted:
    """Raises :class:`Refused`."""
    try:
        return Wanted.model_validate_json(body)
    except ValidationError as error:
        raise Refused(
            422,
            RefusalCode.REQUEST_UNREADABLE,
            "The hub could not read what piece of an update is wanted.",
            detail=_where(error),
        ) from error


def read_envelope(raw: Json, opener: Opener) -> GoodEnvelope | BadEnvelope:
    """Reads, checks every digest, opens. Raises :class:`Refused` where it has no id to answer to."""
    name, sequence = _named(raw)

    def bad(code: ReasonCode, text: str) -> BadEnvelope:
        return BadEnvelope(name, sequence, Reason(code=code, text=text), raw)

    try:
        envelope = Envelope.model_validate_json(json.dumps(raw, separators=(",", ":")))
    except ValidationError as error:
        return bad(ReasonCode.UNREADABLE, f"The envelope cannot be read ({_where(error)}).")
    words = (envelope.kind, envelope.agency, envelope.receipt or "-", envelope.tag or "-")
    form = (envelope.form.id, envelope.form.version) if envelope.form else ()
    parts = [text for part in envelope.parts for text in (part.name, part.kind, part.media_type)]
    if not "".join((*words, *form, *parts)).isprintable() or envelope.order >= MOST_SEQUENCE:
        return bad(ReasonCode.UNREADABLE, "The envelope cannot be read (a name or a number is none).")
    header = _without_bodies(raw)
    try:
        told_truth = envelope_digest(header) == envelope.digest
    except (ValueError, RecursionError):
        return bad(ReasonCode.UNREADABLE, "The envelope cannot be read (its text is no text).")
    if not told_truth:
        return bad(ReasonCode.DIGEST, "The envelope is not what was stored: its header was changed.")
    for part in envelope.parts:
        if part.body is not None and (
            len(part.body) != part.size or hashlib.sha256(part.body).hexdigest() != part.digest
        ):
            return bad(ReasonCode.DIGEST, "The envelope is not what was stored: a part was changed.")
    form_digest = envelope.form.digest if envelope.form else None
    return GoodEnvelope(
        envelope=envelope,
        header=json.dumps(header, separators=(",", ":")),
        bodies=tuple(part.body for part in envelope.parts),
        opened=tuple(opener.open(part.kind, part.body, form_digest) for part in envelope.parts),
        raw=raw,
    )


def content_of(item: GoodEnvelope | BadEnvelope) -> tuple[str, str]:
    """All of it as JSON, and the SHA-256 of that: under which it is set aside."""
    content = json.dumps(item.raw, separators=(",", ":"), sort_keys=True)
    return content, hashlib.sha256(content.encode("ascii")).hexdigest()


def _named(raw: Json) -> tuple[UUID, int]:
    try:
        name = UUID(str(raw["id"]))
        sequence = raw.get("sequence")
        if not isinstance(sequence, int) or isinstance(sequence, bool) or not 1 <= sequence < MOST_SEQUENCE:
            raise ValueError("sequence")
    except (KeyError, ValueError) as error:
        raise Refused(
            422,
            RefusalCode.ENVELOPE_UNREADABLE,
            "One of the envelopes has no readable id or number. It stays at the kiosk.",
            detail=str(error),
        ) from error
    return name, sequence


def _without_bodies(raw: Json) -> dict[str, object]:
    parts = cast(Sequence[Json], raw.get("parts", ()))
    bare = [{name: value for name, value in part.items() if name != "body"} for part in parts]
    return {name: value for name, value in raw.items() if name != "parts"} | {"parts": bare}


def _where(error: Exception) -> str:
    """The first place that did not fit, never the value that stood there: it may be an answer."""
    if isinstance(error, ValidationError):
        first = error.errors(include_input=False, include_url=False)[0]
        return f"{'.'.join(str(step) for step in first['loc'])}: {first['type']}"
    return type(error).__name__


def form_digest_of(header: str) -> str | None:
    """The digest of the form's XML that a stored header names."""
    form = json.loads(header).get("form")
    return form.get("digest") if isinstance(form, dict) else None

"""The header of an envelope, as it goes up, and the digest that both ends compute."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from kiosk.ids import AgencyId, ApplicationId, EnvelopeId
from kiosk.store.drafts import FormKey


@dataclass(frozen=True, slots=True)
class EnvelopePart:
    """``size`` in bytes and ``digest`` (SHA-256, lower-case hex) of the sealed body."""

    name: str
    kind: str
    media_type: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class EnvelopeHeader:
    """One sealed thing for one agency. ``order`` is its position among those of one application."""

    id: EnvelopeId
    kind: str
    agency: AgencyId
    application: ApplicationId | None
    order: int
    sequence: int
    created_at: datetime
    form: FormKey | None
    consent_version: str
    consent_language: str
    helpers: tuple[str, ...]
    receipt: str | None
    parts: tuple[EnvelopePart, ...]
    tag: bytes | None = None
    """The receipt's tag: a kiosk that did not take the application asks the hub by it."""

    def to_header_json(self) -> str:
        """With its digest; without the bodies of the parts."""
        return self.to_header_json_and_digest()[0]

    def digest(self) -> str:
        return envelope_digest(self._facts())

    def to_header_json_and_digest(self) -> tuple[str, str]:
        header = self._facts()
        digest = envelope_digest(header)
        return json.dumps(header | {"digest": digest}, ensure_ascii=False), digest

    def _facts(self) -> dict[str, object]:
        consent = {"version": self.consent_version, "language": self.consent_language}
        facts: dict[str, object] = {
            "id": str(self.id),
            "kind": self.kind,
            "agency": self.agency,
            "order": self.order,
            "sequence": self.sequence,
            # As RFC 3339 writes UTC, which is also what the typed message gives back.
            "created_at": self.created_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "helpers": [{"role": role} for role in self.helpers],
            "parts": [
                {
                    "name": part.name,
                    "kind": part.kind,
                    "media_type": part.media_type,
                    "size": part.size,
                    "digest": part.digest,
                }
                for part in self.parts
            ],
        }
        if self.application is not None:
            facts["application"] = str(self.application)
        if self.form is not None:
            facts["form"] = {
                "id": self.form.id,
                "version": self.form.version,
                "digest": self.form.digest,
            }
        if self.consent_version:
            facts["consent"] = consent
        if self.receipt is not None:
            facts["receipt"] = self.receipt
        if self.tag is not None:
            facts["tag"] = self.tag.hex()
        return facts


def envelope_digest(header: Mapping[str, object]) -> str:
    """SHA-256 (lower-case hex) over the canonical JSON of ``header``.

    Canonical: without ``digest``, without the ``body`` of any part (its digest stands for it), without what
    is null, keys sorted, no blanks, UTF-8. Fields that this version does not know are part of it.
    """
    whole = {key: value for key, value in header.items() if key != "digest"}
    return hashlib.sha256(_canonical(_bare(whole)).encode()).hexdigest()


_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


_PLAIN = frozenset({str, int, float, bool})
"""Most values are: that is quicker asked here than by calling once more for each."""


def _bare(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_bare(inner) for inner in value]
    if isinstance(value, dict | Mapping):
        return {
            str(key): inner if type(inner) in _PLAIN else _bare(inner)
            for key, inner in value.items()
            if inner is not None and not (key == "body" and "digest" in value)
        }
    return value

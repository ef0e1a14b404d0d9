"""Who sent a message: HTTP Message Signatures (RFC 9421) with Ed25519 over a Content-Digest (RFC 9530).

A request is signed with the kiosk's device key and carries a nonce. An answer is signed with the hub's key
and covers the request's own signature (RFC 9421 section 2.4), so it answers that very request and no other:
a captive portal, a proxy or a recorded answer cannot pass for the hub, and the kiosk needs no right clock
to tell.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    MappingKeyResolver,
)
from http_message_signatures.algorithms import ED25519

LABEL = "opora"
REQUEST_TAG = "opora-request"
ANSWER_TAG = "opora-answer"

# Neither authority nor scheme: a load balancer or a tunnel in front of a hub may change both.
_REQUEST_COVERS = ("@method", "@path", "content-type", "content-encoding", "content-digest")
_ANSWER_COVERS = ("@status", "content-type", "content-encoding", "content-digest")
_BOUND_TO = f'"signature";req;key="{LABEL}"'


class SignatureError(Exception):
    """The message is not signed by the key that it ought to be signed by, or was changed on the way."""


@dataclass(slots=True)
class RequestMessage:
    """What of a request is signed. ``headers`` gain the digest and the signature."""

    method: str
    path: str
    headers: dict[str, str]

    @property
    def url(self) -> str:
        return f"https://hub.invalid{self.path}"


@dataclass(slots=True)
class AnswerMessage:
    """What of an answer is signed, and the request that it answers."""

    status_code: int
    headers: dict[str, str]
    request: RequestMessage


@dataclass(frozen=True, slots=True)
class Signed:
    """What a valid signature says of itself."""

    key_id: str
    created: datetime
    nonce: str


def public_bytes(key: Ed25519PublicKey) -> bytes:
    """32 bytes (RFC 8032 section 5.1.5)."""
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def sign_request(
    message: RequestMessage, body: bytes, *, key: Ed25519PrivateKey, key_id: str, at: datetime
) -> None:
    """Signs with a fresh nonce. ``body`` is the content as it travels, after compression."""
    _signer(key, key_id).sign(
        message,
        key_id=key_id,
        created=at,
        nonce=secrets.token_urlsafe(16),
        label=LABEL,
        tag=REQUEST_TAG,
        covered_component_ids=_REQUEST_COVERS[:-1],
        body=body,
    )


def sign_answer(
    message: AnswerMessage, body: bytes, *, key: Ed25519PrivateKey, key_id: str, at: datetime
) -> None:
    """Signs an answer and binds it to its request; a request without a usable signature leaves it unbound."""

    def sign(*bound: str) -> None:
        _signer(key, key_id).sign(
            message,
            key_id=key_id,
            created=at,
            label=LABEL,
            tag=ANSWER_TAG,
            covered_component_ids=(*_ANSWER_COVERS[:-1], *bound),
            body=body,
            use_existing_digest="Content-Digest" in message.headers,
        )

    try:
        sign(_BOUND_TO)
    except HTTPMessageSignaturesException:
        sign()


def verify_request(
    message: RequestMessage, body: bytes, key_of: Callable[[str], Ed25519PublicKey | None]
) -> Signed:
    """Checks signature and digest, not freshness: that is for the caller and its clock.

    Raises :class:`SignatureError`, also when ``key_of`` knows no key for the id.
    """
    return _verify(message, body, key_of, tag=REQUEST_TAG, covers=_REQUEST_COVERS)


def verify_answer(message: AnswerMessage, body: bytes, key: Ed25519PublicKey, key_id: str | None) -> Signed:
    """Checks that the hub of ``key`` signed this answer to this request. Raises :class:`SignatureError`."""
    return _verify(
        message,
        body,
        lambda given: key if key_id in (None, given) else None,
        tag=ANSWER_TAG,
        covers=(*_ANSWER_COVERS, _BOUND_TO),
    )


class _AnyTimeVerifier(HTTPMessageVerifier):
    """Leaves time to the caller, who has an injected clock and an answer for a wrong one."""

    def validate_created_and_expires(self, sig_input: object, max_age: object = None) -> None:
        """Accepts every time."""


class _KeyOf(HTTPSignatureKeyResolver):
    def __init__(self, key_of: Callable[[str], Ed25519PublicKey | None]) -> None:
        self._key_of = key_of

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey | None:
        return self._key_of(key_id)


def _signer(key: Ed25519PrivateKey, key_id: str) -> HTTPMessageSigner:
    return HTTPMessageSigner(
        signature_algorithm=ED25519,
        key_resolver=MappingKeyResolver(public_keys={}, private_keys={key_id: key}),
    )


def _verify(
    message: RequestMessage | AnswerMessage,
    body: bytes,
    key_of: Callable[[str], Ed25519PublicKey | None],
    *,
    tag: str,
    covers: tuple[str, ...],
) -> Signed:
    verifier = _AnyTimeVerifier(signature_algorithm=ED25519, key_resolver=_KeyOf(key_of))
    try:
        (result,) = verifier.verify(
            message, expect_tag=tag, expect_label=LABEL, max_age=None, require_components=covers, body=body
        )
        created = result.parameters["created"]
        assert isinstance(created, int)
        return Signed(
            key_id=str(result.parameters["keyid"]),
            created=datetime.fromtimestamp(created, UTC),
            nonce=result.nonce or "",
        )
    except HTTPMessageSignaturesException as error:
        raise SignatureError(str(error)) from error
    # A header from anywhere can be malformed in ways that the library reports by other exceptions.
    except (AssertionError, KeyError, ValueError, OverflowError, OSError, TypeError) as error:
        raise SignatureError(f"malformed signature: {error!r}") from error

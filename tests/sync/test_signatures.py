"""A message counts only as its sender signed it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.signatures import (
    AnswerMessage,
    RequestMessage,
    SignatureError,
    sign_answer,
    sign_request,
    verify_answer,
    verify_request,
)

AT = datetime(2031, 5, 17, 9, 30, tzinfo=UTC)
KIOSK = Ed25519PrivateKey.generate()
HUB = Ed25519PrivateKey.generate()
HEADERS = {"content-type": "application/json", "content-encoding": "zstd"}


def request(body: bytes = b"envelopes") -> RequestMessage:
    message = RequestMessage("POST", "/v1/exchange", dict(HEADERS))
    sign_request(message, body, key=KIOSK, key_id="kiosk-1", at=AT)
    return message


def answer(to: RequestMessage, body: bytes = b"thanks") -> AnswerMessage:
    message = AnswerMessage(200, dict(HEADERS), to)
    sign_answer(message, body, key=HUB, key_id="hub-1", at=AT)
    return message


def test_signature_names_its_key_its_time_and_a_nonce_of_its_own() -> None:
    message = request()
    signed = verify_request(message, b"envelopes", {"kiosk-1": KIOSK.public_key()}.get)
    assert (signed.key_id, signed.created) == ("kiosk-1", AT)
    assert signed.nonce
    assert signed.nonce != verify_request(request(), b"envelopes", lambda _: KIOSK.public_key()).nonce


def test_answer_of_the_hub_is_known() -> None:
    message = answer(request())
    assert verify_answer(message, b"thanks", HUB.public_key(), "hub-1").created == AT


@pytest.mark.parametrize(
    "change",
    [
        lambda message: setattr(message, "path", "/v1/enrol"),
        lambda message: setattr(message, "method", "PUT"),
        lambda message: message.headers.update({"content-encoding": "gzip"}),
        lambda message: message.headers.pop("Signature"),
        lambda message: message.headers.pop("Signature-Input"),
        lambda message: message.headers.update({"Signature": "opora=:AAAA:"}),
        lambda message: message.headers.update({"Signature": "nonsense; ;;"}),
        lambda message: message.headers.update({"Signature-Input": "opora=()"}),
        lambda message: message.headers.update(
            {"Signature-Input": message.headers["Signature-Input"].replace("created=", "created=1")}
        ),
    ],
)
def test_changed_request_is_not_believed(change: Callable[[RequestMessage], None]) -> None:
    message = request()
    change(message)
    with pytest.raises(SignatureError):
        verify_request(message, b"envelopes", lambda _: KIOSK.public_key())


def test_request_with_another_body_or_key_is_not_believed() -> None:
    message = request()
    for body, key in ((b"other", KIOSK.public_key()), (b"envelopes", HUB.public_key()), (b"envelopes", None)):
        with pytest.raises(SignatureError):
            verify_request(message, body, lambda _, key=key: key)  # type: ignore[misc]


def test_answer_to_another_request_is_not_believed() -> None:
    message = answer(request())
    moved = AnswerMessage(200, message.headers, request())
    with pytest.raises(SignatureError):
        verify_answer(moved, b"thanks", HUB.public_key(), "hub-1")


def test_answer_that_is_bound_to_no_request_is_not_believed() -> None:
    unsigned = RequestMessage("POST", "/v1/exchange", dict(HEADERS))
    message = answer(unsigned)
    with pytest.raises(SignatureError):
        verify_answer(message, b"thanks", HUB.public_key(), "hub-1")


def test_answer_with_another_status_or_of_another_hub_is_not_believed() -> None:
    message = answer(request())
    with pytest.raises(SignatureError):
        verify_answer(
            AnswerMessage(503, message.headers, message.request), b"thanks", HUB.public_key(), "hub-1"
        )
    with pytest.raises(SignatureError):
        verify_answer(message, b"thanks", KIOSK.public_key(), "hub-1")
    with pytest.raises(SignatureError):
        verify_answer(message, b"thanks", HUB.public_key(), "hub-2")

"""Everything but 200 is a signed refusal, with a sentence for a coordinator."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.errors import HubFault
from kiosk.ids import KioskId, new_id
from sync import wire
from sync.carriers.https import Device, HttpsCarrier, TrustedHub, enrol
from sync.hub import lists
from sync.hub.statuses import Decision
from sync.kinds import RefusalCode
from sync.protocol import PROTOCOL, ExchangeAnswer, Refusal
from sync.signatures import (
    AnswerMessage,
    RequestMessage,
    SignatureError,
    public_bytes,
    sign_request,
    verify_answer,
)
from tests.sync.parties import Hub, Kiosk, now

EXCHANGE = "/v1/exchange"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with Hub(tmp_path / "hub") as running:
        yield running


@dataclass
class Caller:
    """Speaks to a hub without the kiosk's own code, so that it can say what a kiosk never would."""

    hub: Hub
    device: Device
    encoding: str = wire.ZSTD
    at: Callable[[], datetime] = now

    def say(self, message: object, path: str = EXCHANGE) -> tuple[int, Refusal | None]:
        return self.send(wire.pack(json.dumps(message).encode(), self.encoding), path)

    def send(self, packed: bytes, path: str = EXCHANGE) -> tuple[int, Refusal | None]:
        return self.post(self._signed(packed, path), packed)

    def _signed(self, packed: bytes, path: str) -> RequestMessage:
        request = RequestMessage("POST", path, {"Content-Type": wire.JSON, "Content-Encoding": self.encoding})
        sign_request(request, packed, key=self.device.key, key_id=str(self.device.kiosk), at=self.at())
        return request

    def post(self, request: RequestMessage, packed: bytes) -> tuple[int, Refusal | None]:
        status, body = self._answered(request, packed)
        return status, None if status == 200 else Refusal.model_validate_json(body)

    def taken(self, **changes: object) -> ExchangeAnswer:
        """The whole answer to an exchange that the hub takes."""
        packed = wire.pack(json.dumps(self.exchange(**changes)).encode(), self.encoding)
        request = self._signed(packed, EXCHANGE)
        status, body = self._answered(request, packed)
        assert status == 200, body
        return ExchangeAnswer.model_validate_json(body)

    def _answered(self, request: RequestMessage, packed: bytes) -> tuple[int, bytes]:
        with requests.post(
            self.hub.url + request.path,
            data=packed,
            headers={**request.headers, "Accept-Encoding": "identity"},
            timeout=20,
        ) as answer:
            message = AnswerMessage(answer.status_code, dict(answer.headers), request)
            key = self.hub.server.identity.key.public_key()
            verify_answer(message, answer.content, key, str(self.hub.server.identity.hub))
            return answer.status_code, answer.content

    def exchange(self, **changes: object) -> dict[str, object]:
        return {
            "kiosk": str(self.device.kiosk),
            "at": now().isoformat(),
            "counts": {"waiting": 0, "disk_free_bytes": 1, "app_version": "0"},
        } | changes


def fresh_device() -> Device:
    return Device(KioskId(new_id()), Ed25519PrivateKey.generate())


@pytest.fixture
def caller(hub: Hub) -> Caller:
    device = fresh_device()
    enrol(hub.url, hub.server.kiosks.new_code(), device, "Centre", now)
    return Caller(hub, device)


def code_of(said: tuple[int, Refusal | None]) -> tuple[int, str]:
    status, refusal = said
    assert refusal is not None
    assert refusal.reason.text, "a refusal is a sentence"
    assert refusal.at is not None
    return status, refusal.reason.code


def test_enrolled_kiosk_is_answered(caller: Caller) -> None:
    assert caller.say(caller.exchange()) == (200, None)
    caller.encoding = wire.GZIP
    assert caller.say(caller.exchange()) == (200, None)
    caller.encoding = wire.IDENTITY
    assert caller.say(caller.exchange(of_the_future=[1])) == (200, None)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"counts": None}, RefusalCode.REQUEST_UNREADABLE),
        ({"at": "2031-05-17T09:30:00"}, RefusalCode.REQUEST_UNREADABLE),
        ({"envelopes": "many"}, RefusalCode.REQUEST_UNREADABLE),
        ({"envelopes": [7]}, RefusalCode.REQUEST_UNREADABLE),
        ({"envelopes": [{"id": "?"}]}, RefusalCode.ENVELOPE_UNREADABLE),
        ({"envelopes": [{"id": str(new_id()), "sequence": 2**60}]}, RefusalCode.ENVELOPE_UNREADABLE),
        ({"protocol": 0}, RefusalCode.PROTOCOL),
    ],
)
def test_message_that_cannot_be_read_is_refused(
    caller: Caller, message: dict[str, object], expected: str
) -> None:
    assert code_of(caller.say(caller.exchange(**message))) == (422, expected)


def test_body_that_is_no_json_or_not_packed_as_it_says_is_refused(caller: Caller) -> None:
    assert code_of(caller.send(wire.pack(b"<html>", wire.ZSTD))) == (422, "request-unreadable")
    assert code_of(caller.send(wire.pack(b"[" * 200_000, wire.ZSTD))) == (422, "request-unreadable")
    assert code_of(caller.send(b"not zstd at all")) == (415, "request-unreadable")


def test_flood_is_refused_packed_and_unpacked(caller: Caller) -> None:
    assert code_of(caller.send(wire.pack(b" " * 50_000_000, wire.ZSTD))) == (413, "too-large")
    caller.encoding = wire.IDENTITY
    assert code_of(caller.send(b" " * (wire.MOST_PACKED + 1))) == (413, "too-large")


def test_envelope_with_half_a_character_is_set_aside_alone(caller: Caller) -> None:
    half = {
        "id": str(new_id()),
        "sequence": 1,
        "kind": "application",
        "agency": "office",
        "created_at": now().isoformat(),
        "digest": "0" * 64,
        "of-the-future": "half\ud800",
    }
    assert caller.say(caller.exchange(envelopes=[half, half, half | {"id": str(new_id())}])) == (200, None)
    assert len(list(lists.set_aside(caller.hub.database))) == 2
    assert caller.say(caller.exchange()) == (200, None)


def test_unsigned_request_is_refused(caller: Caller) -> None:
    with requests.post(caller.hub.url + EXCHANGE, json=caller.exchange(), timeout=20) as answer:
        assert answer.status_code == 401
        refusal = Refusal.model_validate_json(answer.content)
        assert refusal.reason.code == "not-signed"
        assert "Signature" in answer.headers, "the hub still says who it is"


def test_stranger_is_told_that_it_is_not_enrolled(caller: Caller) -> None:
    stranger = Caller(caller.hub, fresh_device())
    assert code_of(stranger.say(stranger.exchange())) == (401, "unknown-kiosk")


def test_kiosk_cannot_speak_for_another(caller: Caller) -> None:
    other = fresh_device()
    enrol(caller.hub.url, caller.hub.server.kiosks.new_code(), other, "Other", now)
    assert code_of(caller.say(caller.exchange(kiosk=str(other.kiosk)))) == (401, "not-signed")


def test_stolen_name_without_the_key_is_refused(caller: Caller) -> None:
    thief = Caller(caller.hub, Device(caller.device.kiosk, Ed25519PrivateKey.generate()))
    assert code_of(thief.say(thief.exchange())) == (401, "not-signed")


@pytest.mark.parametrize("off", [timedelta(minutes=6), timedelta(minutes=-6), timedelta(days=3650)])
def test_wrong_clock_is_told_with_the_hub_s_own_time(caller: Caller, off: timedelta) -> None:
    caller.at = lambda: now() + off
    said = caller.say(caller.exchange())
    assert code_of(said) == (401, "clock")
    assert said[1] is not None
    assert said[1].at is not None
    assert abs(said[1].at - now()) < timedelta(seconds=30)


def test_same_signed_request_is_taken_once(caller: Caller) -> None:
    packed = wire.pack(json.dumps(caller.exchange()).encode(), wire.ZSTD)
    request = RequestMessage("POST", EXCHANGE, {"Content-Type": wire.JSON, "Content-Encoding": wire.ZSTD})
    sign_request(request, packed, key=caller.device.key, key_id=str(caller.device.kiosk), at=now())
    assert caller.post(request, packed) == (200, None)
    assert code_of(caller.post(request, packed)) == (401, "replayed")


def test_revoked_kiosk_reads_why_and_enrolled_anew_may_speak(caller: Caller) -> None:
    caller.hub.server.kiosks.revoke(caller.device.kiosk, "Reported stolen on Monday.")
    status, refusal = caller.say(caller.exchange())
    assert (status, refusal.reason.code if refusal else "") == (403, "revoked")
    assert refusal is not None
    assert refusal.reason.text == "Reported stolen on Monday."
    enrol(caller.hub.url, caller.hub.server.kiosks.new_code(), caller.device, "Centre", now)
    assert caller.say(caller.exchange()) == (200, None)


def test_what_waits_at_a_revoked_kiosk_stays_there_with_the_reason(hub: Hub, tmp_path: Path) -> None:
    with Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        kiosk.store()
        hub.server.kiosks.revoke(kiosk.device.kiosk, "Reported stolen on Monday.")
        state = kiosk.tried(carrier)
        assert state.waiting == 1
        assert state.fault is not None
        assert state.fault.title.msgid == "The hub no longer accepts this kiosk."
        assert state.fault.detail == "Reported stolen on Monday."


@pytest.mark.parametrize(("method", "path"), [("GET", EXCHANGE), ("GET", "/"), ("DELETE", "/v1/health")])
def test_places_that_are_not_there_are_refused_alike(hub: Hub, method: str, path: str) -> None:
    with requests.request(method, hub.url + path, timeout=20) as answer:
        assert answer.status_code in (404, 405)
        assert Refusal.model_validate_json(answer.content).reason.code == "no-such-place"


def test_health_answers_anyone_and_tells_nothing_else(hub: Hub) -> None:
    with requests.get(hub.url + "/v1/health", timeout=20) as answer:
        assert answer.status_code == 200
        assert set(answer.json()) == {"protocol", "hub", "at"}


def test_enrolment_code_works_once_and_again_only_for_the_same_kiosk(hub: Hub) -> None:
    code = hub.server.kiosks.new_code()
    device = fresh_device()
    first = enrol(hub.url, code, device, "Centre", now)
    assert enrol(hub.url, code, device, "Centre", now) == first, "an answer that was lost is given again"
    with pytest.raises(HubFault, match="did not accept this code"):
        enrol(hub.url, code, fresh_device(), "Centre", now)
    with pytest.raises(HubFault, match="did not accept this code"):
        enrol(hub.url, code, Device(device.kiosk, Ed25519PrivateKey.generate()), "Centre", now)
    with pytest.raises(HubFault, match="did not accept this code"):
        enrol(hub.url, "0000 0000 0000", fresh_device(), "Centre", now)


def test_enrolment_code_is_read_with_any_blanks_and_any_digits(hub: Hub) -> None:
    code = hub.server.kiosks.new_code().replace(" ", "-").translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert enrol(hub.url, code, fresh_device(), "Centre", now).protocol == PROTOCOL


def test_enrolment_code_grows_old(tmp_path: Path) -> None:
    times = [datetime(2031, 5, 1, tzinfo=UTC)]
    with Hub(tmp_path / "hub", clock=lambda: times[0]) as hub:
        code = hub.server.kiosks.new_code()
        times[0] += timedelta(days=8)
        with pytest.raises(HubFault, match="did not accept this code"):
            enrol(hub.url, code, fresh_device(), "Centre", now)


def test_enrolment_is_signed_by_the_key_that_it_brings(hub: Hub) -> None:
    device = fresh_device()
    other = Ed25519PrivateKey.generate()
    caller = Caller(hub, device)
    message = {
        "code": hub.server.kiosks.new_code(),
        "kiosk": str(device.kiosk),
        "centre": "Centre",
        "device_key": wire_key(other.public_key()),
    }
    assert code_of(caller.say(message, "/v1/enrol")) == (401, "not-signed")
    assert code_of(caller.say(message | {"device_key": "AAAA"}, "/v1/enrol")) == (422, "request-unreadable")


def wire_key(key: Ed25519PublicKey) -> str:
    return base64.urlsafe_b64encode(public_bytes(key)).decode()


def test_address_without_tls_is_refused_before_anything_is_sent() -> None:
    key = Ed25519PrivateKey.generate().public_key()
    for url in ("http://hub.example.org", "http://192.0.2.7:8040", "ftp://127.0.0.1", "hub.example.org"):
        with pytest.raises(HubFault, match="https://"):
            HttpsCarrier(TrustedHub(url, "hub", key), fresh_device(), now)
    for url in ("https://hub.example.org", "http://127.0.0.1:1", "http://[::1]:1", "http://localhost:1"):
        HttpsCarrier(TrustedHub(url, "hub", key), fresh_device(), now)


def test_decision_about_an_application_that_is_not_there_is_a_sentence(hub: Hub) -> None:
    with pytest.raises(HubFault, match="No application has the reference 123456789012345"):
        hub.server.caseworker.decide("123456789012345", Decision("granted"))


def test_two_applications_of_one_reference_are_not_confused(hub: Hub, tmp_path: Path) -> None:
    with Kiosk(tmp_path / "kiosk") as kiosk:
        one = kiosk.store("555555555555555", tag=b"a" * 16)
        kiosk.store("555555555555555", tag=b"b" * 16)
        carrier = kiosk.enrolled(hub)
        kiosk.tried(carrier)
        with pytest.raises(HubFault, match="Several applications"):
            hub.server.caseworker.decide("555555555555555", Decision("granted"))
        hub.server.caseworker.decide(str(one.application), Decision("granted"))
        kiosk.tried(carrier)
        assert kiosk.statuses(one)[-1].kind == "granted"


def test_answer_of_a_hub_with_another_key_is_not_believed(caller: Caller) -> None:
    caller.hub.server.identity = type(caller.hub.server.identity).fresh()
    with pytest.raises(SignatureError):
        caller.say(caller.exchange())

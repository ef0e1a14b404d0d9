"""Requests in few bytes: the same message as in JSON, whatever its envelopes hold."""

import base64
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk import age
from kiosk.applications.envelope import EnvelopeHeader, EnvelopePart, envelope_digest
from kiosk.ids import AgencyId, ApplicationId, EnvelopeId, FormId, new_id
from kiosk.store.drafts import FormKey
from kiosk.store.outbox import OutboxState
from sync import compact, wire
from sync.carriers.port import Parcel
from sync.hub import lists
from sync.kinds import Outcome
from tests.sync.newer_hub import Json, OlderHub
from tests.sync.parties import AGENCY_KEY, Hub, Kiosk, now
from tests.sync.way import Way
from tests.sync.whole import parcel

RECIPIENT = str(AGENCY_KEY.to_public())
REQUEST = '{"protocol":2}'


def envelope(number: int, changes: compact.Json | None = None, *, body: bytes = b"answers") -> str:
    """As the outbox has it: header and bodies as one JSON text."""
    id = new_id()
    sealed = age.sealed(RECIPIENT, body)
    header = EnvelopeHeader(
        id=EnvelopeId(id),
        kind="application",
        agency=AgencyId("heating-office"),
        application=ApplicationId(id),
        order=0,
        sequence=number,
        created_at=datetime.now(UTC),
        form=FormKey(FormId("heating"), "1", "a" * 64),
        consent_version="1",
        consent_language="ru",
        helpers=("volunteer",),
        receipt=RECIPIENT,
        tag=bytes(range(16)),
        parts=(EnvelopePart("answers", "answers", "x", len(sealed), hashlib.sha256(sealed).hexdigest()),),
    )
    told = json.loads(header.to_header_json()) | (changes or {})
    told["digest"] = envelope_digest(told)
    if "parts" not in (changes or {}):
        told["parts"][0]["body"] = base64.urlsafe_b64encode(sealed).decode()
    return json.dumps(told)


def unpacked(body: bytes) -> tuple[compact.Json, list[compact.Json]]:
    return compact.read(wire.unpack(body, wire.ZSTD))


THREE = [envelope(number) for number in (1, 2, 3)]
PLAIN = wire.unpack(compact.pack(REQUEST, THREE), wire.ZSTD)


def test_hundred_envelopes_cost_what_is_random_in_them() -> None:
    envelopes = [envelope(number, body=Random(number).randbytes(300)) for number in range(1, 101)]
    packed = compact.pack(REQUEST, envelopes)
    request, read = unpacked(packed)
    assert request == json.loads(REQUEST)
    assert read == [json.loads(each) for each in envelopes]
    # 300 of payload, 128 of age's keys and tags; id, receipt, tag: 64.
    assert len(packed) < 100 * (300 + 128 + 64 + 20) + 600


@pytest.mark.parametrize(
    "changes",
    [
        {"tomorrow": {"deep": [1, 2.5, None, True]}},
        {"tomorrow": None},
        {"application": None},
        {"application": True},
        {"id": "not-a-uuid"},
        {"tag": "AB" * 16},
        {"tag": "ab"},
        {"receipt": "age1nobody"},
        {"receipt": None},
        {"sequence": 2**70},
        {"sequence": -5},
        {"sequence": "7"},
        {"sequence": True},
        {"created_at": "2026-11-25T10:00:00+03:00"},
        {"created_at": "soon"},
        {"created_at": "0001-01-01T00:00:00Z"},
        {"parts": []},
        {"parts": None},
        {"parts": [{"name": "scan", "kind": "scan", "media_type": "x", "size": 7, "digest": "b" * 64}]},
        {"parts": [{"name": "scan", "kind": "scan", "media_type": "x", "size": -7, "digest": "b"}]},
        {"parts": [{"size": 1, "digest": "b" * 64, "odd": None}]},
        {"parts": [7, "x"]},
        {"agency": "\0\U0001f600"},
    ],
)
def test_whatever_an_envelope_holds_arrives_as_it_was(changes: compact.Json) -> None:
    envelopes = [envelope(1), envelope(2, changes), envelope(3)]
    assert unpacked(compact.pack(REQUEST, envelopes))[1] == [json.loads(each) for each in envelopes]


@given(st.data())
def test_a_damaged_body_is_refused_or_its_envelope_is_not_what_its_digest_says(data: st.DataObject) -> None:
    plain = bytearray(PLAIN)
    at = data.draw(st.integers(0, len(plain) - 1))
    plain[at] ^= 1 << data.draw(st.integers(0, 7))
    if data.draw(st.booleans()):
        plain = plain[:at]
    try:
        request, read = compact.read(bytes(plain))
    except ValueError:
        return
    whole = [json.loads(each) for each in THREE]
    for one in read:
        as_it_was = one in whole
        assert as_it_was or one.get("digest") != envelope_digest(one) or request != json.loads(REQUEST)


def test_a_small_body_cannot_swell_without_end() -> None:
    shape = json.dumps({"agency": "x" * 100_000}).encode()
    text = b'{"request":{},"shapes":[' + shape + b'],"verbatim":[]}'
    with pytest.raises(ValueError, match="too much"):
        compact.read(len(text).to_bytes(4, "big") + text + b"\1\0\0\0\0" * 10_000)


@pytest.mark.parametrize("plain", [b"", b"\0\0\0\0", b"\0\0\0\2{}", b"\xff\xff\xff\xff{}", b"\0\0\0\2[]\1"])
def test_what_is_no_such_body_is_refused(plain: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        compact.read(plain)


def test_older_hub_gets_the_same_in_json_and_is_not_asked_twice(tmp_path: Path) -> None:
    def answer(request: Json) -> Json:
        told = [
            {"envelope": each["id"], "outcome": Outcome.STORED, "at": now().isoformat()}
            for each in request["envelopes"]
        ]
        return hub.says(protocol=1, acknowledgements=told)

    hub = OlderHub(answer)
    with Kiosk(tmp_path / "kiosk") as kiosk, Way(hub) as way:
        carrier = hub.carrier(way.url, kiosk.device, now)
        stored = [kiosk.store() for _ in range(3)]
        assert kiosk.tried(carrier).done == 3
        stored.append(kiosk.store())
        assert kiosk.tried(carrier).done == 1
        assert {kiosk.state(one) for one in stored} == {OutboxState.ACKNOWLEDGED}
        assert way.connections == 3, "one refusal, then each in one request"
        header = json.loads(kiosk.entry(stored[0].envelope).header)
    assert {name: hub.heard[0]["envelopes"][0][name] for name in header if name != "parts"} == {
        name: value for name, value in header.items() if name != "parts"
    }


def test_older_kiosk_is_answered_as_it_was(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        stored = [kiosk.store() for _ in range(3)]
        now_ = parcel(kiosk, carrier.hub)
        before = Parcel(now_.request.model_copy(update={"protocol": 1}), now_.envelopes)
        first, again = carrier.exchange(before), carrier.exchange(before)
        assert first.protocol == 1
        assert first.acknowledgements == again.acknowledgements
        assert first.stored == ()
        assert [each.envelope for each in first.acknowledgements] == [one.envelope for one in stored]
        assert [status.kind for status in first.statuses] == ["received"] * 3
        updated = carrier.exchange(now_)
        assert [(run.first, run.last) for run in updated.stored] == [(1, 3)]
        assert updated.acknowledgements == ()
        assert updated.stored[0].at == first.acknowledgements[0].at
        carrier.close()
    assert lists.totals(hub.database).envelopes == 3

"""The same outbox to an OpenRosa server: its 201 alone is success, and what was sealed opens there."""

import base64
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from kiosk.applications.envelope import EnvelopeHeader
from kiosk.applications.submission import Attachment, odk_parts, outbox_entry
from kiosk.errors import HubFault, LineFault, SealFault
from kiosk.ids import AgencyId, ApplicationId, EnvelopeId, FormId, new_id
from kiosk.store.drafts import FormKey
from kiosk.store.outbox import Agencies, OutboxState
from kiosk.store.repositories import Repositories
from sync.carriers.openrosa import OpenRosaCarrier, ServerForm
from sync.courier import CourierState, Phase
from tests.sync.openrosa_server import OpenRosaServer
from tests.sync.parties import FORM_DIGEST, PATIENCE_S, Delivery, Hub, Kiosk, now, submission

OFFICE = AgencyId("pension-office")
FORM = FormKey(FormId("heating"), "1", FORM_DIGEST)
STROKES = b'[{"x": 0.1}]'


def store(
    kiosk: Kiosk, server: OpenRosaServer, *, version: str = "1", name: str = "Анна"
) -> tuple[EnvelopeId, str, bytes]:
    """An application for the agency with that server: its envelope, its instance id, its submission."""
    plain = submission("314159265358979", name)
    instance = etree.fromstring(plain).findtext(".//{*}instanceID") or ""
    envelope, form = EnvelopeId(new_id()), replace(FORM, version=version)
    parts = odk_parts(plain, form, (Attachment("signature.json", "signature", STROKES),), server.public_key)

    def work(repositories: Repositories) -> None:
        header = EnvelopeHeader(
            id=envelope,
            kind="application",
            agency=OFFICE,
            application=ApplicationId(new_id()),
            order=0,
            sequence=repositories.outbox.next_sequence(),
            created_at=kiosk.clock(),
            form=form,
            consent_version="1",
            consent_language="ru",
            helpers=(),
            receipt=None,
            parts=tuple(part for part, _ in parts),
        )
        entry = outbox_entry(header, tuple(body for _, body in parts))
        repositories.outbox.add(replace(entry, application_id=None))

    kiosk.lane.submit(work).result(PATIENCE_S)
    return envelope, instance, plain


def tried(kiosk: Kiosk, carrier: OpenRosaCarrier) -> CourierState:
    with Delivery(kiosk, carrier, agencies=Agencies(frozenset({OFFICE}))) as delivery:
        return delivery.try_now()


@pytest.fixture
def server() -> OpenRosaServer:
    return OpenRosaServer({("heating", "1")})


def test_submissions_arrive_one_a_request_and_open_with_the_form_s_key(
    server: OpenRosaServer, tmp_path: Path
) -> None:
    with server, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = OpenRosaCarrier(server.url, now)
        sent = [store(kiosk, server) for _ in range(3)]
        state = tried(kiosk, carrier)
        assert (state.phase, state.done, state.waiting, state.fault) == (Phase.RESTING, 3, 0, None)
        assert server.posts == 3
        for envelope, instance, plain in sent:
            assert kiosk.entry(envelope).state is OutboxState.ACKNOWLEDGED
            assert kiosk.entry(envelope).carrier == "openrosa"
            assert server.opened(instance) == {"signature.json": STROKES, "submission.xml": plain}
            assert "Анна".encode() not in b"".join(server.received[instance].values())
        assert carrier.forms() == (ServerForm("heating", "1"),)


def test_answer_lost_after_it_was_taken_is_asked_again_and_taken_once(
    server: OpenRosaServer, tmp_path: Path
) -> None:
    with server, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = OpenRosaCarrier(server.url, now)
        envelopes = [store(kiosk, server)[0] for _ in range(4)]
        server.drops_answers = 1
        assert isinstance(tried(kiosk, carrier).fault, LineFault)
        assert {kiosk.entry(each).state for each in envelopes} == {OutboxState.WAITING}
        assert tried(kiosk, carrier).waiting == 0
        assert (len(server.received), server.posts) == (4, 5)


def test_changed_one_is_set_aside_as_a_conflict_and_the_rest_go_on(
    server: OpenRosaServer, tmp_path: Path
) -> None:
    with server, Kiosk(tmp_path / "kiosk") as kiosk:
        envelope, instance, _ = store(kiosk, server)
        other = store(kiosk, server)[0]
        server.received[instance] = {"xml_submission_file": b"<other/>"}
        state = tried(kiosk, OpenRosaCarrier(server.url, now))
        assert (state.done, state.set_aside, state.waiting) == (1, 1, 0)
        entry = kiosk.entry(envelope)
        assert (entry.state, entry.reason_code) == (OutboxState.CONFLICT, "other-content")
        assert kiosk.entry(other).state is OutboxState.ACKNOWLEDGED


def test_unknown_version_of_a_form_is_set_aside_with_that_reason(
    server: OpenRosaServer, tmp_path: Path
) -> None:
    with server, Kiosk(tmp_path / "kiosk") as kiosk:
        envelope = store(kiosk, server, version="2")[0]
        tried(kiosk, OpenRosaCarrier(server.url, now))
        assert kiosk.entry(envelope).reason_code == "form-unknown"
        again = store(kiosk, server)[0]
        wrong = server.url.replace("projects/1", "projects/2")
        state = tried(kiosk, OpenRosaCarrier(wrong, now))
        assert isinstance(state.fault, HubFault)
        assert kiosk.entry(again).state is OutboxState.WAITING, "a wrong address is not a wrong form"


@pytest.mark.parametrize("status", [200, 204, 302, 500, 503, 201])
def test_anything_but_this_server_s_own_201_is_no_success(
    server: OpenRosaServer, tmp_path: Path, status: int
) -> None:
    """201 too, where it does not speak OpenRosa: a network may answer in the server's place."""
    with server, Kiosk(tmp_path / "kiosk") as kiosk:
        envelope = store(kiosk, server)[0]
        server.fails_with = (status, b"<html>Welcome to the hotel</html>")
        state = tried(kiosk, OpenRosaCarrier(server.url, now))
        assert state.fault is not None
        assert (state.waiting, state.attention) == (1, 0)
        server.fails_with = None
        assert tried(kiosk, OpenRosaCarrier(server.url, now)).waiting == 0
        assert kiosk.entry(envelope).state is OutboxState.ACKNOWLEDGED


def test_too_large_for_this_server_is_set_aside_before_it_is_sent(
    server: OpenRosaServer, tmp_path: Path
) -> None:
    server.accept_bytes = 100
    with server, Kiosk(tmp_path / "kiosk") as kiosk:
        envelope = store(kiosk, server)[0]
        tried(kiosk, OpenRosaCarrier(server.url, now))
        assert kiosk.entry(envelope).reason_code == "too-large"
        assert server.posts == 0


def test_name_and_password_of_the_address_let_in_and_stand_nowhere_else(
    server: OpenRosaServer, tmp_path: Path
) -> None:
    server.login = ("centre", "geheim")
    with server, Kiosk(tmp_path / "kiosk") as kiosk:
        store(kiosk, server)
        refused = tried(kiosk, OpenRosaCarrier(server.url, now))
        assert refused.fault is not None
        assert refused.fault.title.msgid == "The agency's server did not let this kiosk in."
        carrier = OpenRosaCarrier(server.url.replace("http://", "http://centre:geheim@"), now)
        assert "geheim" not in carrier.hub
        assert tried(kiosk, carrier).waiting == 0


def test_each_agency_s_envelopes_go_its_own_way(server: OpenRosaServer, tmp_path: Path) -> None:
    theirs = frozenset({OFFICE})
    with server, Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        to_hub = kiosk.enrolled(hub)
        odk = [store(kiosk, server)[0] for _ in range(2)]
        ours = [kiosk.store() for _ in range(3)]
        with Delivery(kiosk, to_hub, agencies=Agencies(theirs, all_but=True)) as delivery:
            assert delivery.try_now().done == 3
        assert {kiosk.entry(each).state for each in odk} == {OutboxState.WAITING}
        assert tried(kiosk, OpenRosaCarrier(server.url, now)).done == 2
        assert {kiosk.state(one) for one in ours} == {OutboxState.ACKNOWLEDGED}
        assert len(server.received) == 2


def test_address_without_tls_is_refused_unless_it_is_this_machine() -> None:
    with pytest.raises(HubFault, match="must begin with https"):
        OpenRosaCarrier("http://forms.example.org/v1", now)


def test_key_that_is_none_is_told_when_something_is_sealed_to_it() -> None:
    with pytest.raises(SealFault):
        odk_parts(submission("1"), FORM, (), base64.b64encode(b"no key").decode())


def test_parts_are_what_their_digests_say(server: OpenRosaServer) -> None:
    parts = odk_parts(submission("1"), FORM, (), server.public_key)
    assert [part.kind for part, _ in parts] == ["odk-manifest", "odk-encrypted"]
    assert all(part.digest == hashlib.sha256(body).hexdigest() for part, body in parts)
    assert json.dumps([part.name for part, _ in parts]) == '["submission.xml", "submission.xml.enc"]'

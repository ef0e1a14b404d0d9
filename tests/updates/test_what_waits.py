"""An update touches neither unfinished applications nor unsent envelopes: what they refer to stays."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kiosk.applications import ApplicantRole, Consent, DraftOpening, Drafts, Submissions
from kiosk.applications.draft import OpenDraft
from kiosk.ids import AgencyId, FormId, ReceiptCode, Reference, ServiceId
from kiosk.journal import KIOSK
from kiosk.operators import Argon2Parameters
from kiosk.operators.secrets import RECOVERY_DIGITS, stretched, typed_code
from kiosk.store import DraftState, FormKey, OutboxState
from kiosk.store.backup import make_backup, restore_backup
from kiosk.store.sealing import Sealer, new_key_pair
from kiosk.store.session_key import SessionKeyFile
from kiosk.updates.standing import State
from tests.flow.sample_form import AGENCY, FORM, SERVICE
from tests.store.opened import TestClock, centre_of
from tests.store.released import unpacked, versions
from tests.store.test_released import entries
from tests.updates.deployment import AGENCY_KEY, Deployment, UpdatedKiosk, asking, kiosk_of

_ODK = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
SERVER = {
    "recipient": b64encode(_ODK.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode(),
    "openrosa": "https://odk.example/v1/projects/1",
}


@dataclass
class Desk:
    """What a person at the kiosk leaves behind."""

    kiosk: UpdatedKiosk
    drafts: Drafts
    submissions: Submissions

    def begin(self) -> OpenDraft:
        form = self.kiosk.pack.forms[FormId(FORM)]
        opening = DraftOpening(
            service=ServiceId(SERVICE),
            agency=AgencyId(AGENCY),
            who=ApplicantRole.MYSELF,
            entitlement="",
            consent_version="1",
            session="{}",
            helper=None,
            volunteer_may_continue=True,
        )
        return self.drafts.begin(FormKey(form.id, form.version, form.sha256), "en", opening, None).result()

    def put_aside(self) -> None:
        self.begin()
        self.drafts.end_session().result()

    def hand_in(self) -> None:
        hand_in(self.kiosk, self.submissions, self.begin())
        self.drafts.end_session().result()


def hand_in(kiosk: UpdatedKiosk, submissions: Submissions, draft: OpenDraft) -> None:
    """An application for the pack's agency, which then waits to be sent."""
    form = kiosk.pack.forms[FormId(FORM)]
    key = FormKey(form.id, form.version, form.sha256)
    agency = kiosk.pack.agencies[AgencyId(AGENCY)]
    submissions.submit(
        draft,
        submission_xml=b"""<data id="warm-home" version="1"><name>Anna</name><meta
            xmlns="http://openrosa.org/xforms"><instanceID>uuid:1</instanceID></meta></data>""",
        form_xml=form.source,
        agency=AgencyId(AGENCY),
        agency_recipient=agency.recipient,
        openrosa=bool(agency.openrosa),
        reference=Reference("123456789012345"),
        code=ReceiptCode("12345678901234567890"),
        keys=_Paper(),
        service=ServiceId(SERVICE),
        form=key,
        consent=Consent("1", "en"),
        helpers=(),
        holder_view="{}",
    ).result()


class _Paper:
    recipient = new_key_pair()[0]
    tag = bytes(range(16))


@pytest.fixture
def desk(kiosk: UpdatedKiosk) -> Iterator[Desk]:
    store = kiosk.store
    with centre_of(store) as centre:
        session_key = SessionKeyFile(store.folder, None, "", float)
        yield Desk(
            kiosk,
            Drafts(store.lane, centre.key, store.clock, session_key),
            Submissions(store.lane, centre.key, store.clock),
        )


def test_the_form_of_a_waiting_draft_outlives_every_update_until_the_draft_is_gone(
    deployment: Deployment, kiosk: UpdatedKiosk, desk: Desk
) -> None:
    desk.put_aside()
    begun_with = kiosk.pack.forms[FormId(FORM)]
    for version in ("2", "3", "4", "5"):
        kiosk.take(
            deployment.update(version, xform=asking(f"Name {version}?"), service="warmth", agency="town")
        )
        assert kiosk.updates.apply()
    pack = kiosk.pack
    assert pack.form(FormId(FORM), begun_with.sha256) == begun_with
    assert pack.forms[FormId(FORM)].sha256 != begun_with.sha256
    service = pack.service(ServiceId(SERVICE), AGENCY)
    assert service is not None
    assert pack.agencies[service.agency].recipient == str(AGENCY_KEY.to_public())
    assert [each.id for each in pack.services] == ["warmth"]

    desk.drafts.erase_overdue(kiosk.store.clock() + timedelta(days=400)).result()
    kiosk.updates.tidy()
    assert kiosk.pack.form(FormId(FORM), begun_with.sha256) is None
    assert kiosk.pack.service(ServiceId(SERVICE)) is None


def test_an_agency_that_is_no_longer_there_is_known_as_long_as_something_waits_for_it(
    deployment: Deployment, kiosk: UpdatedKiosk, desk: Desk
) -> None:
    kiosk.take(deployment.update("2", openrosa=SERVER))
    assert kiosk.updates.apply()
    desk.hand_in()
    for version in ("3", "4", "5"):
        kiosk.take(deployment.update(version, agency="town"))
        assert kiosk.updates.apply()
    assert kiosk.pack.agencies[AgencyId(AGENCY)].openrosa == SERVER["openrosa"]


def test_an_agency_changes_its_way_only_when_nothing_waits_for_the_old_one(
    deployment: Deployment, kiosk: UpdatedKiosk, desk: Desk
) -> None:
    """What is sealed for an OpenRosa server no hub can open, and the other way round."""
    desk.hand_in()
    kiosk.take(deployment.update("2", openrosa=SERVER))
    assert not kiosk.updates.apply()
    assert kiosk.updates.standing().state is State.HELD
    with kiosk.store.database.reader() as repositories:
        (entry,) = repositories.outbox.waiting(0, 10**6, 10, kiosk.store.clock())
    kiosk.store.lane.submit(
        lambda r: r.outbox.acknowledge_all(
            {entry.envelope_id: kiosk.store.clock()}, "https", kiosk.store.clock() + timedelta(days=90)
        )
    ).result()
    assert kiosk.updates.apply()
    assert kiosk.pack.agencies[AgencyId(AGENCY)].openrosa == SERVER["openrosa"]


@pytest.mark.parametrize("version", versions())
def test_the_data_folder_of_every_release_takes_an_update_and_keeps_what_it_holds(
    deployment: Deployment, tmp_path: Path, version: str
) -> None:
    told = unpacked(version, tmp_path / version)
    clock = TestClock()
    clock.now = told.at + timedelta(hours=1)
    with kiosk_of(deployment, tmp_path / version / "kiosk", clock) as kiosk:
        before = entries(kiosk.store)
        waiting = [entry for entry in before if entry.state is OutboxState.WAITING]
        assert len(waiting) == len(told.waiting) > 0
        for number in ("2", "3"):
            kiosk.take(deployment.update(number, agency="town", service="warmth"))
            assert kiosk.updates.apply()
        assert kiosk.pack.version == "3"
        assert entries(kiosk.store) == before
        with kiosk.store.database.reader() as repositories:
            assert [each.id for each in repositories.drafts.in_state(*DraftState)] == [told.draft]
        kiosk.updates.take_back(KIOSK)
        assert entries(kiosk.store) == before


def test_a_backup_brings_back_the_version_in_use_and_the_way_back(
    deployment: Deployment, kiosk: UpdatedKiosk, tmp_path: Path
) -> None:
    with centre_of(kiosk.store) as centre:
        for version in ("2", "3"):
            kiosk.take(deployment.update(version, xform=asking(f"Name {version}?")))
            assert kiosk.updates.apply()
        made = make_backup(kiosk.store.folder, tmp_path / "stick", kiosk.store.clock())

        def opener(salt: bytes, parameters: str) -> Sealer:
            code = typed_code(centre.recovery_code, RECOVERY_DIGITS)
            return stretched(code.encode(), salt, Argon2Parameters.from_json(parameters))

        restore_backup(made.file, tmp_path / "another machine", opener)
    with kiosk_of(None, tmp_path / "another machine") as again:
        assert again.pack.version == "3"
        assert again.updates.standing().state is State.APPLIED
        assert again.updates.take_back(KIOSK) == "2"
        assert b"Name 2?" in again.pack.forms[FormId(FORM)].source

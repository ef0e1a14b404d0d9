"""Makes the folder of a release; see the package's docstring."""

import hashlib
import sys
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from random import Random
from shutil import rmtree

from pydantic import TypeAdapter

from kiosk.applications import ApplicantRole, Attachment, Consent, DraftOpening, Drafts, Submissions
from kiosk.applications.draft import OpenDraft
from kiosk.ids import AgencyId, FormId, ReceiptCode, Reference, ServiceId
from kiosk.store.drafts import FormKey
from kiosk.store.sealing import new_key_pair
from kiosk.store.session_key import SessionKeyFile
from sync.courier import Courier, CourierState
from sync.enrolment import carrier_of, device_of, enrol_kiosk
from sync.hub.database import HubDatabase
from sync.hub.identity import HubIdentity
from sync.hub.opening import Opener
from sync.hub.server import HubServer
from tests.store.opened import PIN, Centre, Opened, TestClock, centre_of, opened
from tests.store.released import FOLDER, Told

FORM_XML = (
    b'<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head>'
    b'<h:title>Heating</h:title><model><instance><data id="heating" version="1"><full_name/><income/>'
    b'<meta xmlns="http://openrosa.org/xforms"><instanceID/></meta></data></instance></model></h:head>'
    b"</h:html>"
)
FORM = FormKey(FormId("heating"), "1", hashlib.sha256(FORM_XML).hexdigest())
AGENCY = AgencyId("heating-office")
SERVICE = ServiceId("heating-allowance")
MADE_AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
STEPS = tuple(f'{{"ref": "/data/q{number}", "value": "ответ {number}"}}' for number in range(6))


class _Making:
    def __init__(self, store: Opened, centre: Centre, agency: str) -> None:
        self._store = store
        self._agency = agency
        self._drafts = Drafts(
            store.lane, centre.key, store.clock, SessionKeyFile(store.folder, None, "", float)
        )
        self._submissions = Submissions(store.lane, centre.key, store.clock)
        self._random = Random(101)
        self.receipts: dict[str, str] = {}

    def draft(self) -> OpenDraft:
        opening = DraftOpening(
            service=SERVICE,
            agency=AGENCY,
            who=ApplicantRole.RELATIVE,
            entitlement="daughter",
            consent_version="1",
            session='{"seed": 7}',
            helper=None,
            volunteer_may_continue=True,
        )
        draft = self._drafts.begin(FORM, "ru", opening, None).result()
        for number, step in enumerate(STEPS):
            self._drafts.record(draft, step, f"/data/q{number}").result()
        return draft

    def kept_draft(self) -> OpenDraft:
        draft = self.draft()
        self._drafts.end_session().result()
        return draft

    def application(self) -> str:
        self._store.clock.pass_by(minutes=25)
        reference = "".join(self._random.choices("0123456789", k=15))
        recipient, identity = new_key_pair()
        answers = (
            '<data id="heating" version="1"><full_name>Вера Дубравина</full_name><income>12400</income>'
            f'<meta xmlns="http://openrosa.org/xforms"><reference xmlns="https://opora.invalid/ns">'
            f"{reference}</reference></meta></data>"
        )
        self._submissions.submit(
            self.draft(),
            submission_xml=answers.encode(),
            form_xml=FORM_XML,
            agency=AGENCY,
            agency_recipient=self._agency,
            reference=Reference(reference),
            code=ReceiptCode("12345678901234567890"),
            keys=_Paper(recipient, hashlib.sha256(identity.encode()).digest()[:16]),
            service=SERVICE,
            form=FORM,
            consent=Consent("1", "ru"),
            helpers=("volunteer",),
            holder_view="{}",
            attachments=[Attachment("signature", "signature", b"[[[0,0],[9,4]]]")],
        ).result()
        self._drafts.end_session().result()
        self.receipts[reference] = identity
        return reference


class _Paper:
    def __init__(self, recipient: str, tag: bytes) -> None:
        self.recipient = recipient
        self.tag = tag


def make(version: str, into: Path) -> Told:
    """Writes ``into/kiosk``, ``into/hub``, ``into/told.json`` and ``into/forms``."""
    agency, agency_identity = new_key_pair()
    clock = TestClock()
    clock.now = MADE_AT
    (into / "forms").mkdir(parents=True)
    (into / "forms" / "heating.xml").write_bytes(FORM_XML)
    with opened(into / "kiosk", clock) as store, centre_of(store) as centre:
        making = _Making(store, centre, agency)
        database = HubDatabase.in_folder(into / "hub")
        hub = HubServer(
            database,
            HubIdentity.of_folder(into / "hub"),
            Opener([agency_identity], {FORM.digest: FORM_XML}),
            clock,
        )
        with hub:
            enrol_kiosk(
                store.database,
                store.lane,
                url=hub.url,
                code=hub.kiosks.new_code(),
                centre="Дом у реки",
                clock=clock,
            )
            acknowledged = [making.application() for _ in range(3)]
            _send(store, version)
        database.close()
        aside = making.application()
        _set_aside(store)
        waiting = [making.application() for _ in range(4)]
        draft = making.kept_draft()
        with store.database.reader() as repositories:
            assert repositories.outbox.counts().waiting == len(waiting)
            newest = repositories.journal.head()
        assert newest is not None
        told = Told(
            version=version,
            at=clock.now,
            agency_identity=agency_identity,
            coordinator=centre.coordinator.operator.id,
            pin=PIN,
            draft=draft.id,
            steps=STEPS,
            acknowledged=tuple(acknowledged),
            set_aside=(aside,),
            waiting=tuple(waiting),
            receipts=making.receipts,
            journal=newest.number,
        )
    (into / "told.json").write_bytes(TypeAdapter(Told).dump_json(told, indent=1))
    return told


def _send(store: Opened, version: str) -> None:
    device = device_of(store.database, store.lane)
    carrier = carrier_of(store.database, device, store.clock)
    assert carrier is not None
    courier = Courier(
        database=store.database,
        lane=store.lane,
        carrier=carrier,
        kiosk=device.kiosk,
        app_version=version,
        clock=store.clock,
        random=Random(1),
        deliver=lambda call: call(),
    )
    results: SimpleQueue[CourierState] = SimpleQueue()
    courier.try_now(results.put)
    courier.start()
    state = results.get(timeout=60)
    assert courier.stop(20)
    assert state.fault is None, state.fault


def _set_aside(store: Opened) -> None:
    """As a hub's refusal does."""
    with store.database.reader() as repositories:
        (entry,) = repositories.outbox.waiting(0, 1 << 20, 10, store.clock())
    store.lane.submit(
        lambda repositories: repositories.outbox.reject(
            entry.envelope_id, store.clock(), "too-large", "The envelope is too large.", conflict=False
        )
    ).result()


def main() -> int:
    (version,) = sys.argv[1:]
    into = FOLDER / version
    if into.exists():
        print(f"{into} is there: a release is never made anew", file=sys.stderr)
        return 1
    try:
        make(version, into)
    except BaseException:
        rmtree(into, ignore_errors=True)
        raise
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What a day's applications cost on the line: the demonstration's own forms, filled in by invented people."""

import hashlib
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyrage

from kiosk.applications.envelope import EnvelopeHeader
from kiosk.applications.submission import outbox_entry, seal_parts
from kiosk.ids import AgencyId, ApplicationId, EnvelopeId, new_id
from kiosk.store.repositories import Repositories
from sync.hub import lists
from tests.bench.corpus import FilledIn, applications
from tests.sync.parties import AGENCY_KEY, Hub, Kiosk

APPLICATIONS = 100
MOST_BYTES = 60_000
"""Up, HTTP and signatures included."""


def _keep(one: FilledIn, repositories: Repositories) -> None:
    sealed = seal_parts(one.xml, one.form_xml, (), str(AGENCY_KEY.to_public()))
    application = ApplicationId(new_id())
    header = EnvelopeHeader(
        id=EnvelopeId(application),
        kind="application",
        agency=AgencyId("heating-office"),
        application=application,
        order=0,
        sequence=repositories.outbox.next_sequence(),
        created_at=one.at,
        form=one.form,
        consent_version="1",
        consent_language="ru",
        helpers=("volunteer",),
        receipt=str(pyrage.x25519.Identity.generate().to_public()),
        tag=hashlib.sha256(application.bytes).digest()[:16],
        parts=tuple(part for part, _ in sealed),
    )
    entry = outbox_entry(header, tuple(body for _, body in sealed))
    repositories.outbox.add(replace(entry, application_id=None))


def test_hundred_russian_applications_go_up_in_one_request_of_sixty_thousand_bytes(tmp_path: Path) -> None:
    corpus = list(applications(APPLICATIONS, tmp_path))
    plain = sum(len(one.xml) for one in corpus)
    forms = {one.form.digest: one.form_xml for one in corpus}
    with Hub(tmp_path / "hub", forms=forms) as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        for one in corpus:
            kiosk.lane.submit(partial(_keep, one)).result(30)
        state = kiosk.tried(kiosk.enrolled(hub))
        references = {line.reference for line in lists.applications(hub.database, 2 * APPLICATIONS)}
    print(f"{APPLICATIONS} applications, {plain} bytes of XML: {state.meter}")
    assert (state.fault, state.done) == (None, APPLICATIONS)
    assert references == {one.reference for one in corpus}, "the hub opened every one of them"
    assert plain > 1_750 * APPLICATIONS, "nearly two kilobytes each, or this says nothing"
    assert state.meter.requests == 1
    assert state.bytes_up <= MOST_BYTES

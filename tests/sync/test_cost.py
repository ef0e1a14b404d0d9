"""What a day's applications cost on the line: the demonstration's own forms, filled in."""

import hashlib
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random

import pyrage

from kiosk.applications.envelope import EnvelopeHeader, EnvelopePart
from kiosk.applications.submission import outbox_entry, seal_parts
from kiosk.catalogue.demo import ensure_demo_pack
from kiosk.catalogue.pack import load_pack
from kiosk.forms import fill_randomly, parse_form
from kiosk.ids import AgencyId, ApplicationId, EnvelopeId, FormId, new_id
from kiosk.store.drafts import FormKey
from kiosk.store.repositories import Repositories
from tests.sync.parties import AGENCY_KEY, Hub, Kiosk

APPLICATIONS = 100
MOST_BESIDES = 230
"""Bytes of an envelope on the line besides what is sealed in it, HTTP included."""


def _keep(
    sealed: tuple[tuple[EnvelopePart, bytes], ...], form: FormKey, at: datetime, repositories: Repositories
) -> None:
    application = ApplicationId(new_id())
    header = EnvelopeHeader(
        id=EnvelopeId(new_id()),
        kind="application",
        agency=AgencyId("heating-office"),
        application=application,
        order=0,
        sequence=repositories.outbox.next_sequence(),
        created_at=at,
        form=form,
        consent_version="1",
        consent_language="ru",
        helpers=("volunteer",),
        receipt=str(pyrage.x25519.Identity.generate().to_public()),
        tag=hashlib.sha256(application.bytes).digest()[:16],
        parts=tuple(part for part, _ in sealed),
    )
    entry = outbox_entry(header, tuple(body for _, body in sealed))
    repositories.outbox.add(replace(entry, application_id=None))


def test_hundred_applications_cost_little_more_than_what_is_sealed_in_them(tmp_path: Path) -> None:
    pack = load_pack(ensure_demo_pack(tmp_path / "demo.opora-pack"))
    files = list(pack.forms.values())
    forms = [parse_form(file.source, file.attachments) for file in files]
    random = Random(7)
    with (
        Hub(tmp_path / "hub", forms={file.sha256: file.source for file in files}) as hub,
        Kiosk(tmp_path / "kiosk") as kiosk,
    ):
        plain = inside = 0
        for number in range(APPLICATIONS):
            file, form = files[number % 3], forms[number % 3]
            xml = fill_randomly(form, number).submission({"reference": f"{random.randrange(10**15):015d}"})
            plain += len(xml)
            sealed = seal_parts(xml, file.source, (), str(AGENCY_KEY.to_public()))
            inside += sum(len(body) for _, body in sealed)

            kiosk.lane.submit(
                partial(_keep, sealed, FormKey(FormId(file.id), file.version, file.sha256), kiosk.clock())
            ).result(30)
        state = kiosk.tried(kiosk.enrolled(hub))
    print(f"{APPLICATIONS} applications, {plain} bytes of XML, {inside} bytes sealed: {state.meter}")
    assert (state.fault, state.done) == (None, APPLICATIONS)
    assert state.bytes_up <= inside + APPLICATIONS * MOST_BESIDES
    assert state.meter.requests <= 1 + state.bytes_up // (64 * 1024)

"""Ours: a hub as ``opora hub serve`` runs it, and a kiosk's store and courier.

The client's time begins with the sealing: what a kiosk does when a person presses the button counts here,
for all applications at once, in one transaction.
"""

import base64
import gc
import hashlib
import json
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk import age
from kiosk.applications.envelope import EnvelopeHeader
from kiosk.applications.submission import Attachment, outbox_entry, seal_parts
from kiosk.ids import AgencyId, ApplicationId, EnvelopeId, FormId, KioskId, new_id
from kiosk.store.drafts import FormKey
from kiosk.store.engine import open_database
from kiosk.store.lane import WriterLane
from kiosk.store.repositories import Repositories
from sync.carriers.https import Device, HttpsCarrier, TrustedHub, enrol
from sync.courier import Courier, CourierState
from sync.hub.database import HubDatabase
from sync.hub.identity import HubIdentity
from sync.hub.opening import Opener
from sync.hub.server import HubServer, settle_memory


def now() -> datetime:
    return datetime.now(UTC)


def serve(folder: Path, corpus: Path) -> None:
    agency = pyrage.x25519.Identity.generate()
    forms = _forms(json.loads(corpus.read_text()))
    database = HubDatabase.in_folder(folder)
    hub = HubServer(database, HubIdentity.of_folder(folder), Opener([str(agency)], forms), now)
    (folder / "identity.json").write_text(
        json.dumps({"code": hub.kiosks.new_code(), "recipient": str(agency.to_public())})
    )
    settle_memory()
    hub.start()
    print(hub.url.rpartition(":")[2], flush=True)
    sys.stdin.read()
    hub.stop()
    database.close()


def bring(folder: Path, corpus: Path, url: str, identity: Path) -> None:
    told = json.loads(identity.read_text())
    device = Device(KioskId(new_id()), Ed25519PrivateKey.generate())
    enrolled = enrol(url, told["code"], device, "Bench", now)
    hub = TrustedHub(url, str(enrolled.hub), Ed25519PublicKey.from_public_bytes(enrolled.hub_key))
    database = open_database(folder, clock=now)
    lane = WriterLane(database, lambda call: call())
    # Connects when it first sends, as the peers' clients do: its courier is started then.
    carrier = HttpsCarrier(hub, device, now)
    waiting = json.loads(corpus.read_text())
    forms = _forms(waiting)
    # As beside a window, where a timer of the GUI looks for garbage, once a second (ui.collecting).
    gc.disable()
    courier = Courier(
        database=database,
        lane=lane,
        carrier=carrier,
        kiosk=device.kiosk,
        app_version="bench",
        clock=now,
        random=Random(7),
        deliver=lambda call: call(),
        wait=lambda event, _: event.wait(),
    )
    print("ready", flush=True)
    for _ in sys.stdin:
        began, before = time.monotonic(), carrier.meter.requests
        todo, waiting = waiting, []
        lane.submit(partial(_keep, todo, forms, told["recipient"])).result()
        sealed = time.monotonic() - began
        state = _tried(courier, start=before == 0)
        while state.fault is not None and time.monotonic() - began < 240:
            sys.stderr.write(f"{state.fault}\n")
            state = _tried(courier, start=False)
        seconds = time.monotonic() - began
        requests = carrier.meter.requests - before if state.fault is None else None
        print(json.dumps({"seconds": seconds, "requests": requests, "sealing": sealed}), flush=True)
    courier.stop()
    lane.close()
    database.close()


def _tried(courier: Courier, *, start: bool) -> CourierState:
    done = threading.Event()
    states: list[CourierState] = []

    def heard(state: CourierState) -> None:
        states.append(state)
        done.set()

    courier.try_now(heard)
    if start:
        courier.start()
    done.wait()
    return states[0]


def _forms(filled: list[dict[str, str]]) -> dict[str, bytes]:
    """By digest, as a kiosk has them at hand."""
    return {each["digest"]: base64.b64decode(each["form_xml"]) for each in filled}


def _keep(
    filled: list[dict[str, str]], forms: dict[str, bytes], recipient: str, repositories: Repositories
) -> None:
    for each in filled:
        form = forms[each["digest"]]
        signature = each.get("signature")
        attachments = () if signature is None else (Attachment("signature", "signature", signature.encode()),)
        sealed = seal_parts(each["xml"].encode(), form, attachments, recipient)
        application = ApplicationId(new_id())
        header = EnvelopeHeader(
            id=EnvelopeId(application),
            kind="application",
            agency=AgencyId("heating-office"),
            application=application,
            order=0,
            sequence=repositories.outbox.next_sequence(),
            created_at=now(),
            form=FormKey(FormId(each["form"]), each["version"], each["digest"]),
            consent_version="1",
            consent_language="ru",
            helpers=("volunteer",),
            # Any 32 bytes will do: nothing is sealed to it in a bench.
            receipt=age.recipient_text(hashlib.sha256(application.bytes).digest()),
            tag=hashlib.sha256(application.bytes).digest()[:16],
            parts=tuple(part for part, _ in sealed),
        )
        entry = outbox_entry(header, tuple(body for _, body in sealed))
        repositories.outbox.add(replace(entry, application_id=None))


if __name__ == "__main__":
    place = Path(sys.argv[2])
    if sys.argv[1] == "server":
        serve(place, Path(sys.argv[3]))
    else:
        bring(place, Path(sys.argv[3]), sys.argv[4], Path(sys.argv[5]))

"""Many kiosks at once, without their stores: a key, what they send, and a carrier to any hub."""

import hashlib
import json
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk import age
from kiosk.applications.envelope import EnvelopeHeader, EnvelopePart
from kiosk.ids import AgencyId, ApplicationId, EnvelopeId, FormId, KioskId, new_id
from kiosk.store.drafts import FormKey
from sync.carriers.https import Device, HttpsCarrier, TrustedHub
from sync.carriers.port import Parcel
from sync.hub.identity import HubIdentity
from sync.hub.kiosks import Kiosks
from sync.protocol import Counts, EnrolRequest, ExchangeRequest
from sync.signatures import public_bytes
from tests.sync.parties import AGENCY_KEY, FORM_DIGEST, now, sealed_answers, submission


@dataclass
class Caller:
    """A kiosk of the crowd."""

    identity: HubIdentity
    device: Device = field(default_factory=lambda: Device(KioskId(new_id()), Ed25519PrivateKey.generate()))
    sequence: int = 0
    references: list[str] = field(default_factory=list)

    def enrol(self, kiosks: Kiosks) -> None:
        kiosks.enrol(
            EnrolRequest(
                code=kiosks.new_code(),
                kiosk=self.device.kiosk,
                centre="Crowd",
                device_key=public_bytes(self.device.key.public_key()),
            )
        )

    def carrier(self, url: str) -> HttpsCarrier:
        key = self.identity.key.public_key()
        return HttpsCarrier(TrustedHub(url, str(self.identity.hub), key), self.device, now)

    def parcel(self, count: int, cursor: str = "") -> Parcel:
        """``count`` new applications, sealed, as one request."""
        request = ExchangeRequest(
            kiosk=self.device.kiosk,
            at=now(),
            counts=Counts(waiting=count, disk_free_bytes=1, app_version="crowd"),
            cursor=cursor,
        )
        return Parcel(request, tuple(self._envelope() for _ in range(count)))

    def _envelope(self) -> str:
        from base64 import urlsafe_b64encode

        self.sequence += 1
        application = ApplicationId(new_id())
        reference = f"{application.int % 10**15:015d}"
        self.references.append(reference)
        body = sealed_answers(submission(reference))
        digest = hashlib.sha256(body).hexdigest()
        header = EnvelopeHeader(
            id=EnvelopeId(application),
            kind="application",
            agency=AgencyId("heating-office"),
            application=application,
            order=0,
            sequence=self.sequence,
            created_at=now(),
            form=FormKey(FormId("heating"), "1", FORM_DIGEST),
            consent_version="1",
            consent_language="ru",
            helpers=("volunteer",),
            receipt=age.recipient_text(hashlib.sha256(reference.encode()).digest()),
            tag=hashlib.sha256(reference.encode()).digest()[:16],
            parts=(EnvelopePart("answers", "answers", "application/x-age", len(body), digest),),
        )
        told = json.loads(header.to_header_json())
        told["parts"][0]["body"] = urlsafe_b64encode(body).decode("ascii")
        return json.dumps(told)


AGENCY = str(AGENCY_KEY)

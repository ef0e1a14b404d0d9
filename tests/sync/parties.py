"""The two ends of a conversation, both real: a hub on a port of its own, and a kiosk's store and courier."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from types import TracebackType

import pyrage
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.applications.envelope import EnvelopeHeader, EnvelopePart
from kiosk.ids import AgencyId, ApplicationId, EnvelopeId, FormId, KioskId, new_id
from kiosk.store.drafts import FormKey
from kiosk.store.engine import open_database
from kiosk.store.lane import WriterLane
from kiosk.store.outbox import Agencies, OutboxEntry, OutboxState, PartBody
from kiosk.store.repositories import Repositories
from sync.carriers.https import Device, HttpsCarrier, TrustedHub, enrol
from sync.carriers.port import Carrier
from sync.courier import Courier, CourierState
from sync.downloads import Downloads
from sync.hub.database import HubDatabase
from sync.hub.identity import HubIdentity
from sync.hub.limits import Limits
from sync.hub.metrics import HubMetrics
from sync.hub.opening import Opener
from sync.hub.server import HubServer
from sync.kinds import StatusKind
from sync.protocol import StatusContent

Clock = Callable[[], datetime]
PATIENCE_S = 120.0

FORM_XML = (
    "<h:html xmlns='http://www.w3.org/2002/xforms' xmlns:h='http://www.w3.org/1999/xhtml'><h:head>"
    "<h:title>Надбавка на отопление</h:title><model><instance><data id='heating' version='1'>"
    "<full_name/><birth_date/><address/><phone/><household_size/><income/><heating_kind/><rooms/>"
    "<meta xmlns='http://openrosa.org/xforms'><instanceID/></meta></data></instance></model></h:head></h:html>"
).encode()
FORM_DIGEST = hashlib.sha256(FORM_XML).hexdigest()

AGENCY_KEY = pyrage.x25519.Identity.generate()


def now() -> datetime:
    return datetime.now(UTC)


def submission(reference: str, name: str = "Анна Петровна Смирнова") -> bytes:
    return (
        f"<data id='heating' version='1'><full_name>{name}</full_name><birth_date>1944-05-17</birth_date>"
        f"<address>ул. Садовая, 12</address><household_size>2</household_size><income>18400</income>"
        f"<heating_kind>gas</heating_kind><rooms>2</rooms>"
        f"<meta xmlns='http://openrosa.org/xforms'><instanceID>uuid:{new_id()}</instanceID>"
        f"<reference xmlns='https://opora.invalid/ns'>{reference}</reference></meta></data>"
    ).encode()


def sealed_answers(plain: bytes, form: bytes = FORM_XML) -> bytes:
    dictionary = zstandard.ZstdCompressionDict(form, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    packed = zstandard.ZstdCompressor(level=19, dict_data=dictionary).compress(plain)
    sealed: bytes = pyrage.encrypt(packed, [AGENCY_KEY.to_public()])
    return sealed


class Hub:
    """A hub that can be stopped and started again on what it has kept."""

    def __init__(
        self,
        folder: Path,
        *,
        url: str | None = None,
        identities: Iterable[str] | None = None,
        forms: dict[str, bytes] | None = None,
        clock: Clock = now,
        metrics: HubMetrics | None = None,
        limits: Limits = Limits(),  # noqa: B008 - frozen
    ) -> None:
        self.folder = folder
        self._metrics, self._limits = metrics, limits
        self.clock = clock
        self._url = url
        self.opener = Opener(
            [str(AGENCY_KEY)] if identities is None else identities,
            {FORM_DIGEST: FORM_XML} if forms is None else forms,
        )
        self._port = 0
        self.start()

    def start(self) -> None:
        self.database = HubDatabase(self._url) if self._url else HubDatabase.in_folder(self.folder)
        identity = HubIdentity.of_folder(self.folder)
        self.server = HubServer(
            self.database,
            identity,
            self.opener,
            self.clock,
            port=self._port,
            metrics=self._metrics,
            limits=self._limits,
        )
        self._port = int(self.server.url.rpartition(":")[2])
        self.server.start()

    def stop(self) -> None:
        self.server.stop()
        self.database.close()

    @property
    def url(self) -> str:
        return self.server.url

    def __enter__(self) -> "Hub":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


@dataclass
class Stored:
    """An application that this kiosk called stored."""

    envelope: EnvelopeId
    application: ApplicationId
    reference: str
    receipt: pyrage.x25519.Identity
    tag: bytes


@dataclass
class Kiosk:
    """A kiosk's store, with what it stored."""

    folder: Path
    clock: Clock = now
    device: Device = field(default_factory=lambda: Device(KioskId(new_id()), Ed25519PrivateKey.generate()))

    def __post_init__(self) -> None:
        self._closing = ExitStack()
        self.open()

    def open(self) -> None:
        self.database = open_database(self.folder, clock=self.clock)
        self.lane = WriterLane(self.database, lambda call: call())
        self._closing.callback(self.database.close)
        self._closing.callback(self.lane.close)

    def close(self) -> None:
        self._closing.close()

    def __enter__(self) -> "Kiosk":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def enrolled(self, hub: Hub, *, by_way_of: str | None = None) -> HttpsCarrier:
        answer = enrol(hub.url, hub.server.kiosks.new_code(), self.device, "Test centre", self.clock)
        trusted = TrustedHub(
            by_way_of or hub.url, str(answer.hub), Ed25519PublicKey.from_public_bytes(answer.hub_key)
        )
        return HttpsCarrier(trusted, self.device, self.clock)

    def known_to(self, hub: Hub, *, by_way_of: str | None = None) -> HttpsCarrier:
        """The way to a hub at which this kiosk was enrolled before."""
        identity = hub.server.identity
        trusted = TrustedHub(by_way_of or hub.url, str(identity.hub), identity.key.public_key())
        return HttpsCarrier(trusted, self.device, self.clock)

    def carrier_to(self, hub: Hub, like: HttpsCarrier) -> HttpsCarrier:
        """To another process of the hub that ``like`` goes to."""
        return HttpsCarrier(replace(like.trusted, url=hub.url), self.device, self.clock)

    def enrol_with(self, hub: Hub, code: str) -> None:
        enrol(hub.url, code, self.device, "Test centre", self.clock)

    def store(
        self,
        reference: str | None = None,
        *,
        kind: str = "application",
        application: ApplicationId | None = None,
        name: str = "Анна Петровна Смирнова",
        spoil: Callable[[str], str] = lambda header: header,
        tag: bytes | None = None,
        attachment: bytes | None = None,
    ) -> Stored:
        """Seals and stores one envelope, exactly as a submission does; ``attachment`` is a sealed scan."""
        receipt = pyrage.x25519.Identity.generate()
        envelope = EnvelopeId(new_id())
        application = application or ApplicationId(new_id())
        reference = reference or f"{envelope.int % 10**15:015d}"
        tag = tag or hashlib.sha256(reference.encode()).digest()[:16]
        body = sealed_answers(submission(reference, name))
        digest = hashlib.sha256(body).hexdigest()
        scans = () if attachment is None else (attachment,)
        of_scans = tuple(hashlib.sha256(scan).hexdigest() for scan in scans)

        def work(repositories: Repositories) -> None:
            sequence = repositories.outbox.next_sequence()
            header = EnvelopeHeader(
                id=envelope,
                kind=kind,
                agency=AgencyId("heating-office"),
                application=application,
                order=0,
                sequence=sequence,
                created_at=self.clock(),
                form=FormKey(FormId("heating"), "1", FORM_DIGEST),
                consent_version="1",
                consent_language="ru",
                helpers=("volunteer",),
                receipt=str(receipt.to_public()),
                tag=tag,
                parts=(
                    EnvelopePart("answers", "answers", "application/age", len(body), digest),
                    *(
                        EnvelopePart("scan", "scan", "application/age", len(scan), of_scan)
                        for scan, of_scan in zip(scans, of_scans, strict=True)
                    ),
                ),
            )
            text = spoil(header.to_header_json())
            repositories.outbox.add(
                OutboxEntry(
                    envelope_id=envelope,
                    sequence=sequence,
                    application_id=None,
                    kind=kind,
                    agency=AgencyId("heating-office"),
                    header=text,
                    digest=json.loads(text)["digest"],
                    size=len(text) + len(body) + sum(map(len, scans)),
                    made_at=self.clock(),
                    state=OutboxState.WAITING,
                    attempts=0,
                    last_try_at=None,
                    next_try_at=None,
                    settled_at=None,
                    reason_code="",
                    reason="",
                    parts=(
                        PartBody(0, digest, body),
                        *(PartBody(1, of_scan, scan) for scan, of_scan in zip(scans, of_scans, strict=True)),
                    ),
                )
            )

        self.lane.submit(work).result(PATIENCE_S)
        return Stored(envelope, application, reference, receipt, tag)

    def entry(self, envelope: EnvelopeId) -> OutboxEntry:
        with self.database.reader() as repositories:
            found = repositories.outbox.get(envelope)
        assert found is not None
        return found

    def state(self, stored: Stored) -> OutboxState:
        return self.entry(stored.envelope).state

    def statuses(self, stored: Stored) -> list[StatusContent]:
        """What the paper can read of what has come, beginning with the hub's acknowledgement as the kiosk
        tells it (``agency_answers``)."""
        with self.database.reader() as repositories:
            arrived = repositories.statuses.of(stored.application)
            entry = repositories.outbox.get(stored.envelope)
        told = [
            StatusContent.model_validate_json(pyrage.decrypt(status.sealed, [stored.receipt]))
            for status in arrived
        ]
        if entry is None or entry.settled_at is None or entry.state != OutboxState.ACKNOWLEDGED:
            return told
        if any(content.kind == StatusKind.RECEIVED for content in told):
            return told
        return [StatusContent(kind=StatusKind.RECEIVED, at=entry.settled_at), *told]

    def tried(self, carrier: Carrier) -> CourierState:
        """One whole try of a real courier on its own thread."""
        with Delivery(self, carrier) as delivery:
            return delivery.try_now()


class Delivery:
    """A running courier, watched."""

    def __init__(
        self,
        kiosk: Kiosk,
        carrier: Carrier,
        *,
        heartbeat_every: timedelta = timedelta(hours=1),
        agencies: Agencies | None = None,
        downloads: Downloads | None = None,
    ) -> None:
        self.seen: list[CourierState] = []
        self.pauses: list[float | None] = []
        self.courier = Courier(
            database=kiosk.database,
            lane=kiosk.lane,
            carrier=carrier,
            kiosk=kiosk.device.kiosk,
            app_version="0.1.0",
            clock=kiosk.clock,
            random=Random(7),
            deliver=lambda call: call(),
            wait=self._wait,
            heartbeat_every=heartbeat_every,
            agencies=agencies,
            downloads=downloads,
        )
        self.courier.subscribe(self.seen.append)

    def _wait(self, event: threading.Event, seconds: float | None) -> bool:
        self.pauses.append(seconds)
        return event.wait(PATIENCE_S)

    def try_now(self) -> CourierState:
        done = threading.Event()
        results: list[CourierState] = []

        def heard(state: CourierState) -> None:
            results.append(state)
            done.set()

        self.courier.try_now(heard)
        assert done.wait(PATIENCE_S), "the courier did not come back"
        return results[0]

    def __enter__(self) -> "Delivery":
        self.courier.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self.courier.stop(PATIENCE_S), "the courier's thread did not end"

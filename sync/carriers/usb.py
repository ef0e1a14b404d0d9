"""What waits, written for a USB stick, and what comes home on one. The files are those of :mod:`sync.stick`.

Nothing is settled by writing a file: an envelope waits until its acknowledgement has come, by whichever way.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.errors import HubFault, Message
from kiosk.flow.sticks import CameHome, Writing
from kiosk.ids import ApplicationId, EnvelopeId
from kiosk.journal import Action, Actor
from kiosk.store.engine import Database
from kiosk.store.lane import WriterLane
from kiosk.store.outbox import Agencies, OutboxEntry, OutboxState
from kiosk.store.repositories import Repositories
from kiosk.store.settings import Setting
from kiosk.texts import N_
from sync import outbox, stick
from sync.carriers.https import Device
from sync.kinds import ReasonCode
from sync.known_hub import KnownHub, known_hub, remember_hub
from sync.outbox import Batch, Settled
from sync.protocol import EnrolRequest
from sync.signatures import public_bytes
from sync.stick import StickAnswer, StickRequest

NAME = "usb"
"""Stands in the outbox beside what came home this way."""

_BATCH_BYTES = 1024 * 1024
_BATCH_ENVELOPES = 500
_MOST_CONTENT = 40 * 1024 * 1024
"""Of sealed parts in one file, so that it stays well below :data:`sync.stick.MOST_BYTES`."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A file for the agency, to be called ``name``. ``left`` still wait, for a second stick."""

    name: str
    content: bytes
    envelopes: int
    left: int
    applications: frozenset[ApplicationId]
    """Those that its envelopes belong to."""


class UsbCarrier:
    """One kiosk's side of an exchange by stick. Waits for the disk and for the lane: call it off the page's
    thread. Raises :class:`~kiosk.errors.HubFault` with what a coordinator can do."""

    def __init__(
        self,
        database: Database,
        lane: WriterLane,
        device: Device,
        *,
        app_version: str,
        clock: Callable[[], datetime],
        agencies: Agencies | None = None,
    ) -> None:
        self._agencies = agencies
        self._database = database
        self._lane = lane
        self._device = device
        self._app_version = app_version
        self._clock = clock

    @property
    def answer_name(self) -> str:
        """What the file with the answer to this kiosk is called."""
        return stick.file_name(stick.TO_KIOSK, self._device.kiosk)

    def pack(
        self, *, code: str = "", centre: str = "", progress: Callable[[Writing], None] = lambda _: None
    ) -> Packed:
        """Everything that waits, tried before or not, in one file; with ``code`` the enrolment too."""
        hub = self._hub()
        if hub is None and not code:
            raise HubFault(
                Message(N_("This kiosk is not connected to an agency yet.")),
                Message(N_("Ask the agency for a one-time code. It goes along on the stick.")),
            )
        bodies, belongs, left = self._bodies(hub.id if hub else "", progress)
        applications = frozenset(each for each in belongs if each is not None)
        request = StickRequest(
            kiosk=self._device.kiosk,
            at=self._clock(),
            enrol=self._enrolment(code, centre) if code else None,
            requests=tuple(bodies),
        )
        letter = stick.signed(
            stick.TO_AGENCY,
            request.model_dump_json(exclude_none=True),
            self._device.kiosk,
            self._device.key,
        )
        name = stick.file_name(stick.TO_AGENCY, self._device.kiosk)
        if code:
            digest = stick.code_digest(code)
            self._lane.submit(
                lambda repositories: repositories.settings.put(Setting.STICK_CODE, digest)
            ).result()
            key = stick.code_key(digest).public_key()
        else:
            assert hub is not None, "looked at above"
            key = hub.key
        return Packed(name, stick.sealed_to_key(letter, key), len(belongs), left, applications)

    def written(self, packed: Packed, actor: Actor) -> None:
        """Notes that the file lies on a stick: what is in it has left the machine, and nobody has confirmed
        that it arrived."""

        def note(repositories: Repositories) -> None:
            repositories.applications.sent_all(packed.applications)
            details = {"envelopes": str(packed.envelopes)}
            repositories.journal.append(repositories.clock(), actor, Action.EXPORTED, NAME, details)

        self._lane.submit(note).result()

    def unpack(self, sealed: bytes) -> CameHome:
        """Brings home what the hub answered; safe to repeat, and in any order."""
        stick.check_size(len(sealed))
        letter, by_code = self._opened(sealed)
        answer = stick.read_content(letter, StickAnswer)
        hub = self._hub()
        if by_code and answer.enrolled is not None:
            # The code proves this hub; from now on its key does.
            hub_key = Ed25519PublicKey.from_public_bytes(answer.enrolled.hub_key)
            stick.verify(stick.TO_KIOSK, letter, hub_key)
        elif by_code and answer.refusal is not None:
            pass  # It may be a hub that is not known here, and its sentence is all that is taken.
        elif hub is not None and answer.enrolled is None:
            stick.verify(stick.TO_KIOSK, letter, hub.key)
        else:
            raise stick.unreadable("an answer by a hub that is not known")
        signer = stick.signer_of(letter)
        if answer.kiosk != self._device.kiosk:
            raise stick.unreadable("the answer to another kiosk")
        return self._lane.submit(lambda repositories: self._settle(repositories, answer, signer)).result()

    def _hub(self) -> KnownHub | None:
        with self._database.reader() as repositories:
            return known_hub(repositories)

    def _bodies(
        self, hub: str, progress: Callable[[Writing], None]
    ) -> tuple[list[str], list[ApplicationId | None], int]:
        """Requests, for each envelope in them the application that it belongs to, and how many are left."""
        bodies: list[str] = []
        belongs: list[ApplicationId | None] = []
        size = after = 0
        with self._database.reader() as repositories:
            now = self._clock()
            total = repositories.outbox.counts().waiting
            request = outbox.make_request(
                repositories,
                self._device.kiosk,
                hub,
                now=now,
                app_version=self._app_version,
                disk_free_bytes=0,
                key=self._device.key,
            )
        head = request.model_dump_json(exclude={"envelopes"}, exclude_none=True)
        while size < _MOST_CONTENT:
            with self._database.reader() as repositories:
                batch = outbox.next_batch(
                    repositories, after, _BATCH_BYTES, _BATCH_ENVELOPES, now, self._agencies
                )
            if batch.damaged:
                self._set_aside(batch.damaged)
                total -= len(batch.damaged)
            if not batch.entries and not batch.damaged and bodies:
                break
            # Verbatim: an envelope's digest is over its JSON as it was written down.
            bodies.append(f'{head[:-1]},"envelopes":[{",".join(batch.envelopes)}]}}')
            belongs += [entry.application_id for entry in batch.entries]
            size, after = size + batch.cost, batch.last_sequence
            progress(Writing(len(belongs), max(len(belongs), total), size))
        return bodies, belongs, max(0, total - len(belongs))

    def _set_aside(self, damaged: tuple[OutboxEntry, ...]) -> None:
        def work(repositories: Repositories) -> None:
            outbox.set_aside(repositories, damaged, ReasonCode.DAMAGED, "", repositories.clock())

        self._lane.submit(work).result()

    def _enrolment(self, code: str, centre: str) -> EnrolRequest:
        return EnrolRequest(
            code=code,
            kiosk=self._device.kiosk,
            centre=centre,
            device_key=public_bytes(self._device.key.public_key()),
        )

    def _opened(self, sealed: bytes) -> tuple[bytes, bool]:
        """The letter, and whether it was the one-time code that opened it."""
        letter = stick.opened_by_key(sealed, self._device.key)
        if letter is not None:
            return letter, False
        with self._database.reader() as repositories:
            digest = repositories.settings.get(Setting.STICK_CODE)
        letter = stick.opened_by_key(sealed, stick.code_key(digest)) if digest else None
        if letter is None:
            raise stick.unreadable("not sealed to this kiosk, or not whole")
        return letter, True

    def _settle(self, repositories: Repositories, answer: StickAnswer, signer: UUID) -> CameHome:
        if answer.refusal is not None:
            return CameHome(refusal=answer.refusal.reason.text)
        hub = str(signer)
        before = repositories.cursors.get(hub)
        if answer.enrolled is not None:
            remember_hub(repositories, answer.enrolled, None)
        if answer.answer is None:
            return CameHome(enrolled=answer.enrolled is not None)
        waiting = [
            entry
            for acknowledgement in answer.answer.acknowledgements
            if (entry := repositories.outbox.get(EnvelopeId(acknowledgement.envelope))) is not None
            and entry.state is not OutboxState.ACKNOWLEDGED
        ]
        settled: Settled = outbox.settle(
            repositories,
            Batch(tuple(waiting), (), (), 0, 0),
            answer.answer,
            carrier=NAME,
            hub=hub,
            now=repositories.clock(),
            moves_on=(before.cursor, before.high_water) == (answer.cursor, answer.high_water),
        )
        return CameHome(
            received=settled.acknowledged,
            set_aside=settled.set_aside,
            news=settled.statuses,
            enrolled=answer.enrolled is not None,
        )

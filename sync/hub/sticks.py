"""What comes on a USB stick is taken exactly as if it had come over a line, and answered on the stick."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.errors import HubFault, Message
from kiosk.texts import N_
from sync import stick
from sync.hub.exchanging import Exchange
from sync.hub.identity import HubIdentity
from sync.hub.kiosks import Kiosks
from sync.hub.reading import Json, read_request
from sync.hub.refusing import Refused
from sync.kinds import Outcome, RefusalCode
from sync.protocol import PROTOCOL, EnrolAnswer, ExchangeAnswer, ExchangeRequest, Reason, Refusal
from sync.stick import StickAnswer, StickRequest

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AnsweredStick:
    """``content`` is the file for the way home, to be called ``name``. ``refusal`` tells why nothing was
    taken; the same stands in the file, for the coordinator there."""

    kiosk: UUID
    name: str
    content: bytes
    taken: int
    set_aside: int
    enrolled: bool
    refusal: str = ""


class Sticks:
    """Answers the files of :mod:`sync.stick`. A file may come twice, late, or out of order."""

    def __init__(
        self, kiosks: Kiosks, exchange: Exchange, identity: HubIdentity, clock: Callable[[], datetime]
    ) -> None:
        self._kiosks = kiosks
        self._exchange = exchange
        self._identity = identity
        self._clock = clock

    def answer(self, sealed: bytes) -> AnsweredStick:
        """Raises :class:`~kiosk.errors.HubFault` for a file that is not readable here or not signed by a
        kiosk of this hub; then nothing was taken, and there is nobody to answer to."""
        stick.check_size(len(sealed))
        letter, code = self._opened(sealed)
        name = stick.signer_of(letter)
        key = self._kiosks.key_of(str(name))
        if code is not None:
            # Signed by the very key that it brings; that it may bring one, the code proves.
            request = stick.read_content(letter, StickRequest)
            if request.enrol is None or request.enrol.kiosk != name:
                raise stick.unreadable("sealed by a code, and wants no enrolment")
            key = _key(request.enrol.device_key)
        if key is None:
            raise HubFault(
                Message(N_("The kiosk that wrote this file is not enrolled here.")),
                Message(
                    N_("Give its coordinator a one-time code, and let the file be written anew with it.")
                ),
                str(name),
            )
        stick.verify(stick.TO_AGENCY, letter, key)
        request = stick.read_content(letter, StickRequest)
        if request.kiosk != name:
            raise stick.unreadable("signed by another kiosk")
        return self._sealed(request, self._taken(request), key, code)

    def _opened(self, sealed: bytes) -> tuple[bytes, Ed25519PrivateKey | None]:
        """The letter, and the code's key where one opened it."""
        letter = stick.opened_by_key(sealed, self._identity.key)
        if letter is not None:
            return letter, None
        for digest in self._kiosks.codes():
            code = stick.code_key(digest)
            letter = stick.opened_by_key(sealed, code)
            if letter is not None:
                return letter, code
        raise HubFault(
            Message(N_("This hub cannot open this file.")),
            Message(
                N_(
                    "It is damaged, or meant for another hub, or its one-time code was mistyped or is too "
                    "old. Give the coordinator a new code, and let the file be written anew with it."
                )
            ),
        )

    def _taken(self, request: StickRequest) -> StickAnswer:
        base = StickAnswer(protocol=min(request.protocol, PROTOCOL), kiosk=request.kiosk, asked_at=request.at)
        try:
            read = [read_request(body.encode()) for body in request.requests]
            if any(asked.kiosk != request.kiosk for asked, _ in read):
                raise Refused(422, RefusalCode.REQUEST_UNREADABLE, "The file speaks for another kiosk.")
            enrolled = self._enrolled(request)
            self._kiosks.refuse_revoked(request.kiosk)
            answer = self._answer(read)
        except Refused as refused:
            if refused.code is RefusalCode.BUSY:
                raise HubFault(
                    Message(N_("The hub cannot take anything just now.")),
                    Message(N_("Nothing is lost. Take the same file again in a while.")),
                    refused.text,
                ) from refused
            reason = Reason(code=refused.code, text=refused.text)
            return base.model_copy(update={"refusal": Refusal(reason=reason, at=self._clock())})
        first = read[0][0] if read else None
        return base.model_copy(
            update={
                "cursor": first.cursor if first else "",
                "high_water": first.high_water if first else 0,
                "enrolled": enrolled,
                "answer": answer,
            }
        )

    def _enrolled(self, request: StickRequest) -> EnrolAnswer | None:
        return None if request.enrol is None else self._kiosks.enrol(request.enrol)

    def _answer(self, read: Sequence[tuple[ExchangeRequest, tuple[Json, ...]]]) -> ExchangeAnswer | None:
        """One answer for all: each request goes on where the one before it came to."""
        whole: ExchangeAnswer | None = None
        waiting = list(read)
        while waiting:
            asked, envelopes = waiting.pop(0)
            if whole is not None:
                asked = asked.model_copy(update={"cursor": whole.cursor, "high_water": whole.high_water})
            answer = self._exchanged(asked, envelopes)
            whole = answer if whole is None else _joined(whole, answer)
            if not waiting and answer.more:
                waiting.append((asked, ()))
        return whole

    def _exchanged(self, asked: ExchangeRequest, envelopes: tuple[Json, ...]) -> ExchangeAnswer:
        """One envelope that cannot be named, or over which the hub fails, is passed by: it stays waiting at
        its kiosk, and the rest is taken."""
        try:
            return self._exchange.answer(asked, envelopes, None)
        except Exception as error:
            if not envelopes or (
                isinstance(error, Refused) and error.code is not RefusalCode.ENVELOPE_UNREADABLE
            ):
                raise
            if len(envelopes) == 1:
                log.warning("an envelope on a stick was passed by: %s", type(error).__name__)
                return self._exchange.answer(asked, (), None)
        half = len(envelopes) // 2
        first = self._exchanged(asked, envelopes[:half])
        gone_on = asked.model_copy(update={"cursor": first.cursor, "high_water": first.high_water})
        return _joined(first, self._exchanged(gone_on, envelopes[half:]))

    def _sealed(
        self,
        request: StickRequest,
        answer: StickAnswer,
        key: Ed25519PublicKey,
        code: Ed25519PrivateKey | None,
    ) -> AnsweredStick:
        content = answer.model_dump_json(exclude_unset=True)
        letter = stick.signed(stick.TO_KIOSK, content, self._identity.hub, self._identity.key)
        acknowledged = answer.answer.acknowledgements if answer.answer else ()
        taken = sum(each.outcome == Outcome.STORED for each in acknowledged)
        return AnsweredStick(
            kiosk=request.kiosk,
            name=stick.file_name(stick.TO_KIOSK, request.kiosk),
            content=stick.sealed_to_key(letter, key if code is None else code.public_key()),
            taken=taken,
            set_aside=len(acknowledged) - taken,
            enrolled=answer.enrolled is not None,
            refusal=answer.refusal.reason.text if answer.refusal else "",
        )


def _joined(first: ExchangeAnswer, then: ExchangeAnswer) -> ExchangeAnswer:
    restored = first.resend_after is not None or then.resend_after is not None
    return then.model_copy(
        update={
            "acknowledgements": first.acknowledgements + then.acknowledgements,
            "statuses": first.statuses + then.statuses,
            "notices": first.notices + then.notices,
            "packs": first.packs + then.packs,
            "resend_after": then.high_water if restored else None,
        }
    )


def _key(raw: bytes) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(raw)
    except ValueError as error:
        raise stick.unreadable("no device key") from error

"""Which kiosks may speak to this hub: one-time codes, enrolment, freshness, revocation."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from kiosk.errors import HubFault, Message
from kiosk.texts import N_
from sync.hub.database import HubDatabase, micros
from sync.hub.deliveries import deliver, lock_kiosk
from sync.hub.identity import HubIdentity
from sync.hub.limits import FRESH_FOR, Limits, count_wrong_code, refuse_guessing
from sync.hub.refusing import Refused
from sync.hub.rows import EnrolCodeRow, KioskRow
from sync.kinds import RefusalCode
from sync.protocol import PROTOCOL, EnrolAnswer, EnrolRequest, Notice
from sync.signatures import Signed
from sync.stick import code_digest

CODE_LASTS = timedelta(days=7)
CODE_DIGITS = 12
"""Digits alone: they can be read out over a telephone and typed on any keyboard."""


class Kiosks:
    """The kiosks of this hub."""

    def __init__(
        self,
        database: HubDatabase,
        identity: HubIdentity,
        clock: Callable[[], datetime],
        limits: Limits = Limits(),  # noqa: B008 - frozen
    ) -> None:
        self._limits = limits
        self._database = database
        self._identity = identity
        self._clock = clock

    def new_code(self, lasts: timedelta = CODE_LASTS) -> str:
        """A one-time code in groups of four digits; only its hash is kept."""
        digits = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
        now = self._clock()
        with self._database.transaction() as session:
            session.add(
                EnrolCodeRow(hash=code_digest(digits), made_at=micros(now), expires_at=micros(now + lasts))
            )
        return " ".join(digits[start : start + 4] for start in range(0, CODE_DIGITS, 4))

    def enrol(self, request: EnrolRequest) -> EnrolAnswer:
        """Takes a kiosk in. The same kiosk with the same code and key gets the same answer again.

        Raises :class:`Refused` for a code that is wrong, used or too old: which, is not told.
        """
        try:
            return self._enrol(request)
        except Refused as refused:
            if refused.code is RefusalCode.WRONG_CODE:
                count_wrong_code(self._database, self._clock())
            raise

    def _enrol(self, request: EnrolRequest) -> EnrolAnswer:
        now = micros(self._clock())
        with self._database.transaction() as session:
            refuse_guessing(session, self._limits, self._clock())
            code = session.scalars(
                select(EnrolCodeRow).where(EnrolCodeRow.hash == code_digest(request.code)).with_for_update()
            ).one_or_none()
            if (
                code is None
                or code.expires_at < now
                or (code.used_at is not None and code.used_by != request.kiosk)
            ):
                raise _wrong_code()
            kiosk = lock_kiosk(session, request.kiosk)
            if code.used_at is not None and (kiosk is None or kiosk.device_key != request.device_key):
                raise _wrong_code()
            code.used_at, code.used_by = code.used_at or now, request.kiosk
            high_water = _take_in(session, kiosk, request, now)
        return EnrolAnswer(
            protocol=min(request.protocol, PROTOCOL),
            hub=self._identity.hub,
            hub_key=self._identity.public_key,
            deployment=self._identity.deployment,
            salt=self._identity.salt,
            high_water=high_water,
        )

    def key_of(self, key_id: str) -> Ed25519PublicKey | None:
        """The device key of an enrolled kiosk, by the key id of its signatures: the kiosk's id."""
        try:
            name = UUID(key_id)
        except ValueError:
            return None
        with self._database.transaction() as session:
            row = session.get(KioskRow, name)
            return None if row is None else Ed25519PublicKey.from_public_bytes(row.device_key)

    def codes(self) -> tuple[str, ...]:
        """The hashes of all codes that are still good, used ones too: a stick may come twice."""
        with self._database.transaction() as session:
            good = select(EnrolCodeRow.hash).where(EnrolCodeRow.expires_at >= micros(self._clock()))
            return tuple(session.scalars(good.order_by(EnrolCodeRow.made_at.desc())))

    def check(self, kiosk: UUID, signed: Signed) -> None:
        """Raises :class:`Refused` for a revoked kiosk, another's signature, or a clock that is wrong."""
        if signed.key_id != str(kiosk):
            raise Refused(401, RefusalCode.NOT_SIGNED, "The request was signed by another kiosk.")
        self.refuse_revoked(kiosk)
        now = self._clock()
        if abs(signed.created - now) > FRESH_FOR:
            raise Refused(
                401,
                RefusalCode.CLOCK,
                f"The kiosk's clock shows {signed.created:%Y-%m-%d %H:%M} UTC; at the hub it is "
                f"{now:%Y-%m-%d %H:%M} UTC. Set the kiosk's clock.",
            )

    def refuse_revoked(self, kiosk: UUID) -> None:
        """Raises :class:`Refused` with the reason that was given for it."""
        with self._database.transaction() as session:
            row = session.get(KioskRow, kiosk)
            if row is not None and row.revoked_at is not None:
                raise Refused(
                    403,
                    RefusalCode.REVOKED,
                    row.revoked_reason or "This kiosk was signed off at the hub. Call the agency.",
                )

    def revoke(self, kiosk: UUID, reason: str) -> None:
        """From now on this kiosk is refused with ``reason``; what waits there stays there."""
        with self._database.transaction() as session:
            row = _known(session, kiosk)
            row.revoked_at, row.revoked_reason = micros(self._clock()), reason

    def order_wipe(self, kiosk: UUID) -> None:
        """The kiosk erases itself at its next exchange: the order lies in an answer that the hub signs."""
        now = self._clock()
        with self._database.transaction() as session:
            row = _known(session, kiosk)
            order = Notice(id=uuid4(), kind="wipe", at=now, body={"kiosk": str(kiosk)})
            deliver(session, row, "notice", [(order.id, order)])


def _known(session: Session, kiosk: UUID) -> KioskRow:
    row = lock_kiosk(session, kiosk)
    if row is None:
        raise HubFault(
            Message(N_("No kiosk {kiosk} is enrolled here."), {"kiosk": str(kiosk)}),
            Message(N_("“opora hub list” shows the kiosks.")),
        )
    return row


def _take_in(session: Session, kiosk: KioskRow | None, request: EnrolRequest, now: int) -> int:
    if kiosk is None:
        session.add(
            KioskRow(
                id=request.kiosk,
                centre=request.centre,
                device_key=request.device_key,
                enrolled_at=now,
            )
        )
        return 0
    # Enrolled anew, with a fresh code from the hub: after a repair, or after it was signed off.
    kiosk.device_key, kiosk.centre = request.device_key, request.centre
    kiosk.revoked_at, kiosk.revoked_reason = None, ""
    return kiosk.high_water


def _wrong_code() -> Refused:
    return Refused(
        403,
        RefusalCode.WRONG_CODE,
        "This code is not valid. It may be mistyped, used already, or older than a week. Ask for a new one.",
    )

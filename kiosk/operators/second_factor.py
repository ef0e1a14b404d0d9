"""What is asked for beside a PIN, as a centre chooses: a number from a telephone, a badge, a security key.

A badge's digits go into the key that opens what is sealed, like further digits of the PIN. The other two
are looked at once the PIN has opened it: they stop whoever has watched a PIN at this kiosk, and not whoever
takes the disk with the device's secret and knows the PIN.
"""

import hmac
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import pyotp
from stdnum import damm

from kiosk.errors import Message, SignInFault
from kiosk.texts import N_

BADGE_DIGITS = 40
"""39 random ones (129 bits) and a check digit: digits alone, since a scanner types like a keyboard, through
whatever layout is on."""
ISSUER = "Opora"
_STEP_S = 30
_STEPS_OFF = 1
"""A telephone's clock, or the kiosk's, may be half a minute off."""


class Factor(StrEnum):
    NONE = ""
    TOTP = "totp"
    """RFC 6238: six digits from an app on a telephone, new every 30 seconds."""
    BADGE = "badge"
    SECURITY_KEY = "security-key"
    """A FIDO2 key at the USB port, touched with a finger."""


class SecurityKey(Protocol):
    """A FIDO2 key at this machine. Both calls wait for a touch, and raise :class:`SignInFault` without."""

    def register(self, name: str) -> str:
        """What has to be kept of it, as text."""
        ...

    def confirm(self, kept: str) -> str:
        """Proves that the same key is here; returns what has to be kept from now on."""
        ...


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody shows beside the PIN."""

    badge: str = field(default="", repr=False)
    code: str = field(default="", repr=False)
    key: SecurityKey | None = None


@dataclass(frozen=True, slots=True)
class NewFactor:
    """A second factor in the making. ``secret`` is kept sealed; ``shown`` is what its owner gets to see."""

    kind: Factor
    secret: str = field(repr=False)
    shown: str = field(default="", repr=False)


def new_totp(name: str) -> NewFactor:
    """``shown`` is the address that an app reads from a QR code (otpauth://…)."""
    secret = pyotp.random_base32()
    shown = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)
    return NewFactor(Factor.TOTP, json.dumps({"secret": secret, "step": 0}), shown)


def new_badge() -> NewFactor:
    """``shown`` are the digits of the QR code on the badge. Only a digest is kept: what opens is the PIN
    with them."""
    number = "".join(secrets.choice("0123456789") for _ in range(BADGE_DIGITS - 1))
    return NewFactor(Factor.BADGE, "", number + damm.calc_check_digit(number))


def read_badge(typed: str) -> str:
    """The digits of a badge as a scanner typed them. Raises :class:`SignInFault` for anything else."""
    digits = "".join(sign for sign in typed if sign.isascii() and sign.isdigit())
    if len(digits) != BADGE_DIGITS or not damm.is_valid(digits):
        raise SignInFault(
            Message(N_("That is not a whole badge.")),
            Message(N_("Please hold the square picture of your badge before the reader once more.")),
        )
    return digits


def checked(kind: Factor, kept: str, proof: Proof, now: datetime) -> str:
    """What has to be kept from now on. Raises :class:`SignInFault` where the proof does not hold."""
    match kind:
        case Factor.TOTP:
            return _checked_totp(kept, proof.code, now)
        case Factor.SECURITY_KEY:
            if proof.key is None:
                raise _no_key()
            return proof.key.confirm(kept)
        case Factor.NONE | Factor.BADGE:
            return kept


def _checked_totp(kept: str, code: str, now: datetime) -> str:
    facts = json.loads(kept)
    totp, present = pyotp.TOTP(facts["secret"]), int(now.timestamp()) // _STEP_S
    digits = "".join(sign for sign in code if sign.isdigit())
    for step in range(present - _STEPS_OFF, present + _STEPS_OFF + 1):
        # Each number opens once: whoever looks over a shoulder cannot use it again.
        if step > facts["step"] and hmac.compare_digest(totp.at(step * _STEP_S), digits):
            return json.dumps({**facts, "step": step})
    raise SignInFault(
        Message(N_("This number from your telephone does not match.")),
        Message(N_("Please wait for the next number and type that one. Each number works once.")),
    )


def _no_key() -> SignInFault:
    return SignInFault(
        Message(N_("There is no security key.")),
        Message(N_("Please put your key into the USB port, then try again.")),
    )

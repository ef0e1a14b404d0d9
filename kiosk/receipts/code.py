"""The numbers on the paper, and the keys that the secret one opens.

Digits alone, because a Latin letter is a trap on a Cyrillic or Hangul keyboard. The receipt code is a
secret: from it comes the age identity to which the hub seals what an agency answered. The reference is
none: it finds an application and opens nothing.
"""

import re
import secrets
import unicodedata
from dataclasses import dataclass, field
from typing import NewType, Self

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pyrage import DecryptError, IdentityError, RecipientError, decrypt, encrypt, x25519
from stdnum import verhoeff

from kiosk.bech32 import encode as bech32_encode
from kiosk.errors import Message, SealFault, SignInFault
from kiosk.ids import ReceiptCode, Reference
from kiosk.texts import N_

ResumeCode = NewType("ResumeCode", str)
"""Made and written like a receipt code; the key of a draft that was left for later is wrapped to it."""

CODE_DIGITS = 20
CODE_GROUPS = (4, 4, 4, 4, 4)
REFERENCE_DIGITS = 15
REFERENCE_GROUPS = (5, 5, 5)

ARGON2_PASSES = 6
ARGON2_KIBIBYTES = 64 * 1024
ARGON2_LANES = 4
"""About 0.3 s on two cores of a small machine (RFC 9106 section 4, the choice for little memory, with more
passes). Papers already printed depend on all three: a change makes their codes open nothing."""

_TAG_LABEL = b"opora receipt look-up tag v1"
_QR = re.compile(r"OPORA:1:(\d{20})", re.ASCII)
# A scanner that plays a keyboard types through whatever layout is on, so the letters before the version may
# come out as Cyrillic or Hangul and the colon as anything that is not a digit.
_SCANNED = re.compile(r"\D{2,12}1\D{1,3}(\d{20})", re.ASCII)


def new_receipt_code() -> ReceiptCode:
    """A fresh secret of 20 digits: 19 from the system's random source and a Verhoeff check digit."""
    return ReceiptCode(_fresh_code())


def new_resume_code() -> ResumeCode:
    """A fresh secret for a draft that is left for later; of the same form as a receipt code."""
    return ResumeCode(_fresh_code())


def new_reference() -> Reference:
    """15 random digits. The first is never 0, so that a spreadsheet keeps all of them."""
    lowest = 10 ** (REFERENCE_DIGITS - 1)
    return Reference(str(lowest + secrets.randbelow(9 * lowest)))


def parse_code(typed: str) -> ReceiptCode:
    """The code that somebody typed or a scanner read.

    Blanks, dashes and other marks between the digits are passed over, and digits of any script count. A code
    of either kind is accepted: wrap the result in ``ResumeCode`` where one was asked for.

    :raises SignInFault: letters, too few or too many digits, or a check digit that does not fit. Such a slip
        is no guess: it need not count as a wrong try.
    """
    scanned = _SCANNED.fullmatch(typed.strip())
    digits = scanned.group(1) if scanned else _digits(typed)
    if len(digits) != CODE_DIGITS:
        raise SignInFault(
            Message(N_("That is not the whole code")),
            Message(
                N_(
                    "The code on your receipt has {expected} digits. Digits typed so far: {given}. "
                    "Please compare them with the paper."
                ),
                {"expected": CODE_DIGITS, "given": len(digits)},
            ),
        )
    if not verhoeff.is_valid(digits):
        raise SignInFault(
            Message(N_("One of the digits is not right")),
            Message(
                N_(
                    "A digit may be wrong, or two may have changed places. "
                    "Please compare each group of four with the paper."
                )
            ),
        )
    return ReceiptCode(digits)


def parse_reference(typed: str) -> Reference:
    """The reference that a member of staff typed; tolerant as :func:`parse_code`.

    :raises SignInFault: anything but 15 digits.
    """
    digits = _digits(typed)
    if len(digits) != REFERENCE_DIGITS:
        raise SignInFault(
            Message(N_("That is not a whole reference number")),
            Message(
                N_(
                    "A reference number has {expected} digits. Digits typed so far: {given}. "
                    "Please compare them with the receipt."
                ),
                {"expected": REFERENCE_DIGITS, "given": len(digits)},
            ),
        )
    return Reference(digits)


def groups(code: ReceiptCode | ResumeCode) -> tuple[str, ...]:
    """Five groups of four, as printed, shown and spoken."""
    return _split(code, CODE_GROUPS)


def reference_groups(reference: Reference) -> tuple[str, ...]:
    """Three groups of five, so that nobody takes a reference for a code."""
    return _split(reference, REFERENCE_GROUPS)


def qr_content(code: ReceiptCode | ResumeCode) -> str:
    """``OPORA:1:`` and the digits: upper case and colons stay in the QR code's alphanumeric mode."""
    return f"OPORA:1:{code}"


def parse_qr(content: str) -> ReceiptCode:
    """The code in a QR picture's content, as a camera gives it.

    :raises SignInFault: the picture is another one, or damaged.
    """
    found = _QR.fullmatch(content.strip())
    if found is None or not verhoeff.is_valid(found.group(1)):
        raise SignInFault(
            Message(N_("That picture is not the one on a receipt")),
            Message(
                N_("Please hold the square picture of your receipt before the reader, or type the code.")
            ),
        )
    return ReceiptCode(found.group(1))


@dataclass(frozen=True, slots=True)
class ReceiptKeys:
    """What a code opens. Shown by neither ``repr`` nor logs: the identity is as secret as the paper."""

    identity: str = field(repr=False)
    """``AGE-SECRET-KEY-1…``: opens what was sealed to ``recipient``. Kept nowhere."""
    recipient: str
    """``age1…``: travels with the envelope; whoever has it can seal to the paper's holder."""
    tag: bytes
    """16 bytes by which sealed statuses are found. Without the code it says nothing about it."""

    @classmethod
    def derive(cls, code: ReceiptCode | ResumeCode, salt: bytes) -> Self:
        """The keys of ``code`` in the deployment that has this ``salt`` (8 bytes at least; ours has 16).

        Argon2id (RFC 9106) gives 64 bytes: the first half is the X25519 scalar of the age identity, the
        second the HKDF (RFC 5869) key of the tag. Takes about 0.3 s: call it off the GUI thread.
        """
        root = hash_secret_raw(
            code.encode("ascii"),
            salt,
            time_cost=ARGON2_PASSES,
            memory_cost=ARGON2_KIBIBYTES,
            parallelism=ARGON2_LANES,
            hash_len=64,
            type=Type.ID,
        )
        identity = bech32_encode("age-secret-key-", root[:32]).upper()
        return cls(
            identity=identity,
            recipient=str(x25519.Identity.from_str(identity).to_public()),
            tag=HKDF(algorithm=SHA256(), length=16, salt=None, info=_TAG_LABEL).derive(root[32:]),
        )


def seal_to(recipient: str, plaintext: bytes) -> bytes:
    """``plaintext`` in the age format (age-encryption.org/v1), for one X25519 recipient (``age1…``).

    :raises SealFault: ``recipient`` is not one.
    """
    try:
        return bytes(encrypt(plaintext, [x25519.Recipient.from_str(recipient)]))
    except RecipientError as error:
        raise SealFault(
            Message(N_("This could not be sealed")),
            Message(N_("The key of the one it is meant for is damaged. Please tell the coordinator.")),
        ) from error


def open_sealed(identity: str, blob: bytes) -> bytes:
    """What was sealed to the recipient of ``identity`` (``AGE-SECRET-KEY-1…``).

    :raises SealFault: another key's, or changed on the way.
    """
    try:
        return bytes(decrypt(blob, [x25519.Identity.from_str(identity)]))
    except (DecryptError, IdentityError) as error:
        raise SealFault(
            Message(N_("This does not open with that code")),
            Message(
                N_(
                    "It belongs to another receipt, or it was damaged on the way. "
                    "Please ask the volunteer to call the agency with your reference number."
                )
            ),
        ) from error


def _fresh_code() -> str:
    payload = f"{secrets.randbelow(10 ** (CODE_DIGITS - 1)):0{CODE_DIGITS - 1}d}"
    return payload + str(verhoeff.calc_check_digit(payload))


def _digits(typed: str) -> str:
    digits = []
    for character in typed:
        value = unicodedata.decimal(character, None)
        if value is not None:
            digits.append(str(value))
        elif unicodedata.category(character)[0] in "LM":
            raise SignInFault(
                Message(N_("There are letters in it")),
                Message(N_("The numbers on your receipt are made of digits alone. Please type the digits.")),
            )
    return "".join(digits)


def _split(digits: str, lengths: tuple[int, ...]) -> tuple[str, ...]:
    found = []
    start = 0
    for length in lengths:
        found.append(digits[start : start + length])
        start += length
    return tuple(found)

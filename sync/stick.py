"""What lies on a USB stick: one file each way, signed by its sender and sealed to its reader.

The file is an age file, so nothing of it can be read and nothing of it can be changed unnoticed. It is sealed
to the reader's own Ed25519 key (age's ``ssh-ed25519`` recipient): kiosk and hub know each other's from the
enrolment. A kiosk that is to be enrolled by the stick itself does not know the hub yet; then both files are
sealed to a key that is made from the one-time code, which also proves each side to the other.

Inside: the sender's id (16 bytes), its Ed25519 signature (64 bytes), and the content, JSON in one zstd frame.
There is no archive in it: no names, no paths, nothing to unpack but that frame, which has a limit.
"""

import contextlib
import errno
import hashlib
import os
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pyrage
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from pydantic import AwareDatetime, BaseModel, ValidationError

from kiosk.errors import HubFault, LineFault, Message
from kiosk.store.engine import put_in_place
from kiosk.texts import N_
from sync import wire
from sync.protocol import PROTOCOL, EnrolAnswer, EnrolRequest, ExchangeAnswer, Model, Refusal

FOLDER = "Opora"
"""The folder on the stick."""
TO_AGENCY, TO_KIOSK = "to-agency", "to-kiosk"
SUFFIX = ".opora"

MOST_BYTES = 64 * 1024 * 1024
"""Of a file as it lies on the stick."""
MOST_UNPACKED = 256 * 1024 * 1024
"""Of its content once unpacked."""

_SIGNED = {TO_AGENCY: b"opora stick to agency 1\0", TO_KIOSK: b"opora stick to kiosk 1\0"}
_HEAD = 16 + 64

M = TypeVar("M", bound=BaseModel)


class StickRequest(Model):
    """From a kiosk. ``requests`` are bodies of ``POST /v1/exchange``, verbatim: together all that waits."""

    protocol: int = PROTOCOL
    kiosk: UUID
    at: AwareDatetime
    enrol: EnrolRequest | None = None
    requests: tuple[str, ...] = ()


class StickAnswer(Model):
    """From the hub. ``cursor`` and ``high_water`` are those that the kiosk named when it asked: only a kiosk
    that still stands there moves on by this answer, so files may come home twice or in any order."""

    protocol: int = PROTOCOL
    kiosk: UUID
    asked_at: datetime
    cursor: str = ""
    high_water: int = 0
    enrolled: EnrolAnswer | None = None
    answer: ExchangeAnswer | None = None
    refusal: Refusal | None = None


def file_name(direction: str, kiosk: UUID) -> str:
    """``direction`` is :data:`TO_AGENCY` or :data:`TO_KIOSK`. The end of a UUIDv7 tells kiosks apart."""
    return f"{direction}-{kiosk.hex[-8:]}{SUFFIX}"


def code_digest(code: str) -> str:
    """What a hub keeps of a one-time code, and what seals a stick before the enrolment: SHA-256, hex."""
    # int() reads the digits of every script: an Arabic keyboard's are as good as any.
    digits = "".join(str(int(character)) for character in code if character.isdecimal())
    return hashlib.sha256(digits.encode()).hexdigest()


def signed(direction: str, content: str, signer: UUID, key: Ed25519PrivateKey) -> bytes:
    """What is then sealed by :func:`sealed_to_key`."""
    packed = wire.pack(content.encode(), wire.ZSTD)
    return signer.bytes + key.sign(_SIGNED[direction] + packed) + packed


def signer_of(letter: bytes) -> UUID:
    """Who says that it signed; :func:`read_letter` tells whether that is true."""
    if len(letter) <= _HEAD:
        raise unreadable("too short")
    return UUID(bytes=letter[:16])


def read_content(letter: bytes, model: type[M]) -> M:
    """The content before its signature was looked at: only for finding the key in an enrolment."""
    try:
        content = wire.unpack(letter[_HEAD:], wire.ZSTD, MOST_UNPACKED)
        return model.model_validate_json(content)
    except wire.WireError as error:
        raise (too_large(str(error)) if error.too_large else unreadable(str(error))) from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise unreadable(f"{'.'.join(map(str, first['loc']))}: {first['type']}") from error


def verify(direction: str, letter: bytes, key: Ed25519PublicKey) -> None:
    """Raises the fault of :func:`unreadable` where ``key`` did not sign this letter for this direction."""
    try:
        key.verify(letter[16:_HEAD], _SIGNED[direction] + letter[_HEAD:])
    except InvalidSignature as error:
        raise unreadable("not signed by its sender") from error


def sealed_to_key(letter: bytes, key: Ed25519PublicKey) -> bytes:
    public = key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode("ascii")
    sealed: bytes = pyrage.encrypt(letter, [pyrage.ssh.Recipient.from_str(public)])
    return sealed


def code_key(digest: str) -> Ed25519PrivateKey:
    """The key that whoever has the one-time code shares with the hub; ``digest`` as in :func:`code_digest`.

    Argon2id (RFC 9106 section 4, second choice, one lane): a fifth of a second for each guess, and the same
    on every machine. age's own passphrases measure the machine that writes, and a slower one then refuses.
    """
    seed = hash_secret_raw(
        digest.encode("ascii"),
        b"opora stick code",
        time_cost=3,
        memory_cost=64 * 1024,
        parallelism=1,
        hash_len=32,
        type=Type.ID,
    )
    return Ed25519PrivateKey.from_private_bytes(seed)


def opened_by_key(sealed: bytes, key: Ed25519PrivateKey) -> bytes | None:
    """The letter; None where it is sealed to somebody else, or is not whole."""
    private = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    try:
        letter: bytes = pyrage.decrypt(sealed, [pyrage.ssh.Identity.from_buffer(private)])
    except pyrage.DecryptError:
        return None
    return letter


def read_file(file: Path) -> bytes:
    """Raises a fault for a file that cannot be read, or is larger than any of ours."""
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise LineFault(
            Message(N_("The file could not be read.")),
            Message(N_("Put the stick in again, then try once more. Nothing is lost.")),
            type(error).__name__,
        ) from error
    check_size(len(content))
    return content


def write_file(file: Path, content: bytes) -> None:
    """Whole and on the stick's own memory, or a fault: a stick pulled out too soon leaves the older file."""
    part = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with part.open("wb") as opened:
                opened.write(content)
                opened.flush()
                os.fsync(opened.fileno())
            put_in_place(part, file)
        except OSError:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        read_only = error.errno in (errno.EROFS, errno.EACCES, errno.EPERM)
        raise LineFault(
            Message(N_("The stick is full."))
            if full
            else Message(N_("The stick cannot be written to."))
            if read_only
            else Message(N_("The file could not be written.")),
            Message(N_("Make room on it, or take another stick. Everything is kept here."))
            if full
            else Message(N_("Put the stick in again, or take another one. Everything is kept here.")),
            type(error).__name__,
        ) from error


def check_size(size: int) -> None:
    """Before a file is read at all."""
    if size > MOST_BYTES:
        raise too_large(f"{size} bytes")


def unreadable(detail: str) -> HubFault:
    """Cut short, changed, of another kiosk or hub, or no such file at all: all that can be said."""
    return HubFault(
        Message(N_("This file cannot be opened.")),
        Message(
            N_(
                "It is damaged, cut short, or meant for somebody else. Let it be written anew where it came "
                "from. Nothing is lost."
            )
        ),
        detail,
    )


def too_large(detail: str) -> HubFault:
    return HubFault(
        Message(N_("This file is larger than such a file can be.")),
        Message(N_("It was not read. Let it be written anew where it came from. Nothing is lost.")),
        detail,
    )

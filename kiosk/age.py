"""Sealing to one X25519 recipient in the age format, version 1 (https://c2sp.org/age), without grease.

pyrage opens every age file, and makes them too; but each of its files carries a random stanza that is there
only to keep readers tolerant, about 100 bytes of it, and it has no way to leave that out. On the line an
application is some 600 bytes, so this room writes the format itself, from the primitives of `cryptography`;
pyrage and the age program open what it writes, which tests do.
"""

import base64
import hmac
import os
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kiosk.bech32 import decode, encode

OPENING = b"age-encryption.org/v1\n-> X25519 "
CLOSING = b"\n--- "
"""What stands between the parts of a header that :func:`sealed` writes: nothing in them tells files apart."""

CHUNK = 64 * 1024
_PREFIX = "age"
_LABEL = b"age-encryption.org/v1/X25519"


def recipient_bytes(recipient: str) -> bytes:
    """The 32 bytes of an ``age1…`` recipient. Raises ValueError for anything else."""
    prefix, data = decode(recipient)
    if prefix != _PREFIX or len(data) != 32:
        raise ValueError("not an X25519 recipient of age")
    return data


@lru_cache(maxsize=1024)
def recipient_text(data: bytes) -> str:
    """The opposite of :func:`recipient_bytes`."""
    return encode(_PREFIX, data)


def sealed(recipient: str, plaintext: bytes) -> bytes:
    """One age file, 200 bytes longer than a ``plaintext`` of up to 64 KiB (16 more for each 64 KiB beyond).

    Raises ValueError for what is no recipient.
    """
    theirs, theirs_bytes = _recipient(recipient)
    file_key = os.urandom(16)
    ephemeral = X25519PrivateKey.generate()
    share = ephemeral.public_key().public_bytes_raw()
    wrap_key = _hkdf(ephemeral.exchange(theirs), share + theirs_bytes, _LABEL)
    wrapped = ChaCha20Poly1305(wrap_key).encrypt(bytes(12), file_key, None)
    header = OPENING + _base64(share) + b"\n" + _base64(wrapped) + CLOSING[:-1]
    mac = hmac.digest(_hkdf(file_key, b"", b"header"), header, "sha256")
    nonce = os.urandom(16)
    stream = ChaCha20Poly1305(_hkdf(file_key, nonce, b"payload"))
    starts = range(0, len(plaintext), CHUNK) or (0,)
    pieces = [
        stream.encrypt(
            number.to_bytes(11, "big") + (b"\1" if start + CHUNK >= len(plaintext) else b"\0"),
            plaintext[start : start + CHUNK],
            None,
        )
        for number, start in enumerate(starts)
    ]
    return header + b" " + _base64(mac) + b"\n" + nonce + b"".join(pieces)


@lru_cache(maxsize=64)
def _recipient(recipient: str) -> tuple[X25519PublicKey, bytes]:
    data = recipient_bytes(recipient)
    return X25519PublicKey.from_public_bytes(data), data


def _hkdf(secret: bytes, salt: bytes, label: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, label).derive(secret)


def _base64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")

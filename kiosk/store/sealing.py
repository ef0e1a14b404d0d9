"""Sealing: what a column holds opens only with its key, and only in the place it was made for.

A value is sealed for one table, column and row. Moved to any other place it does not open. Two kinds:

- :class:`Sealer`, under a key of 32 bytes: ChaCha20-Poly1305 (RFC 8439). The place is associated data.
- :func:`seal_to`, to a public key, which needs nobody signed in: the age format
  (https://age-encryption.org/v1). The place is written in front of the plaintext and checked on opening.
"""

import os
from collections.abc import Callable
from uuid import UUID

import pyrage
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from kiosk import age
from kiosk.errors import Message, SealFault
from kiosk.texts import N_

KEY_BYTES = 32
_NONCE_BYTES = 12
_FORMAT = b"\x01"


def new_key() -> bytes:
    """32 random bytes from the system."""
    return os.urandom(KEY_BYTES)


def new_key_pair() -> tuple[str, str]:
    """An age X25519 pair: (recipient ``age1…``, identity ``AGE-SECRET-KEY-1…``)."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity.to_public()), str(identity)


class Sealer:
    """Seals and opens under one key of 32 bytes."""

    __slots__ = ("_cipher",)

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError("a sealing key has 32 bytes")
        self._cipher = ChaCha20Poly1305(key)

    def seal(self, plaintext: bytes, table: str, column: str, row_id: UUID) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, plaintext, _FORMAT + _place(table, column, row_id))
        return _FORMAT + nonce + sealed

    def open(self, sealed: bytes, table: str, column: str, row_id: UUID) -> bytes:
        """Raises :class:`SealFault`: another key, another place, or changed bytes."""
        if sealed[:1] != _FORMAT:
            raise _does_not_open(table, column)
        nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, body, _FORMAT + _place(table, column, row_id))
        except (InvalidTag, ValueError) as error:
            raise _does_not_open(table, column) from error


def seal_to(recipient: str, plaintext: bytes, table: str, column: str, row_id: UUID) -> bytes:
    """Sealed to an age public key. Raises :class:`SealFault` where ``recipient`` is not one."""
    return age_seal(recipient, _place(table, column, row_id) + plaintext)


def open_with(identity: str, sealed: bytes, table: str, column: str, row_id: UUID) -> bytes:
    """Raises :class:`SealFault`: another key, another place, or changed bytes."""
    return unsealed(lambda body: age_open(identity, body), sealed, table, column, row_id)


def unsealed(
    opening: Callable[[bytes], bytes], sealed: bytes, table: str, column: str, row_id: UUID
) -> bytes:
    """As :func:`open_with`, where somebody else holds the identity: ``opening`` undoes age alone."""
    plaintext = opening(sealed)
    place = _place(table, column, row_id)
    if not plaintext.startswith(place):
        raise _does_not_open(table, column)
    return plaintext[len(place) :]


def age_seal(recipient: str, plaintext: bytes) -> bytes:
    """One age file to one recipient, bound to no place: what leaves the machine."""
    try:
        return age.sealed(recipient, plaintext)
    except ValueError as error:
        raise SealFault(
            Message(N_("The key to seal this with cannot be used.")),
            Message(N_("Nothing was sent or lost. Please tell the coordinator.")),
            recipient[:12],
        ) from error


def age_open(identity: str, sealed: bytes) -> bytes:
    """Raises :class:`SealFault`: another key, or changed bytes."""
    try:
        return bytes(pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)]))
    except (pyrage.IdentityError, pyrage.DecryptError) as error:
        raise _does_not_open("age", "file") from error


def _place(table: str, column: str, row_id: UUID) -> bytes:
    # A fixed length for the id and closed names before it: no two places share these bytes.
    return f"{table}.{column}\0".encode() + row_id.bytes


def _does_not_open(table: str, column: str) -> SealFault:
    return SealFault(
        Message(N_("This record does not open.")),
        Message(
            N_(
                "It was sealed with another key, or it was changed. Nothing was deleted."
                " Please tell the coordinator."
            )
        ),
        f"{table}.{column}",
    )

"""What the machine knows: 32 bytes without which no PIN opens anything, and the place they are kept in."""

import hashlib
import hmac
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from kiosk.errors import Message
from kiosk.store.engine import faults_told, sync_folder
from kiosk.store.sealing import KEY_BYTES
from kiosk.texts import N_

CREDENTIAL = "opora-device-secret"
FILE = "device-secret"
SERVICE = "opora"
"""What a keyring lists it under."""
_TPM = Path("/sys/class/tpm/tpm0")


class SecretPlace(StrEnum):
    TPM_CREDENTIAL = "tpm-credential"
    CREDENTIAL = "credential"
    KEYRING = "keyring"
    FILE = "file"

    @property
    def worth(self) -> Message:
        """For a person: what the place is worth against a thief."""
        match self:
            case SecretPlace.TPM_CREDENTIAL:
                return Message(
                    N_(
                        "The device secret is a system credential, and this machine has a security chip (TPM)"
                        " to bind it to: a stolen disk alone opens nothing."
                    )
                )
            case SecretPlace.CREDENTIAL:
                return Message(
                    N_(
                        "The device secret is a system credential, but this machine has no security chip"
                        " (TPM): the records alone open nothing, the whole disk is protected by the PINs"
                        " alone."
                    )
                )
            case SecretPlace.KEYRING:
                return Message(
                    N_(
                        "The device secret lies in the user's own keyring: a stolen disk alone opens nothing"
                        " without the password of that user."
                    )
                )
            case SecretPlace.FILE:
                return Message(
                    N_(
                        "The device secret lies in a file beside the records: whoever takes the disk takes"
                        " it too, and only the length of the PINs protects what is sealed."
                    )
                )


class Keyring(Protocol):
    """What is used of the ``keyring`` library."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...


@dataclass(frozen=True, slots=True)
class DeviceSecret:
    """``older`` is one that earlier PINs were made with, before the machine got a better place."""

    place: SecretPlace
    _secret: bytes = field(repr=False)
    older: "DeviceSecret | None" = None

    @property
    def worth(self) -> Message:
        return self.place.worth

    @property
    def mark(self) -> str:
        """Tells secrets apart, and nothing else about them."""
        return hmac.digest(self._secret, b"opora device secret", "sha256").hex()[:16]

    def marked(self, mark: str) -> "DeviceSecret":
        """The secret that a PIN was taken with; ``mark`` is blank for a PIN of the first version."""
        older = self.older
        if older is not None and mark in ("", older.mark):
            return older
        return self

    def with_pin(self, pin: str, badge: str = "") -> bytes:
        """What Argon2 is given. A badge's own secret counts like further digits of the PIN."""
        return hmac.digest(self._secret, f"{pin}\0{badge}".encode() if badge else pin.encode(), "sha256")

    @staticmethod
    def load(folder: Path, environment: Mapping[str, str], keyring: Keyring | None = None) -> "DeviceSecret":
        """From systemd's ``$CREDENTIALS_DIRECTORY`` (systemd.exec(5), LoadCredentialEncrypted=), else from
        ``keyring``, else from a file in ``folder`` (mode 0600); made there where there is none.

        A file that is there already goes on being used until there is something better; then it is the
        ``older`` one. Raises :class:`~kiosk.errors.StoreFault` where the disk is full or cannot be written.
        """
        with faults_told():
            path = folder / FILE
            filed = DeviceSecret(SecretPlace.FILE, path.read_bytes()) if path.exists() else None
            better = _credential(environment) or _from_keyring(folder, keyring)
            if better is not None:
                return DeviceSecret(better.place, better._secret, filed)
            if filed is None:
                _write(path, secrets.token_bytes(KEY_BYTES))
                filed = DeviceSecret(SecretPlace.FILE, path.read_bytes())
            return filed

    @staticmethod
    def none() -> "DeviceSecret":
        """For work that no PIN takes part in."""
        return DeviceSecret(SecretPlace.FILE, secrets.token_bytes(KEY_BYTES))


def forget_file(folder: Path) -> None:
    """Removes the file once nobody's PIN needs it: overwritten first."""
    path = folder / FILE
    if path.exists():
        with path.open("r+b") as file:
            file.write(bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        sync_folder(folder)


def system_keyring(environment: Mapping[str, str]) -> Keyring | None:
    """The user's own keyring: DPAPI behind Windows' Credential Locker, macOS' keychain, a Secret Service.

    On Linux only where ``$OPORA_KEYRING`` is set: a Secret Service may ask for a password on the screen, and
    in front of a kiosk there is nobody to type it. A system credential is the better way there.
    """
    if sys.platform.startswith("linux") and not environment.get("OPORA_KEYRING"):
        return None
    import keyring
    from keyring.errors import KeyringError

    try:
        found = keyring.get_keyring()
        # A priority below 1 is the library's own word for "not to be recommended": no backend, or plain text.
        return found if found.priority >= 1 else None
    except KeyringError:
        return None


def _credential(environment: Mapping[str, str]) -> DeviceSecret | None:
    directory = environment.get("CREDENTIALS_DIRECTORY")
    credential = Path(directory) / CREDENTIAL if directory else None
    if credential is None or not credential.exists():
        return None
    # A credential may be of any length or text; what is used has one length.
    secret = hashlib.sha256(credential.read_bytes()).digest()
    return DeviceSecret(SecretPlace.TPM_CREDENTIAL if _TPM.exists() else SecretPlace.CREDENTIAL, secret)


def _from_keyring(folder: Path, keyring: Keyring | None) -> DeviceSecret | None:
    if keyring is None:
        return None
    from keyring.errors import KeyringError

    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:32]
    try:
        known = keyring.get_password(SERVICE, name)
        if known is None:
            keyring.set_password(SERVICE, name, secrets.token_hex(KEY_BYTES))
            # Read back: a keyring that keeps nothing must not lock a centre out at the next start.
            known = keyring.get_password(SERVICE, name)
        return None if known is None else DeviceSecret(SecretPlace.KEYRING, bytes.fromhex(known))
    except (KeyringError, ValueError):
        # Locked, or nobody there to unlock it.
        return None


def _write(path: Path, content: bytes) -> None:
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    part.rename(path)
    sync_folder(path.parent)

"""The author's side: keys, and releases that are signed with them.

A folder holds everything: ``roots/N.json`` (the chain), ``root-*.pem`` and ``signer-*.pem`` (private keys,
PKCS #8, under a passphrase where one is given), ``release.json`` (what was signed last). The root's keys are
needed for a change of keys alone: keep them on a stick in a safe, and give back the folder without them.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from securesystemslib.signer import CryptoSigner, Key
from tuf.api.dsse import SimpleEnvelope
from tuf.api.metadata import Role, Root, TargetFile, Targets

from kiosk.errors import Message, PackFault
from kiosk.texts import N_
from kiosk.updates.bundle import chunks_of, write_bundle
from kiosk.updates.release import Kind
from kiosk.updates.trust import CUSTOM, DEPLOYMENT, Head, fingerprint, root_bytes

ROOT_LASTS = timedelta(days=3650)
RELEASE_LASTS = timedelta(days=365)
_ROLES = ("root", "targets", "snapshot", "timestamp")


@dataclass(frozen=True, slots=True)
class Body:
    """A file to be released; see :class:`kiosk.updates.release.Target`."""

    kind: Kind
    id: str
    version: str
    file: Path


@dataclass(frozen=True, slots=True)
class Made:
    """``number`` of the release, and the bytes that were written."""

    number: int
    size: int


class KeyFolder:
    """A deployment's keys. Raises :class:`~kiosk.errors.PackFault` where they are not there or not enough."""

    def __init__(self, folder: Path, passphrase: str = "") -> None:
        self.folder = folder
        self._passphrase = passphrase.encode() or None

    def make(self, now: datetime, *, roots: int = 2, signers: int = 1, threshold: int = 1) -> None:
        """New keys and the first root, which any ``threshold`` of the root's keys can replace later."""
        if self._chain():
            raise PackFault(
                Message(N_("There are keys in this folder already.")),
                Message(N_("Name a new folder, or change these keys with “opora update rotate”.")),
                str(self.folder),
            )
        (self.folder / "roots").mkdir(parents=True, exist_ok=True)
        self._write_root(
            self._new_keys("root", roots), self._new_keys("signer", signers), threshold, now, signed_by=()
        )

    def fingerprint(self) -> str:
        """Of the first root: what a coordinator compares."""
        return fingerprint(root_bytes(self._chain()[0]))

    def rotate(self, now: datetime, *, roots: int = 0, signers: int = 1) -> None:
        """New signers, and with ``roots`` new root keys too; the old root's keys sign it, and the new ones.

        After a signer's key was stolen every kiosk that hears of the new root believes the old key no more.
        """
        present = self._present()
        old = self._keys("root")
        if not _enough(present.roles["root"], old):
            raise _no_key("root")
        for file in self.folder.glob("signer-*.pem"):
            file.unlink()
        new_roots = self._new_keys("root", roots) if roots else old
        self._write_root(
            new_roots,
            self._new_keys("signer", signers),
            present.roles["root"].threshold,
            now,
            signed_by=old,
            version=present.version + 1,
        )

    def head(
        self,
        bodies: Sequence[Body],
        now: datetime,
        *,
        deployment: str = "",
        lasts: timedelta = RELEASE_LASTS,
        number: int | None = None,
    ) -> tuple[bytes, int]:
        """The signed list, and its number: one more than the last, where none is given."""
        keys = self._keys("signer")
        if not _enough(self._present().roles["targets"], keys):
            raise _no_key("signer")
        targets = Targets(
            version=self._next_number() if number is None else number,
            expires=(now + lasts).replace(microsecond=0),
            targets=dict(map(_target_file, bodies)),
            unrecognized_fields={DEPLOYMENT: deployment} if deployment else None,
        )
        envelope: SimpleEnvelope[Targets] = SimpleEnvelope.from_signed(targets)
        for key in keys:
            envelope.sign(key)
        return Head(self._chain(), envelope).written(), targets.version

    def release(
        self,
        bodies: Sequence[Body],
        out: Path,
        now: datetime,
        *,
        deployment: str = "",
        lasts: timedelta = RELEASE_LASTS,
    ) -> Made:
        """Signs and writes one ``*.opora-update``; remembers its number."""
        head, number = self.head(bodies, now, deployment=deployment, lasts=lasts)
        files = [body.file for body in bodies]
        write_bundle(out, head, [(_digest(each), each.stat().st_size, chunks_of(each)) for each in files])
        (self.folder / "release.json").write_text(json.dumps({"number": number}), encoding="ascii")
        return Made(number, out.stat().st_size)

    def _next_number(self) -> int:
        with contextlib.suppress(FileNotFoundError, ValueError, KeyError):
            return int(json.loads((self.folder / "release.json").read_text(encoding="ascii"))["number"]) + 1
        return 1

    def _chain(self) -> tuple[SimpleEnvelope[Any], ...]:
        files = sorted((self.folder / "roots").glob("*.json"), key=lambda file: int(file.stem))
        return tuple(SimpleEnvelope.from_bytes(file.read_bytes()) for file in files)

    def _present(self) -> Root:
        chain = self._chain()
        if not chain:
            raise PackFault(
                Message(N_("There are no keys in this folder.")),
                Message(N_("Make them once with “opora update keys FOLDER”.")),
                str(self.folder),
            )
        root: Root = chain[-1].get_signed()
        return root

    def _write_root(
        self,
        roots: Sequence[CryptoSigner],
        signers: Sequence[CryptoSigner],
        threshold: int,
        now: datetime,
        *,
        signed_by: Sequence[CryptoSigner],
        version: int = 1,
    ) -> None:
        keys: dict[str, Key] = {key.public_key.keyid: key.public_key for key in (*roots, *signers)}
        # TUF names four roles in every root; the two that are not used here answer to the signers.
        roles = {
            name: Role(
                [key.public_key.keyid for key in (roots if name == "root" else signers)],
                threshold if name == "root" else 1,
            )
            for name in _ROLES
        }
        root = Root(
            version=version,
            expires=(now + ROOT_LASTS).replace(microsecond=0),
            keys=keys,
            roles=roles,
            consistent_snapshot=False,
        )
        envelope: SimpleEnvelope[Root] = SimpleEnvelope.from_signed(root)
        for key in (*signed_by, *roots):
            envelope.sign(key)
        (self.folder / "roots" / f"{version}.json").write_bytes(envelope.to_bytes())

    def _new_keys(self, role: str, count: int) -> list[CryptoSigner]:
        """Takes the place of the keys of this role that lie here."""
        for file in self.folder.glob(f"{role}-*.pem"):
            file.unlink()
        made = []
        for number in range(1, count + 1):
            private = Ed25519PrivateKey.generate()
            lock: KeySerializationEncryption = (
                BestAvailableEncryption(self._passphrase) if self._passphrase else NoEncryption()
            )
            pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)
            descriptor = os.open(
                self.folder / f"{role}-{number}.pem", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600
            )
            with os.fdopen(descriptor, "wb") as file_:
                file_.write(pem)
            made.append(CryptoSigner(private))
        return made

    def _keys(self, role: str) -> list[CryptoSigner]:
        try:
            found = [
                load_pem_private_key(file.read_bytes(), self._passphrase)
                for file in sorted(self.folder.glob(f"{role}-*.pem"))
            ]
        except (ValueError, TypeError) as error:
            raise PackFault(
                Message(N_("The keys could not be opened.")),
                Message(N_("Give the passphrase under which they were made.")),
            ) from error
        return [CryptoSigner(key) for key in found if isinstance(key, Ed25519PrivateKey)]


def _enough(role: Role, keys: Sequence[CryptoSigner]) -> bool:
    return len({key.public_key.keyid for key in keys} & set(role.keyids)) >= role.threshold


def _no_key(role: str) -> PackFault:
    return PackFault(
        Message(N_("A key that is needed for this is not in the folder: {role}-*.pem"), {"role": role}),
        Message(N_("Bring it back from where it is kept, then try again.")),
    )


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _target_file(body: Body) -> tuple[str, TargetFile]:
    name = f"{body.kind}/{body.id}"
    custom: Mapping[str, str] = {"kind": body.kind.value, "id": body.id, "version": body.version}
    file = TargetFile(
        body.file.stat().st_size, {"sha256": _digest(body.file)}, name, {"custom": {CUSTOM: dict(custom)}}
    )
    return name, file

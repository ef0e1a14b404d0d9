"""Who the hub is: its id, its signing key, and the deployment whose receipts it answers."""

import contextlib
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.errors import HubFault, Message
from kiosk.ids import HubId, new_id
from kiosk.texts import N_
from sync.signatures import public_bytes


@dataclass(frozen=True, slots=True)
class HubIdentity:
    """Several processes of one hub share one identity."""

    hub: HubId
    deployment: UUID
    salt: bytes
    """For receipt codes, the same at every kiosk of the deployment."""
    key: Ed25519PrivateKey

    @property
    def public_key(self) -> bytes:
        return public_bytes(self.key.public_key())

    @classmethod
    def fresh(cls) -> "HubIdentity":
        return cls(HubId(new_id()), new_id(), secrets.token_bytes(16), Ed25519PrivateKey.generate())

    @classmethod
    def of_folder(cls, folder: Path) -> "HubIdentity":
        """The identity of a hub's data folder, made there (mode 0600) the first time.

        Losing this file means enrolling every kiosk anew, and that no old receipt code opens a new status:
        back it up with the database. Raises :class:`kiosk.errors.HubFault` where it cannot be read.
        """
        file = folder / "hub-identity.json"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file.exists():
            _write_once(file, cls.fresh())
        try:
            kept = json.loads(file.read_text(encoding="ascii"))
            return cls(
                HubId(UUID(kept["hub"])),
                UUID(kept["deployment"]),
                bytes.fromhex(kept["salt"]),
                Ed25519PrivateKey.from_private_bytes(bytes.fromhex(kept["key"])),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise HubFault(
                Message(N_("The hub's own key could not be read.")),
                Message(N_("Bring back the file hub-identity.json from your backup, then start again.")),
                detail=str(file),
            ) from error


def _write_once(file: Path, identity: HubIdentity) -> None:
    content = json.dumps(
        {
            "hub": str(identity.hub),
            "deployment": str(identity.deployment),
            "salt": identity.salt.hex(),
            "key": identity.key.private_bytes_raw().hex(),
        },
        indent=1,
    )
    part = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    # A link fails where the name is taken: of two processes that start at once, one identity wins.
    with contextlib.suppress(FileExistsError):
        os.link(part, file)
    part.unlink()

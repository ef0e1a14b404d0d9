"""The kiosk's own signing key, made once on the machine and never taken off it."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.errors import LineFault, Message
from kiosk.store.engine import put_in_place
from kiosk.texts import N_

FILE = "device-key"


def device_key(folder: Path) -> Ed25519PrivateKey:
    """The Ed25519 key of this data folder, made there (mode 0600) the first time.

    Raises :class:`~kiosk.errors.LineFault` where the file is damaged: the kiosk then has to be enrolled
    anew, and everything that waits stays.
    """
    file = folder / FILE
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(file.read_text(encoding="ascii")))
    except FileNotFoundError:
        pass
    except ValueError as error:
        raise LineFault(
            Message(N_("This kiosk's own key is damaged.")),
            Message(
                N_("Please ask the coordinator to enrol the kiosk again. Everything that waits is kept.")
            ),
            detail=str(file),
        ) from error
    key = Ed25519PrivateKey.generate()
    # Whole or not at all: half a key after a power cut would look like a damaged one.
    part = file.with_suffix(".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(key.private_bytes_raw().hex())
        opened.flush()
        os.fsync(opened.fileno())
    put_in_place(part, file)
    return key

"""A key store outside the hub, as an age plugin (C2SP age-plugin, identity-v1): the identity is unwrapped
in a process of its own, and the hub never holds the key.

Run as ``age-plugin-opentest --age-plugin=identity-v1``; the key lies in the file that ``OPENTEST_KEY`` names.
"""

import base64
import os
import sys
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Stanza = tuple[list[str], bytes]


def unbase64(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4))


def read_stanza() -> Stanza:
    head = sys.stdin.readline().split()
    assert head[:1] == ["->"], head
    body = ""
    while True:
        line = sys.stdin.readline().rstrip("\n")
        body += line
        if len(line) < 64:
            return head[1:], unbase64(body)


def write_stanza(*args: str, body: bytes = b"") -> None:
    text = base64.b64encode(body).decode().rstrip("=")
    lines = [text[start : start + 64] for start in range(0, len(text) + 1, 64)]
    sys.stdout.write(f"-> {' '.join(args)}\n" + "".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def unwrapped(secret: X25519PrivateKey, args: list[str], body: bytes) -> bytes | None:
    ephemeral = unbase64(args[0])
    public = secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    shared = secret.exchange(X25519PublicKey.from_public_bytes(ephemeral))
    info = b"age-encryption.org/v1/X25519"
    key = HKDF(SHA256(), 32, ephemeral + public, info).derive(shared)
    try:
        return ChaCha20Poly1305(key).decrypt(bytes(12), body, None)
    except InvalidTag:
        return None


def main() -> None:
    secret = X25519PrivateKey.from_private_bytes(Path(os.environ["OPENTEST_KEY"]).read_bytes())
    stanzas: list[Stanza] = []
    while True:
        args, body = read_stanza()
        if args[0] == "done":
            break
        if args[0] == "recipient-stanza":
            stanzas.append((args[1:], body))
    for args, body in stanzas:
        file, kind, rest = args[0], args[1], args[2:]
        key = unwrapped(secret, rest, body) if kind == "X25519" else None
        if key is not None:
            write_stanza("file-key", file, body=key)
            assert read_stanza()[0] == ["ok"]
    write_stanza("done")


if __name__ == "__main__":
    main()

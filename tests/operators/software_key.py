"""A FIDO2 authenticator in software: speaks CTAP 2 to the real client, with one ES256 credential a site."""

import os
from collections.abc import Callable, Iterator
from hashlib import sha256
from threading import Event
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.ctap import STATUS, CtapDevice, CtapError
from fido2.hid import CAPABILITY, CTAPHID
from fido2.webauthn import AttestedCredentialData, AuthenticatorData

_AAGUID = bytes(16)
_MAKE, _GET, _INFO = 1, 2, 4


class SoftwareKey(CtapDevice):
    """``count`` goes up with each use, as a real key's does."""

    def __init__(self) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        self._credential = os.urandom(32)
        self.count = 0
        self.touched = True

    @property
    def capabilities(self) -> int:
        return int(CAPABILITY.CBOR)

    @classmethod
    def list_devices(cls) -> Iterator[CtapDevice]:
        return iter(())

    def call(
        self,
        cmd: int,
        data: bytes = b"",
        event: Event | None = None,
        on_keepalive: Callable[[STATUS], None] | None = None,
    ) -> bytes:
        assert cmd == CTAPHID.CBOR
        request: Any = cbor.decode(data[1:]) if data[1:] else {}
        if data[0] == _INFO:
            return self._answer({1: ["FIDO_2_0"], 3: _AAGUID, 4: {"rk": False, "up": True}})
        if not self.touched:
            return bytes([CtapError.ERR.USER_ACTION_TIMEOUT])
        self.count += 1
        return self._make(request) if data[0] == _MAKE else self._get(request)

    def _make(self, request: Any) -> bytes:
        public = ES256.from_cryptography_key(self._private.public_key())  # type: ignore[no-untyped-call]
        credential = AttestedCredentialData.create(_AAGUID, self._credential, public)
        flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
        data = AuthenticatorData.create(self._rp(request[2]["id"]), flags, self.count, bytes(credential))
        return self._answer({1: "none", 2: bytes(data), 3: {}})

    def _get(self, request: Any) -> bytes:
        if self._credential not in [each["id"] for each in request[3]]:
            return bytes([CtapError.ERR.NO_CREDENTIALS])
        data = AuthenticatorData.create(self._rp(request[1]), AuthenticatorData.FLAG.UP, self.count)
        signature = self._private.sign(bytes(data) + request[2], ec.ECDSA(hashes.SHA256()))
        credential = {"id": self._credential, "type": "public-key"}
        return self._answer({1: credential, 2: bytes(data), 3: signature})

    def _rp(self, id: str) -> bytes:
        return sha256(id.encode()).digest()

    def _answer(self, content: dict[int, Any]) -> bytes:
        return b"\0" + cbor.encode(content)

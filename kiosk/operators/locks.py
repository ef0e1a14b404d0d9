"""What a holder's private half is wrapped under: made from a PIN or a printed code, slowly on purpose."""

import json
from dataclasses import dataclass
from secrets import token_bytes

from kiosk.operators.device_secret import DeviceSecret
from kiosk.operators.secrets import SALT_BYTES, Argon2Parameters, stretched
from kiosk.store.centre_keys import KeyWrap
from kiosk.store.sealing import Sealer


@dataclass(frozen=True, slots=True)
class Lock:
    """A sealer, and how it is made from the secret again. ``device`` is the mark of the device secret that
    took part; blank where none did."""

    sealer: Sealer
    salt: bytes
    parameters: Argon2Parameters
    device: str = ""

    def to_json(self) -> str:
        return json.dumps({**json.loads(self.parameters.to_json()), "device": self.device})


def device_of(wrap: KeyWrap) -> str:
    """The mark of the device secret that a wrap was made with; blank in version 0.1."""
    return str(json.loads(wrap.parameters).get("device", ""))


@dataclass(frozen=True, slots=True)
class Locksmith:
    """Each call takes as long as Argon2 does."""

    secret: DeviceSecret
    parameters: Argon2Parameters

    def for_pin(self, pin: str, badge: str = "") -> Lock:
        salt = token_bytes(SALT_BYTES)
        sealer = stretched(self.secret.with_pin(pin, badge), salt, self.parameters)
        return Lock(sealer, salt, self.parameters, self.secret.mark)

    def for_code(self, digits: str) -> Lock:
        """For what is printed and opens on any machine: no device secret takes part."""
        salt = token_bytes(SALT_BYTES)
        return Lock(stretched(digits.encode(), salt, self.parameters), salt, self.parameters)

    def of_pin(self, wrap: KeyWrap, pin: str, badge: str = "") -> Sealer:
        """The sealer that ``wrap`` was made with, if the PIN is the right one."""
        secret = self.secret.marked(device_of(wrap)).with_pin(pin, badge)
        return stretched(secret, wrap.salt, Argon2Parameters.from_json(wrap.parameters))

    def of_code(self, wrap: KeyWrap, digits: str) -> Sealer:
        return stretched(digits.encode(), wrap.salt, Argon2Parameters.from_json(wrap.parameters))

"""A FIDO2 key at the USB port (CTAP 2, https://fidoalliance.org/specs/fido-v2.1-ps-20210615/)."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator

from fido2.client import ClientError, DefaultClientDataCollector, Fido2Client
from fido2.ctap import CtapDevice
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    UserVerificationRequirement,
)

from kiosk.errors import Message, SignInFault
from kiosk.texts import N_

RP_ID = "opora.invalid"
"""A name that no site can have (RFC 2606): what a key keeps for a kiosk opens nothing on the web."""
_ORIGIN = f"https://{RP_ID}"


def usb_keys() -> Iterator[CtapDevice]:
    """The keys that are plugged in."""
    # Looks at the machine's devices, which is needed when somebody signs in and not before.
    from fido2.hid import CtapHidDevice

    return iter(CtapHidDevice.list_devices())


class UsbSecurityKey:
    """Implements :class:`~kiosk.operators.second_factor.SecurityKey` over the first key that is found."""

    def __init__(self, devices: Callable[[], Iterator[CtapDevice]] = usb_keys) -> None:
        self._devices = devices
        self._server = Fido2Server(PublicKeyCredentialRpEntity(id=RP_ID, name="Opora"))

    def register(self, name: str) -> str:
        user = PublicKeyCredentialUserEntity(id=name.encode()[:64], name=name)
        options, state = self._server.register_begin(
            user, user_verification=UserVerificationRequirement.DISCOURAGED
        )
        try:
            made = self._client().make_credential(options.public_key)
            data = self._server.register_complete(state, made)
        except (ClientError, ValueError, OSError) as error:
            raise _not_confirmed(error) from error
        assert data.credential_data is not None, "a registration carries its credential"
        return json.dumps({"credential": _text(bytes(data.credential_data)), "count": data.counter})

    def confirm(self, kept: str) -> str:
        facts = json.loads(kept)
        credential = AttestedCredentialData(urlsafe_b64decode(facts["credential"]))
        options, state = self._server.authenticate_begin(
            [credential], user_verification=UserVerificationRequirement.DISCOURAGED
        )
        try:
            answers = self._client().get_assertion(options.public_key)
            answer = answers.get_response(0)
            self._server.authenticate_complete(state, [credential], answer)
        except (ClientError, ValueError, OSError) as error:
            raise _not_confirmed(error) from error
        count = answer.response.authenticator_data.counter
        if count and count <= facts["count"]:
            # Web Authentication level 2, section 6.1.1: a counter that stands still tells of a copied key.
            raise SignInFault(
                Message(N_("This security key seems to have been copied.")),
                Message(N_("Please tell the coordinator, and have a new key set up.")),
            )
        return json.dumps({**facts, "count": count})

    def _client(self) -> Fido2Client:
        device = next(self._devices(), None)
        if device is None:
            raise SignInFault(
                Message(N_("There is no security key.")),
                Message(N_("Please put your key into the USB port, then try again.")),
            )
        return Fido2Client(device, DefaultClientDataCollector(_ORIGIN))


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode()


def _not_confirmed(error: Exception) -> SignInFault:
    return SignInFault(
        Message(N_("The security key did not confirm.")),
        Message(N_("Please touch the key when it blinks. If it is another key, take your own.")),
        type(error).__name__,
    )

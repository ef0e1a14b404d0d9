"""What a carrier's failures are called: what happened, and what to do, for a volunteer."""

from collections.abc import Mapping

from kiosk.errors import Fault, HubFault, LineFault, Message
from kiosk.texts import N_
from sync.carriers.port import Broken, EnvelopeUnreadable, RequestUnreadable, Stumbled, TimedOut, TooLarge
from sync.kinds import RefusalCode
from sync.protocol import Refusal

_KEPT = Message(N_("Everything is kept here. It goes by itself when the line is back."))
_CALL = Message(N_("Everything is kept here. Please call the agency that runs the hub."))

_REFUSALS: dict[str, Message] = {
    RefusalCode.UNKNOWN_KIOSK: Message(N_("The hub does not know this kiosk.")),
    RefusalCode.REVOKED: Message(N_("The hub no longer accepts this kiosk.")),
    RefusalCode.NOT_SIGNED: Message(N_("The hub did not recognise this kiosk's signature.")),
    RefusalCode.CLOCK: Message(N_("This kiosk's clock is wrong.")),
    RefusalCode.PROTOCOL: Message(N_("The hub and this kiosk are of too different versions.")),
    RefusalCode.WRONG_CODE: Message(N_("The hub did not accept this code.")),
    RefusalCode.DIGEST: Message(N_("An attachment reached the agency damaged.")),
    RefusalCode.BUSY: Message(N_("The hub cannot take anything just now.")),
}

_ADVICE: dict[str, Message] = {
    RefusalCode.UNKNOWN_KIOSK: Message(
        N_("Everything is kept here. A coordinator can enrol the kiosk with a one-time code.")
    ),
    RefusalCode.CLOCK: Message(N_("Set the date and the time, then try again. Everything is kept here.")),
    RefusalCode.PROTOCOL: Message(N_("Update the kiosk's program. Everything is kept here.")),
    RefusalCode.WRONG_CODE: Message(
        N_("Check the digits, or ask the agency for a new code. A code works once and lasts a week.")
    ),
    RefusalCode.DIGEST: Message(N_("The kiosk sends it again by itself. Everything is kept here.")),
    RefusalCode.BUSY: _KEPT,
}


def no_line(cause: str) -> LineFault:
    """Nobody answered."""
    return LineFault(Message(N_("There is no connection to the agency just now.")), _KEPT, cause)


def broken(cause: str) -> Broken:
    """Somebody answered, and then nobody did: in the same words, since the person can do as much."""
    return Broken(Message(N_("There is no connection to the agency just now.")), _KEPT, cause)


def timed_out(cause: str) -> TimedOut:
    """Sent, and not heard what became of it."""
    return TimedOut(
        Message(N_("The answer did not come in time.")),
        Message(N_("The kiosk asks again by itself. Nothing is lost, and nothing is sent twice.")),
        cause,
    )


def not_secure(cause: str) -> HubFault:
    """The certificate is not one that this kiosk trusts."""
    return HubFault(
        Message(N_("The other end could not prove that it is the agency's hub.")),
        Message(
            N_("Nothing was sent. Check the kiosk's date first, then call the agency that runs the hub.")
        ),
        cause,
    )


def address_without_tls(url: str) -> HubFault:
    """Sealed or not, nothing travels in the open."""
    return HubFault(
        Message(N_("The hub's address must begin with https://.")),
        Message(N_("Correct the address, then try again.")),
        url,
    )


def nonsense(detail: str) -> HubFault:
    """Signed by the hub, or nearly, and still of no use."""
    return HubFault(Message(N_("The hub answered with something that cannot be used.")), _CALL, detail)


def not_the_hub(status: int, headers: Mapping[str, str], detail: str) -> Fault:
    """Somebody answered, but not the hub: a captive portal, or a server before the hub."""
    if status == 413:
        return TooLarge(Message(N_("This was too much at once.")), _KEPT, f"status {status}")
    if status in (429, 500, 502, 503, 504):
        return HubFault(_REFUSALS[RefusalCode.BUSY], _KEPT, f"status {status}")
    media_type = headers.get("content-type", "no type").partition(";")[0]
    return HubFault(
        Message(N_("This network answers in the hub's place. It may want a sign-in of its own.")),
        Message(
            N_(
                "Open a web page on this network and sign in there, or call whoever looks after it. "
                "Everything is kept here."
            )
        ),
        f"status {status}, {media_type}: {detail}",
    )


def refused(status: int, refusal: Refusal) -> Fault:
    """The hub itself said no to the whole request."""
    code = refusal.reason.code
    if status == 413 or code == RefusalCode.TOO_LARGE:
        return TooLarge(Message(N_("This was too much at once.")), _KEPT, refusal.reason.text)
    if code == RefusalCode.ENVELOPE_UNREADABLE:
        return EnvelopeUnreadable(
            Message(N_("The hub could not read one of the applications.")), _CALL, refusal.reason.text
        )
    if status == 500 or code in (RefusalCode.FAILED, RefusalCode.REQUEST_UNREADABLE):
        fault = RequestUnreadable if code == RefusalCode.REQUEST_UNREADABLE else Stumbled
        return fault(Message(N_("The hub could not cope with what was sent.")), _KEPT, refusal.reason.text)
    if code not in _REFUSALS and status > 500:
        code = RefusalCode.BUSY
    title = _REFUSALS.get(code, Message(N_("The hub refused what was sent.")))
    advice = _ADVICE.get(code, _CALL)
    if code == RefusalCode.REVOKED and refusal.reason.text:
        advice = Message(
            N_("The reason that the agency gives: {reason} Everything is kept here."),
            {"reason": refusal.reason.text},
        )
    return HubFault(title, advice, refusal.reason.text)

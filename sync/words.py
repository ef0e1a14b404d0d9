"""Where a record is and how the courier stands, in plain words: never a code."""

from collections.abc import Callable
from datetime import datetime
from typing import assert_never

from kiosk.store.outbox import OutboxEntry, OutboxState
from kiosk.texts import N_, Texts
from sync.carriers.usb import CameHome
from sync.courier import CourierState, Phase
from sync.protocol import ReasonCode

Dates = Callable[[datetime], str]
"""A date as people write it in the reader's language and zone."""

_ATTENTION: dict[str, str] = {
    ReasonCode.DIGEST: N_("Needs attention: what arrived is not what was stored here."),
    ReasonCode.DAMAGED: N_("Needs attention: the copy stored here is damaged."),
    ReasonCode.UNREADABLE: N_("Needs attention: the agency's hub could not read it."),
    ReasonCode.TOO_LARGE: N_("Needs attention: it is too large for the agency's hub."),
    ReasonCode.OTHER_CONTENT: N_("Needs attention: the agency has it already, with other content."),
    ReasonCode.SEQUENCE_TAKEN: N_(
        "Needs attention: this kiosk seems to have been copied, or restored from a backup. "
        "The agency has the application."
    ),
}


def attention_words(code: str, text: str, texts: Texts) -> str:
    """Why something was set aside; a reason that is not known here is told in the hub's own words."""
    known = _ATTENTION.get(code)
    if known is not None:
        return texts.say(known)
    if text:
        return texts.say("Needs attention: {reason}", reason=text)
    return texts.say("Needs attention: the agency's hub did not accept it.")


def whereabouts(entry: OutboxEntry, *, on_its_way: bool, texts: Texts, dates: Dates) -> str:
    """One record: kept here, on its way, received by the agency on …, needs attention: …"""
    match entry.state:
        case OutboxState.WAITING:
            return texts.say("On its way") if on_its_way else texts.say("Kept here")
        case OutboxState.ACKNOWLEDGED:
            assert entry.settled_at is not None, "an acknowledged envelope has its time"
            return texts.say("Received by the agency on {date}", date=dates(entry.settled_at))
        case OutboxState.REJECTED | OutboxState.CONFLICT:
            return attention_words(entry.reason_code, entry.reason, texts)
        case other:
            assert_never(other)


def courier_words(state: CourierState, texts: Texts, dates: Dates) -> tuple[str, ...]:
    """How the courier stands, in whole sentences: what goes on, what waits, what is wrong."""
    lines = [_doing(state, texts, dates)]
    if state.waiting:
        lines.append(
            texts.many(
                "{count} application is kept here and waits to be sent.",
                "{count} applications are kept here and wait to be sent.",
                state.waiting,
            )
        )
    if state.attention:
        lines.append(
            texts.many(
                "{count} application needs your attention.",
                "{count} applications need your attention.",
                state.attention,
            )
        )
    if state.clock_error is not None:
        lines.append(texts.say("This kiosk's clock is wrong. Please set the date and the time."))
    return tuple(lines)


def homecoming(home: CameHome, texts: Texts) -> tuple[str, ...]:
    """What a stick brought home, in whole sentences; a refusal in the hub's own words."""
    if home.refusal:
        return (
            texts.say("The agency's hub refused what was on the stick: {reason}", reason=home.refusal),
            texts.say("Everything is kept here."),
        )
    lines = []
    if home.enrolled:
        lines.append(texts.say("This kiosk is connected to the agency's hub now."))
    if home.received:
        lines.append(
            texts.many(
                "{count} application was received by the agency.",
                "{count} applications were received by the agency.",
                home.received,
            )
        )
    if home.news:
        lines.append(texts.many("{count} answer came.", "{count} answers came.", home.news))
    if home.set_aside:
        lines.append(
            texts.many(
                "{count} application needs your attention.",
                "{count} applications need your attention.",
                home.set_aside,
            )
        )
    return tuple(lines) or (texts.say("There was nothing new on the stick."),)


def _doing(state: CourierState, texts: Texts, dates: Dates) -> str:
    match state.phase:
        case Phase.TRYING if state.total:
            return texts.say(
                "Sending: {done} of {total}, {size} KB so far.",
                done=state.done,
                total=state.total,
                size=(state.bytes_up + 1023) // 1024,
            )
        case Phase.TRYING:
            return texts.say("Asking the agency for news.")
        case Phase.FAILED:
            assert state.fault is not None, "a failed try has its fault"
            return f"{texts.message(state.fault.title)} {texts.message(state.fault.advice)}"
        case Phase.RESTING if state.last_success_at is not None:
            return texts.say("The agency was reached on {date}.", date=dates(state.last_success_at))
        case Phase.RESTING:
            return texts.say("The agency has not been reached yet.")
        case other:
            assert_never(other)

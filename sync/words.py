"""Where a record is and how the courier stands, in plain words: never a code."""

from collections.abc import Callable
from datetime import datetime
from typing import assert_never

from kiosk.flow.attention import attention_words
from kiosk.store.outbox import OutboxEntry, OutboxState
from kiosk.texts import Texts
from sync.courier import CourierState, Phase

Dates = Callable[[datetime], str]
"""A date as people write it in the reader's language and zone."""


def whereabouts(entry: OutboxEntry, *, on_its_way: bool, texts: Texts, dates: Dates) -> str:
    """One record: kept here, on its way, received by the agency on …, needs attention: …"""
    match entry.state:
        case OutboxState.AWAITING_APPROVAL:
            return texts.say("Waits for the coordinator")
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

"""An entry of the journal in plain words, for a coordinator."""

from collections.abc import Mapping

from kiosk.journal.chain import Entry
from kiosk.journal.entry import APPLICANT, KIOSK, Action
from kiosk.texts import N_, Texts

WORDS: Mapping[Action, str] = {
    Action.FIRST_START_CODE_MADE: N_("A code for the first start was made"),
    Action.OPERATOR_ADDED: N_("Somebody was added: {subject}"),
    Action.OPERATOR_LEFT: N_("Somebody has left: {subject}"),
    Action.PIN_CHANGED: N_("A PIN was changed: {subject}"),
    Action.PIN_RESET: N_("A new PIN was given: {subject}"),
    Action.SECOND_FACTOR_CHANGED: N_("A second proof was set up: {subject}"),
    Action.SIGNED_IN: N_("Signed in"),
    Action.SIGN_IN_REFUSED: N_("A sign-in was refused: {subject}"),
    Action.SIGNED_OUT: N_("Signed out"),
    Action.RECOVERY_SHEET_MADE: N_("A recovery sheet was made"),
    Action.RECOVERED: N_("A PIN was given with the recovery sheet: {subject}"),
    Action.CENTRE_KEY_CHANGED: N_("The centre's keys were changed"),
    Action.DRAFT_BEGUN: N_("An application was begun"),
    Action.DRAFT_OPENED: N_("An unfinished application was opened"),
    Action.DRAFT_PARKED: N_("An unfinished application was put aside"),
    Action.DRAFT_ERASED: N_("An unfinished application was erased"),
    Action.APPLICATION_STORED: N_("An application was stored"),
    Action.APPLICATION_SENT: N_("An application was sent"),
    Action.APPLICATION_RECEIVED: N_("An application was received by the agency"),
    Action.APPLICATION_REJECTED: N_("An application was set aside by the agency"),
    Action.APPLICATION_TRIED_AGAIN: N_("An application is tried again"),
    Action.APPLICATION_APPROVED: N_("An application was approved"),
    Action.COPY_OPENED: N_("A kept copy was read"),
    Action.COPY_ERASED: N_("A kept copy was erased"),
    Action.LIKENESS_ERASED: N_("It was looked up who had applied before"),
    Action.RECEIPT_PRINTED: N_("A receipt came out"),
    Action.RECEIPT_NOT_PRINTED: N_("A receipt did not come out"),
    Action.RECEIPT_COPIED: N_("A copy of a receipt was printed"),
    Action.RECEIPT_SECRET_ERASED: N_("The code of an unprinted receipt was erased"),
    Action.RECEIPT_REPLACED: N_("A new receipt was asked for"),
    Action.SETTING_CHANGED: N_("A setting was changed: {subject}"),
    Action.PACK_INSTALLED: N_("Services were installed: {subject}"),
    Action.UPDATES_TRUSTED: N_("It was set whose updates are trusted: {subject}"),
    Action.UPDATE_ARRIVED: N_("An update arrived: {subject}"),
    Action.UPDATE_REFUSED: N_("An update was refused: {subject}"),
    Action.UPDATE_TAKEN_BACK: N_("The version before was taken up again: {subject}"),
    Action.BACKLOG_SEEN: N_("The coordinator has seen that much waits to be sent"),
    Action.EXPORTED: N_("Something was written out of the kiosk: {subject}"),
    Action.OPENING_CHECKED: N_("The opening check was done"),
    Action.CLOSING_CHECKED: N_("The closing check was done"),
    Action.BACKED_UP: N_("A backup was made"),
    Action.RESTORED: N_("The kiosk was restored from a backup"),
    Action.WIPED: N_("The kiosk was erased"),
    Action.CLOSED: N_("The kiosk was closed"),
    Action.BUG: N_("The program met a bug: {subject}"),
}

SETTINGS: Mapping[str, str] = {
    "second-factor": N_("what everybody shows when they sign in"),
    "own-drafts-only": N_("which unfinished applications volunteers see"),
    "keeps-initials": N_("what the list of the day shows"),
    "copy-months": N_("whether copies of applications are kept"),
    "glass": N_("the size of the screen"),
    "sound": N_("how fast and how loud the voice is"),
    "printer": N_("which printer prints"),
    "centre-name": N_("the name of the centre"),
    "centre-address": N_("the address of the centre"),
    "centre-phone": N_("the telephone of the centre"),
}
"""By the names that they are stored under (``kiosk.store.Setting``)."""

_TAKEN_OUT: Mapping[str, str] = {
    "journal": N_("the journal"),
    "usb": N_("what waits, on a USB stick"),
}

_NAMED = frozenset(
    {
        Action.OPERATOR_ADDED,
        Action.OPERATOR_LEFT,
        Action.PIN_CHANGED,
        Action.PIN_RESET,
        Action.SECOND_FACTOR_CHANGED,
        Action.SIGN_IN_REFUSED,
        Action.RECOVERED,
    }
)


def in_words(entry: Entry, texts: Texts, names: Mapping[str, str]) -> str:
    """``names`` are those of operators by their ids. What a newer version wrote stands as it is."""
    try:
        action = Action(entry.action)
    except ValueError:
        return entry.action
    sentence = WORDS.get(action)
    if sentence is None:
        return entry.action
    if "{subject}" not in sentence:
        return texts.say(sentence)
    return texts.say(sentence, subject=_subject(entry, action, texts, names))


def _subject(entry: Entry, action: Action, texts: Texts, names: Mapping[str, str]) -> str:
    subject = entry.subject
    if action in _NAMED:
        return names.get(subject, texts.say("somebody"))
    if action is Action.UPDATE_REFUSED:
        # A fault's own sentence, kept with what fills it.
        return texts.say(subject, **{"detail": "", **entry.details}).rstrip(".")
    known = {Action.SETTING_CHANGED: SETTINGS, Action.EXPORTED: _TAKEN_OUT}.get(action, {}).get(subject)
    if known is not None:
        return texts.say(known)
    # A newer version's setting: as words, not as one long one that no line may break.
    return subject.replace("-", " ") if action is Action.SETTING_CHANGED else subject


def who_in_words(actor: str, texts: Texts, names: Mapping[str, str]) -> str:
    if actor == APPLICANT:
        return texts.say("an applicant")
    if actor == KIOSK:
        return texts.say("the kiosk itself")
    return names.get(actor.partition(":")[2], texts.say("somebody"))

"""Which screen follows which: data, tested without a display.

A page tells the conductor an :class:`Outcome`; this table says where that leads. Overlays lie on top of a
page and return to it. Whatever is not in the table is a bug, and leads to the failsafe (out of order).
"""

from collections.abc import Mapping
from enum import StrEnum


class Screen(StrEnum):
    """Every page, by the name that tests, pictures and the tour use."""

    MOMENT = "moment"
    WELCOME = "welcome"
    NEED = "need"
    WHO = "who"
    SERVICE = "service"
    CONSENT = "consent"
    QUESTION = "question"
    MEMBER = "member"
    CHECK = "check"
    SIGN = "sign"
    STORED = "stored"
    LOOKUP = "lookup"
    FOUND = "found"
    SIGN_IN = "sign_in"
    APPROVAL = "approval"
    FORGOTTEN_PIN = "forgotten_pin"
    JOURNAL = "journal"
    LOST_RECEIPT = "lost_receipt"
    MY_PIN = "my_pin"
    PEOPLE = "people"
    RULES = "rules"
    GLASS = "glass"
    SET_UP = "set_up"
    OPENING_CHECK = "opening_check"
    CLOSING_CHECK = "closing_check"
    SUPPORT = "support"
    TODAY = "today"
    STICK = "stick"
    SWITCH_OFF = "switch_off"
    UPDATES = "updates"
    OUT_OF_ORDER = "out_of_order"

    SETTINGS = "settings"
    HELP = "help"
    STILL_THERE = "still_there"
    FINISH_LATER = "finish_later"
    ENTER_CODE = "enter_code"
    LEAVE = "leave"
    CAME_OUT = "came_out"
    LOCKED = "locked"
    FIRST_START = "first_start"
    MOVING = "moving"


class Outcome(StrEnum):
    """What a page came to."""

    OPENED = "opened"
    NOT_SET_UP = "not_set_up"
    SET_UP = "set_up"
    LANGUAGE_CHOSEN = "language_chosen"
    APPLY = "apply"
    LOOK_UP = "look_up"
    STAFF = "staff"
    SPEAKER_KNOWN = "speaker_known"
    SERVICE_CHOSEN = "service_chosen"
    AGREED = "agreed"
    TO_QUESTION = "to_question"
    TO_MEMBERS = "to_members"
    TO_CHECK = "to_check"
    TO_SIGN = "to_sign"
    STORED = "stored"
    FOUND = "found"
    SIGNED_IN = "signed_in"
    APPROVAL = "approval"
    FORGOTTEN = "forgotten"
    FACTOR_WANTED = "factor_wanted"
    JOURNAL = "journal"
    LOST_RECEIPT = "lost_receipt"
    MY_PIN = "my_pin"
    PEOPLE = "people"
    RULES = "rules"
    GLASS = "glass"
    SETTING_UP = "setting_up"
    PRACTISE = "practise"
    MOVING = "moving"
    OPENING_CHECK = "opening_check"
    CLOSING_CHECK = "closing_check"
    SUPPORT = "support"
    SIGNED_OUT = "signed_out"
    BY_STICK = "by_stick"
    SWITCH_OFF = "switch_off"
    UPDATES = "updates"
    CONTINUE_DRAFT = "continue_draft"
    BACK = "back"
    FINISHED = "finished"
    BROKEN = "broken"


TABLE: Mapping[tuple[Screen, Outcome], Screen] = {
    (Screen.MOMENT, Outcome.OPENED): Screen.WELCOME,
    (Screen.MOMENT, Outcome.NOT_SET_UP): Screen.FIRST_START,
    (Screen.MOMENT, Outcome.CONTINUE_DRAFT): Screen.QUESTION,
    (Screen.MOMENT, Outcome.TO_MEMBERS): Screen.MEMBER,
    (Screen.MOMENT, Outcome.TO_CHECK): Screen.CHECK,
    (Screen.MOMENT, Outcome.STORED): Screen.STORED,
    (Screen.FIRST_START, Outcome.SET_UP): Screen.WELCOME,
    (Screen.FIRST_START, Outcome.MOVING): Screen.MOVING,
    (Screen.FIRST_START, Outcome.BY_STICK): Screen.STICK,
    (Screen.FIRST_START, Outcome.PRACTISE): Screen.WHO,
    (Screen.MOVING, Outcome.BACK): Screen.FIRST_START,
    (Screen.WELCOME, Outcome.LANGUAGE_CHOSEN): Screen.NEED,
    (Screen.NEED, Outcome.APPLY): Screen.WHO,
    (Screen.NEED, Outcome.LOOK_UP): Screen.LOOKUP,
    (Screen.NEED, Outcome.STAFF): Screen.SIGN_IN,
    (Screen.NEED, Outcome.BACK): Screen.WELCOME,
    (Screen.WHO, Outcome.SPEAKER_KNOWN): Screen.SERVICE,
    (Screen.WHO, Outcome.BACK): Screen.NEED,
    (Screen.SERVICE, Outcome.SERVICE_CHOSEN): Screen.CONSENT,
    (Screen.SERVICE, Outcome.BACK): Screen.WHO,
    (Screen.CONSENT, Outcome.AGREED): Screen.QUESTION,
    (Screen.CONSENT, Outcome.TO_MEMBERS): Screen.MEMBER,
    (Screen.CONSENT, Outcome.TO_CHECK): Screen.CHECK,
    (Screen.CONSENT, Outcome.BACK): Screen.SERVICE,
    (Screen.QUESTION, Outcome.TO_QUESTION): Screen.QUESTION,
    (Screen.QUESTION, Outcome.TO_MEMBERS): Screen.MEMBER,
    (Screen.QUESTION, Outcome.TO_CHECK): Screen.CHECK,
    (Screen.MEMBER, Outcome.TO_QUESTION): Screen.QUESTION,
    (Screen.MEMBER, Outcome.TO_MEMBERS): Screen.MEMBER,
    (Screen.MEMBER, Outcome.TO_CHECK): Screen.CHECK,
    (Screen.CHECK, Outcome.TO_QUESTION): Screen.QUESTION,
    (Screen.CHECK, Outcome.TO_MEMBERS): Screen.MEMBER,
    (Screen.CHECK, Outcome.TO_SIGN): Screen.SIGN,
    (Screen.CHECK, Outcome.STORED): Screen.STORED,
    (Screen.SIGN, Outcome.TO_CHECK): Screen.CHECK,
    (Screen.SIGN, Outcome.STORED): Screen.STORED,
    (Screen.LOOKUP, Outcome.FOUND): Screen.FOUND,
    (Screen.LOOKUP, Outcome.BACK): Screen.NEED,
    (Screen.FOUND, Outcome.BACK): Screen.LOOKUP,
    (Screen.SIGN_IN, Outcome.SIGNED_IN): Screen.TODAY,
    (Screen.SIGN_IN, Outcome.FACTOR_WANTED): Screen.MY_PIN,
    (Screen.SIGN_IN, Outcome.FORGOTTEN): Screen.FORGOTTEN_PIN,
    (Screen.SIGN_IN, Outcome.BACK): Screen.NEED,
    (Screen.FORGOTTEN_PIN, Outcome.SIGNED_IN): Screen.TODAY,
    (Screen.FORGOTTEN_PIN, Outcome.BACK): Screen.SIGN_IN,
    (Screen.TODAY, Outcome.APPROVAL): Screen.APPROVAL,
    (Screen.APPROVAL, Outcome.BACK): Screen.TODAY,
    (Screen.TODAY, Outcome.JOURNAL): Screen.JOURNAL,
    (Screen.JOURNAL, Outcome.BACK): Screen.TODAY,
    (Screen.TODAY, Outcome.LOST_RECEIPT): Screen.LOST_RECEIPT,
    (Screen.LOST_RECEIPT, Outcome.BACK): Screen.TODAY,
    (Screen.TODAY, Outcome.MY_PIN): Screen.MY_PIN,
    (Screen.TODAY, Outcome.PEOPLE): Screen.PEOPLE,
    (Screen.TODAY, Outcome.RULES): Screen.RULES,
    (Screen.MY_PIN, Outcome.BACK): Screen.TODAY,
    (Screen.PEOPLE, Outcome.BACK): Screen.TODAY,
    (Screen.RULES, Outcome.BACK): Screen.TODAY,
    (Screen.RULES, Outcome.GLASS): Screen.GLASS,
    (Screen.GLASS, Outcome.BACK): Screen.RULES,
    (Screen.RULES, Outcome.SETTING_UP): Screen.SET_UP,
    (Screen.SET_UP, Outcome.BY_STICK): Screen.STICK,
    (Screen.SET_UP, Outcome.PRACTISE): Screen.WHO,
    (Screen.SET_UP, Outcome.BACK): Screen.RULES,
    (Screen.RULES, Outcome.SUPPORT): Screen.SUPPORT,
    (Screen.SUPPORT, Outcome.BACK): Screen.RULES,
    (Screen.TODAY, Outcome.OPENING_CHECK): Screen.OPENING_CHECK,
    (Screen.OPENING_CHECK, Outcome.BACK): Screen.TODAY,
    (Screen.TODAY, Outcome.CLOSING_CHECK): Screen.CLOSING_CHECK,
    (Screen.CLOSING_CHECK, Outcome.BACK): Screen.TODAY,
    (Screen.TODAY, Outcome.CONTINUE_DRAFT): Screen.QUESTION,
    (Screen.TODAY, Outcome.TO_MEMBERS): Screen.MEMBER,
    (Screen.TODAY, Outcome.TO_CHECK): Screen.CHECK,
    (Screen.TODAY, Outcome.SIGNED_OUT): Screen.WELCOME,
    (Screen.TODAY, Outcome.BY_STICK): Screen.STICK,
    (Screen.STICK, Outcome.BACK): Screen.TODAY,
    (Screen.STICK, Outcome.SETTING_UP): Screen.FIRST_START,
    (Screen.TODAY, Outcome.SWITCH_OFF): Screen.SWITCH_OFF,
    (Screen.TODAY, Outcome.UPDATES): Screen.UPDATES,
    (Screen.UPDATES, Outcome.BACK): Screen.TODAY,
    (Screen.SWITCH_OFF, Outcome.BACK): Screen.TODAY,
    (Screen.OUT_OF_ORDER, Outcome.OPENED): Screen.WELCOME,
}
"""(page, outcome) to the next page. FINISHED and BROKEN hold for every page: see :func:`after`."""

OVERLAYS = frozenset(
    {
        Screen.SETTINGS,
        Screen.HELP,
        Screen.STILL_THERE,
        Screen.FINISH_LATER,
        Screen.ENTER_CODE,
        Screen.LEAVE,
        Screen.CAME_OUT,
        Screen.LOCKED,
    }
)
"""Each lies on the page where it was opened and returns there, unless its outcome leads elsewhere."""

OVERLAY_TABLE: Mapping[tuple[Screen, Outcome], Screen] = {
    (Screen.ENTER_CODE, Outcome.CONTINUE_DRAFT): Screen.QUESTION,
    (Screen.ENTER_CODE, Outcome.TO_MEMBERS): Screen.MEMBER,
    (Screen.ENTER_CODE, Outcome.TO_CHECK): Screen.CHECK,
    (Screen.ENTER_CODE, Outcome.FOUND): Screen.FOUND,
    (Screen.HELP, Outcome.STAFF): Screen.SIGN_IN,
}


def after(screen: Screen, outcome: Outcome) -> Screen:
    """The page that ``outcome`` leads to; KeyError where the table has no row."""
    if outcome is Outcome.FINISHED:
        return Screen.WELCOME
    if outcome is Outcome.BROKEN:
        return Screen.OUT_OF_ORDER
    if screen in OVERLAYS:
        return OVERLAY_TABLE[screen, outcome]
    return TABLE[screen, outcome]

"""How values are written for a person: dates as their language writes them, digits in groups."""

from collections.abc import Sequence
from datetime import date, datetime, tzinfo

from kiosk.dates import day_in_words, time_in_words
from kiosk.forms import Question, QuestionKind
from kiosk.texts import Texts

DATE_ORDER = {"en": "dmy", "ru": "dmy", "ko": "ymd"}


def shown_date(value: str, language: str) -> str:
    """An ISO date in words, "3 March 1948"; what is not a date stays as it is."""
    try:
        day = date.fromisoformat(value[:10])
    except ValueError:
        return value
    return in_words(day, language)


def in_words(day: date, language: str) -> str:
    return day_in_words(day, language)


def shown_moment(moment: datetime, zone: tzinfo, language: str) -> str:
    """ "3 March 2026, 14:05" in the centre's own time."""
    local = moment.astimezone(zone)
    return f"{in_words(local.date(), language)}, {time_in_words(local, language)}"


def shown_value(question: Question, display: str, texts: Texts) -> str:
    """An answer on the check page; "not provided" for what was left blank (GOV.UK check answers)."""
    if question.kind is QuestionKind.ACKNOWLEDGE and question.value:
        return texts.say("Yes, read and understood")
    if not question.value:
        return texts.say("Not provided")
    if question.kind is QuestionKind.DATE:
        return shown_date(question.value, texts.language)
    return display


def in_groups(digits: str, lengths: Sequence[int]) -> tuple[str, ...]:
    """``in_groups("123456789012345", (5, 5, 5))``; digits past the lengths make a last group."""
    groups: list[str] = []
    at = 0
    for length in lengths:
        groups.append(digits[at : at + length])
        at += length
    if at < len(digits):
        groups.append(digits[at:])
    return tuple(group for group in groups if group)


REFERENCE_GROUPS = (5, 5, 5)
CODE_GROUPS = (4, 4, 4, 4, 4)

"""How values are written for a person: dates as their language writes them, digits in groups."""

from collections.abc import Sequence
from datetime import date, datetime, time, tzinfo

from babel.numbers import get_currency_symbol

from kiosk.catalogue import Agency
from kiosk.dates import day_in_words, month_in_words, time_in_words, year_in_words
from kiosk.flow.markup import headed, plain
from kiosk.forms import Choice, Question, QuestionKind
from kiosk.texts import Texts

DATE_ORDER = {"en": "dmy", "ru": "dmy", "ko": "ymd"}
THOUSANDS = {"en": ",", "ru": "\u00a0", "ko": ","}
"""What stands between the thousands of a number, as CLDR has it."""

COVERED = "●●●●●"
"""For what the form asks to be masked: the same for a short answer and a long one."""


def whom_to_ask(agency: Agency, texts: Texts) -> str | None:
    """For an agency whose server tells nothing back: where the answer comes from then. None for others."""
    if not agency.openrosa:
        return None
    name = agency.name.text(texts.language)
    return texts.say(
        "This agency does not answer through this machine. It writes or calls you. "
        "To ask: {agency}, {phone}.",
        agency=name,
        phone=agency.phone,
    )


def shown_date(value: str, language: str) -> str:
    """An ISO date in words, "3 March 1948"; what is not a date stays as it is."""
    try:
        day = date.fromisoformat(value[:10])
    except ValueError:
        return value
    return in_words(day, language)


def in_words(day: date, language: str) -> str:
    return day_in_words(day, language)


def written_date(value: str, language: str) -> str:
    """A whole ISO date in words; blank for what is no date yet."""
    day = _day(value)
    return in_words(day, language) if day is not None else ""


def shown_month(value: str, language: str) -> str:
    """ "November 1948" of an ISO date; blank for what is no date yet."""
    day = _day(value)
    return month_in_words(day, language) if day is not None else ""


def shown_year(value: str, language: str) -> str:
    """ "1948", "1948 год"; blank for what is no date yet."""
    day = _day(value)
    return year_in_words(day, language) if day is not None else ""


def shown_time(value: str, language: str) -> str:
    """ "14:05", "오후 2:05" of HH:MM and what may follow it; what is no time stays as it is."""
    try:
        clock = time.fromisoformat(value[:5])
    except ValueError:
        return value
    return time_in_words(datetime.combine(date(2000, 1, 1), clock), language)


def _day(value: str) -> date | None:
    if len(value) != 10:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def shown_moment(moment: datetime, zone: tzinfo, language: str) -> str:
    """ "3 March 2026, 14:05" in the centre's own time."""
    local = moment.astimezone(zone)
    return f"{in_words(local.date(), language)}, {time_in_words(local, language)}"


def card_label(choice: Choice) -> str:
    """What a card is called; a choice that is only a picture at least has its value."""
    return plain(choice.label) or choice.value


def heading(question: Question) -> str:
    """What a question's page is called; a form without words for it at least has a name."""
    return headed(question.label or question.name).title


def shown_value(question: Question, display: str, texts: Texts) -> str:
    """An answer on the check page; "not provided" for what was left blank (GOV.UK check answers).

    ``display`` is the labels of what was chosen, as the form's session gives them.
    """
    if not question.value:
        return texts.say("Not provided")
    if "masked" in question.appearance:
        return COVERED
    match question.kind:
        case QuestionKind.ACKNOWLEDGE:
            return texts.say("Yes, read and understood")
        case QuestionKind.SIGNATURE:
            return texts.say("Signed")
        case QuestionKind.DRAWING:
            return texts.say("Drawn or said aloud") if question.required else texts.say("Drawn")
        case QuestionKind.SELECT_ONE | QuestionKind.SELECT_MULTIPLE:
            return plain(display) or question.value
        case QuestionKind.RANK:
            return "\n".join(f"{place}. {plain(each)}" for place, each in enumerate(ranked(question), 1))
    return written_value(question, texts)


def ranked(question: Question) -> tuple[str, ...]:
    """The labels of a ranking, the first place first."""
    labels = {each.value: each.label for each in question.choices}
    return tuple(labels.get(value, value) for value in question.value.split())


def written_value(question: Question, texts: Texts) -> str:
    """A typed or worked out value as people write it."""
    value, language = question.value, texts.language
    match question.kind:
        case QuestionKind.DATE if "month-year" in question.appearance:
            return shown_month(value, language) or value
        case QuestionKind.DATE if "year" in question.appearance:
            return shown_year(value, language) or value
        case QuestionKind.DATE:
            return shown_date(value, language)
        case QuestionKind.TIME:
            return shown_time(value, language)
        case QuestionKind.DATETIME:
            day, _, clock = value.partition("T")
            return f"{shown_date(day, language)}, {shown_time(clock, language)}" if clock else value
        case QuestionKind.INTEGER | QuestionKind.DECIMAL:
            if "thousands-sep" in question.appearance:
                value = with_thousands(value, THOUSANDS[language])
            sign = money_sign(question.currency, language)
            return f"{value}\u00a0{sign}" if sign else value
    return value


def money_sign(currency: str, language: str) -> str:
    """ "₽", "€", "원" of an ISO 4217 code; "" of none."""
    if (currency, language) == ("KRW", "ko"):
        # Korean writes the word behind a number, and the sign only before one.
        return "원"
    return get_currency_symbol(currency, locale=language) if currency else ""


def with_thousands(number: str, separator: str) -> str:
    """ "1234567.5" as "1,234,567.5"; what is no plain number stays as it is."""
    sign, digits = number[:1].strip("0123456789"), number.lstrip("-+")
    whole, point, rest = digits.partition(".")
    if not whole.isdecimal():
        return number
    return f"{sign}{int(whole):,}".replace(",", separator) + point + rest


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


def unbroken(number: str) -> str:
    """A telephone number that no line's end parts."""
    return number.replace(" ", "\u00a0")


REFERENCE_GROUPS = (5, 5, 5)
CODE_GROUPS = (4, 4, 4, 4, 4)

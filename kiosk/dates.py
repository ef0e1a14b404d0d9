"""A day and a time as a language writes them: the same on the screen, in the voice and on the paper."""

from datetime import date, datetime

_LOCALES = {"en": "en_GB"}
_DAY_PATTERNS = {"ru": "d MMMM y 'года'"}
"""CLDR's long Russian date ends in an abbreviation, "г.": two full stops where a sentence ends with it, and
no voice reads it well."""
_TIME_PATTERNS = {"ko": "aaaa h:mm"}
"""CLDR's short Korean time has AM and PM in Latin letters; the wide form of the day's halves is Korean."""


def day_in_words(day: date, language: str) -> str:
    """ "3 March 1948". Without CLDR's unusual blanks, so that what is printed is also what is spoken."""
    from babel.dates import format_date  # a tenth of the kiosk's start: imported when a date is written

    pattern = _DAY_PATTERNS.get(language, "long")
    return _plain(format_date(day, pattern, locale=_LOCALES.get(language, language)))


def month_in_words(day: date, language: str) -> str:
    """ "November 1948", the month by itself: a Russian one stands in the nominative."""
    from babel.dates import format_date

    pattern = {"ru": "LLLL y 'года'", "ko": "y년 LLLL"}.get(language, "LLLL y")
    return _plain(format_date(day, pattern, locale=_LOCALES.get(language, language)))


def year_in_words(day: date, language: str) -> str:
    return {"ru": f"{day.year} год", "ko": f"{day.year}년"}.get(language, str(day.year))


def time_in_words(local: datetime, language: str) -> str:
    """ "14:05" of a time that is in its place's zone already."""
    from babel.dates import format_time

    pattern = _TIME_PATTERNS.get(language, "short")
    return _plain(format_time(local, pattern, locale=_LOCALES.get(language, language)))


def _plain(text: str) -> str:
    return " ".join(text.split())

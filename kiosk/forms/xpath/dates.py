"""Dates and times as ODK XForms writes them ("Data Types"; ISO 8601)."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache

DAY_SECONDS = 86_400.0
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\Z", re.ASCII)
_MOMENT = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?"
    r"(?:\s*(Z|[+-]\d{2}(?::?\d{2})?))?\Z",
    re.ASCII,
)
_TIME = re.compile(r"(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?\Z", re.ASCII)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@lru_cache(maxsize=2048)
def moment_of(text: str, zone: tzinfo) -> datetime | None:
    """The aware moment of a date (local midnight) or dateTime; None for anything else."""
    text = text.strip()
    try:
        if match := _DATE.match(text):
            return datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=zone)
        if match := _MOMENT.match(text):
            year, month, day, hour, minute = (int(match[i]) for i in range(1, 6))
            return datetime(
                year, month, day, hour, minute, int(match[6] or 0), _micros(match[7]), _offset(match[8], zone)
            )
    except ValueError:
        return None
    return None


def is_moment(text: str) -> bool:
    """Whether ``text`` has the shape of a date or dateTime."""
    text = text.strip()
    return _DATE.match(text) is not None or _MOMENT.match(text) is not None


def days_of(text: str, zone: tzinfo) -> float | None:
    """Days since 1970-01-01T00:00Z of a date or dateTime, or None."""
    moment = moment_of(text, zone)
    return None if moment is None else days_of_moment(moment)


def days_of_moment(moment: datetime) -> float:
    # Whole milliseconds, as clocks of other clients have them, so that quotients agree to the last bit.
    milliseconds = (moment - EPOCH) // timedelta(milliseconds=1)
    return milliseconds / (DAY_SECONDS * 1000)


def moment_of_days(days: float, zone: tzinfo) -> datetime | None:
    """The moment of a number of days; None where no calendar reaches it."""
    try:
        return (EPOCH + timedelta(milliseconds=round(days * DAY_SECONDS * 1000))).astimezone(zone)
    except (OverflowError, ValueError):
        return None


def written(moment: datetime) -> str:
    """A moment as text: a date alone at local midnight, otherwise date, time and offset."""
    if moment.hour == moment.minute == moment.second == moment.microsecond == 0:
        return f"{moment.year:04d}-{moment.month:02d}-{moment.day:02d}"
    return written_in_full(moment)


def written_in_full(moment: datetime) -> str:
    """``2026-11-21T09:30:00.000+09:00``."""
    return (
        f"{moment.year:04d}-"
        + moment.strftime("%m-%dT%H:%M:%S")
        + (f".{moment.microsecond // 1000:03d}{_written_offset(moment)}")
    )


def today(now: datetime, zone: tzinfo) -> str:
    local = now.astimezone(zone)
    return f"{local.year:04d}-{local.month:02d}-{local.day:02d}"


def fraction_of_day(text: str, zone: tzinfo, now: datetime) -> float | None:
    """``decimal-time``: the local time of day as a fraction; None for what is no time."""
    match = _TIME.match(text.strip())
    if match is None:
        return None
    try:
        clock = time(int(match[1]), int(match[2]), int(match[3] or 0), _micros(match[4]))
    except ValueError:
        return None
    if match[5]:
        aware = datetime.combine(now.astimezone(zone).date(), clock, _offset(match[5], zone))
        clock = aware.astimezone(zone).time()
    seconds = clock.hour * 3600 + clock.minute * 60 + clock.second + clock.microsecond / 1e6
    return seconds / DAY_SECONDS


def formatted(
    moment: datetime, pattern: str, months: tuple[str, ...] = MONTHS, weekdays: tuple[str, ...] = WEEKDAYS
) -> str:
    """``format-date`` and ``format-date-time`` of the ODK specification."""
    letters = {
        "Y": f"{moment.year:04d}",
        "y": f"{moment.year % 100:02d}",
        "m": f"{moment.month:02d}",
        "n": str(moment.month),
        "b": months[moment.month - 1],
        "d": f"{moment.day:02d}",
        "e": str(moment.day),
        "a": weekdays[moment.weekday()],
        "W": f"{moment.isocalendar().week:02d}",
        "H": f"{moment.hour:02d}",
        "h": str(moment.hour),
        "M": f"{moment.minute:02d}",
        "S": f"{moment.second:02d}",
        "3": f"{moment.microsecond // 1000:03d}",
        "%": "%",
    }
    return re.sub(r"%(.)", lambda match: letters.get(match[1], match[0]), pattern)


def is_date(text: str) -> bool:
    """Whether ``text`` is a date of the calendar, ``YYYY-MM-DD``."""
    match = _DATE.match(text)
    if match is None or len(text) != 10:
        return False
    try:
        date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return False
    return True


def is_time(text: str) -> bool:
    match = _TIME.match(text)
    return match is not None and int(match[1]) < 24 and int(match[2]) < 60 and int(match[3] or 0) < 60


def _micros(fraction: str | None) -> int:
    return int((fraction or "0").ljust(6, "0")[:6])


def _offset(text: str | None, zone: tzinfo) -> tzinfo:
    if text is None:
        return zone
    if text == "Z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "").ljust(4, "0")
    return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))


def _written_offset(moment: datetime) -> str:
    offset = moment.utcoffset() or timedelta()
    minutes = round(offset.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"

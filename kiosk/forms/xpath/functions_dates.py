"""Date and time functions (ODK XForms specification, "Date and Time Functions")."""

from collections.abc import Callable, Sequence
from datetime import datetime

from kiosk.forms.xpath import dates
from kiosk.forms.xpath.code import Code, as_number, as_string
from kiosk.forms.xpath.registry import function
from kiosk.forms.xpath.scope import Context
from kiosk.forms.xpath.values import NAN, number_from_string, to_string


@function("today", 0)
def _today(arguments: Sequence[Code]) -> Code:
    return Code("date", lambda context: dates.today(context.scope.now, context.scope.zone))


@function("now", 0)
def _now(arguments: Sequence[Code]) -> Code:
    return Code(
        "date", lambda context: dates.written_in_full(context.scope.now.astimezone(context.scope.zone))
    )


def _moment(code: Code) -> Callable[[Context], datetime | None]:
    """What a date argument means: text as a date or dateTime, a number as days since 1970 UTC."""
    run = code.run

    def read(context: Context) -> datetime | None:
        value = run(context)
        scope = context.scope
        if not isinstance(value, float):
            text = to_string(value)
            moment = dates.moment_of(text, scope.zone)
            if moment is not None:
                return moment.astimezone(scope.zone)
            if isinstance(value, str):
                return None
            # A node holds its number of days as text.
            value = number_from_string(text, scope)
        return dates.moment_of_days(value, scope.zone) if value == value else None

    return read


def _date(arguments: Sequence[Code]) -> Code:
    moment = _moment(arguments[0])

    def run(context: Context) -> str:
        found = moment(context)
        return "" if found is None else dates.written(found)

    return Code("date", run)


function("date", 1)(_date)
function("date-time", 1)(_date)


def _format(arguments: Sequence[Code]) -> Code:
    moment, pattern = _moment(arguments[0]), as_string(arguments[1])

    def run(context: Context) -> str:
        found = moment(context)
        if found is None:
            return ""
        names = context.scope.month_names
        if names is None:
            return dates.formatted(found, pattern(context))
        months, weekdays = names()
        return dates.formatted(found, pattern(context), months, weekdays)

    return Code("string", run)


function("format-date", 2)(_format)
function("format-date-time", 2)(_format)


@function("decimal-date-time", 1)
def _decimal_date_time(arguments: Sequence[Code]) -> Code:
    if arguments[0].kind != "string":
        return Code("number", as_number(arguments[0]))
    text = as_string(arguments[0])

    def run(context: Context) -> float:
        days = dates.days_of(text(context), context.scope.zone)
        return NAN if days is None else days

    return Code("number", run)


@function("decimal-time", 1)
def _decimal_time(arguments: Sequence[Code]) -> Code:
    text = as_string(arguments[0])

    def run(context: Context) -> float:
        fraction = dates.fraction_of_day(text(context), context.scope.zone, context.scope.now)
        return NAN if fraction is None else fraction

    return Code("number", run)


@function("difference-in-months", 2)
def _difference_in_months(arguments: Sequence[Code]) -> Code:
    """Whole months from the first date to the second (a function of the Community Health Toolkit)."""
    earlier, later = _moment(arguments[0]), _moment(arguments[1])

    def run(context: Context) -> float:
        a, b = earlier(context), later(context)
        if a is None or b is None:
            return NAN
        months = (b.year - a.year) * 12 + b.month - a.month
        return float(months - 1 if b.day < a.day else months)

    return Code("number", run)


@function("add-date", 2, 6)
def _add_date(arguments: Sequence[Code]) -> Code:
    """A date moved by years, months, days, hours, minutes (a function of the Community Health Toolkit)."""
    start = _moment(arguments[0])
    amounts = [as_number(argument) for argument in arguments[1:]]

    def run(context: Context) -> str:
        moment = start(context)
        if moment is None:
            return ""
        by = [n if n == n else 0.0 for n in (amount(context) for amount in amounts)] + [0.0] * 5
        months = moment.year * 12 + moment.month - 1 + int(by[0]) * 12 + int(by[1])
        if not 12 <= months < 9999 * 12:
            return ""
        first = moment.replace(year=months // 12, month=months % 12 + 1, day=1)
        days = dates.days_of_moment(first) + moment.day - 1 + by[2] + by[3] / 24 + by[4] / 1440
        moved = dates.moment_of_days(days, context.scope.zone)
        return "" if moved is None else dates.written(moved)

    return Code("date", run)

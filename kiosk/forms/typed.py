"""Values and their types (ODK XForms specification, "Data Types")."""

import re
from datetime import datetime, tzinfo

from kiosk.forms.xpath import Scope
from kiosk.forms.xpath.dates import is_date, moment_of
from kiosk.forms.xpath.functions_geo import points_of
from kiosk.forms.xpath.values import number_from_string, string_from_number

_INTEGER = re.compile(r"[+-]?\d{1,10}\Z", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})\Z", re.ASCII)
_OFFSET = r"(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)"
_CLOCK = rf"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{{1,9}})?)?{_OFFSET}?"
_TIME = re.compile(rf"{_CLOCK}\Z", re.ASCII)
_MOMENT = re.compile(rf"(\d{{4}}-\d\d-\d\d)T{_CLOCK}\Z", re.ASCII)
_LEADING_DATE = re.compile(r"(\d{4}-\d\d-\d\d)T", re.ASCII)
SMALLEST, LARGEST = -(2**31), 2**31 - 1


def coerced(text: str, type_: str, scope: Scope) -> str:
    """What an expression's result or a form's default becomes in a node of a type: whole for int, blank
    for what is no number, a date without its time, positions in decimals."""
    if text in ("", "NaN"):
        return ""
    match type_:
        case "int" | "decimal":
            number = number_from_string(text, scope)
            if number != number or number in (float("inf"), float("-inf")):
                return ""
            return string_from_number(float(int(number)) if type_ == "int" else number)
        case "date":
            match = _LEADING_DATE.match(text)
            if match and (text[-1] == "Z" or "+" in text or text.count("-") > 2):
                moment = moment_of(text, scope.zone)
                return _day(moment.astimezone(scope.zone)) if moment else ""
            day = match[1] if match else text
            return day if is_date(day) else ""
        case "dateTime":
            return text if _MOMENT.match(text) else ""
        case "geopoint" | "geotrace" | "geoshape":
            return positions(text)
    return text


def _day(moment: datetime) -> str:
    return f"{moment.year:04d}-{moment.month:02d}-{moment.day:02d}"


def positions(text: str) -> str:
    """Positions as JavaRosa writes them: ``lat lon alt acc``, each a decimal, joined by ``;``."""
    if points_of(text) is None:
        return text
    parts: list[str] = []
    for part in text.split(";"):
        numbers = [float(word) for word in part.split()]
        if numbers:
            parts.append(" ".join(decimal(number) for number in numbers))
    return ";".join(parts)


def decimal(number: float) -> str:
    """A number that shows that it may have decimals: ``4.0``."""
    text = string_from_number(number)
    return text if "." in text else f"{text}.0"


def recorded(text: str, type_: str) -> str:
    """A value as a record holds it: ODK clients write a decimal with a point, ``4.0``, that their
    expressions read without, ``4``."""
    return f"{text}.0" if type_ == "decimal" and text.removeprefix("-").isdecimal() else text


def fits(text: str, type_: str, zone: tzinfo) -> bool:
    """Whether a given answer is of the type; blank fits every type."""
    if text == "":
        return True
    match type_:
        case "int":
            return _INTEGER.match(text) is not None and SMALLEST <= int(text) <= LARGEST
        case "decimal":
            return _DECIMAL.match(text) is not None
        case "date":
            return is_date(text)
        case "time":
            return _TIME.match(text) is not None
        case "dateTime":
            match = _MOMENT.match(text)
            return match is not None and is_date(match[1])
        case "boolean":
            return text in ("true", "false", "1", "0")
        case "geopoint":
            points = points_of(text)
            return points is not None and len(points) == 1
        case "geotrace":
            points = points_of(text)
            return points is not None and len(points) >= 2
        case "geoshape":
            points = points_of(text)
            return points is not None and len(points) >= 4 and points[0] == points[-1]
    return True

"""Values and their types (ODK XForms specification, "Data Types")."""

import re
from datetime import tzinfo

from kiosk.forms.xpath import Scope
from kiosk.forms.xpath.dates import is_date, is_time, moment_of
from kiosk.forms.xpath.functions_geo import points_of
from kiosk.forms.xpath.values import number_from_string, string_from_number

_INTEGER = re.compile(r"[+-]?\d{1,18}\Z", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})\Z", re.ASCII)


def coerced(text: str, type_: str, scope: Scope) -> str:
    """What an expression's result becomes in a node of a type: whole for int, blank for no number."""
    if type_ == "string" or text == "":
        return text
    if type_ in ("int", "decimal"):
        number = number_from_string(text, scope)
        if number != number or number in (float("inf"), float("-inf")):
            return ""
        return string_from_number(float(int(number))) if type_ == "int" else string_from_number(number)
    if type_ == "date":
        moment = moment_of(text, scope.zone)
        if moment is not None:
            local = moment.astimezone(scope.zone)
            return f"{local.year:04d}-{local.month:02d}-{local.day:02d}"
    return text


def fits(text: str, type_: str, zone: tzinfo) -> bool:
    """Whether a given answer is of the type; blank fits every type."""
    if text == "":
        return True
    match type_:
        case "int":
            return _INTEGER.match(text) is not None
        case "decimal":
            return _DECIMAL.match(text) is not None
        case "date":
            return is_date(text)
        case "time":
            return is_time(text)
        case "dateTime":
            return "T" in text and moment_of(text, zone) is not None
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

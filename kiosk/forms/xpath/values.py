"""Conversions between XPath's four types (XPath 1.0 section 3.2 and 4), with ODK's dates.

A date is a string here, as the ODK XForms specification has it: it becomes a number (days since
1970-01-01T00:00Z, local midnight for a date without a time) only where a number is asked for.
"""

import math
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TypeAlias

from kiosk.forms.xpath.dates import days_of
from kiosk.forms.xpath.nodes import Node
from kiosk.forms.xpath.scope import Scope

Value: TypeAlias = float | str | bool | list[Node]

_NUMBER = re.compile(r"[ \t\r\n]*(-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)[ \t\r\n]*\Z", re.ASCII)
NAN = math.nan


def number_from_string(text: str, scope: Scope) -> float:
    """XPath 1.0 section 4.4 ``number``; dates and dateTimes as the ODK specification extends it."""
    if text.isdecimal() and text.isascii():
        return float(text)
    match = _NUMBER.match(text)
    if match:
        return float(match[1])
    if len(text) >= 8:
        days = days_of(text, scope.zone)
        if days is not None:
            return days
    if text == "Infinity":
        return math.inf
    if text == "-Infinity":
        return -math.inf
    return NAN


def string_from_number(number: float) -> str:
    """XPath 1.0 section 4.2: no exponent, no ``.0``; ``NaN``, ``Infinity``, ``-Infinity``; -0 is ``0``."""
    if number == number and abs(number) < 1e15 and number == int(number):
        return str(int(number))
    if number != number:
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    text = repr(number)
    if "e" in text:
        text = format(Decimal(text), "f")
        if "." in text:
            text = text.rstrip("0").rstrip(".")
    return text.removesuffix(".0")


def to_string(value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return value[0].value() if value else ""
    return string_from_number(value)


def to_number(value: Value, scope: Scope) -> float:
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, float):
        return value
    if isinstance(value, list):
        return number_from_string(value[0].value(), scope) if value else NAN
    return number_from_string(value, scope)


def to_boolean(value: Value) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return value == value and value != 0
    return bool(value)


def equal(left: Value, right: Value, scope: Scope, *, negated: bool) -> bool:
    """``=`` and ``!=`` (XPath 1.0 section 3.4)."""
    if isinstance(left, list):
        if isinstance(right, list):
            return _any_pair(left, right, negated)
        return _any_equal(left, right, scope, negated)
    if isinstance(right, list):
        return _any_equal(right, left, scope, negated)
    if isinstance(left, bool) or isinstance(right, bool):
        same = to_boolean(left) == to_boolean(right)
    elif isinstance(left, float) or isinstance(right, float):
        same = to_number(left, scope) == to_number(right, scope)
    else:
        same = left == right
    return same is not negated


def _any_pair(left: Sequence[Node], right: Sequence[Node], negated: bool) -> bool:
    rights = {node.value() for node in right}
    if not negated:
        return any(node.value() in rights for node in left)
    return any(len(rights) > 1 or node.value() not in rights for node in left) if rights else False


def _any_equal(nodes: list[Node], other: float | str | bool, scope: Scope, negated: bool) -> bool:
    if isinstance(other, bool):
        return (bool(nodes) == other) is not negated
    if isinstance(other, float):
        if negated:
            return any(number_from_string(node.value(), scope) != other for node in nodes)
        return any(number_from_string(node.value(), scope) == other for node in nodes)
    if negated:
        return any(node.value() != other for node in nodes)
    return any(node.value() == other for node in nodes)


def numbers_of(value: Value, scope: Scope) -> list[float]:
    """The operands of an order relation: one number for each node of a node-set."""
    if isinstance(value, list):
        return [number_from_string(node.value(), scope) for node in value]
    return [to_number(value, scope)]

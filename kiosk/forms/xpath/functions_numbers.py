"""Number functions (XPath 1.0 section 4.4; ODK XForms specification, "Number Functions")."""

import math
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from kiosk.forms.xpath.code import Code, as_nodes, as_number, as_string
from kiosk.forms.xpath.dates import is_moment
from kiosk.forms.xpath.registry import function, plain
from kiosk.forms.xpath.scope import Context
from kiosk.forms.xpath.values import NAN, number_from_string, string_from_number, to_number


def _whole(number: float) -> float:
    return number if number != number or math.isinf(number) else float(math.trunc(number))


def rounded(number: float, decimals: float = 0.0) -> float:
    """Half away from zero, as ODK Web Forms rounds (XPath 1.0 rounds half up)."""
    if decimals != decimals:
        return NAN
    if number != number or math.isinf(number):
        return number
    places = int(max(-400.0, min(400.0, decimals)))
    if places > 300:
        return number
    try:
        quantum = Decimal(1).scaleb(-places)
        steps = (Decimal(repr(number)) / quantum).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        return float(steps * quantum)
    except InvalidOperation:
        return number


def _pow(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.inf if base > 0 or exponent % 2 == 0 else -math.inf
    except ValueError:
        return math.inf if base == 0 else NAN


def _safe(body: Callable[..., float]) -> Callable[..., float]:
    def guarded(*numbers: float) -> float:
        try:
            return body(*numbers)
        except OverflowError:
            return math.inf
        except ValueError:
            return NAN

    return guarded


def _log(body: Callable[[float], float]) -> Callable[[float], float]:
    return lambda number: -math.inf if number == 0 else body(number)


def _integral(body: Callable[[float], int]) -> Callable[[float], float]:
    return lambda number: number if number != number or math.isinf(number) else float(body(number))


def _ceiling(number: float) -> float:
    if number != number or math.isinf(number):
        return number
    return math.copysign(float(math.ceil(number)), number)


plain("int", "n", "number", _whole)
plain("round", "n?n", "number", rounded)
plain("floor", "n", "number", _integral(math.floor))
plain("ceiling", "n", "number", _ceiling)
plain("pow", "nn", "number", _pow)
plain("abs", "n", "number", abs)
plain("pi", "", "number", lambda: math.pi)
plain("log", "n", "number", _log(_safe(math.log)))
plain("log10", "n", "number", _log(_safe(math.log10)))
plain("exp", "n", "number", _safe(math.exp))
plain("exp10", "n", "number", lambda number: _pow(10.0, number))
plain("sqrt", "n", "number", _safe(math.sqrt))
plain("atan2", "nn", "number", _safe(math.atan2))
for _name, _body in (
    ("sin", math.sin),
    ("cos", math.cos),
    ("tan", math.tan),
    ("asin", math.asin),
    ("acos", math.acos),
    ("atan", math.atan),
):
    plain(_name, "n", "number", _safe(_body))


@function("number", 0, 1)
def _number(arguments: Sequence[Code]) -> Code:
    if not arguments:
        return Code("number", lambda context: number_from_string(context.node.value(), context.scope))
    number = as_number(arguments[0])
    if arguments[0].kind in ("number", "boolean"):
        return Code("number", number)
    text = as_string(arguments[0])

    def written(context: Context) -> str:
        """A date is a number of days with a part of a day, but is written in whole days (as both ODK
        engines write it)."""
        value = number(context)
        return string_from_number(float(math.floor(value)) if is_moment(text(context)) else value)

    return Code("number", number, text=written)


@function("random", 0)
def _random(arguments: Sequence[Code]) -> Code:
    return Code("number", lambda context: context.scope.random.random())


@function("sum", 1)
def _sum(arguments: Sequence[Code]) -> Code:
    """A blank among the nodes makes the sum NaN (XPath 1.0); the lint warns an author of it."""
    if arguments[0].kind != "nodes":
        return Code("number", as_number(arguments[0]))
    nodes = as_nodes(arguments[0], "sum()")
    return Code(
        "number",
        lambda context: float(
            sum([number_from_string(n.text or n.value(), context.scope) for n in nodes(context)])
        ),
    )


def _extreme(choose: Callable[[list[float]], float]) -> Callable[[Sequence[Code]], Code]:
    def build(arguments: Sequence[Code]) -> Code:
        runs = [argument.run for argument in arguments]

        def run(context: Context) -> float:
            numbers: list[float] = []
            for each in runs:
                value = each(context)
                if isinstance(value, list):
                    numbers += [number_from_string(node.value(), context.scope) for node in value]
                else:
                    numbers.append(to_number(value, context.scope))
            if not numbers or any(number != number for number in numbers):
                return NAN
            return choose(numbers)

        return Code("number", run)

    return build


function("max", 1, None)(_extreme(max))
function("min", 1, None)(_extreme(min))

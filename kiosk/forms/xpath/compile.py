"""From the tree of an expression to closures, once."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from kiosk.forms.xpath import functions, grammar
from kiosk.forms.xpath.code import Code, as_boolean, as_nodes, as_number, as_string, constant, refusing
from kiosk.forms.xpath.dates import days_of
from kiosk.forms.xpath.fault import XPathError
from kiosk.forms.xpath.nodes import Node, in_document_order
from kiosk.forms.xpath.paths import compile_filter, compile_path
from kiosk.forms.xpath.scope import Context, Scope
from kiosk.forms.xpath.values import NAN, Value, equal, number_from_string, numbers_of


@dataclass(frozen=True, slots=True)
class Compiled:
    """An expression ready to run. Each reading takes the node that it is about and the scope.

    One that cannot be worked out (a position that is none, a pattern that cannot be read) raises
    XPathError, or, where the scope listens for that, tells it and reads as nothing.
    """

    source: str
    tree: grammar.Expression
    code: Code
    faults: tuple[str, ...]
    _string: Callable[[Context], str]
    _boolean: Callable[[Context], bool]
    _number: Callable[[Context], float]

    def value(self, node: Node, scope: Scope) -> Value:
        """The value of whatever type; always raises XPathError where it cannot be worked out."""
        return self.code.run(Context(node, scope))

    def string(self, node: Node, scope: Scope) -> str:
        try:
            return self._string(Context(node, scope))
        except XPathError as fault:
            scope.tell(fault)
            return ""

    def boolean(self, node: Node, scope: Scope) -> bool:
        try:
            return self._boolean(Context(node, scope))
        except XPathError as fault:
            scope.tell(fault)
            return False

    def number(self, node: Node, scope: Scope) -> float:
        try:
            return self._number(Context(node, scope))
        except XPathError as fault:
            scope.tell(fault)
            return NAN

    def nodes(self, node: Node, scope: Scope, current: Node | None = None) -> list[Node]:
        """The node-set; ``current`` is what ``current()`` means where that is not ``node``."""
        context = Context(node, scope)
        if current is not None:
            context.current = current
        try:
            value = self.code.run(context)
            if not isinstance(value, list):
                raise XPathError(f"{self.source!r} is no path to nodes")
        except XPathError as fault:
            scope.tell(fault)
            return []
        return value


@lru_cache(maxsize=8192)
def compile_expression(source: str) -> Compiled:
    """Raises XPathError for what cannot be read."""
    tree = grammar.parse(source)
    compiler = Compiler()
    code = compiler.code(tree)
    return Compiled(
        source, tree, code, tuple(compiler.faults), as_string(code), as_boolean(code), as_number(code)
    )


class Compiler:
    """Compiles a tree. A call that cannot work goes to ``faults`` and fails only if it is reached:
    XPath 1.0 section 3.4 leaves the right side of ``and`` and ``or`` alone once the left decides."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def code(self, expression: grammar.Expression) -> Code:
        match expression:
            case grammar.Number(value) | grammar.Literal(value):
                return constant(value)
            case grammar.Negation(operand):
                return _negation(self.code(operand))
            case grammar.Chain():
                return self._chain(expression)
            case grammar.Call(name, arguments):
                codes = [self.code(each) for each in _with_path(name, arguments)]
                try:
                    return functions.compile_call(name, codes)
                except XPathError as fault:
                    self.faults.append(str(fault))
                    return refusing(str(fault))
            case grammar.Filter():
                return compile_filter(expression, self.code)
            case grammar.Path():
                return compile_path(expression, self.code)

    def _chain(self, chain: grammar.Chain) -> Code:
        left = self.code(chain.first)
        operator = chain.rest[0][0]
        if operator in ("or", "and"):
            return _connected(operator, [left, *(self.code(each) for _, each in chain.rest)])
        if operator == "|":
            return _union([left, *(self.code(each) for _, each in chain.rest)])
        for operator, expression in chain.rest:
            right = self.code(expression)
            if operator in ("=", "!="):
                left = _equality(left, right, negated=operator == "!=")
            elif operator in ("<", "<=", ">", ">="):
                left = _order(operator, left, right)
            else:
                left = _arithmetic(operator, left, right)
        return left


def _with_path(name: str, arguments: tuple[grammar.Expression, ...]) -> tuple[grammar.Expression, ...]:
    """``jr:choice-name(value, path)``: the path may come as text, as ODK's documentation writes it."""
    match name, arguments:
        case "jr:choice-name", (value, grammar.Literal(path)):
            return (value, grammar.parse(path))
    return arguments


def _negation(operand: Code) -> Code:
    number = as_number(operand)
    if operand.constant is not None and operand.kind == "number":
        return constant(-float(operand.constant))  # type: ignore[arg-type]
    return Code("number", lambda context: -number(context))


def _connected(operator: str, operands: list[Code]) -> Code:
    tests = tuple(as_boolean(each) for each in operands)
    if len(tests) == 2:
        one, two = tests
        if operator == "or":
            return Code("boolean", lambda context: one(context) or two(context))
        return Code("boolean", lambda context: one(context) and two(context))

    def any_of(context: Context) -> bool:
        for test in tests:  # noqa: SIM110 - a generator costs a frame on the hottest path there is
            if test(context):
                return True
        return False

    def all_of(context: Context) -> bool:
        for test in tests:  # noqa: SIM110 - as above
            if not test(context):
                return False
        return True

    return Code("boolean", any_of if operator == "or" else all_of)


def _union(operands: list[Code]) -> Code:
    parts = [as_nodes(each, "|") for each in operands]
    return Code("nodes", lambda context: in_document_order([n for part in parts for n in part(context)]))


def _equality(left: Code, right: Code, *, negated: bool) -> Code:
    texts = ("string", "date")
    if left.kind in texts and right.kind in texts:
        one, two = as_string(left), as_string(right)
        if "date" not in (left.kind, right.kind):
            return Code("boolean", lambda context: (one(context) == two(context)) is not negated)
        return Code(
            "boolean", lambda context: _same_moment(one(context), two(context), context.scope) is not negated
        )
    for own, other in ((left, right), (right, left)):
        if own.kind == "nodes" and own.first is not None and isinstance(other.constant, str):
            return _node_equals_text(own, other.constant, negated=negated)
        if own.kind == "nodes" and own.first is not None and type(other.constant) is float:
            return _node_equals_number(own, other.constant, negated=negated)
    a, b = left.run, right.run
    if left.kind == "number" and right.kind == "number":
        return Code("boolean", lambda context: (a(context) == b(context)) is not negated)
    return Code("boolean", lambda context: equal(a(context), b(context), context.scope, negated=negated))


def _node_equals_text(nodes: Code, text: str, *, negated: bool) -> Code:
    run = as_nodes(nodes, "=")

    def test(context: Context) -> bool:
        for node in run(context):
            if ((node.value() if node.children else node.text) == text) is not negated:
                return True
        return False

    return Code("boolean", test)


def _node_equals_number(nodes: Code, number: float, *, negated: bool) -> Code:
    run = as_nodes(nodes, "=")

    def test(context: Context) -> bool:
        for node in run(context):
            text = node.value() if node.children else node.text
            if (number_from_string(text, context.scope) == number) is not negated:
                return True
        return False

    return Code("boolean", test)


def _same_moment(left: str, right: str, scope: Scope) -> bool:
    if left == right:
        return True
    one, two = days_of(left, scope.zone), days_of(right, scope.zone)
    return one is not None and one == two


_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _order(operator: str, left: Code, right: Code) -> Code:
    compare = _COMPARE[operator]
    scalars = ("number", "string", "date", "boolean")
    if left.kind in scalars and right.kind in scalars:
        one, two = as_number(left), as_number(right)
        return Code("boolean", lambda context: compare(one(context), two(context)))
    a, b = left.run, right.run

    def test(context: Context) -> bool:
        lefts, rights = a(context), b(context)
        # ODK Web Forms compares a boolean with each node's number, where XPath 1.0 section 3.4 would
        # make one boolean of the node-set.
        scope = context.scope
        others = numbers_of(rights, scope)
        return any(compare(x, y) for x in numbers_of(lefts, scope) for y in others)

    return Code("boolean", test)


def _arithmetic(operator: str, left: Code, right: Code) -> Code:
    one, two = as_number(left), as_number(right)
    match operator:
        case "+":
            return Code("number", lambda context: one(context) + two(context))
        case "-":
            return Code("number", lambda context: one(context) - two(context))
        case "*":
            return Code("number", lambda context: one(context) * two(context))
        case "div":
            return Code("number", lambda context: _divided(one(context), two(context)))
        case "mod":
            return Code("number", lambda context: _remainder(one(context), two(context)))
    raise XPathError(f"no operator {operator!r}")


def _divided(dividend: float, divisor: float) -> float:
    if divisor == 0:
        if dividend == 0 or dividend != dividend:
            return NAN
        return math.copysign(math.inf, dividend) * math.copysign(1.0, divisor)
    return dividend / divisor


def _remainder(dividend: float, divisor: float) -> float:
    """XPath 1.0 section 3.5: truncating, as ``%`` of Java and ECMAScript; Python's differs."""
    if divisor == 0 or math.isinf(dividend):
        return NAN
    return math.fmod(dividend, divisor)

"""The grammar of XPath 1.0, read into a tree by precedence climbing."""

from dataclasses import dataclass
from typing import TypeAlias

from kiosk.forms.xpath.fault import XPathError
from kiosk.forms.xpath.lexer import Kind, Token, tokens

DEEPEST = 120
"""Nested deeper than this, an expression is refused rather than overflowing the stack."""

LONGEST = 200_000


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class Literal:
    value: str


@dataclass(frozen=True, slots=True)
class Negation:
    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Chain:
    """Operands of one level of precedence, from left to right: ``first (operator operand)*``."""

    first: "Expression"
    rest: tuple[tuple[str, "Expression"], ...]


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Step:
    """``test`` is a name, ``*``, ``prefix:*``, or ``node()``, ``text()``, ``comment()``,
    ``processing-instruction()``, the last with its ``target``."""

    axis: str
    test: str
    target: str | None
    predicates: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """An expression with predicates of its own: ``instance('x')[1]``."""

    operand: "Expression"
    predicates: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Path:
    """``start`` None: from the context node, or from the root when ``absolute``."""

    absolute: bool
    start: "Expression | None"
    steps: tuple[Step, ...]


Expression: TypeAlias = Number | Literal | Negation | Chain | Call | Filter | Path

AXES = frozenset(
    {
        "ancestor",
        "ancestor-or-self",
        "attribute",
        "child",
        "descendant",
        "descendant-or-self",
        "following",
        "following-sibling",
        "namespace",
        "parent",
        "preceding",
        "preceding-sibling",
        "self",
    }
)
NODE_TYPES = frozenset({"node", "text", "comment", "processing-instruction"})
_ANY_BELOW = Step("descendant-or-self", "node()", None, ())
_LEVELS = {
    "or": 1,
    "and": 2,
    "=": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "div": 6,
    "mod": 6,
    "|": 8,
}
_UNARY = 7


def parse(source: str) -> Expression:
    """The tree of an expression; raises XPathError with a sentence for an author."""
    if len(source) > LONGEST:
        raise XPathError(f"an expression of {len(source)} characters is too long")
    if not source.strip():
        raise XPathError("an empty expression")
    return _Reader(source).whole()


class _Reader:
    def __init__(self, source: str) -> None:
        self._source = source
        self._tokens = tokens(source)
        self._at = 0
        self._depth = 0

    def whole(self) -> Expression:
        expression = self._expression(1)
        if self._peek.kind is not Kind.END:
            raise self._unexpected()
        return expression

    @property
    def _peek(self) -> Token:
        return self._tokens[self._at]

    def _next(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _symbol(self, text: str) -> bool:
        token = self._tokens[self._at]
        if token.kind is Kind.SYMBOL and token.text == text:
            self._at += 1
            return True
        return False

    def _expect(self, text: str) -> None:
        if not self._symbol(text):
            raise self._unexpected(f"{text!r} was expected")

    def _unexpected(self, instead: str = "") -> XPathError:
        token = self._peek
        what = "the expression ends too early" if token.kind is Kind.END else f"unexpected {token.text!r}"
        where = f" at character {token.at + 1}"
        return XPathError(what + where + (f", {instead}" if instead else "") + f" of {self._source!r}")

    def _expression(self, lowest: int) -> Expression:
        self._depth += 1
        if self._depth > DEEPEST:
            raise XPathError(f"an expression nested more than {DEEPEST} deep")
        left = self._unary(lowest)
        while True:
            token = self._peek
            if token.kind is not Kind.OPERATOR:
                break
            level = _LEVELS[token.text]
            if level < lowest:
                break
            rest: list[tuple[str, Expression]] = []
            while (operator := self._peek).kind is Kind.OPERATOR and _LEVELS[operator.text] == level:
                self._at += 1
                rest.append((operator.text, self._expression(level + 1)))
            left = Chain(left, tuple(rest))
        self._depth -= 1
        return left

    def _unary(self, lowest: int) -> Expression:
        negations = 0
        while self._peek.kind is Kind.OPERATOR and self._peek.text == "-":
            self._at += 1
            negations += 1
        if not negations:
            return self._path()
        operand = self._expression(_UNARY)
        return Negation(operand) if negations % 2 else Negation(Negation(operand))

    def _path(self) -> Expression:
        token = self._peek
        if token.kind is Kind.NUMBER:
            self._at += 1
            return self._filtered(Number(float(token.text)))
        if token.kind is Kind.LITERAL:
            self._at += 1
            return self._filtered(Literal(token.text))
        if token.kind is Kind.SYMBOL:
            if token.text == "(":
                self._at += 1
                inner = self._expression(1)
                self._expect(")")
                return self._filtered(inner, grouped=True)
            if token.text == "/":
                self._at += 1
                return Path(True, None, self._steps() if self._starts_step() else ())
            if token.text == "//":
                self._at += 1
                return Path(True, None, (_ANY_BELOW, *self._steps()))
            if token.text == "$":
                raise XPathError(f"variables are not part of ODK XForms: {self._source!r}")
        if token.kind is Kind.NAME and self._is_call():
            return self._filtered(self._call())
        if not self._starts_step():
            raise self._unexpected()
        return Path(False, None, self._steps())

    def _filtered(self, operand: Expression, *, grouped: bool = False) -> Expression:
        predicates = self._predicates()
        if predicates:
            operand = Filter(operand, predicates)
        steps: tuple[Step, ...] = ()
        if self._symbol("/"):
            steps = self._steps()
        elif self._symbol("//"):
            steps = (_ANY_BELOW, *self._steps())
        if not steps:
            # A grouped chain stays one operand: `(1 - 2) - 3` and `1 - (2 - 3)` differ.
            return operand
        if isinstance(operand, Number | Literal):
            raise self._unexpected("a number or a text has no nodes below it")
        return Path(False, operand, steps)

    def _is_call(self) -> bool:
        following = self._tokens[self._at + 1]
        return following.kind is Kind.SYMBOL and following.text == "(" and self._peek.text not in NODE_TYPES

    def _call(self) -> Call:
        name = self._next().text
        self._expect("(")
        arguments: list[Expression] = []
        if not self._symbol(")"):
            arguments.append(self._expression(1))
            while self._symbol(","):
                arguments.append(self._expression(1))
            self._expect(")")
        return Call(name, tuple(arguments))

    def _starts_step(self) -> bool:
        token = self._peek
        if token.kind is Kind.NAME:
            return True
        return token.kind is Kind.SYMBOL and token.text in (".", "..", "@", "*")

    def _steps(self) -> tuple[Step, ...]:
        steps = [self._step()]
        while True:
            if self._symbol("/"):
                # A step may be a bracketed predicate alone in the wild (`item/[name = 1]`): it
                # belongs to the step before it.
                if self._peek.kind is Kind.SYMBOL and self._peek.text == "[":
                    last = steps.pop()
                    more = self._predicates()
                    steps.append(Step(last.axis, last.test, last.target, last.predicates + more))
                    continue
                steps.append(self._step())
            elif self._symbol("//"):
                steps += (_ANY_BELOW, self._step())
            else:
                return tuple(steps)

    def _step(self) -> Step:
        if self._symbol("."):
            return Step("self", "node()", None, self._predicates())
        if self._symbol(".."):
            return Step("parent", "node()", None, self._predicates())
        axis = "child"
        if self._symbol("@"):
            axis = "attribute"
        else:
            token, following = self._peek, self._tokens[min(self._at + 1, len(self._tokens) - 1)]
            if token.kind is Kind.NAME and following.kind is Kind.SYMBOL and following.text == "::":
                if token.text not in AXES:
                    raise XPathError(f"no axis {token.text!r} in {self._source!r}")
                axis = token.text
                self._at += 2
        test, target = self._node_test()
        return Step(axis, test, target, self._predicates())

    def _node_test(self) -> tuple[str, str | None]:
        if self._symbol("*"):
            return "*", None
        if self._peek.kind is not Kind.NAME:
            raise self._unexpected()
        name = self._next().text
        if name in NODE_TYPES and self._symbol("("):
            target = None
            if name == "processing-instruction" and self._peek.kind is Kind.LITERAL:
                target = self._next().text
            self._expect(")")
            return f"{name}()", target
        return name, None

    def _predicates(self) -> tuple[Expression, ...]:
        predicates: list[Expression] = []
        while self._symbol("["):
            predicates.append(self._expression(1))
            self._expect("]")
        return tuple(predicates)

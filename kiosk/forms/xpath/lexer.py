"""Tokens of XPath 1.0 (section 3.7), read the way forms in the wild need it.

Lenient where real forms are: a number may touch the operator that follows it (``1and 1``,
``1 div1``), blanks may stand anywhere in a path.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from kiosk.forms.xpath.fault import XPathError


class Kind(StrEnum):
    NUMBER = "number"
    LITERAL = "literal"
    NAME = "name"
    OPERATOR = "operator"
    SYMBOL = "symbol"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str
    at: int


_NAME = r"[^\W\d][\w.\-·]*"
_SCANNER = re.compile(
    rf"""(?P<blank>\s+)
    |(?P<number>\d+(?:\.\d*)?|\.\d+)
    |(?P<literal>"[^"]*"|'[^']*')
    |(?P<name>{_NAME}(?:\s*:(?!:)\s*(?:{_NAME}|\*))?)
    |(?P<symbol>::|\.\.|//|!=|<=|>=|[()\[\].@,/|+\-=<>*$])
    """,
    re.VERBOSE,
)
_NAMED_OPERATOR = re.compile(r"(?:and|or|mod|div)(?![\w.\-])")
# `1 div1`: after an operand a name can only be an operator, so one that runs into a number is split.
_TOUCHING_OPERATOR = re.compile(r"(?:and|or|mod|div)(?=\d)")
_OPERATORS = frozenset({"|", "+", "-", "=", "!=", "<", "<=", ">", ">="})
_BEFORE_OPERAND = frozenset({"@", "::", "(", "[", ",", "/", "//", "$"})


def tokens(source: str) -> list[Token]:
    """The tokens of ``source``, closed by one of kind END; raises XPathError at what is no token."""
    found: list[Token] = []
    at = 0
    end = len(source)
    scan = _SCANNER.match
    while at < end:
        if _after_operand(found):
            operator = _NAMED_OPERATOR.match(source, at) or _TOUCHING_OPERATOR.match(source, at)
            if operator:
                found.append(Token(Kind.OPERATOR, operator.group(), at))
                at = operator.end()
                continue
        match = scan(source, at)
        if match is None:
            raise XPathError(f"unexpected {source[at]!r} at character {at + 1} of {source!r}")
        group = match.lastgroup
        text = match.group()
        if group == "number":
            found.append(Token(Kind.NUMBER, text, at))
        elif group == "literal":
            found.append(Token(Kind.LITERAL, text[1:-1], at))
        elif group == "name":
            found.append(Token(Kind.NAME, "".join(text.split()) if ":" in text else text, at))
        elif group == "symbol":
            operator_here = text in _OPERATORS or (text == "*" and _after_operand(found))
            found.append(Token(Kind.OPERATOR if operator_here else Kind.SYMBOL, text, at))
        at = match.end()
    found.append(Token(Kind.END, "", end))
    return found


def _after_operand(found: list[Token]) -> bool:
    """XPath 1.0 section 3.7: whether a name or ``*`` here has to be an operator."""
    if not found:
        return False
    last = found[-1]
    if last.kind is Kind.OPERATOR:
        return False
    return not (last.kind is Kind.SYMBOL and last.text in _BEFORE_OPERAND)

"""Tokens of XPath 1.0 (section 3.7), read the way forms in the wild need it.

Lenient where real forms are: a number may touch the operator that follows it (``1and 1``,
``1 div1``), blanks may stand anywhere in a path.
"""

import re
from enum import StrEnum
from typing import NamedTuple

from kiosk.forms.xpath.fault import XPathError


class Kind(StrEnum):
    NUMBER = "number"
    LITERAL = "literal"
    NAME = "name"
    PATH = "path"
    """A whole path of names, ``/data/a`` or ``../a/b``: nine tenths of what forms write."""
    OPERATOR = "operator"
    SYMBOL = "symbol"
    END = "end"


class Token(NamedTuple):
    kind: Kind
    text: str
    at: int


_NAME = r"[^\W\d][\w.\-·]*+"
_SCANNER = re.compile(
    rf"""(?P<blank>\s+)
    |(?P<path>(?:(?:\.\.?/)++|/){_NAME}(?:/{_NAME})*+(?!\s*[(\[/:]))
    |(?P<number>\d+(?:\.\d*)?|\.\d+)
    |(?P<literal>"[^"]*"|'[^']*')
    |(?P<name>{_NAME}(?:\s*:(?!:)\s*(?:{_NAME}|\*))?)
    |(?P<symbol>::|\.\.|//|!=|<=|>=|[()\[\].@,/|+\-=<>*$])
    """,
    re.VERBOSE,
)
# After an operand a name can only be an operator; one that runs into a number is split: `1 div1`.
_NAMED_OPERATOR = re.compile(r"(?:and|or|mod|div)(?:(?![\w.\-])|(?=\d))")
_OPERATORS = frozenset({"|", "+", "-", "=", "!=", "<", "<=", ">", ">="})
_BEFORE_OPERAND = frozenset({"@", "::", "(", "[", ",", "/", "//", "$"})
_WITHIN_PATH = frozenset({"/", "//", "::", "@"})
_KINDS = {"number": Kind.NUMBER, "path": Kind.PATH}


def tokens(source: str) -> list[Token]:
    """The tokens of ``source``, closed by one of kind END; raises XPathError at what is no token."""
    found: list[Token] = []
    at = 0
    end = len(source)
    scan = _SCANNER.match
    # XPath 1.0 section 3.7: whether a name or `*` here has to be an operator.
    after_operand = False
    while at < end:
        if after_operand and source[at] in "aomd" and (operator := _NAMED_OPERATOR.match(source, at)):
            found.append(Token(Kind.OPERATOR, operator.group(), at))
            at = operator.end()
            after_operand = False
            continue
        match = scan(source, at)
        if match is None:
            raise XPathError(f"unexpected {source[at]!r} at character {at + 1} of {source!r}")
        group = match.lastgroup
        text = match.group()
        if group == "path" and (after_operand or (found and found[-1].text in _WITHIN_PATH)):
            # `(…)/a` and `x[…]/../a`: the path goes on from what was before it.
            text = ".." if text.startswith("..") else text[0]
            group = "symbol"
        if group == "symbol":
            operator_here = text in _OPERATORS or (text == "*" and after_operand)
            found.append(Token(Kind.OPERATOR if operator_here else Kind.SYMBOL, text, at))
            after_operand = not operator_here and text not in _BEFORE_OPERAND
        elif group == "literal":
            found.append(Token(Kind.LITERAL, text[1:-1], at))
            after_operand = True
        elif group == "name":
            found.append(Token(Kind.NAME, "".join(text.split()) if ":" in text else text, at))
            after_operand = True
        elif group != "blank":
            found.append(Token(_KINDS[group or ""], text, at))
            after_operand = True
        at = at + len(text) if group == "symbol" else match.end()
    found.append(Token(Kind.END, "", end))
    return found

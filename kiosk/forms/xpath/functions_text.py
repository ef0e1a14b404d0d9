"""String, boolean and select functions (ODK XForms specification, "XPath Functions")."""

import base64
import binascii
import hashlib
import re
import uuid
from collections.abc import Callable, Sequence

from kiosk.forms.xpath.code import Code, as_boolean, as_nodes, as_number, as_string
from kiosk.forms.xpath.fault import XPathError
from kiosk.forms.xpath.nodes import Node
from kiosk.forms.xpath.regexes import matches
from kiosk.forms.xpath.registry import function, plain
from kiosk.forms.xpath.scope import Context
from kiosk.forms.xpath.values import to_boolean, to_string

_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_WORD = re.compile(r"[^ \t\r\n]+")


def _texts(arguments: Sequence[Code]) -> Callable[[Context], list[str]]:
    """Every value of every argument: a node-set gives one for each node."""
    runs = [argument.run for argument in arguments]

    def gather(context: Context) -> list[str]:
        texts: list[str] = []
        for run in runs:
            value = run(context)
            if isinstance(value, list):
                texts += [node.value() for node in value]
            else:
                texts.append(to_string(value))
        return texts

    return gather


@function("string", 0, 1)
def _string(arguments: Sequence[Code]) -> Code:
    if not arguments:
        return Code("string", lambda context: context.node.value())
    return Code("string", as_string(arguments[0]))


@function("concat", 0, None)
def _concat(arguments: Sequence[Code]) -> Code:
    gather = _texts(arguments)
    return Code("string", lambda context: "".join(gather(context)))


@function("join", 1, None)
def _join(arguments: Sequence[Code]) -> Code:
    separator = as_string(arguments[0])
    gather = _texts(arguments[1:])
    return Code("string", lambda context: separator(context).join(gather(context)))


@function("string-length", 0, 1)
def _string_length(arguments: Sequence[Code]) -> Code:
    text = as_string(arguments[0]) if arguments else lambda context: context.node.value()
    return Code("number", lambda context: float(len(text(context))))


@function("normalize-space", 0, 1)
def _normalize_space(arguments: Sequence[Code]) -> Code:
    text = as_string(arguments[0]) if arguments else lambda context: context.node.value()
    return Code("string", lambda context: " ".join(_WORD.findall(text(context))))


def _substr(text: str, start: float, end: float | None = None) -> str:
    if start != start or (end is not None and end != end):
        return ""
    size = len(text)
    first = _whole(start, size)
    last = size if end is None else _whole(end, size)
    return text[first if first >= 0 else max(0, size + first) : last if last >= 0 else max(0, size + last)]


def _whole(number: float, limit: int) -> int:
    return int(max(-limit, min(limit, number)))


def _substring(text: str, start: float, length: float | None = None) -> str:
    """XPath 1.0 section 4.2, its odd cases included: positions from 1, rounded, never an error."""
    first = _rounded(start)
    last = None if length is None else first + _rounded(length)
    return "".join(letter for at, letter in enumerate(text, 1) if at >= first and (last is None or at < last))


def _rounded(number: float) -> float:
    if number != number or number in (float("inf"), float("-inf")):
        return number
    return float(int(number + 0.5)) if number >= -0.5 else -float(int(-number + 0.5))


def _translate(text: str, source: str, target: str) -> str:
    table: dict[int, str | None] = {}
    for at, letter in enumerate(source):
        table.setdefault(ord(letter), target[at] if at < len(target) else None)
    return text.translate(table)


def _before(text: str, mark: str) -> str:
    return text.partition(mark)[0] if mark and mark in text else ""


def _after(text: str, mark: str) -> str:
    if not mark:
        return text
    return text.partition(mark)[2]


plain("substr", "sn?n", "string", _substr)
plain("substring", "sn?n", "string", _substring)
plain("substring-before", "ss", "string", _before)
plain("substring-after", "ss", "string", _after)
plain("translate", "sss", "string", _translate)
plain("contains", "ss", "boolean", lambda text, part: part in text)
plain("starts-with", "ss", "boolean", lambda text, part: text.startswith(part))
plain("ends-with", "ss", "boolean", lambda text, part: text.endswith(part))
plain("regex", "ss", "boolean", matches)
plain("true", "", "boolean", lambda: True)
plain("false", "", "boolean", lambda: False)
plain("not", "b", "boolean", lambda value: not value)
plain("boolean", "b", "boolean", bool)
plain("boolean-from-string", "s", "boolean", lambda text: text.strip().lower() in ("true", "1"))


@function("uuid", 0, 1)
def _uuid(arguments: Sequence[Code]) -> Code:
    if not arguments:
        return Code(
            "string", lambda context: str(uuid.UUID(int=context.scope.random.getrandbits(128), version=4))
        )
    size = as_number(arguments[0])

    def run(context: Context) -> str:
        count = size(context)
        if not 0 < count < 10_000:
            return ""
        return "".join(context.scope.random.choice(_ALPHANUMERIC) for _ in range(int(count)))

    return Code("string", run)


def _digest(text: str, algorithm: str, encoding: str = "base64") -> str:
    name = algorithm.strip().lower().replace("-", "")
    if name not in ("md5", "sha1", "sha256", "sha384", "sha512"):
        raise XPathError(f"digest() knows no algorithm {algorithm!r}")
    if encoding.strip().lower() not in ("hex", "base64"):
        raise XPathError(f"digest() knows no encoding {encoding!r}")
    digest = hashlib.new(name, text.encode(), usedforsecurity=False)
    if encoding.strip().lower() == "hex":
        return digest.hexdigest()
    return base64.b64encode(digest.digest()).decode()


plain("digest", "ss?s", "string", _digest)


def _base64_decode(text: str) -> str:
    letters = "".join(text.split()).rstrip("=")
    try:
        return base64.b64decode(letters + "=" * (-len(letters) % 4), validate=True).decode(errors="replace")
    except (binascii.Error, ValueError):
        return ""


plain("base64-decode", "s", "string", _base64_decode)


@function("if", 3)
def _if(arguments: Sequence[Code]) -> Code:
    condition = as_boolean(arguments[0])
    yes, no = arguments[1], arguments[2]
    one, two = yes.run, no.run
    kind = yes.kind if yes.kind == no.kind else "any"
    return Code(kind, lambda context: one(context) if condition(context) else two(context))


@function("coalesce", 1, None)
def _coalesce(arguments: Sequence[Code]) -> Code:
    runs = [argument.run for argument in arguments]

    def run(context: Context) -> str:
        for each in runs:
            value = each(context)
            if isinstance(value, float) and value != value:
                continue
            text = to_string(value)
            if text:
                return text
        return ""

    return Code("string", run)


@function("once", 1)
def _once(arguments: Sequence[Code]) -> Code:
    calculate = arguments[0].run

    def run(context: Context) -> str:
        present = context.node.value()
        if present:
            return present
        value = calculate(context)
        return "" if isinstance(value, float) and value != value else to_string(value)

    return Code("string", run)


@function("checklist", 2, None)
def _checklist(arguments: Sequence[Code]) -> Code:
    least, most = as_number(arguments[0]), as_number(arguments[1])
    checks = [_ticks(argument) for argument in arguments[2:]]
    return Code(
        "boolean",
        lambda context: _between(sum(c(context) for c in checks), least(context), most(context)),
    )


@function("weighted-checklist", 2, None)
def _weighted_checklist(arguments: Sequence[Code]) -> Code:
    if len(arguments) % 2:
        raise XPathError("weighted-checklist() needs a weight for each value")
    least, most = as_number(arguments[0]), as_number(arguments[1])
    pairs = [
        (as_boolean_value(arguments[at]), as_number(arguments[at + 1])) for at in range(2, len(arguments), 2)
    ]
    return Code(
        "boolean",
        lambda context: _between(
            sum(weight(context) for ticked, weight in pairs if ticked(context)), least(context), most(context)
        ),
    )


def as_boolean_value(code: Code) -> Callable[[Context], bool]:
    """Whether a checklist counts a value: by what a node holds, not by its being there."""
    if code.kind != "nodes":
        return as_boolean(code)
    text = as_string(code)
    return lambda context: bool(text(context))


def _ticks(code: Code) -> Callable[[Context], float]:
    run = code.run

    def count(context: Context) -> float:
        value = run(context)
        if isinstance(value, list):
            return float(sum(1 for node in value if node.value()))
        return 1.0 if to_boolean(value) else 0.0

    return count


def _between(count: float, least: float, most: float) -> bool:
    return (least < 0 or count >= least) and (most < 0 or count <= most)


def _selected(chosen: str, value: str) -> bool:
    return value.strip() in (chosen.split() or [""])


def _selected_at(chosen: str, at: float) -> str:
    values = chosen.split()
    return values[int(at)] if at == at and 0 <= at < len(values) else ""


plain("selected", "ss", "boolean", _selected)
plain("is-selected", "ss", "boolean", _selected)
plain("selected-at", "sn", "string", _selected_at)
plain("count-selected", "s", "number", lambda chosen: float(len(chosen.split())))


@function("jr:itext", 1)
def _itext(arguments: Sequence[Code]) -> Code:
    key = as_string(arguments[0])
    return Code("any", lambda context: context.scope.itext(key(context)))


@function("jr:choice-name", 2)
def _choice_name(arguments: Sequence[Code]) -> Code:
    value = as_string(arguments[0])
    nodes = as_nodes(arguments[1], "jr:choice-name()")
    return Code("string", lambda context: _name_of(context, nodes(context), value(context)))


def _name_of(context: Context, nodes: list[Node], value: str) -> str:
    return context.scope.choice_name(nodes[0], value) if nodes else ""

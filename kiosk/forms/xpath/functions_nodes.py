"""Node-set and repeat functions (XPath 1.0 section 4.1; ODK XForms specification, "Node-set Functions")."""

import hashlib
import math
import random
from collections.abc import Sequence

from kiosk.forms.xpath.code import Code, as_nodes, as_number, as_string, first_of
from kiosk.forms.xpath.fault import XPathError
from kiosk.forms.xpath.nodes import Node, Type
from kiosk.forms.xpath.registry import function
from kiosk.forms.xpath.scope import Context

_MODULUS = 2_147_483_647


@function("count", 1)
def _count(arguments: Sequence[Code]) -> Code:
    nodes = as_nodes(arguments[0], "count()")
    return Code("number", lambda context: float(len(nodes(context))))


@function("count-non-empty", 1)
def _count_non_empty(arguments: Sequence[Code]) -> Code:
    nodes = as_nodes(arguments[0], "count-non-empty()")
    return Code("number", lambda context: float(sum(1 for node in nodes(context) if _is_filled(node))))


def _is_filled(node: Node) -> bool:
    return bool(node.text) or any(child.type is Type.ELEMENT for child in node.children) or bool(node.value())


@function("last", 0)
def _last(arguments: Sequence[Code]) -> Code:
    return Code("number", lambda context: float(context.size))


@function("position", 0, 1)
def _position(arguments: Sequence[Code]) -> Code:
    if not arguments:
        return Code("number", lambda context: float(context.position))
    nodes = as_nodes(arguments[0], "position()")

    def run(context: Context) -> float:
        found = nodes(context)
        if len(found) > 1:
            raise XPathError("position() was given several nodes")
        return float(position_of(found[0] if found else None))

    return Code("number", run)


def position_of(node: Node | None) -> int:
    """1-based, among the siblings of the same name; 0 for no node."""
    if node is None:
        return 0
    if node.parent is None:
        return 1
    alike = node.parent.named(node.local)
    if node.foreign:
        alike = [each for each in node.parent.children if each.local == node.local]
    for position, each in enumerate(alike, 1):
        if each is node:
            return position
    return 0


@function("instance", 1)
def _instance(arguments: Sequence[Code]) -> Code:
    name = as_string(arguments[0])

    def first(context: Context) -> Node | None:
        return context.scope.instances.get(name(context))

    def run(context: Context) -> list[Node]:
        found = first(context)
        return [] if found is None else [found]

    return Code("nodes", run, first=first)


@function("current", 0)
def _current(arguments: Sequence[Code]) -> Code:
    return Code("nodes", lambda context: [context.current], first=lambda context: context.current)


@function("randomize", 1, 2)
def _randomize(arguments: Sequence[Code]) -> Code:
    nodes = as_nodes(arguments[0], "randomize()")
    if len(arguments) == 1:
        return Code("nodes", lambda context: shuffled(nodes(context), context.scope.random))
    seed_text, seed = as_string(arguments[1]), as_number(arguments[1])
    return Code(
        "nodes", lambda context: shuffled(nodes(context), ParkMiller(seed(context), seed_text(context)))
    )


class ParkMiller:
    """The "minimal standard" generator: Park and Miller, CACM 31 (1988), with multiplier 16807.

    A seed that is no number is taken from the first eight bytes of its SHA-256.
    """

    def __init__(self, seed: float, text: str = "") -> None:
        if seed != seed or math.isinf(seed):
            whole = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], signed=True) if text else 0
            whole = (whole + 2**31) % 2**32 - 2**31
        else:
            whole = math.trunc(seed)
        state = int(math.fmod(whole, _MODULUS))
        self._state = state if state > 0 else state + _MODULUS - 1

    def random(self) -> float:
        self._state = self._state * 16_807 % _MODULUS
        return (self._state - 1) / (_MODULUS - 1)


def shuffled(nodes: list[Node], source: ParkMiller | random.Random) -> list[Node]:
    """The "inside-out" Fisher-Yates shuffle that the ODK specification names."""
    result: list[Node] = []
    for at, node in enumerate(nodes):
        other = int(source.random() * (at + 1))
        result.append(node)
        if other != at:
            result[at] = result[other]
            result[other] = node
    return result


@function("indexed-repeat", 3, 7)
def _indexed_repeat(arguments: Sequence[Code]) -> Code:
    if len(arguments) % 2 == 0:
        raise XPathError("indexed-repeat() needs an index for each repeat")
    targets = as_nodes(arguments[0], "indexed-repeat()")
    levels = [
        (as_nodes(arguments[at], "indexed-repeat()"), as_number(arguments[at + 1]))
        for at in range(1, len(arguments), 2)
    ]

    def run(context: Context) -> list[Node]:
        root = context.scope.root
        wanted: dict[tuple[str, ...], float] = {}
        for repeats, index in levels:
            found = repeats(context)
            if not found:
                return []
            wanted[_names(found[0], root)] = index(context)
        some = targets(context)
        if not some:
            return []
        return _indexed(_names(some[0], root), wanted, context.node, root)

    return Code("nodes", run)


def _names(node: Node, root: Node) -> tuple[str, ...]:
    names: list[str] = []
    at: Node | None = node
    while at is not None and at is not root:
        names.append(at.local)
        at = at.parent
    return tuple(reversed(names))


def _indexed(
    path: tuple[str, ...], wanted: dict[tuple[str, ...], float], context: Node, root: Node
) -> list[Node]:
    """Down ``path`` from the root: the asked-for instance of a repeat, elsewhere the context's own or,
    where it lies in none, all."""
    own: dict[tuple[str, ...], Node] = {}
    at: Node | None = context
    while at is not None and at is not root:
        own[_names(at, root)] = at
        at = at.parent
    nodes = [root]
    for depth in range(1, len(path) + 1):
        prefix = path[:depth]
        found = [child for node in nodes for child in node.named(prefix[-1])]
        index = wanted.get(prefix)
        if index is not None:
            nodes = [found[int(index) - 1]] if 1 <= index <= len(found) and index == int(index) else []
            continue
        mine = own.get(prefix)
        nodes = [mine] if mine is not None and any(each is mine for each in found) else found
    return nodes


@function("pulldata", 4)
def _pulldata(arguments: Sequence[Code]) -> Code:
    name, wanted, key, value = (as_string(argument) for argument in arguments)

    def run(context: Context) -> str:
        instance = context.scope.instances.get(name(context))
        if instance is None:
            return ""
        sought, column, answer = value(context), key(context), wanted(context)
        for root in instance.children:
            for item in root.looked_up("item", column).get(sought, ()):
                found = item.columns(answer)
                return found[0].value() if found else ""
        return ""

    return Code("string", run)


@function("id", 1)
def _id(arguments: Sequence[Code]) -> Code:
    argument = arguments[0]
    run = argument.run
    text = as_string(argument)

    def find(context: Context) -> list[Node]:
        value = run(context)
        words = " ".join(n.value() for n in value) if isinstance(value, list) else text(context)
        wanted = set(words.split())
        return [
            node
            for node in context.node.root().descendants()
            if any(
                each.local == "id" and not each.namespace and each.text in wanted for each in node.attributes
            )
        ]

    return Code("nodes", find)


@function("lang", 1)
def _lang(arguments: Sequence[Code]) -> Code:
    asked = as_string(arguments[0])

    def run(context: Context) -> bool:
        wanted = asked(context).lower()
        node: Node | None = context.node
        while node is not None:
            for each in node.attributes:
                if each.local == "lang" and each.prefix == "xml":
                    tag = each.text.lower()
                    return tag == wanted or tag.startswith(wanted + "-")
            node = node.parent
        return False

    return Code("boolean", run)


def _named(reads: str) -> None:
    def build(arguments: Sequence[Code]) -> Code:
        first = first_of(arguments[0]) if arguments else lambda context: context.node
        if arguments:
            as_nodes(arguments[0], f"{reads}()")

        def run(context: Context) -> str:
            node = first(context)
            if node is None:
                return ""
            if reads == "name":
                return node.name
            return node.local if reads == "local-name" else node.namespace

        return Code("string", run)

    function(reads, 0, 1)(build)


_named("name")
_named("local-name")
_named("namespace-uri")

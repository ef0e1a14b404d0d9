"""Location paths (XPath 1.0 section 2), compiled to closures over lists of nodes."""

from collections.abc import Callable
from typing import TypeAlias

from kiosk.forms.xpath import grammar
from kiosk.forms.xpath.axes import AXES
from kiosk.forms.xpath.code import Code, as_nodes, first_of
from kiosk.forms.xpath.nodes import Node, Type, in_document_order
from kiosk.forms.xpath.scope import Context

Compile: TypeAlias = Callable[[grammar.Expression], Code]
"""Compiles what stands inside a path: predicates, and where it starts from."""

_Walk: TypeAlias = Callable[[list[Node], Context], list[Node]]
_Test: TypeAlias = Callable[[Node, Context], bool]
_BACKWARD = frozenset({"ancestor", "ancestor-or-self", "preceding", "preceding-sibling"})
_FLAT = frozenset({"child", "self", "attribute", "parent"})
"""Axes that keep a node-set in order when none of its nodes lies within another."""


def compile_path(path: grammar.Path, compiled: Compile) -> Code:
    steps = _joined(path.steps)
    plain = all(_is_plain(step) for step in steps)
    if path.start is None and plain:
        if path.absolute:
            return _plain_absolute(steps)
        return _plain_relative(steps)
    walk = _walk(steps, compiled)
    if path.start is not None:
        start = as_nodes(compiled(path.start), "a path")
        return Code("nodes", lambda context: walk(start(context), context))
    if path.absolute:
        return Code("nodes", lambda context: walk([context.scope.root], context))
    return Code("nodes", lambda context: walk([context.node], context))


def compile_filter(expression: grammar.Filter, compiled: Compile) -> Code:
    operand = as_nodes(compiled(expression.operand), "a predicate")
    narrow = [_predicate(each, compiled) for each in expression.predicates]

    def run(context: Context) -> list[Node]:
        nodes = operand(context)
        for keep in narrow:
            nodes = keep(nodes, context)
        return nodes

    return Code("nodes", run)


def _joined(steps: tuple[grammar.Step, ...]) -> tuple[grammar.Step, ...]:
    """``//name`` as one step down where that is the same: where no predicate counts positions."""
    joined: list[grammar.Step] = []
    for step in steps:
        if (
            joined
            and joined[-1] == grammar.Step("descendant-or-self", "node()", None, ())
            and step.axis == "child"
            and not step.predicates
        ):
            joined[-1] = grammar.Step("descendant", step.test, step.target, ())
        elif not (step.axis == "self" and step.test == "node()" and not step.predicates and joined):
            joined.append(step)
    return tuple(joined)


def _is_plain(step: grammar.Step) -> bool:
    return not step.predicates and _is_plain_move(step)


def _is_plain_move(step: grammar.Step) -> bool:
    """Whether a step goes up, stays, or goes down to one name; its predicates apart."""
    if step.axis in ("parent", "self"):
        return step.test == "node()"
    return step.axis == "child" and ":" not in step.test and step.test != "*" and not step.test.endswith("()")


def _plain_relative(steps: tuple[grammar.Step, ...]) -> Code:
    """Paths such as ``../a/b``: up, then down, without predicates."""
    moves = tuple("" if step.axis == "parent" else step.test for step in steps if step.axis != "self")
    if not moves:
        return Code("nodes", lambda context: [context.node], first=lambda context: context.node)

    every = _children_called(moves[0]) if len(moves) == 1 and moves[0] else _moving(moves)

    def first(context: Context) -> Node | None:
        node = context.node
        for at, move in enumerate(moves):
            if move:
                found = node.named(move)
                if len(found) != 1:
                    rest = _moved(found, moves[at + 1 :]) if found else found
                    return rest[0] if rest else None
                node = found[0]
            else:
                if node.parent is None:
                    return None
                node = node.parent
        return node

    return Code("nodes", every, first=first)


def _children_called(name: str) -> Callable[[Context], list[Node]]:
    return lambda context: context.node.named(name)


def _moving(moves: tuple[str, ...]) -> Callable[[Context], list[Node]]:
    return lambda context: _moved([context.node], moves)


def _plain_absolute(steps: tuple[grammar.Step, ...]) -> Code:
    """Paths such as ``/data/a``: remembered for as long as no node comes or goes."""
    moves = tuple("" if step.axis == "parent" else step.test for step in steps if step.axis != "self")

    def every(context: Context) -> list[Node]:
        scope = context.scope
        nodes = scope.absolute.get(moves)
        if nodes is None:
            nodes = _moved([scope.root], moves)
            scope.absolute[moves] = nodes
        return nodes

    def first(context: Context) -> Node | None:
        nodes = every(context)
        return nodes[0] if nodes else None

    return Code("nodes", every, first=first)


def _moved(nodes: list[Node], moves: tuple[str, ...]) -> list[Node]:
    for move in moves:
        if move:
            if len(nodes) == 1:
                nodes = nodes[0].named(move)
            else:
                nodes = [child for node in nodes for child in node.named(move)]
        else:
            nodes = _parents(nodes)
        if not nodes:
            break
    return nodes


def _parents(nodes: list[Node]) -> list[Node]:
    return list({id(node.parent): node.parent for node in nodes if node.parent is not None}.values())


def _walk(steps: tuple[grammar.Step, ...], compiled: Compile) -> _Walk:
    walks: list[_Walk] = []
    flat = True
    for step in steps:
        flat = flat and step.axis in _FLAT
        walks.append(_step(step, compiled, ordered=flat))
    if len(walks) == 1:
        return walks[0]

    def walk(nodes: list[Node], context: Context) -> list[Node]:
        for each in walks:
            if not nodes:
                return nodes
            nodes = each(nodes, context)
        return nodes

    return walk


def _step(step: grammar.Step, compiled: Compile, *, ordered: bool) -> _Walk:
    if not step.predicates and _is_plain(step):
        move = ("" if step.axis == "parent" else step.test,)
        if step.axis == "self":
            return lambda nodes, _: nodes
        if ordered:
            return lambda nodes, _: _moved(nodes, move)
        return lambda nodes, _: in_document_order(_moved(nodes, move))
    if step.predicates:
        quick = _looked_up(step, compiled)
        if quick is not None:
            return quick
    gather = _gatherer(step)
    narrow = [_predicate(each, compiled) for each in step.predicates]
    backward = step.axis in _BACKWARD

    def walk(nodes: list[Node], context: Context) -> list[Node]:
        found: list[Node] = []
        for node in nodes:
            some = gather(node, context)
            for keep in narrow:
                some = keep(some, context)
            found += reversed(some) if backward else some
        if len(nodes) > 1 and not (ordered and step.axis != "parent"):
            found = in_document_order(found)
        return found

    return walk


def _looked_up(step: grammar.Step, compiled: Compile) -> _Walk | None:
    """``item[key = wanted]`` in a table that never changes, by a remembered index."""
    if step.axis != "child" or ":" in step.test or step.test == "*" or step.test.endswith("()"):
        return None
    condition = step.predicates[0]
    if not (
        isinstance(condition, grammar.Chain) and len(condition.rest) == 1 and condition.rest[0][0] == "="
    ):
        return None
    sides = (condition.first, condition.rest[0][1])
    for own, other in (sides, sides[::-1]):
        key = _single_name(own)
        if key is not None and _same_for_every_item(other):
            break
    else:
        return None
    wanted = compiled(other).run
    item = step.test
    scan = _predicate(condition, compiled)
    narrow = [_predicate(each, compiled) for each in step.predicates[1:]]

    def walk(nodes: list[Node], context: Context) -> list[Node]:
        found: list[Node] = []
        value = wanted(context)
        for node in nodes:
            # Nodes of the primary instance are of a class of their own, and their values change.
            if type(node) is not Node or not isinstance(value, str | list):
                some = scan(node.named(item), context)
            else:
                table = node.looked_up(item, key)
                if isinstance(value, str):
                    some = table.get(value, [])
                elif len(value) == 1:
                    some = table.get(value[0].value(), [])
                else:
                    some = in_document_order(
                        [each for text in {n.value() for n in value} for each in table.get(text, [])]
                    )
            for keep in narrow:
                some = keep(some, context)
            found = found + some if found else some
        return found

    return walk


def _single_name(expression: grammar.Expression) -> str | None:
    if isinstance(expression, grammar.Path) and not expression.absolute and expression.start is None:
        steps = _joined(expression.steps)
        if len(steps) == 1 and steps[0].axis == "child" and _is_plain(steps[0]):
            return steps[0].test
    return None


def _same_for_every_item(expression: grammar.Expression) -> bool:
    """Whether an expression within a predicate has one value for all candidates."""
    match expression:
        case grammar.Literal():
            return True
        case grammar.Path(absolute=True) as path:
            return all(not step.predicates for step in path.steps)
        case grammar.Path(start=grammar.Call(name="current", arguments=())) as path:
            return all(not step.predicates for step in path.steps)
    return False


def _predicate(expression: grammar.Expression, compiled: Compile) -> _Walk:
    code = compiled(expression)
    if code.constant is not None and code.kind == "number":
        wanted = code.constant

        def at_position(nodes: list[Node], _: Context) -> list[Node]:
            at = int(wanted) if wanted == wanted and abs(float(wanted)) < 1e9 else 0  # type: ignore[arg-type]
            return [nodes[at - 1]] if at == wanted and 1 <= at <= len(nodes) else []

        return at_position
    run = code.run
    numbers = code.kind in ("number", "any")
    first = first_of(code) if code.kind == "nodes" else None

    def keep(nodes: list[Node], context: Context) -> list[Node]:
        inner = Context(context.node, context.scope)
        inner.current = context.current
        inner.size = len(nodes)
        kept: list[Node] = []
        for position, node in enumerate(nodes, 1):
            inner.node = node
            inner.position = position
            if first is not None:
                if first(inner) is not None:
                    kept.append(node)
                continue
            value = run(inner)
            if numbers and isinstance(value, float):
                if value == position:
                    kept.append(node)
            elif value:
                kept.append(node)
        return kept

    return keep


def _gatherer(step: grammar.Step) -> Callable[[Node, Context], list[Node]]:
    if _is_plain_move(step) and step.axis == "child":
        name = step.test
        return lambda node, _: node.named(name)
    axis = AXES[step.axis]
    test = _test(step)
    if test is None:
        return lambda node, _: axis(node)
    return lambda node, context: [each for each in axis(node) if test(each, context)]


def _test(step: grammar.Step) -> _Test | None:
    principal = Type.ATTRIBUTE if step.axis == "attribute" else Type.ELEMENT
    name = step.test
    if name == "node()":
        return None
    if name == "text()":
        return lambda node, _: node.type is Type.TEXT
    if name == "comment()":
        return lambda node, _: node.type is Type.COMMENT
    if name == "processing-instruction()":
        target = step.target
        return lambda node, _: node.type is Type.INSTRUCTION and (target is None or node.local == target)
    if name == "*":
        return lambda node, _: node.type is principal
    if ":" not in name:
        return lambda node, _: node.type is principal and node.local == name and not node.foreign
    prefix, local = name.split(":")

    def qualified(node: Node, context: Context) -> bool:
        if node.type is not principal or (local != "*" and node.local != local):
            return False
        uri = context.scope.namespaces.get(prefix)
        return node.prefix == prefix if uri is None else node.namespace == uri

    return qualified

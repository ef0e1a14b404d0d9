"""Pieces of a compiled expression: a closure and the type of what it gives."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from kiosk.forms.xpath.fault import XPathError
from kiosk.forms.xpath.nodes import Node
from kiosk.forms.xpath.scope import Context
from kiosk.forms.xpath.values import (
    NAN,
    Value,
    number_from_string,
    string_from_number,
    to_boolean,
    to_number,
    to_string,
)

Kind: TypeAlias = Literal["number", "string", "boolean", "nodes", "date", "any"]
"""``date`` is a string that is known to be a date or dateTime; ``any`` is known only when it runs."""


@dataclass(frozen=True, slots=True)
class Code:
    """``first``, of a node-set alone: its first node without gathering the others. ``text``, where a
    number is not written as numbers are."""

    kind: Kind
    run: Callable[[Context], Value]
    first: Callable[[Context], Node | None] | None = None
    constant: Value | None = None
    text: Callable[[Context], str] | None = None


def constant(value: float | str | bool) -> Code:
    kind: Kind = "boolean" if isinstance(value, bool) else "number" if isinstance(value, float) else "string"
    return Code(kind, lambda _: value, constant=value)


def refusing(fault: str) -> Code:
    """What fails when it is reached."""

    def run(_: Context) -> Value:
        raise XPathError(fault)

    return Code("any", run)


def as_nodes(code: Code, what: str) -> Callable[[Context], list[Node]]:
    """The node-set of ``code``; an expression that can give none is refused when it is compiled."""
    if code.kind == "nodes":
        return code.run  # type: ignore[return-value]  # kind says so
    if code.kind != "any":
        raise XPathError(f"{what} needs a path to nodes")
    run = code.run

    def checked(context: Context) -> list[Node]:
        value = run(context)
        if not isinstance(value, list):
            raise XPathError(f"{what} needs a path to nodes")
        return value

    return checked


def as_string(code: Code) -> Callable[[Context], str]:
    run = code.run
    if code.text is not None:
        return code.text
    if code.constant is not None:
        text = to_string(code.constant)
        return lambda _: text
    if code.kind in ("string", "date"):
        return run  # type: ignore[return-value]  # kind says so
    if code.kind == "nodes":
        first = first_of(code)

        def of_node(context: Context) -> str:
            node = first(context)
            if node is None:
                return ""
            return node.value() if node.children else node.text

        return of_node
    if code.kind == "number":
        return lambda context: string_from_number(run(context))  # type: ignore[arg-type]
    if code.kind == "boolean":
        return lambda context: "true" if run(context) else "false"
    return lambda context: to_string(run(context))


def as_number(code: Code) -> Callable[[Context], float]:
    run = code.run
    if code.kind == "number":
        return run  # type: ignore[return-value]  # kind says so
    if code.kind == "boolean":
        return lambda context: 1.0 if run(context) else 0.0
    if code.kind == "nodes":
        first = first_of(code)

        def of_node(context: Context) -> float:
            node = first(context)
            if node is None:
                return NAN
            text = node.value() if node.children else node.text
            return number_from_string(text, context.scope) if text else NAN

        return of_node
    if code.kind in ("string", "date"):
        return lambda context: number_from_string(run(context), context.scope)  # type: ignore[arg-type]
    return lambda context: to_number(run(context), context.scope)


def as_boolean(code: Code) -> Callable[[Context], bool]:
    run = code.run
    if code.kind == "boolean":
        return run  # type: ignore[return-value]  # kind says so
    if code.kind == "nodes":
        first = first_of(code)
        return lambda context: first(context) is not None
    return lambda context: to_boolean(run(context))


def first_of(code: Code) -> Callable[[Context], Node | None]:
    if code.first is not None:
        return code.first
    run = code.run

    def first(context: Context) -> Node | None:
        nodes = run(context)
        return nodes[0] if isinstance(nodes, list) and nodes else None

    return first

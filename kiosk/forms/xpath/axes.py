"""The axes of XPath 1.0 (section 2.2): each gives its nodes in the axis's own direction."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from kiosk.forms.xpath.nodes import Node, Type

Axis: TypeAlias = Callable[[Node], list[Node]]


def _children(node: Node) -> list[Node]:
    if not node.children and node.text and node.type is Type.ELEMENT:
        # Leaves of a form keep their text in themselves; a path may still ask for the text node.
        return [Node(Type.TEXT, parent=node, text=node.text)]
    return node.children


def _ancestors(node: Node) -> Iterator[Node]:
    while node.parent is not None:
        node = node.parent
        yield node


def _siblings(node: Node) -> tuple[list[Node], int]:
    if node.parent is None or node.type is Type.ATTRIBUTE:
        return [], 0
    around = node.parent.children
    return around, next((i for i, each in enumerate(around) if each is node), 0)


def _following_siblings(node: Node) -> list[Node]:
    around, at = _siblings(node)
    return around[at + 1 :]


def _preceding_siblings(node: Node) -> list[Node]:
    around, at = _siblings(node)
    return around[:at][::-1]


def _following(node: Node) -> list[Node]:
    found: list[Node] = []
    if node.type is Type.ATTRIBUTE and node.parent is not None:
        found += node.parent.descendants()
        node = node.parent
    for each in (node, *_ancestors(node)):
        for sibling in _following_siblings(each):
            found.append(sibling)
            found += sibling.descendants()
    return found


def _preceding(node: Node) -> list[Node]:
    found: list[Node] = []
    if node.type is Type.ATTRIBUTE and node.parent is not None:
        node = node.parent
    for each in (node, *_ancestors(node)):
        for sibling in _preceding_siblings(each):
            found += reversed([sibling, *sibling.descendants()])
    return found


def _below(node: Node) -> list[Node]:
    found: list[Node] = []
    for child in _children(node):
        found.append(child)
        if child.type is Type.ELEMENT:
            found += _below(child)
    return found


def _namespaces(node: Node) -> list[Node]:
    """Namespace nodes are not kept: no XForm can reach one."""
    return []


AXES: dict[str, Axis] = {
    "ancestor": lambda node: list(_ancestors(node)),
    "ancestor-or-self": lambda node: [node, *_ancestors(node)],
    "attribute": lambda node: list(node.attributes),
    "child": _children,
    "descendant": _below,
    "descendant-or-self": lambda node: [node, *_below(node)],
    "following": _following,
    "following-sibling": _following_siblings,
    "namespace": _namespaces,
    "parent": lambda node: [node.parent] if node.parent is not None else [],
    "preceding": _preceding,
    "preceding-sibling": _preceding_siblings,
    "self": lambda node: [node],
}

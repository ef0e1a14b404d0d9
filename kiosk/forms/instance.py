"""The primary instance of one session: the nodes that hold a person's answers."""

import re
from typing import NewType, cast

from kiosk.forms.definition import Blueprint, Definition
from kiosk.forms.xpath import Node
from kiosk.forms.xpath.nodes import Type

Ref = NewType("Ref", str)
"""A positioned absolute path, positions at repeats only: ``/data/member[2]/age``. Without its position
the path of a repeat means all its members together: ``/data/member``."""

_STEP = re.compile(r"([^/\[\]]+)(?:\[(\d+)\])?\Z")


class InstanceNode(Node):
    """``answer`` is what was given or calculated; ``text`` is what expressions see of it: nothing while
    the node is not relevant. ``refused`` is what was given last and is not of the node's type; the node is
    blank then. ``given`` is what a person gave last, whatever became of it. ``before``: what was chosen
    before some of its choices went. ``gone``: its member was taken away. ``own`` is its own relevance,
    ``active`` that and all above it."""

    __slots__ = ("active", "answer", "before", "definition", "given", "gone", "own", "refused")

    def __init__(self, definition: Definition, parent: "Node | None", text: str = "") -> None:
        super().__init__(
            Type.ELEMENT, definition.local, definition.namespace, definition.prefix, parent, text
        )
        self.definition = definition
        self.answer = text
        self.refused = ""
        self.given = ""
        self.before = ""
        self.gone = False
        self.own = True
        self.active = True

    @property
    def members(self) -> list["InstanceNode"]:
        """The child nodes, as what they are."""
        return cast(list[InstanceNode], self.children)

    @property
    def above(self) -> "InstanceNode | None":
        parent = self.parent
        return parent if isinstance(parent, InstanceNode) else None


def build(blueprint: Blueprint, parent: Node | None) -> InstanceNode:
    """Makes the nodes of a blueprint; the caller hangs them under ``parent``."""
    node = InstanceNode(blueprint.definition, parent, blueprint.text)
    if blueprint.attributes:
        node.attributes = tuple(
            Node(Type.ATTRIBUTE, local, namespace, prefix, node, value)
            for local, namespace, prefix, value in blueprint.attributes
        )
    node.children = [build(child, node) for child in blueprint.children]
    return node


def position(node: InstanceNode) -> int:
    """1-based, among the nodes of the same definition under the same parent."""
    assert node.parent is not None
    for at, each in enumerate(node.parent.named(node.local), 1):
        if each is node:
            return at
    return 0


def ref_of(node: InstanceNode) -> Ref:
    """The positioned path of a node."""
    names: list[str] = []
    at: InstanceNode | None = node
    while at is not None:
        name = at.definition.name
        names.append(f"{name}[{position(at)}]" if at.definition.is_repeat else name)
        at = at.above
    return Ref("/" + "/".join(reversed(names)))


def repeat_ref(parent: InstanceNode, definition: Definition) -> Ref:
    """The path of all members of a repeat under ``parent``."""
    return Ref(f"{ref_of(parent)}/{definition.name}")


def steps_of(ref: str) -> list[tuple[str, int | None]]:
    """Names and positions of a ref; KeyError for what is none."""
    steps: list[tuple[str, int | None]] = []
    for part in ref.strip("/").split("/"):
        match = _STEP.match(part)
        if match is None:
            raise KeyError(ref)
        steps.append((match[1], int(match[2]) if match[2] else None))
    return steps


def insert_member(parent: InstanceNode, node: InstanceNode) -> None:
    """Puts a new member of a repeat behind the last one, or where the form's order has it."""
    definition = node.definition
    order = list(parent.definition.children.values())
    rank = order.index(definition)
    place = len(parent.children)
    for at in range(len(parent.children) - 1, -1, -1):
        if order.index(parent.members[at].definition) <= rank:
            place = at + 1
            break
        place = at
    parent.children.insert(place, node)
    parent.reindex()


def nearest(definition: Definition, context: InstanceNode) -> InstanceNode | None:
    """The node of ``definition`` that shares most with ``context``: its own member's where that is
    possible, otherwise the first. None where there is none."""
    names: list[str] = []
    at: Definition | None = definition
    while at is not None and not context.definition.is_within(at):
        names.append(at.local)
        at = at.parent
    node: Node = context
    while isinstance(node, InstanceNode) and node.definition is not at:
        if node.parent is None:
            return None
        node = node.parent
    for name in reversed(names):
        below = node.named(name)
        if not below:
            return None
        node = below[0]
    return node if isinstance(node, InstanceNode) else None

"""What an expression may ask of the world while it is evaluated."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from random import Random

from kiosk.forms.xpath.fault import XPathError
from kiosk.forms.xpath.nodes import Node


def _nothing(*_: object) -> str:
    return ""


@dataclass(slots=True)
class Scope:
    """The world of one session. ``now`` is the aware time of the step that is being taken.

    ``root`` is the node that absolute paths start from. ``absolute`` remembers where absolute paths
    without predicates led; whoever adds or removes nodes below ``root`` clears it.
    """

    root: Node
    now: datetime
    zone: tzinfo = UTC
    random: Random = field(default_factory=lambda: Random(0))  # noqa: S311 - not for secrets
    instances: Mapping[str, Node] = field(default_factory=dict)
    itext: Callable[[str], str | list[Node]] = _nothing
    choice_name: Callable[[Node, str], str] = _nothing
    month_names: Callable[[], tuple[tuple[str, ...], tuple[str, ...]]] | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    namespaces: Mapping[str, str] = field(default_factory=dict)
    absolute: dict[object, list[Node]] = field(default_factory=dict)
    on_fault: Callable[[XPathError], None] | None = None

    def tell(self, fault: XPathError) -> None:
        """Hands a fault to whoever listens for it, or raises it."""
        if self.on_fault is None:
            raise fault
        self.on_fault(fault)


class Context:
    """XPath 1.0 section 1: context node, position and size; ``current`` is the expression's own node."""

    __slots__ = ("current", "node", "position", "scope", "size")

    def __init__(self, node: Node, scope: Scope) -> None:
        self.node = node
        self.position = 1
        self.size = 1
        self.current = node
        self.scope = scope

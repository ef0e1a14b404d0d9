"""Settling a session after a change: only what depends on it, sources before readers."""

from collections.abc import Callable
from heapq import heappop, heappush

from kiosk.forms.definition import Blueprint, Definition
from kiosk.forms.graph import Computation, Graph
from kiosk.forms.instance import InstanceNode, build, insert_member
from kiosk.forms.typed import coerced
from kiosk.forms.xpath import Node, Scope

MOST_ROUNDS = 200
"""How often one computation may run for one node in one settling: a bound for rules that feed each
other through predicates and never come to rest."""

MOST_MEMBERS = 1_000
"""What a count may ask for; more is a slip of the pen, and would freeze the kiosk."""


class Recalculation:
    """The work list of one session. ``changed`` gathers nodes whose value or relevance moved.

    ``born`` is called with each new member of a repeat, ``moved`` with each node whose value changed.
    """

    def __init__(
        self, graph: Graph, scope: Scope, available: Callable[[Computation, InstanceNode], None]
    ) -> None:
        self._graph = graph
        self._scope = scope
        self._available = available
        self._heap: list[int] = []
        self._waiting: dict[int, dict[int, InstanceNode]] = {}
        self._rounds: dict[tuple[int, int], int] = {}
        self._single: dict[int, InstanceNode] = {}
        self.root: InstanceNode | None = None
        self.changed: dict[int, InstanceNode] = {}
        self.structure_changed = False
        self.born: Callable[[InstanceNode], None] = lambda _: None
        self.moved: Callable[[InstanceNode], None] = lambda _: None

    def settle(self) -> None:
        """Runs everything that waits."""
        self._rounds.clear()
        while self._heap:
            rank = heappop(self._heap)
            nodes = self._waiting.pop(rank, None)
            if nodes is None:
                continue
            computation = self._graph.ordered[rank]
            for key, node in nodes.items():
                if node.gone or self._rounds.get((rank, key), 0) > MOST_ROUNDS:
                    continue
                self._rounds[rank, key] = self._rounds.get((rank, key), 0) + 1
                self._run(computation, node)

    def schedule(self, computation: Computation, node: InstanceNode) -> None:
        waiting = self._waiting.get(computation.rank)
        if waiting is None:
            waiting = self._waiting[computation.rank] = {}
            heappush(self._heap, computation.rank)
        waiting[id(node)] = node

    def schedule_below(self, node: InstanceNode) -> None:
        """Everything that is worked out for a node and those below it."""
        self._schedule_own(node)
        for child in node.members:
            self.schedule_below(child)

    def _schedule_own(self, node: InstanceNode) -> None:
        definition = node.definition
        for computation in self._graph.of[definition.index]:
            if computation.kind != "count":
                self.schedule(computation, node)
        for child in definition.children.values():
            for computation in self._graph.of[child.index]:
                if computation.kind == "count":
                    self.schedule(computation, node)

    def schedule_speaking(self) -> None:
        """Everything that gives other words in another language."""
        for computation in self._graph.ordered:
            if computation.speaks and self.root is not None:
                names: list[str] = []
                at: Definition | None = computation.owner
                while at is not None and at.parent is not None:
                    names.append(at.local)
                    at = at.parent
                for node in _below(self.root, tuple(reversed(names))):
                    self.schedule(computation, node)

    def set_value(self, node: InstanceNode, text: str) -> bool:
        """Gives a node a value and wakes its readers; False where it has it already."""
        node.before = ""
        if node.answer == text:
            return False
        node.answer = text
        self.changed[id(node)] = node
        if node.active and not node.children:
            node.text = text
            self.notify(node)
        self.moved(node)
        return True

    def notify(self, node: InstanceNode) -> None:
        """Schedules what reads a node's value."""
        for reader in self._graph.readers[node.definition.index]:
            computation = reader.computation
            if not computation.in_repeat:
                single = self._single_node(computation.owner)
                if single is not None:
                    self.schedule(computation, single)
                continue
            at: InstanceNode | None = node
            depth = reader.anchor.depth
            while at is not None and at.definition.depth > depth:
                at = at.above
            if at is None:
                continue
            for target in _below(at, reader.names):
                self.schedule(computation, target)

    def _single_node(self, definition: Definition) -> InstanceNode | None:
        found = self._single.get(definition.index)
        if found is None and self.root is not None:
            names: list[str] = []
            at: Definition | None = definition
            while at is not None and at.parent is not None:
                names.append(at.local)
                at = at.parent
            below = _below(self.root, tuple(reversed(names)))
            if not below:
                return None
            found = self._single[definition.index] = below[0]
        return found

    def notify_structure(self, parent: InstanceNode, definition: Definition) -> None:
        """Schedules what reads which members a repeat has, or anything in them from outside."""
        self.structure_changed = True
        self._scope.absolute.clear()
        for below in definition.walk():
            for reader in self._graph.readers[below.index]:
                if below is not definition and reader.anchor.depth >= definition.depth:
                    continue
                anchor_depth = min(reader.anchor.depth, parent.definition.depth)
                at: InstanceNode | None = parent
                while at is not None and at.definition.depth > anchor_depth:
                    at = at.above
                if at is None:
                    continue
                for target in self._targets(at, reader.computation):
                    self.schedule(reader.computation, target)

    @staticmethod
    def _targets(at: InstanceNode, computation: Computation) -> list[InstanceNode]:
        names: list[str] = []
        definition: Definition | None = computation.owner
        while definition is not None and definition is not at.definition:
            names.append(definition.local)
            definition = definition.parent
        return [] if definition is None else _below(at, tuple(reversed(names)))

    def _run(self, computation: Computation, node: InstanceNode) -> None:
        match computation.kind:
            case "calculate":
                if node.active:
                    text = computation.expression.string(node, self._scope)
                    self.set_value(node, coerced(text, computation.definition.bind.type, self._scope))
            case "relevant":
                own = computation.expression.boolean(node, self._scope)
                if own is not node.own:
                    node.own = own
                    above = node.above
                    self._set_active(node, own and (above is None or above.active))
            case "count":
                self._count(computation, node)
            case "choices":
                self._available(computation, node)

    def _set_active(self, node: InstanceNode, active: bool) -> None:
        if node.active is active:
            return
        node.active = active
        self.changed[id(node)] = node
        if node.children:
            for child in node.members:
                self._set_active(child, active and child.own)
        else:
            text = node.answer if active else ""
            if text != node.text:
                node.text = text
                self.notify(node)
                self.moved(node)
        if active:
            self._schedule_own(node)

    def _count(self, computation: Computation, parent: InstanceNode) -> None:
        definition = computation.definition
        # The path of a count is relative to the repeat, which may have no member to stand in.
        stand_in = InstanceNode(definition, parent)
        number = computation.expression.number(stand_in, self._scope)
        if number != number:
            return  # A count that is no number yet, or no more, says nothing: nobody's answers go.
        wanted = int(max(0.0, min(float(MOST_MEMBERS), number)))
        present = len(parent.named(definition.local))
        while present < wanted:
            defined = definition.members[present] if present < len(definition.members) else None
            self.add_member(parent, definition, defined)
            present += 1
        while present > wanted:
            last = parent.named(definition.local)[-1]
            assert isinstance(last, InstanceNode)
            self.remove_member(last)
            present -= 1

    def add_member(
        self, parent: InstanceNode, definition: Definition, defined: Blueprint | None = None
    ) -> InstanceNode:
        """A new last member, as the template has it or, for a count, as the form defines that one."""
        made = defined or definition.template
        assert made is not None
        member = build(made, parent)
        insert_member(parent, member)
        if not parent.active:
            self._quiet(member)
        self.changed[id(member)] = member
        self.notify_structure(parent, definition)
        self.born(member)
        self.schedule_below(member)
        return member

    def _quiet(self, node: InstanceNode) -> None:
        node.active = False
        node.text = ""
        for child in node.members:
            self._quiet(child)

    def remove_member(self, member: InstanceNode) -> None:
        parent = member.above
        assert parent is not None
        parent.children = [child for child in parent.children if child is not member]
        parent.reindex()
        self.forget(member)
        self.notify_structure(parent, member.definition)

    def forget(self, node: InstanceNode) -> None:
        """Drops what waits for nodes that are gone."""
        gone: set[int] = set()
        for each in (node, *node.descendants()):
            assert isinstance(each, InstanceNode)
            each.gone = True
            gone.add(id(each))
        for waiting in self._waiting.values():
            for key in gone & waiting.keys():
                del waiting[key]
        for key in gone & self.changed.keys():
            del self.changed[key]


def _below(node: InstanceNode, names: tuple[str, ...]) -> list[InstanceNode]:
    nodes: list[Node] = [node]
    for name in names:
        nodes = (
            [child for each in nodes for child in each.named(name)]
            if len(nodes) != 1
            else nodes[0].named(name)
        )
    return nodes  # type: ignore[return-value]  # nodes below an instance node are instance nodes

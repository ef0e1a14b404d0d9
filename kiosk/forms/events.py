"""Events and the ``setvalue`` actions that wait for them (ODK XForms specification, "Events and Actions")."""

from kiosk.forms.definition import Definition, SetValue
from kiosk.forms.form import Form
from kiosk.forms.instance import InstanceNode, nearest
from kiosk.forms.recalculation import Recalculation
from kiosk.forms.typed import coerced
from kiosk.forms.xpath import Node, Scope, XPathError

FIRST_LOAD = frozenset({"odk-instance-first-load", "xforms-ready"})
"""``xforms-ready`` is what older forms call it."""
LOAD = "odk-instance-load"
NEW_REPEAT = "odk-new-repeat"
CHANGED = "xforms-value-changed"
BIRTH = frozenset({NEW_REPEAT, "jr-insert"})
"""``jr-insert`` is what older forms call it."""
KNOWN = FIRST_LOAD | BIRTH | {LOAD, CHANGED, "xforms-revalidate"}
"""Those that forms may wait for; nothing is ever sent off to be revalidated, so that one never comes."""
MOST_ROUNDS = 50
"""Actions may set off each other; after so many rounds they are left as they are."""


class Events:
    """Runs the actions of one session."""

    def __init__(self, form: Form, scope: Scope, recalculation: Recalculation, root: InstanceNode) -> None:
        self._form = form
        self._scope = scope
        self._recalculation = recalculation
        self._root = root
        self._on_change: dict[int, list[SetValue]] = {}
        self._on_birth: dict[int, list[SetValue]] = {}
        for action in form.actions:
            if action.at is None:
                continue
            if CHANGED in action.events:
                self._on_change.setdefault(action.at.index, []).append(action)
            if action.events & BIRTH:
                self._on_birth.setdefault(_repeat_around(action.at).index, []).append(action)
        self._waiting: list[InstanceNode] = []
        self._newborn: dict[int, InstanceNode] = {}

    def loaded(self, *, first: bool) -> None:
        """The instance is there: ``first`` for a new one, False for one opened again.

        What changes while it opens is no change of a value, and its members are no new ones.
        """
        for action in self._form.actions:
            if LOAD in action.events or (first and action.events & FIRST_LOAD):
                for context in self._contexts(action):
                    self._run(action, context)
        self._recalculation.settle()
        self._recalculation.born = self._born
        if self._on_change:
            self._recalculation.moved = self._moved

    def settle(self) -> None:
        """Runs what the changes since the last time have set off, and settles what that changes."""
        for _ in range(MOST_ROUNDS):
            if not self._waiting:
                break
            waiting, self._waiting = self._waiting, []
            for node in waiting:
                if node.gone:
                    continue
                for action in self._on_change.get(node.definition.index, ()):
                    self._run(action, node)
            self._recalculation.settle()
        self._waiting.clear()
        self._newborn.clear()

    def _moved(self, node: InstanceNode) -> None:
        if node.definition.index in self._on_change and not self._is_new(node):
            self._waiting.append(node)

    def _is_new(self, node: InstanceNode) -> bool:
        """Whether it lies in a member that this step has added: what that starts with is no change."""
        at: InstanceNode | None = node
        while at is not None:
            if id(at) in self._newborn:
                return True
            at = at.above
        return False

    def _born(self, member: InstanceNode) -> None:
        self._newborn[id(member)] = member
        for node in (member, *member.descendants()):
            assert isinstance(node, InstanceNode)
            for action in self._on_birth.get(node.definition.index, ()) if node.definition.is_repeat else ():
                self._run(action, node)

    def _contexts(self, action: SetValue) -> list[InstanceNode]:
        """Every node that holds the action: one, or one in each member of a repeat."""
        if action.at is None:
            return [self._root]
        names: list[str] = []
        at: Definition | None = action.at
        while at is not None and at.parent is not None:
            names.append(at.local)
            at = at.parent
        nodes: list[Node] = [self._root]
        for name in reversed(names):
            nodes = [child for node in nodes for child in node.named(name)]
        return [node for node in nodes if isinstance(node, InstanceNode)]

    def _run(self, action: SetValue, context: InstanceNode) -> None:
        target = self._target(action, context)
        if target is None:
            return
        text = action.text if action.value is None else action.value.string(target, self._scope)
        if isinstance(target, InstanceNode):
            self._recalculation.set_value(target, coerced(text, target.definition.bind.type, self._scope))
        else:
            target.text = text

    def _target(self, action: SetValue, context: InstanceNode) -> Node | None:
        if action.target is None:
            found = action.path.nodes(context, self._scope)
            return found[0] if found else None
        if self._is_ambiguous(action.target, context):
            self._scope.tell(XPathError(f"{action.target.path} is several nodes: which is to be set?"))
            return None
        return nearest(action.target, context)

    @staticmethod
    def _is_ambiguous(target: Definition, context: InstanceNode) -> bool:
        """Whether the target lies in a repeat of several members that ``context`` is in none of."""
        at: Definition | None = target
        while at is not None and not context.definition.is_within(at):
            if at.is_repeat:
                parent = None if at.parent is None else nearest(at.parent, context)
                if parent is not None and len(parent.named(at.local)) > 1:
                    return True
            at = at.parent
        return False


def _repeat_around(definition: Definition) -> Definition:
    at: Definition | None = definition
    while at is not None:
        if at.is_repeat:
            return at
        at = at.parent
    return definition

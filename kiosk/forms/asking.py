"""What is asked, in which order, and how it reads: snapshots for screens."""

from collections.abc import Iterator

from kiosk.forms import validity
from kiosk.forms.definition import Control, Definition
from kiosk.forms.form import Form
from kiosk.forms.instance import InstanceNode, Ref, nearest, ref_of, repeat_ref, steps_of
from kiosk.forms.kinds import kind_of, range_of
from kiosk.forms.questions import Question, QuestionKind, Repeat, Violation
from kiosk.forms.wording import Wording
from kiosk.forms.xpath import Scope


class Asking:
    """Reads one session; changes nothing but what it remembers of the order of screens."""

    def __init__(self, form: Form, scope: Scope, wording: Wording, root: InstanceNode) -> None:
        self._form = form
        self._scope = scope
        self._wording = wording
        self._root = root
        self._screens: tuple[Ref, ...] | None = None
        self._last_control = _last_asked(form.body)

    def forget(self, *, structure: bool) -> None:
        """To be called after every step: relevance may have moved."""
        self._screens = None

    def screens(self) -> tuple[Ref, ...]:
        if self._screens is None:
            self._screens = tuple(ref for ref, _ in self._stops(self._form.body, self._root))
        return self._screens

    def children(self, member: InstanceNode) -> tuple[Ref, ...]:
        control = member.definition.control
        if control is None or not member.active:
            return ()
        return tuple(ref for ref, _ in self._stops(control.children, member))

    def _stops(
        self, controls: "tuple[Control, ...] | list[Control]", context: InstanceNode, *, all_: bool = False
    ) -> Iterator[tuple[Ref, Control]]:
        for control in controls:
            definition = control.definition
            if control.element == "group":
                node: InstanceNode | None = context
                if definition is not None and not (
                    definition.is_repeat and context.definition is not definition
                ):
                    node = nearest(definition, context)
                if node is not None and (node.active or all_):
                    yield from self._stops(control.children, node, all_=all_)
            elif definition is not None and control.element == "repeat":
                parent = nearest(definition.parent or definition, context)
                if parent is not None and (all_ or self.is_open(parent, definition)):
                    yield repeat_ref(parent, definition), control
            elif definition is not None:
                node = nearest(definition, context)
                if node is not None and (node.active or all_):
                    yield ref_of(node), control

    def is_open(self, parent: InstanceNode, definition: Definition) -> bool:
        """Whether a repeat is relevant, with or without members."""
        if not parent.active:
            return False
        if definition.bind.relevant is None:
            return True
        members = parent.named(definition.local)
        if members:
            return any(isinstance(each, InstanceNode) and each.active for each in members)
        return definition.bind.relevant.boolean(InstanceNode(definition, parent), self._scope)

    @staticmethod
    def can_change(definition: Definition) -> bool:
        """Whether a person may add to and take from a repeat."""
        control = definition.control
        return control is not None and control.element == "repeat" and not control.fixed and not control.count

    def repeat(self, parent: InstanceNode, definition: Definition) -> Repeat:
        members = [each for each in parent.named(definition.local) if isinstance(each, InstanceNode)]
        open_ = self.is_open(parent, definition) and self.can_change(definition)
        shown = [each for each in members if each.active]
        return Repeat(
            ref=repeat_ref(parent, definition),
            label=self._repeat_label(definition, parent),
            count=len(shown),
            instances=tuple(ref_of(each) for each in shown),
            can_add=open_,
            can_remove=open_ and bool(shown),
            labels=tuple(self.label_of(each) for each in shown),
        )

    def roster_question(self, parent: InstanceNode, definition: Definition) -> Question:
        control = definition.control
        assert control is not None
        return Question(
            ref=repeat_ref(parent, definition),
            name=definition.name,
            kind=QuestionKind.REPEAT,
            appearance=control.appearance,
            label=self._repeat_label(definition, parent),
            hint=self._wording.words(control.hint, parent),
            guidance=None,
            section=self._section(_wrapper(control) or control, parent),
            value="",
            required=False,
            readonly=not self.can_change(definition),
            required_message=None,
            constraint_message=None,
        )

    def _repeat_label(self, definition: Definition, parent: InstanceNode) -> str:
        control = definition.control
        if control is None:
            return ""
        label = self._wording.words(control.label, parent)
        if not label and (wrapper := _wrapper(control)) is not None:
            label = self._wording.words(wrapper.label, parent)
        return label or ""

    def label_of(self, node: InstanceNode) -> str:
        control = node.definition.control
        if control is None:
            return ""
        if control.element != "repeat":
            return self._wording.words(control.label, node) or ""
        # ODK XForms specification, "Repeats": a member is called by its first group's label.
        for child in control.children:
            holds_repeat = any(each.element == "repeat" for each in child.children)
            if child.element == "group" and child.label is not None and not holds_repeat:
                return self._wording.words(child.label, node) or ""
        for ref, child in self._stops(control.children, node):
            if child.definition is not None and child.element in ("input", "select1"):
                named = nearest(child.definition, node)
                if named is not None and named.text and ref:
                    return self.display(named)
        return ""

    def question(self, node: InstanceNode) -> Question:
        definition = node.definition
        control = definition.control
        bind = definition.bind
        words = self._wording.words
        form_of = self._wording.form_of
        readonly = self.is_readonly(node)
        kind = kind_of(control, definition, readonly)
        if control is None:
            control = Control("", definition)
        return Question(
            ref=ref_of(node),
            name=definition.name,
            kind=kind,
            appearance=control.appearance,
            label=words(control.label, node) or "",
            hint=words(control.hint, node) or None,
            guidance=form_of(control.hint, "guidance", node),
            section=self._section(control, node),
            value=node.refused or node.text,
            required=self.is_required(node),
            readonly=readonly,
            required_message=words(bind.required_message, node),
            constraint_message=words(bind.constraint_message, node),
            choices=self._wording.choices(control, node) if control.has_choices else (),
            number_kind=bind.number_kind,
            currency=bind.currency,
            person=bind.person,
            private=bind.private or bind.number_kind is not None or "masked" in control.appearance,
            is_last_signature=kind is QuestionKind.SIGNATURE and control is self._last_control,
            short_label=form_of(control.label, "short", node),
            image=_file_name(form_of(control.label, "image", node)),
            audio=_file_name(form_of(control.label, "audio", node)),
            range=range_of(control),
            rows=int(control.attributes["rows"]) if control.attributes.get("rows", "").isdecimal() else None,
        )

    def _section(self, control: Control, node: InstanceNode) -> tuple[str, ...]:
        labels: list[str] = []
        at = control.parent
        while at is not None:
            context: InstanceNode | None = node
            if at.definition is not None:
                context = nearest(at.definition, node)
            label = self._wording.words(at.label, context or node)
            if label:
                labels.append(label)
            at = at.parent
        return tuple(reversed(labels))

    def is_required(self, node: InstanceNode) -> bool:
        required = node.definition.bind.required
        return required is not None and required.boolean(node, self._scope)

    def is_readonly(self, node: InstanceNode) -> bool:
        """Its own or that of a group around it."""
        at: InstanceNode | None = node
        while at is not None:
            readonly = at.definition.bind.readonly
            if readonly is not None and readonly.boolean(at, self._scope):
                return True
            at = at.above
        return False

    def violation(self, node: InstanceNode) -> Violation | None:
        kind = validity.broken(node, self._scope, required=self.is_required(node))
        if kind is None or (kind is validity.ViolationKind.REQUIRED and self.is_readonly(node)):
            return None
        bind = node.definition.bind
        text = bind.required_message if kind is validity.ViolationKind.REQUIRED else bind.constraint_message
        return Violation(ref_of(node), kind, self._wording.words(text, node))

    def violations(self) -> tuple[Violation, ...]:
        return tuple(self._violations(self._form.body, self._root))

    def _violations(
        self, controls: "tuple[Control, ...] | list[Control]", context: InstanceNode
    ) -> Iterator[Violation]:
        for control in controls:
            definition = control.definition
            if control.element == "group":
                node: InstanceNode | None = context
                if definition is not None and not (
                    definition.is_repeat and context.definition is not definition
                ):
                    node = nearest(definition, context)
                if node is not None and node.active:
                    yield from self._violations(control.children, node)
            elif definition is not None and control.element == "repeat":
                parent = nearest(definition.parent or definition, context)
                for member in parent.named(definition.local) if parent is not None else ():
                    if isinstance(member, InstanceNode) and member.active:
                        yield from self._violations(control.children, member)
            elif definition is not None:
                node = nearest(definition, context)
                if node is not None and node.active:
                    found = self.violation(node)
                    if found is not None:
                        yield found

    def display(self, node: InstanceNode) -> str:
        control = node.definition.control
        if control is None or not control.has_choices or not node.text:
            return node.text
        labels = {choice.value: choice.label for choice in self._wording.choices(control, node)}
        chosen = [node.text] if control.element == "select1" else node.text.split()
        return ", ".join(labels.get(value, value) for value in chosen)

    def beside(self, ref: Ref | None, direction: int) -> Ref | None:
        if ref is None:
            screens = self.screens()
            return (screens[0] if direction > 0 else screens[-1]) if screens else None
        member = self._member_around(ref)
        stops = self.children(member) if member is not None else self.screens()
        if ref in stops:
            at = stops.index(ref) + direction
            found = stops[at] if 0 <= at < len(stops) else None
        else:
            found = self._nearest_stop(ref, member, set(stops), direction)
        if found is None and member is not None:
            assert member.above is not None
            return repeat_ref(member.above, member.definition)
        return found

    def _nearest_stop(
        self, ref: Ref, member: InstanceNode | None, open_: set[Ref], direction: int
    ) -> Ref | None:
        """From a question that is no longer asked to the next one that is."""
        if member is None:
            every = [each for each, _ in self._stops(self._form.body, self._root, all_=True)]
        else:
            control = member.definition.control
            every = [each for each, _ in self._stops(control.children, member, all_=True)] if control else []
        if ref not in every:
            return None
        at = every.index(ref)
        order = every[at + 1 :] if direction > 0 else every[:at][::-1]
        return next((each for each in order if each in open_), None)

    def _member_around(self, ref: Ref) -> InstanceNode | None:
        """The repeat's member that a question lies in; KeyError for a ref that is not there."""
        node: InstanceNode | None = self._root
        member: InstanceNode | None = None
        steps = steps_of(ref)
        for name, at in steps[1:-1]:
            assert node is not None
            found = node.named(name.rpartition(":")[2])
            if not 0 < (at or 1) <= len(found):
                raise KeyError(ref)
            below = found[(at or 1) - 1]
            assert isinstance(below, InstanceNode)
            node = below
            if node.definition.is_repeat:
                member = node
        return member


def _file_name(address: str | None) -> str | None:
    return (address.rpartition("/")[2] or None) if address else None


def _wrapper(repeat: Control) -> Control | None:
    """The group that stands around a repeat to give it its label."""
    parent = repeat.parent
    if parent is None or parent.element != "group":
        return None
    if parent.definition is repeat.definition or len(parent.children) == 1:
        return parent
    return None


def _last_asked(body: "tuple[Control, ...] | list[Control]") -> Control | None:
    """The last control that takes an answer."""
    for control in reversed(body):
        if control.element in ("group", "repeat"):
            found = _last_asked(control.children)
            if found is not None:
                return found
        elif control.definition is not None and control.definition.bind.readonly is None:
            return control
    return None

"""One person's answers to one form."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from random import Random
from types import MappingProxyType
from typing import assert_never
from uuid import UUID

from kiosk.forms import saved, typed
from kiosk.forms.asking import Asking
from kiosk.forms.calendar_names import names_for
from kiosk.forms.definition import Control, Definition
from kiosk.forms.events import Events
from kiosk.forms.form import Form
from kiosk.forms.graph import Computation
from kiosk.forms.instance import InstanceNode, Ref, build, ref_of, steps_of
from kiosk.forms.kinds import range_of
from kiosk.forms.questions import Outcome, Question, Repeat, Violation, ViolationKind
from kiosk.forms.recalculation import Recalculation
from kiosk.forms.refusal import bad_expression
from kiosk.forms.steps import AddRepeat, Answer, ChangeLanguage, Finish, Opening, RemoveRepeat, Step
from kiosk.forms.submission import legal, submission_xml
from kiosk.forms.wording import Wording
from kiosk.forms.xpath import Scope, XPathError
from kiosk.forms.xpath.nodes import Node, Type
from kiosk.forms.xpath.values import string_from_number

_WRITTEN_ANEW = frozenset({"int", "decimal", "date", "geopoint", "geotrace", "geoshape"})
_NO_META: Mapping[str, str] = MappingProxyType({})


class Session:
    """Raises FormFault for a form whose rules cannot even open it.

    Deterministic: the same form, opening and steps give the same session, on any machine.

    Not thread-safe. ``zone`` is the place's time zone, for ``today()`` and dates.
    """

    def __init__(
        self, form: Form, opening: Opening, zone: tzinfo = UTC, *, record: "saved.Record | None" = None
    ) -> None:
        self.form = form
        self.opening = opening
        self.zone = zone
        self._steps: list[Step] = []
        document = Node(Type.DOCUMENT)
        blueprint = form.blueprint if record is None else saved.blueprint(form, record)
        self._root = build(blueprint, document)
        document.children = [self._root]
        instances = dict(form.instances)
        if form.primary is not None:
            instances.setdefault(form.primary, document)
        self._scope = Scope(
            root=document,
            now=opening.at.astimezone(UTC),
            zone=zone,
            random=Random(opening.seed),  # noqa: S311 - replayable on purpose; no secret comes of it
            instances=instances,
            month_names=lambda: names_for(self._wording.language),
            namespaces={prefix: uri for prefix, uri in form.nsmap.items() if prefix},
        )
        language = opening.language if opening.language in form.languages else form.default_language
        self._wording = Wording(form, self._scope, opening.seed, language or "")
        self._recalculation = Recalculation(form.graph, self._scope, self._keep_available)
        self._recalculation.root = self._root
        self._events = Events(form, self._scope, self._recalculation, self._root)
        self._asking = Asking(form, self._scope, self._wording, self._root)
        self._faults: list[str] = []
        try:
            self._open(record)
        except XPathError as fault:
            raise bad_expression(form.root.path, str(fault)) from fault
        # From here on a person is answering: a rule that fails is passed over, not thrown at them.
        self._scope.on_fault = lambda fault: self._faults.append(str(fault))

    @classmethod
    def replay(cls, form: Form, opening: Opening, steps: Iterable[Step], zone: tzinfo = UTC) -> "Session":
        """The session as it was after ``steps``: each at its own time, from the same seed."""
        session = cls(form, opening, zone)
        for step in steps:
            session.apply(step)
        return session

    @classmethod
    def resume(
        cls, form: Form, opening: Opening, instance: bytes, zone: tzinfo = UTC, *, edited: bool = False
    ) -> "Session":
        """A session that starts from a record's XML: a draft, or with ``edited`` one that was submitted,
        which gets a new instanceID and remembers the old one (ODK XForms specification, "Metadata").
        Raises FormFault for a record that is not of this form."""
        return cls(form, opening, zone, record=saved.Record(instance, edited))

    def _open(self, record: "saved.Record | None") -> None:
        identity = UUID(int=Random(f"instance {self.opening.seed}").getrandbits(128), version=4)  # noqa: S311
        saved.preload(self._root, self.opening, self.zone, f"uuid:{identity}", record)
        self._type_defaults(self._root, fresh=record is None)
        self._recalculation.schedule_below(self._root)
        self._recalculation.settle()
        self._events.loaded(first=record is None)
        self._finish_settling()
        self._recalculation.changed.clear()

    def _type_defaults(self, node: InstanceNode, *, fresh: bool) -> None:
        type_ = node.definition.bind.type
        if node.children:
            for child in node.members:
                self._type_defaults(child, fresh=fresh)
        elif node.answer and type_ in _WRITTEN_ANEW:
            node.answer = node.text = typed.coerced(node.answer, type_, self._scope)
        control = node.definition.control
        if fresh and node.answer and control is not None and control.element in ("select", "select1"):
            self._choose_default(control, node)

    def _choose_default(self, control: Control, node: InstanceNode) -> None:
        """Drops from a default what is no choice; where choices depend on answers, that comes later."""
        values = set() if self._is_dynamic(node.definition) else set(self._wording.values(control, node))
        if values:
            chosen = node.answer.split() if control.element == "select" else [node.answer.strip()]
            node.answer = node.text = " ".join(value for value in chosen if value in values)

    def _is_dynamic(self, definition: Definition) -> bool:
        """Whether a question's choices depend on answers."""
        return any(each.kind == "choices" for each in self.form.graph.of[definition.index])

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(self._steps)

    @property
    def faults(self) -> tuple[str, ...]:
        """Rules that could not be worked out since the session opened, for staff and the log; such a
        rule reads as blank."""
        return tuple(self._faults)

    @property
    def language(self) -> str:
        """The form's own name of the language; blank for a form without translations."""
        return self._wording.language

    @language.setter
    def language(self, name: str) -> None:
        """Equal to ``ChangeLanguage`` at the time of the last step."""
        if name != self.language:
            self.apply(ChangeLanguage(self._scope.now, name))

    def apply(self, step: Step) -> Outcome:
        """Takes one step and settles the form.

        A value that breaks its type or a rule is kept, and the outcome says which rule. What cannot be
        done (answering a read-only question, adding to a fixed repeat) changes nothing, is not accepted
        and is not among ``steps``. Raises KeyError for a ref that is not there.
        """
        self._scope.now = step.at.astimezone(UTC)
        self._recalculation.changed.clear()
        match step:
            case Answer():
                return self._answer(step)
            case AddRepeat():
                parent, definition = self._repeat(step.ref)
                if not self._asking.can_change(definition) or not parent.active:
                    return Outcome((), False, None)
                self._recalculation.add_member(parent, definition)
            case RemoveRepeat():
                member = self.node(step.ref)
                if not member.definition.is_repeat or not self._asking.can_change(member.definition):
                    return Outcome((), False, None)
                self._recalculation.remove_member(member)
            case ChangeLanguage():
                if step.language not in self.form.languages:
                    return Outcome((), False, None)
                self._wording.language = step.language
                self._recalculation.schedule_speaking()
            case Finish():
                self._recalculation.settle()
                for node in saved.ends(self._root):
                    self._recalculation.set_value(node, saved.stamp(step.at, self.zone))
            case _:
                assert_never(step)
        self._steps.append(step)
        self._finish_settling()
        return Outcome(self._changed(), True, None)

    def _answer(self, step: Answer) -> Outcome:
        node = self.node(step.ref)
        if node.definition.children or not node.active or self._asking.is_readonly(node):
            return Outcome((), False, None)
        control = node.definition.control
        text = _cleaned(step.value, node.definition)
        if control is not None and text:
            if control.element == "rank" and not self._ranks_all(control, node, text):
                return Outcome((), False, Violation(ref_of(node), ViolationKind.TYPE, None))
            if control.element in ("select", "select1"):
                text = self._among_choices(control, node, text)
        fits = self._fits(node.definition, text)
        node.refused = "" if fits else text
        node.given = text
        self._recalculation.set_value(node, self._written(node.definition, text) if fits else "")
        self._steps.append(step)
        self._finish_settling()
        violation = self._asking.violation(node) if node.active else None
        return Outcome(self._changed(), violation is None, violation)

    def _fits(self, definition: Definition, text: str) -> bool:
        if text == "" or not typed.fits(text, definition.bind.type, self.zone):
            return text == ""
        bounds = None if definition.control is None else range_of(definition.control)
        if bounds is None:
            return True
        low, high = sorted((bounds.start, bounds.end))
        return typed.fits(text, "decimal", self.zone) and low <= float(text) <= high

    @staticmethod
    def _written(definition: Definition, text: str) -> str:
        """A fitting answer in the one way that its type is written."""
        match definition.bind.type:
            case "geopoint" | "geotrace" | "geoshape":
                return typed.positions(text)
            case "int" | "decimal" if text:
                return string_from_number(float(text))
        return text

    def _ranks_all(self, control: Control, node: InstanceNode, text: str) -> bool:
        """ODK XForms specification, "Body": a rank always includes all options."""
        return sorted(text.split()) == sorted(self._wording.values(control, node))

    def _among_choices(self, control: Control, node: InstanceNode, text: str) -> str:
        """Chosen values that are choices, in the order of those. Where a form never has any (its table is
        missing), what was given stands."""
        values = self._wording.values(control, node)
        if not values and not self._is_dynamic(node.definition):
            return text
        if control.element == "select1":
            return text if text in values else ""
        chosen = set(text.split())
        return " ".join(value for value in dict.fromkeys(values) if value in chosen)

    def _finish_settling(self) -> None:
        self._recalculation.settle()
        self._events.settle()
        self._asking.forget(structure=self._recalculation.structure_changed)
        self._recalculation.structure_changed = False

    def _changed(self) -> tuple[Ref, ...]:
        return tuple(ref_of(node) for node in self._recalculation.changed.values())

    def _keep_available(self, computation: Computation, node: InstanceNode) -> None:
        """Drops what was chosen and can no longer be, and gives it back when it can be again."""
        if computation.control is None or not node.active:
            return
        if computation.control.element == "rank":
            self._rerank(computation.control, node)
            return
        chosen = node.before or node.answer
        if not chosen:
            return
        open_values = set(self._wording.values(computation.control, node))
        kept = " ".join(value for value in chosen.split() if value in open_values)
        if computation.control.element == "select1":
            kept = chosen if chosen in open_values else ""
        self._recalculation.set_value(node, kept)
        node.before = chosen if kept != chosen else ""

    def _rerank(self, control: Control, node: InstanceNode) -> None:
        """A ranking that was given keeps its order; options that came since go last."""
        given = (node.given or node.answer).split()
        if given:
            options = self._wording.values(control, node)
            kept = [value for value in given if value in options]
            kept += [value for value in options if value not in given]
            self._recalculation.set_value(node, " ".join(kept))

    def node(self, ref: str) -> InstanceNode:
        """The node of a ref, whether relevant or not; KeyError where there is none."""
        steps = steps_of(ref)
        if not steps or steps[0][0].rpartition(":")[2] != self._root.local:
            raise KeyError(ref)
        node: Node = self._root
        for name, position in steps[1:]:
            found = node.named(name.rpartition(":")[2])
            at = (position or 1) - 1
            if not 0 <= at < len(found):
                raise KeyError(ref)
            node = found[at]
        assert isinstance(node, InstanceNode)
        return node

    def _repeat(self, ref: Ref) -> tuple[InstanceNode, Definition]:
        above, _, name = ref.rpartition("/")
        parent = self.node(above)
        definition = parent.definition.child(name.partition("[")[0])
        if definition is None or not definition.is_repeat:
            raise KeyError(ref)
        return parent, definition

    def _is_range(self, ref: str) -> bool:
        name, position = steps_of(ref)[-1]
        if position is not None:
            return False
        above = ref.rpartition("/")[0]
        if not above:
            return False
        definition = self.node(above).definition.child(name)
        return definition is not None and definition.is_repeat

    def screens(self) -> tuple[Ref, ...]:
        """What is asked now, in the form's order: relevant questions, and each repeat as one stop."""
        return self._asking.screens()

    def children(self, ref: Ref) -> tuple[Ref, ...]:
        """What is asked of one member of a repeat: ``/data/member[2]``."""
        return self._asking.children(self.node(ref))

    def question(self, ref: Ref) -> Question:
        """A snapshot; of a repeat (a ref without position) one of kind ``repeat``."""
        if self._is_range(ref):
            parent, definition = self._repeat(ref)
            return self._asking.roster_question(parent, definition)
        return self._asking.question(self.node(ref))

    def repeat(self, ref: Ref) -> Repeat:
        """The members of a repeat: ``/data/member``."""
        parent, definition = self._repeat(ref)
        return self._asking.repeat(parent, definition)

    def next(self, ref: Ref | None) -> Ref | None:
        """What is asked after ``ref``; the first for None. After a member's last question comes its
        repeat, where the person sees all members; after the form's last, None."""
        return self._asking.beside(ref, 1)

    def previous(self, ref: Ref | None) -> Ref | None:
        """What is asked before ``ref``; the last for None. Before a member's first comes its repeat."""
        return self._asking.beside(ref, -1)

    def violations(self) -> tuple[Violation, ...]:
        """What stands in the way of submitting, over the whole form, in its order."""
        return self._asking.violations()

    def violation(self, ref: Ref) -> Violation | None:
        """What is wrong with one answer now."""
        node = self.node(ref)
        return self._asking.violation(node) if node.active else None

    def is_relevant(self, ref: Ref) -> bool:
        """Whether a node is asked for and submitted now; False for one that is not there."""
        try:
            return self.node(ref).active
        except KeyError:
            return False

    def value(self, ref: Ref) -> str:
        """The value as the form's expressions see it: blank while not relevant."""
        return self.node(ref).text

    def display(self, ref: Ref) -> str:
        """The answer as a person reads it: labels of choices; dates stay ISO."""
        return self._asking.display(self.node(ref))

    def label_of(self, ref: Ref) -> str:
        """What a group, a repeat's member or a question is called; blank for nothing."""
        return self._asking.label_of(self.node(ref))

    @property
    def instance_id(self) -> str:
        """``uuid:…``, fixed from the start by the opening's seed."""
        return saved.instance_id(self._root)

    @property
    def instance_name(self) -> str:
        """What the form calls this record (``instanceName``); blank where it does not."""
        return saved.instance_name(self._root)

    def submission(self, extra_meta: Mapping[str, str] = _NO_META) -> bytes:
        """The record as canonical XML, without what is not relevant.

        ``extra_meta`` goes into ``<meta>`` as ``opora:NAME``. Where no ``Finish`` was taken, the form's
        end is the time of the last step.
        """
        if not any(isinstance(step, Finish) for step in self._steps):
            for node in saved.ends(self._root):
                node.answer = node.text = saved.stamp(self._scope.now, self.zone)
        return submission_xml(self._root, extra_meta)

    @property
    def now(self) -> datetime:
        """When the last step was taken (or the session opened), aware, UTC."""
        return self._scope.now


def _cleaned(value: str, definition: Definition) -> str:
    value = legal(value)
    control = definition.control
    if control is not None and control.element in ("select", "rank"):
        return " ".join(value.split())
    if definition.bind.type != "string" or not value.strip():
        return value.strip()
    return value

"""The words of a form in one language, with what ``<output>`` puts into them, and its choices."""

from dataclasses import replace
from random import Random

from kiosk.forms.definition import Control, Definition, Text, Translated
from kiosk.forms.form import Form
from kiosk.forms.instance import InstanceNode, ref_of
from kiosk.forms.questions import Choice
from kiosk.forms.xpath import Compiled, Node, Scope


class Wording:
    """Reads texts for nodes. ``language`` is the form's own name of it.

    Works in a scope of its own, so that asking twice never moves the session's random numbers: what a
    screen shows at random is drawn from the seed and the question's place alone.
    """

    def __init__(self, form: Form, scope: Scope, seed: int, language: str) -> None:
        self._form = form
        self._scope = scope
        self._view = replace(scope, itext=self._itext, choice_name=self.choice_name, on_fault=lambda _: None)
        scope.itext = self._itext
        scope.choice_name = self.choice_name
        self._seed = seed
        self._node: Node = scope.root
        self.language = language

    def words(self, text: Text | None, node: Node) -> str | None:
        """A text as a person reads it; None where there is none."""
        if text is None:
            return None
        self._view.now = self._scope.now
        before, self._node = self._node, node
        try:
            # Around a blank `<output>` a blank may be left over.
            return "".join(self._piece(piece, node) for piece in text.pieces).strip()
        finally:
            self._node = before

    def form_of(self, text: Text | None, form: str, node: Node) -> str | None:
        """Another form of a translated text: short, guidance, image, audio, video, big-image."""
        if text is None or not text.pieces or not isinstance(text.pieces[0], Translated):
            return None
        return self._translation(text.pieces[0].key, form, node)

    def _translation(self, key: str, form: str, node: Node) -> str | None:
        found = self._form.itext.text(self.language, key, form)
        return None if found is None else self.words(found, node)

    def _piece(self, piece: str | Compiled | Translated, node: Node) -> str:
        if isinstance(piece, str):
            return piece
        if isinstance(piece, Translated):
            found = self._form.itext.text(self.language, piece.key)
            return "" if found is None else self.words(found, node) or ""
        return piece.string(node, self._view)

    def _itext(self, key: str) -> str:
        found = self._form.itext.text(self.language, key)
        return "" if found is None else self.words(found, self._node) or ""

    def choices(self, control: Control, node: InstanceNode) -> tuple[Choice, ...]:
        """The choices open to a node now, in the order to show them."""
        if control.itemset is None:
            return tuple(
                Choice(
                    item.value,
                    self.words(item.label, node) or item.value,
                    _file_name(self.form_of(item.label, "image", node)),
                    _file_name(self.form_of(item.label, "audio", node)),
                )
                for item in control.items
            )
        self._view.now = self._scope.now
        itemset = control.itemset
        found: list[Choice] = []
        for item in self._items(control, node):
            text = itemset.value.string(item, self._view)
            label = self._item_label(itemset.label, item, node)
            image = audio = None
            if itemset.key is not None:
                key = itemset.key.string(item, self._view)
                image = _file_name(self._translation(key, "image", node))
                audio = _file_name(self._translation(key, "audio", node))
            found.append(Choice(text, text if label is None else label, image, audio))
        return tuple(found)

    def values(self, control: Control, node: InstanceNode) -> list[str]:
        """The values of the choices alone, without looking up a word."""
        if control.itemset is None:
            return [item.value for item in control.items]
        self._view.now = self._scope.now
        expression = control.itemset.value
        return [expression.string(item, self._view) for item in self._items(control, node)]

    def _items(self, control: Control, node: InstanceNode) -> list[Node]:
        assert control.itemset is not None
        self._view.random = Random(f"{self._seed} {ref_of(node)}")  # noqa: S311 - an order, not a secret
        items = control.itemset.nodeset.nodes(node, self._view)
        if control.itemset.in_primary:
            items = [item for item in items if not isinstance(item, InstanceNode) or item.active]
        return items

    def _item_label(self, text: Text | None, item: Node, node: InstanceNode) -> str | None:
        if text is None:
            return None
        before, self._node = self._node, node
        try:
            return "".join(self._piece(piece, item) for piece in text.pieces)
        finally:
            self._node = before

    def choice_name(self, node: Node, value: str) -> str:
        """``jr:choice-name``: the label of a choice of the question at ``node``; blank for none."""
        definition: Definition | None = node.definition if isinstance(node, InstanceNode) else None
        if definition is None or definition.control is None or not definition.control.has_choices:
            return ""
        assert isinstance(node, InstanceNode)
        return next((c.label for c in self.choices(definition.control, node) if c.value == value), "")


def _file_name(address: str | None) -> str | None:
    return address.rpartition("/")[2] or None if address else None

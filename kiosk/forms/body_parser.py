"""``<h:body>``: controls, groups, repeats, their texts, choices and actions
(ODK XForms specification, "Body", "Groups", "Repeats", "Events and Actions")."""

import re

from lxml import etree

from kiosk.forms.definition import Control, Definition, Item, Itemset, SetValue
from kiosk.forms.elements import children_named, first_named, local_name, local_part
from kiosk.forms.events import KNOWN, NEW_REPEAT
from kiosk.forms.expressions import compiled, is_true, jr, text_of
from kiosk.forms.locations import find
from kiosk.forms.refusal import not_a_form
from kiosk.forms.xpath import grammar

CONTROLS = frozenset({"input", "secret", "select", "select1", "rank", "range", "upload", "trigger"})
_MEDIA_TYPE = re.compile(r"[\w*.+-]+/[\w*.+-]+\Z")
_KEY = re.compile(r"\s*jr:itext\((.*)\)\s*\Z", re.DOTALL)


class BodyParser:
    """Reads controls; gathers ``choosers`` (controls with choices) and ``actions`` on the way."""

    def __init__(self, root: Definition, binds: dict[str, Definition], warnings: list[str]) -> None:
        self._root = root
        self._binds = binds
        self._warnings = warnings
        self.choosers: list[Control] = []
        self.actions: list[SetValue] = []

    def controls(self, body: etree._Element) -> tuple[Control, ...]:
        return tuple(self._children(body, self._root, None))

    def model_actions(self, model: etree._Element) -> tuple[SetValue, ...]:
        return tuple(self._set_value(each, None) for each in children_named(model, "setvalue"))

    def _children(
        self, element: etree._Element, context: Definition, parent: Control | None
    ) -> list[Control]:
        found: list[Control] = []
        for child in element:
            local = local_name(child)
            if local in CONTROLS:
                control = self._control(child, local, context, parent)
            elif local in ("group", "repeat"):
                control = self._group(child, local, context, parent)
            elif local == "setvalue" and parent is not None:
                self.actions.append(self._set_value(child, parent.definition))
                continue
            else:
                continue
            if control is not None:
                found.append(control)
        return found

    def _definition(self, element: etree._Element, context: Definition) -> Definition | None:
        """What a control is bound to; a control bound to nothing there is left out with a warning."""
        if identifier := element.get("bind"):
            return self._binds.get(identifier)
        path = element.get("ref") or element.get("nodeset")
        if not path:
            return None
        found = find(path, self._root, context)
        if found is None:
            self._warnings.append(f"the body asks for {path!r}, which is not there")
        return found

    def _group(
        self, element: etree._Element, local: str, context: Definition, parent: Control | None
    ) -> Control | None:
        definition = self._definition(element, context)
        if local == "repeat" and definition is None:
            return None
        where = definition.path if definition is not None else context.path
        control = Control(
            local,
            definition,
            _words(element.get("appearance")),
            # ODK XForms specification, "Repeats": a repeat has no label; the group around it has.
            None if local == "repeat" else text_of(first_named(element, "label"), where),
            None if local == "repeat" else text_of(first_named(element, "hint"), where),
            parent=parent,
            fixed=is_true(jr(element, "noAddRemove")),
        )
        if local == "repeat":
            count = jr(element, "count")
            control.count = compiled(count, where) if count and count.strip() else None
        if definition is not None and (local == "repeat" or definition.control is None):
            definition.control = control
        control.children = self._children(element, definition or context, control)
        return control

    def _control(
        self, element: etree._Element, local: str, context: Definition, parent: Control | None
    ) -> Control | None:
        definition = self._definition(element, context)
        if definition is None:
            return None
        where = definition.path
        control = Control(
            "input" if local == "secret" else local,
            definition,
            _words(element.get("appearance")) | (frozenset({"masked"}) if local == "secret" else frozenset()),
            text_of(first_named(element, "label"), where),
            text_of(first_named(element, "hint"), where),
            attributes={local_part(k): str(v) for k, v in element.attrib.items()},
            parent=parent,
        )
        media_type = control.attributes.get("mediatype", "").strip()
        if local == "upload" and media_type and not _MEDIA_TYPE.match(media_type):
            raise not_a_form(f"{where}: {media_type!r} is no media type")
        if control.has_choices and "search" in control.appearance:
            control.appearance |= {"autocomplete"}
        if control.has_choices:
            control.items = tuple(
                Item(_value_of(item), text_of(first_named(item, "label"), where))
                for item in children_named(element, "item")
            )
            itemset = first_named(element, "itemset")
            if itemset is not None:
                control.itemset = self._itemset(itemset, definition)
            self.choosers.append(control)
        for child in children_named(element, "setvalue"):
            self.actions.append(self._set_value(child, definition))
        if definition.control is None:
            definition.control = control
        return control

    def _itemset(self, element: etree._Element, definition: Definition) -> Itemset:
        where = definition.path
        value = first_named(element, "value")
        nodeset = compiled(element.get("nodeset") or ".", where)
        label = first_named(element, "label")
        key = _KEY.match(label.get("ref") or "") if label is not None else None
        return Itemset(
            nodeset=nodeset,
            value=compiled((value.get("ref") if value is not None else None) or "name", where),
            label=text_of(label, where),
            key=compiled(key[1], where) if key else None,
            in_primary=_starts_in_primary(nodeset.tree),
        )

    def _set_value(self, element: etree._Element, at: Definition | None) -> SetValue:
        events = _words(next((str(v) for k, v in element.attrib.items() if local_part(k) == "event"), ""))
        if unknown := events - KNOWN:
            raise not_a_form(f"an action waits for {', '.join(sorted(unknown))}, which never happens")
        if at is None and NEW_REPEAT in events:
            raise not_a_form("an action in the model waits for a new member, but stands in no repeat")
        reference = element.get("ref") or ""
        target: Definition | None
        if identifier := element.get("bind"):
            target = self._binds.get(identifier)
            reference = target.path if target is not None else "."
        else:
            target = find(reference, self._root, at or self._root)
        where = target.path if target is not None else reference
        value = element.get("value")
        return SetValue(
            events=events,
            target=target if "[" not in reference else None,
            path=compiled(reference or ".", where),
            value=compiled(value, where) if value and value.strip() else None,
            text="" if value is not None else (element.text or ""),
            at=at,
        )


def _starts_in_primary(tree: grammar.Expression) -> bool:
    match tree:
        case grammar.Path(start=None):
            return True
        case grammar.Path(start=start) if start is not None:
            return _starts_in_primary(start)
        case grammar.Filter(operand, _):
            return _starts_in_primary(operand)
        case grammar.Call("randomize", arguments) if arguments:
            return _starts_in_primary(arguments[0])
        case grammar.Call("current", _):
            return True
    return False


def _value_of(item: etree._Element) -> str:
    child = first_named(item, "value")
    if child is None:
        return ""
    return (child.text or "" if len(child) == 0 else "".join(str(text) for text in child.itertext())).strip()


def _words(text: str | None) -> frozenset[str]:
    return frozenset((text or "").split())

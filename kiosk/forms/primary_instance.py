"""The primary instance: which nodes there are, which repeat, and what they start with."""

from lxml import etree

from kiosk.forms.definition import JAVAROSA, OPENROSA, Bind, Blueprint, Definition
from kiosk.forms.elements import local_name
from kiosk.forms.refusal import not_a_form

_TEMPLATE = f"{{{JAVAROSA}}}template"
MOST_NODES = 100_000


class PrimaryInstance:
    def __init__(self, element: etree._Element, body: etree._Element) -> None:
        self._element = element
        self._all: list[Definition] = []
        self.root = self._define(element, None)
        self._added_meta = self._complete_meta()
        self._mark_repeats(body, self.root)

    @property
    def definitions(self) -> tuple[Definition, ...]:
        return tuple(self._all)

    def blueprint(self) -> Blueprint:
        """The first instance; gives every repeat its template on the way."""
        whole = self._blueprint(self._element, self.root)
        assert whole is not None
        if self._added_meta is not None:
            added = _bare(self._added_meta)
            whole = Blueprint(whole.definition, whole.text, _with_meta(whole, added), whole.attributes)
        return whole

    def _define(self, element: etree._Element, parent: Definition | None) -> Definition:
        name = etree.QName(element)
        prefix = element.prefix or ""
        qualified = f"{prefix}:{name.localname}" if prefix else name.localname
        definition = parent.children.get(qualified) if parent is not None else None
        if definition is None:
            definition = self._new(name.localname, name.namespace or "", prefix, parent)
            definition.nsmap = dict(element.nsmap)
            definition.attributes = _attributes(element)
        if element.get(_TEMPLATE) is not None:
            definition.is_repeat = True
        for child in element:
            if isinstance(child.tag, str):
                self._define(child, definition)
        return definition

    def _new(self, local: str, namespace: str, prefix: str, parent: Definition | None) -> Definition:
        if len(self._all) >= MOST_NODES:
            raise not_a_form(f"it has more than {MOST_NODES} questions")
        name = f"{prefix}:{local}" if prefix else local
        path = f"{parent.path}/{name}" if parent is not None else f"/{name}"
        depth = parent.depth + 1 if parent is not None else 0
        definition = Definition(len(self._all), local, namespace, prefix, path, depth, parent)
        self._all.append(definition)
        if parent is not None:
            parent.children[name] = definition
        return definition

    def _complete_meta(self) -> Definition | None:
        """A record needs an instanceID (ODK XForms specification, "Metadata"): adds what is missing."""
        added: Definition | None = None
        meta = self.root.child("meta")
        if meta is None:
            prefix = next((p for p, uri in self.root.nsmap.items() if p and uri == OPENROSA), "")
            namespace = OPENROSA if prefix else self.root.namespace
            meta = added = self._new("meta", namespace, prefix, self.root)
        if meta.child("instanceID") is None:
            own = self._new("instanceID", meta.namespace, meta.prefix, meta)
            own.bind = Bind(preload="uid")
            added = meta
        return added

    def _mark_repeats(self, element: etree._Element, context: Definition) -> None:
        from kiosk.forms.locations import find

        for child in element:
            if not isinstance(child.tag, str):
                continue
            local = local_name(child)
            if local not in ("group", "repeat"):
                continue
            path = child.get("nodeset") or child.get("ref")
            found = find(path, self.root, context) if path else None
            if local == "repeat" and found is not None and found is not self.root:
                found.is_repeat = True
            self._mark_repeats(child, found or context)

    def _blueprint(self, element: etree._Element, definition: Definition) -> Blueprint | None:
        children: list[Blueprint] = []
        for child in element:
            if not isinstance(child.tag, str):
                continue
            local = local_name(child)
            own = definition.child(f"{child.prefix}:{local}" if child.prefix else local)
            assert own is not None
            made = self._blueprint(child, own)
            assert made is not None
            if own.is_repeat and child.get(_TEMPLATE) is not None:
                own.template = made
            elif own.is_repeat and own.template is None:
                # Without a template a new member is as the first, but with nothing filled in.
                own.template = _emptied(made)
            if child.get(_TEMPLATE) is None:
                children.append(made)
                if own.is_repeat:
                    own.members = (*own.members, made)
        text = ""
        if not definition.children:
            text = (element.text or "") + "".join(child.tail or "" for child in element)
        return Blueprint(definition, text, tuple(children), _attributes(element))


def _attributes(element: etree._Element) -> tuple[tuple[str, str, str, str], ...]:
    """Local name, namespace, prefix and value of each attribute but ``jr:template``."""
    found: list[tuple[str, str, str, str]] = []
    for key, value in element.attrib.items():
        if key == _TEMPLATE:
            continue
        name = etree.QName(str(key))
        prefix = ""
        if name.namespace:
            prefix = next((p for p, uri in element.nsmap.items() if p and uri == name.namespace), "")
        found.append((name.localname, name.namespace or "", prefix, str(value)))
    return tuple(found)


def _emptied(made: Blueprint) -> Blueprint:
    return Blueprint(made.definition, "", tuple(_emptied(child) for child in made.children), made.attributes)


def _bare(definition: Definition) -> Blueprint:
    return Blueprint(definition, "", tuple(_bare(child) for child in definition.children.values()))


def _with_meta(whole: Blueprint, added: Blueprint) -> tuple[Blueprint, ...]:
    kept: list[Blueprint] = []
    merged = False
    for child in whole.children:
        if child.definition is added.definition:
            new = added.children[-1]
            kept.append(Blueprint(child.definition, "", (*child.children, new), child.attributes))
            merged = True
        else:
            kept.append(child)
    return tuple(kept) if merged else (*kept, added)

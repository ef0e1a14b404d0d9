"""What a session starts from: a record saved before, and what a form wants noted by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from lxml import etree

from kiosk.forms.definition import Blueprint, Definition
from kiosk.forms.elements import local_name
from kiosk.forms.form import Form
from kiosk.forms.instance import InstanceNode
from kiosk.forms.refusal import not_a_form
from kiosk.forms.steps import Opening
from kiosk.forms.xform_parser import read_xml
from kiosk.forms.xpath.dates import today, written_in_full


@dataclass(frozen=True, slots=True)
class Record:
    """``edited``: it was submitted before, and will be submitted again as a revision."""

    xml: bytes
    edited: bool


def blueprint(form: Form, record: Record) -> Blueprint:
    """The nodes of a record: its values, and the form's own nodes where the record has none."""
    element = read_xml(record.xml)
    if local_name(element) != form.root.local:
        raise not_a_form("the record is not one of this form")
    return _merged(element, form.blueprint)


def _merged(element: etree._Element, own: Blueprint) -> Blueprint:
    found: dict[str, list[etree._Element]] = {}
    for child in element:
        if isinstance(child.tag, str):
            found.setdefault(local_name(child), []).append(child)
    defaults: dict[str, Blueprint] = {}
    for default in own.children:
        defaults.setdefault(default.definition.local, default)
    children: list[Blueprint] = []
    for definition in own.definition.children.values():
        present = found.get(definition.local, [])
        if definition.is_repeat:
            template, control = definition.template, definition.control
            counted = control is not None and (control.fixed or control.count is not None)
            if control is not None and control.fixed:
                present = present[: len(definition.members)]
            for at, each in enumerate(present):
                defined = definition.members[at] if counted and at < len(definition.members) else template
                if defined is not None:
                    children.append(_merged(each, defined))
        elif definition.local in defaults:
            default = defaults[definition.local]
            # What was not relevant was left out of the record, and starts again as the form has it.
            children.append(_merged(present[0], default) if present else default)
    text = ""
    if not own.definition.children:
        text = (element.text or "") + "".join(child.tail or "" for child in element)
    return Blueprint(own.definition, text, tuple(children), own.attributes)


def preload(root: InstanceNode, opening: Opening, zone: tzinfo, identity: str, record: Record | None) -> None:
    """Notes what the form asks for when filling in begins (``jr:preload``), and the instanceID."""
    meta = _meta(root)
    known = instance_id(root)
    for node in _all(root):
        bind = node.definition.bind
        if bind.preload and record is None:
            value = _preloaded(bind.preload, bind.preload_params, opening, zone, identity)
            if value is not None:
                node.answer = node.text = value
    identifier = _named(meta, "instanceID")
    if identifier is None:
        return
    if record is not None and record.edited and known:
        deprecated = _named(meta, "deprecatedID")
        if deprecated is None and meta is not None:
            definition = Definition(
                -1, "deprecatedID", identifier.namespace, identifier.prefix, "", 2, meta.definition
            )
            deprecated = InstanceNode(definition, meta)
            meta.children.append(deprecated)
            meta.reindex()
        if deprecated is not None:
            deprecated.answer = deprecated.text = known
        if identifier.definition.bind.preload == "uid":
            identifier.answer = identifier.text = identity


def _preloaded(kind: str, params: str, opening: Opening, zone: tzinfo, identity: str) -> str | None:
    match kind, params:
        case "uid", _:
            return identity
        case "timestamp", "start":
            return stamp(opening.at, zone)
        case "date", "today":
            return today(opening.at.astimezone(UTC), zone)
        case "property", ("deviceid" | "uri:deviceid"):
            return opening.device
        case "property", ("username" | "uri:username"):
            return opening.username
        case "property", ("email" | "uri:email"):
            return opening.email
        case "property", ("phonenumber" | "phone number" | "uri:phonenumber"):
            return opening.phone_number
    return None


def ends(root: InstanceNode) -> list[InstanceNode]:
    """The nodes that want the end of filling in noted."""
    return [
        node
        for node in _all(root)
        if node.definition.bind.preload == "timestamp" and node.definition.bind.preload_params == "end"
    ]


def stamp(at: datetime, zone: tzinfo) -> str:
    return written_in_full(at.astimezone(zone))


def instance_id(root: InstanceNode) -> str:
    node = _named(_meta(root), "instanceID")
    return node.answer if node is not None else ""


def instance_name(root: InstanceNode) -> str:
    node = _named(_meta(root), "instanceName")
    return node.text if node is not None else ""


def _meta(root: InstanceNode) -> InstanceNode | None:
    return _named(root, "meta")


def _named(node: InstanceNode | None, name: str) -> InstanceNode | None:
    found = node.named(name) if node is not None else []
    return found[0] if found and isinstance(found[0], InstanceNode) else None


def _all(node: InstanceNode) -> Iterator[InstanceNode]:
    yield node
    for child in node.members:
        yield from _all(child)

"""``<bind>`` elements (ODK XForms specification, "Bindings")."""

from dataclasses import dataclass

from lxml import etree

from kiosk.forms.definition import OPORA, Bind, Definition
from kiosk.forms.elements import local_name
from kiosk.forms.expressions import is_true, jr, message_of, optional
from kiosk.forms.locations import find

TYPES = frozenset(
    {
        "string",
        "int",
        "boolean",
        "decimal",
        "date",
        "time",
        "dateTime",
        "geopoint",
        "geotrace",
        "geoshape",
        "binary",
        "barcode",
        "intent",
    }
)


@dataclass(frozen=True, slots=True)
class Binds:
    by_id: dict[str, Definition]


def read_binds(model: etree._Element, root: Definition, warnings: list[str]) -> Binds:
    """Gives each definition its bind; a bind of a node that is not there becomes a warning."""
    by_id: dict[str, Definition] = {}
    for element in model:
        if local_name(element) != "bind":
            continue
        nodeset = element.get("nodeset") or element.get("ref") or ""
        definition = find(nodeset, root, root)
        if definition is None:
            if "@" not in nodeset:
                warnings.append(f"a bind speaks of {nodeset!r}, which is not there")
            continue
        if identifier := element.get("id"):
            by_id[identifier] = definition
        definition.bind = _bind(element, definition.path, definition.bind)
    return Binds(by_id)


def _bind(element: etree._Element, where: str, before: Bind) -> Bind:
    """The bind of an element. A second bind of one node adds to the first."""
    type_ = (element.get("type") or "").rpartition(":")[2].strip()
    if type_ == "integer":
        type_ = "int"
    number_kind = element.get(f"{{{OPORA}}}number") or before.number_kind
    return Bind(
        type=type_ if type_ in TYPES else before.type,
        calculate=optional(element.get("calculate"), where) or before.calculate,
        relevant=optional(element.get("relevant"), where) or before.relevant,
        required=optional(element.get("required"), where) or before.required,
        readonly=optional(element.get("readonly"), where) or before.readonly,
        constraint=optional(element.get("constraint"), where) or before.constraint,
        required_message=message_of(jr(element, "requiredMsg"), where) or before.required_message,
        constraint_message=message_of(jr(element, "constraintMsg"), where) or before.constraint_message,
        preload=jr(element, "preload") or before.preload,
        preload_params=jr(element, "preloadParams") or before.preload_params,
        number_kind=number_kind.strip() if number_kind else None,
        currency=(element.get(f"{{{OPORA}}}currency") or before.currency).strip().upper(),
        person=(element.get(f"{{{OPORA}}}person") or before.person).strip(),
        private=is_true(element.get(f"{{{OPORA}}}private")) or before.private,
    )

"""Whether an answer stands: required, type, national number, constraint."""

from kiosk.forms import number, typed
from kiosk.forms.instance import InstanceNode
from kiosk.forms.questions import ViolationKind
from kiosk.forms.xpath import Scope

__all__ = ["ViolationKind", "broken"]


def broken(node: InstanceNode, scope: Scope, *, required: bool) -> ViolationKind | None:
    """The first rule that a node's value breaks. A blank breaks none but ``required``
    (ODK XForms specification, "Bindings": a constraint is for values)."""
    bind = node.definition.bind
    if node.refused:
        return ViolationKind.TYPE
    value = node.text
    if value == "":
        return ViolationKind.REQUIRED if required else None
    if not typed.fits(value, bind.type, scope.zone):
        return ViolationKind.TYPE  # a default of the form's own
    if bind.number_kind is not None and not number.is_valid(bind.number_kind, value):
        return ViolationKind.NUMBER
    if bind.constraint is not None and not bind.constraint.boolean(node, scope):
        return ViolationKind.CONSTRAINT
    return None

"""What kind of question a control with its bind makes."""

from kiosk.forms.definition import Control, Definition
from kiosk.forms.questions import QuestionKind, Range

_BY_TYPE = {
    "int": QuestionKind.INTEGER,
    "decimal": QuestionKind.DECIMAL,
    "date": QuestionKind.DATE,
    "time": QuestionKind.TIME,
    "dateTime": QuestionKind.DATETIME,
    "geopoint": QuestionKind.GEOPOINT,
    "geotrace": QuestionKind.GEOTRACE,
    "geoshape": QuestionKind.GEOSHAPE,
    "barcode": QuestionKind.BARCODE,
    "binary": QuestionKind.FILE,
}
_BY_ELEMENT = {
    "select1": QuestionKind.SELECT_ONE,
    "select": QuestionKind.SELECT_MULTIPLE,
    "rank": QuestionKind.RANK,
    "range": QuestionKind.RANGE,
    "trigger": QuestionKind.ACKNOWLEDGE,
    "repeat": QuestionKind.REPEAT,
}


def kind_of(control: Control | None, definition: Definition, readonly: bool) -> QuestionKind:
    """``readonly``: as it is now; a text that cannot be changed is a note."""
    if control is None:
        return QuestionKind.OTHER
    found = _BY_ELEMENT.get(control.element)
    if found is not None:
        return found
    if control.element == "upload":
        return _upload(control)
    if control.element != "input":
        return QuestionKind.OTHER
    if readonly and definition.bind.type == "string":
        return QuestionKind.NOTE
    return _BY_TYPE.get(definition.bind.type, QuestionKind.TEXT)


def _upload(control: Control) -> QuestionKind:
    media = control.attributes.get("mediatype", "").partition("/")[0].strip()
    match media:
        case "image":
            if "signature" in control.appearance:
                return QuestionKind.SIGNATURE
            return QuestionKind.DRAWING if "draw" in control.appearance else QuestionKind.IMAGE
        case "audio":
            return QuestionKind.AUDIO
        case "video":
            return QuestionKind.VIDEO
    return QuestionKind.FILE


def range_of(control: Control) -> Range | None:
    """The bounds of a range; 1 to 10 by ones where the form gives none that are numbers."""
    if control.element != "range":
        return None
    bounds: list[float] = []
    for name, default in (("start", 1.0), ("end", 10.0), ("step", 1.0)):
        try:
            bounds.append(float(control.attributes.get(name, "")))
        except ValueError:
            bounds.append(default)
    return Range(bounds[0], bounds[1], abs(bounds[2]) or 1.0)

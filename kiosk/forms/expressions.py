"""Expressions and texts as a form's XML writes them, compiled."""

import re

from lxml import etree

from kiosk.forms.definition import JAVAROSA, Piece, Text, Translated
from kiosk.forms.elements import local_name
from kiosk.forms.refusal import bad_expression
from kiosk.forms.xpath import Compiled, XPathError, compile_expression

_ITEXT = re.compile(r"""\s*jr:itext\(\s*(?:'([^']*)'|"([^"]*)")\s*\)\s*\Z""")


def compiled(source: str, where: str) -> Compiled:
    """Raises FormFault, which names ``where``, for what cannot be read or calls what does not exist."""
    try:
        expression = compile_expression(source)
    except XPathError as error:
        raise bad_expression(where, str(error)) from error
    except RecursionError as error:
        raise bad_expression(where, "nested too deep") from error
    if expression.faults:
        raise bad_expression(where, "; ".join(expression.faults))
    return expression


def optional(source: str | None, where: str) -> Compiled | None:
    return None if source is None or not source.strip() else compiled(source, where)


def text_of(element: "etree._Element | None", where: str) -> Text | None:
    """The text of a ``<label>``, ``<hint>`` or ``<value>``: by ``ref``, or words with ``<output>``."""
    if element is None:
        return None
    reference = element.get("ref")
    if reference:
        return _by_reference(reference, where)
    pieces: list[Piece] = []
    _gather(element, pieces, where)
    return _tidied(pieces)


def message_of(attribute: str | None, where: str) -> Text | None:
    """``jr:constraintMsg`` and ``jr:requiredMsg``: words, or ``jr:itext('…')``."""
    if not attribute:
        return None
    if attribute.lstrip().startswith("jr:itext("):
        return _by_reference(attribute, where)
    return Text((attribute,))


def _by_reference(reference: str, where: str) -> Text:
    match = _ITEXT.match(reference)
    if match:
        return Text((Translated(match[1] if match[1] is not None else match[2]),))
    return Text((compiled(reference, where),))


def _gather(element: etree._Element, pieces: list[Piece], where: str) -> None:
    if element.text:
        pieces.append(element.text)
    for child in element:
        if isinstance(child.tag, str):
            if local_name(child) == "output":
                source = child.get("value") or child.get("ref")
                if source:
                    pieces.append(compiled(source, where))
            else:
                _gather(child, pieces, where)
        if child.tail:
            pieces.append(child.tail)


def _tidied(pieces: list[Piece]) -> Text:
    """Without the blanks that only indent the XML."""
    joined: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        else:
            joined.append(piece)
    if joined and isinstance(joined[0], str):
        joined[0] = joined[0].lstrip()
    if joined and isinstance(joined[-1], str):
        joined[-1] = joined[-1].rstrip()
    return Text(tuple(piece for piece in joined if piece != ""))


def is_true(source: str | None) -> bool:
    """Whether an attribute is ``true()`` in one of the ways that forms write it."""
    return source is not None and source.strip().lower() in ("true()", "true", "1")


def jr(element: etree._Element, name: str) -> str | None:
    """An attribute of JavaRosa's namespace, with or without its prefix."""
    return element.get(f"{{{JAVAROSA}}}{name}")

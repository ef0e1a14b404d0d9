"""The record of a session as XML: what is submitted.

One canonical writing: UTF-8 without a declaration, no blanks between elements, namespaces declared at
the root, attributes in the form's order. Nodes that are not relevant are left out.
"""

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from kiosk.forms.definition import OPENROSA, OPORA
from kiosk.forms.instance import InstanceNode
from kiosk.forms.typed import recorded
from kiosk.forms.xpath.nodes import XFORMS

_NAME = re.compile(r"[A-Za-z_][\w.-]*\Z", re.ASCII)
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """``text`` without the characters that XML 1.0 (section 2.2) cannot hold."""
    return _ILLEGAL.sub("", text)


def _escaped(text: str) -> str:
    # A bare carriage return would be read back as a line feed (XML 1.0 section 2.11).
    return escape(legal(text), {"\r": "&#13;"})


def submission_xml(root: InstanceNode, extra_meta: Mapping[str, str]) -> bytes:
    """``extra_meta``: entries of our own for ``<meta>``, by name; ValueError for what is no XML name."""
    for name in extra_meta:
        if not _NAME.match(name):
            raise ValueError(f"{name!r} cannot name an element")
    namespaces: dict[str, str] = {}
    _gather(root, namespaces)
    if extra_meta:
        namespaces["opora"] = OPORA
        if not _has_meta(root):
            namespaces.setdefault("orx", OPENROSA)
    declared = "".join(f" xmlns:{prefix}={quoteattr(uri)}" for prefix, uri in namespaces.items())
    if root.namespace not in ("", XFORMS) and not root.prefix:
        declared = f" xmlns={quoteattr(root.namespace)}{declared}"
    pieces: list[str] = []
    _write(root, pieces, declared, extra_meta)
    return "".join(pieces).encode()


def _has_meta(root: InstanceNode) -> bool:
    return any(child.local == "meta" and child.active for child in root.members)


def _gather(node: InstanceNode, namespaces: dict[str, str]) -> None:
    if node.prefix:
        namespaces.setdefault(node.prefix, node.namespace)
    for attribute in node.attributes:
        if attribute.prefix and attribute.prefix != "xml":
            namespaces.setdefault(attribute.prefix, attribute.namespace)
    for child in node.members:
        if child.active:
            _gather(child, namespaces)


def _write(node: InstanceNode, pieces: list[str], declared: str, extra_meta: Mapping[str, str]) -> None:
    name = node.definition.name
    pieces.append(f"<{name}{declared}")
    pieces += [f" {each.name}={quoteattr(legal(each.text))}" for each in node.attributes]
    inner: list[str] = []
    if node.children:
        for child in node.members:
            if child.active:
                _write(child, inner, "", extra_meta)
    else:
        inner.append(_escaped(recorded(node.answer, node.definition.bind.type)))
    if extra_meta:
        if node.parent is not None and node.local == "meta" and node.definition.depth == 1:
            inner += _entries(extra_meta)
        elif node.definition.depth == 0 and not _has_meta(node):
            inner.append(f"<orx:meta>{''.join(_entries(extra_meta))}</orx:meta>")
    content = "".join(inner)
    pieces.append(f">{content}</{name}>" if content else "/>")


def _entries(extra_meta: Mapping[str, str]) -> list[str]:
    return [f"<opora:{name}>{_escaped(text)}</opora:{name}>" for name, text in extra_meta.items()]

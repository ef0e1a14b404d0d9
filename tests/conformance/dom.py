"""A document as the DOM keeps it: CDATA apart from the text around it, and the document type a node.

The recorded XPath cases count nodes in such a tree. What the product runs on has elements alone.
"""

from xml.parsers import expat

from kiosk.forms.xpath import Node
from kiosk.forms.xpath.nodes import XFORMS, Type

XML = "http://www.w3.org/XML/1998/namespace"


class _Builder:
    def __init__(self) -> None:
        self.document = Node(Type.DOCUMENT)
        self._at = self.document
        self._text: list[str] = []

    def start(self, name: str, attributes: list[str]) -> None:
        self.close_text()
        namespace, local, prefix = _split(name)
        node = Node(Type.ELEMENT, local, namespace, prefix, self._at)
        node.foreign = namespace not in ("", XFORMS)
        made: list[Node] = []
        for key, value in zip(attributes[::2], attributes[1::2], strict=True):
            namespace, local, prefix = _split(key)
            made.append(Node(Type.ATTRIBUTE, local, namespace, prefix, node, value))
        node.attributes = tuple(made)
        self._at.children.append(node)
        self._at = node

    def end(self, name: str) -> None:
        self.close_text()
        assert self._at.parent is not None
        self._at = self._at.parent

    def text(self, data: str) -> None:
        self._text.append(data)

    def close_text(self) -> None:
        if self._text and self._at is not self.document:
            self._add(Type.TEXT, text="".join(self._text))
        self._text.clear()

    def comment(self, data: str) -> None:
        self.close_text()
        self._add(Type.COMMENT, text=data)

    def instruction(self, target: str, data: str) -> None:
        self.close_text()
        self._add(Type.INSTRUCTION, target, data)

    def doctype(self, name: str, *_: object) -> None:
        self._add(Type.DOCTYPE, name)

    def _add(self, type_: Type, local: str = "", text: str = "") -> None:
        self._at.children.append(Node(type_, local, parent=self._at, text=text))


def _split(name: str) -> tuple[str, str, str]:
    """Namespace, local name and prefix of what expat writes as ``namespace local prefix``."""
    parts = name.split(" ")
    if len(parts) == 1:
        return "", name, ""
    prefix = "xml" if parts[0] == XML else parts[2] if len(parts) > 2 else ""
    return parts[0], parts[1], prefix


def document(xml: str) -> Node:
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.namespace_prefixes = True
    parser.ordered_attributes = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartCdataSectionHandler = builder.close_text
    parser.EndCdataSectionHandler = builder.close_text
    parser.CommentHandler = builder.comment
    parser.ProcessingInstructionHandler = builder.instruction
    parser.StartDoctypeDeclHandler = builder.doctype
    parser.Parse(xml.encode(), True)
    return builder.document

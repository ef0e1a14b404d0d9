"""The tree that expressions walk: documents, elements, attributes, text (XPath 1.0 section 5)."""

from collections.abc import Iterator
from enum import IntEnum

from lxml import etree

XFORMS = "http://www.w3.org/2002/xforms"


class Type(IntEnum):
    DOCUMENT = 0
    ELEMENT = 1
    ATTRIBUTE = 2
    TEXT = 3
    COMMENT = 4
    INSTRUCTION = 5
    DOCTYPE = 6
    """Not a node of XPath 1.0, but one of the DOM: ``node()`` finds it in a tree made from one."""


class Node:
    """A node. ``text`` is the value of anything that has no child nodes.

    A ``foreign`` element lies in a namespace that names without a prefix do not reach.
    ``children`` of the trees made here are elements alone; text, comments and processing instructions
    may stand among them.
    """

    __slots__ = (
        "_index",
        "attributes",
        "children",
        "foreign",
        "local",
        "lookups",
        "namespace",
        "parent",
        "prefix",
        "text",
        "type",
    )

    def __init__(
        self,
        type: Type,
        local: str = "",
        namespace: str = "",
        prefix: str = "",
        parent: "Node | None" = None,
        text: str = "",
    ) -> None:
        self.type = type
        self.local = local
        self.namespace = namespace
        self.prefix = prefix
        self.parent = parent
        self.text = text
        self.foreign = False
        self.children: list[Node] = []
        self.attributes: tuple[Node, ...] = ()
        self._index: dict[str, list[Node]] | None = None
        self.lookups: dict[tuple[str, str], dict[str, list[Node]]] | None = None

    @property
    def name(self) -> str:
        """The qualified name, as XPath's ``name()`` gives it."""
        return f"{self.prefix}:{self.local}" if self.prefix else self.local

    def value(self) -> str:
        """The string-value (XPath 1.0 section 5)."""
        if not self.children:
            return self.text
        return "".join(self._texts())

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if child.type is Type.ELEMENT or child.type is Type.TEXT:
                if child.children:
                    yield from child._texts()
                else:
                    yield child.text

    def named(self, local: str) -> list["Node"]:
        """Child elements of a local name, in document order."""
        index = self._index
        if index is None:
            index = {}
            for child in self.children:
                if child.type is Type.ELEMENT and not child.foreign:
                    index.setdefault(child.local, []).append(child)
            self._index = index
        return index.get(local, _NONE)

    def looked_up(self, item: str, key: str) -> dict[str, list["Node"]]:
        """Children named ``item`` by the value of a child named ``key`` (``@key``: an attribute), remembered.

        Only for trees that never change: the tables that come with a form.
        """
        if self.lookups is None:
            self.lookups = {}
        table = self.lookups.get((item, key))
        if table is None:
            table = {}
            for child in self.named(item):
                for value in {each.value() for each in child.columns(key)}:
                    table.setdefault(value, []).append(child)
            self.lookups[item, key] = table
        return table

    def columns(self, name: str) -> list["Node"]:
        """Child elements of a name, or with ``@`` attributes."""
        if name.startswith("@"):
            return [each for each in self.attributes if each.local == name[1:]]
        return self.named(name)

    def reindex(self) -> None:
        """To be called when children were added or taken away."""
        self._index = None

    def root(self) -> "Node":
        node = self
        while node.parent is not None:
            node = node.parent
        return node

    def descendants(self) -> Iterator["Node"]:
        for child in self.children:
            yield child
            if child.children:
                yield from child.descendants()

    def order(self) -> tuple[tuple[int, int], ...]:
        """A key that sorts nodes of one tree in document order."""
        key: list[tuple[int, int]] = []
        node = self
        while (parent := node.parent) is not None:
            if node.type is Type.ATTRIBUTE:
                key.append((0, next(i for i, each in enumerate(parent.attributes) if each is node)))
            else:
                # A text node made for a leaf is not among its parent's children.
                key.append((1, next((i for i, each in enumerate(parent.children) if each is node), 0)))
            node = parent
        key.append((2, id(node)))
        key.reverse()
        return tuple(key)


_NONE: list[Node] = []


def in_document_order(nodes: list[Node]) -> list[Node]:
    """The same nodes, each once, in document order."""
    if len(nodes) < 2:
        return nodes
    unique = list({id(node): node for node in nodes}.values())
    unique.sort(key=Node.order)
    return unique


def node_from(element: etree._Element, parent: Node | None = None) -> Node:
    """The tree of an lxml element: elements, attributes, and the text of leaves."""
    name = etree.QName(element)
    node = Node(Type.ELEMENT, name.localname, name.namespace or "", element.prefix or "", parent)
    if element.attrib:
        node.attributes = tuple(
            _attribute(element, key, value, node) for key, value in element.attrib.items()
        )
    if len(element) == 0:
        node.text = element.text or ""
        return node
    for child in element:
        if isinstance(child.tag, str):
            node.children.append(node_from(child, node))
    if not node.children:
        node.text = (element.text or "") + "".join(child.tail or "" for child in element)
    return node


def document_from(element: etree._Element) -> Node:
    """A document node around a tree."""
    document = Node(Type.DOCUMENT)
    document.children.append(node_from(element, document))
    return document


def _attribute(element: etree._Element, key: str | bytes, value: str | bytes, parent: Node) -> Node:
    name = etree.QName(str(key))
    prefix = ""
    if name.namespace:
        prefix = next((p for p, uri in element.nsmap.items() if uri == name.namespace and p), "")
        if name.namespace == "http://www.w3.org/XML/1998/namespace":
            prefix = "xml"
    return Node(Type.ATTRIBUTE, name.localname, name.namespace or "", prefix, parent, str(value))

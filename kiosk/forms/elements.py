"""Elements of a form's XML by their local names: forms in the wild differ in prefixes."""

from collections.abc import Iterator

from lxml import etree


def local_name(element: etree._Element) -> str:
    """Blank for a comment or a processing instruction."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def local_part(name: str | bytes) -> str:
    """The local part of an attribute's name."""
    return str(name).rpartition("}")[2]


def children_named(element: etree._Element, name: str) -> Iterator[etree._Element]:
    for child in element:
        if local_name(child) == name:
            yield child


def first_named(element: etree._Element, name: str) -> "etree._Element | None":
    return next(children_named(element, name), None)

"""The answers of a submission in form order, one a line: what is sealed instead of the submission's XML.

The form's own XML already says which elements there are and in which order, so a line holds an answer and
nothing else; a third less is left to compress. The first line is the format's number, the second the root's
opening tag where it is not the one that the form leads to expect. After that, for each element of the form's
primary instance:

- an answer: its text as the XML has it, a line break as ``\\n``, a backslash as ``\\\\``;
- ``-`` for an answer that was not asked for, ``--`` for a whole group;
- ``*NAME`` where one more of the element just told follows (a further member of a household);
- a line that begins with ``<`` for an element that the form does not have, as it is.

:func:`in_lines` gives None for XML that these rules would not give back byte for byte; that is then sealed
itself. Whoever opens a payload tells the two apart by the first character.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from kiosk.forms.definition import OPORA

FORMAT = "1"

_ABSENT = "-"
_NO_GROUP = "--"
_AGAIN = "*"
_MARKS = frozenset({_ABSENT, _NO_GROUP})
_REFERENCE = "opora:reference"
_TAG = re.compile(r"<([^\s/>]+)([^>]*?)(?:(/)>|>(?:([^<]*)</\1>)?)|</([^\s/>]+)>")
"""An element that opens (name, attributes), at once to its end where it is empty (``/``) or holds only text;
or the name of one that closes."""
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MOST_DEPTH = 100
_MOST_LINES = 200_000
"""A line of one byte becomes an element with two tags: more of them are an attack, not an application."""


class AnswersError(ValueError):
    """Lines that do not fit the form."""


@dataclass(slots=True)
class _Element:
    """An element of the form's primary instance, or of a submission: then ``text`` is its content."""

    name: str
    children: list["_Element"] = field(default_factory=list)
    text: str = ""
    attributes: str = ""
    source: tuple[int, int] = (0, 0)


def in_lines(submission: bytes, form_xml: bytes) -> bytes | None:
    """``submission`` in lines; None where it is not as the form and this kiosk write one."""
    try:
        text = submission.decode()
        form, opening = _skeleton(form_xml)
        root = _parsed(text)
        if root.name != form.name:
            return None
        given = f"<{root.name}{root.attributes}>"
        lines = [FORMAT, "" if given == opening else given]
        _write(root, form, text, lines)
        made = "\n".join(lines).encode()
        return made if from_lines(made, form_xml) == submission else None
    except (ValueError, etree.XMLSyntaxError):
        return None


def from_lines(lines: bytes, form_xml: bytes) -> bytes:
    """The submission's XML again, byte for byte. Raises :class:`AnswersError`."""
    try:
        form, opening = _skeleton(form_xml)
        given = lines.decode().split("\n")
    except (ValueError, etree.XMLSyntaxError) as error:
        raise AnswersError(str(error)) from error
    if not 2 <= len(given) <= _MOST_LINES or given[0] != FORMAT:
        raise AnswersError("not this format")
    content, at = _children(form, [*given, None], 2)
    if at != len(given):
        raise AnswersError("more lines than the form has elements")
    tag = given[1] or opening
    return f"{tag}{content}</{form.name}>".encode() if content else f"{tag[:-1]}/>".encode()


def _write(element: _Element, form: _Element, text: str, lines: list[str]) -> None:
    given = iter(element.children)
    child = next(given, None)
    for expected in form.children:
        if child is None or child.name != expected.name:
            lines.append(_NO_GROUP if expected.children else _ABSENT)
            continue
        first = True
        while child is not None and child.name == expected.name:
            if child.attributes:
                raise AnswersError("attributes within")
            if not first:
                lines.append(_AGAIN + child.name)
            first = False
            if expected.children:
                _write(child, expected, text, lines)
            elif child.children:
                raise AnswersError("a group where the form has an answer")
            else:
                lines.append(_escaped(child.text))
            child = next(given, None)
    while child is not None:
        lines.append(_escaped(text[child.source[0] : child.source[1]], keep_marks=False))
        child = next(given, None)


def _children(form: _Element, lines: list[str | None], at: int) -> tuple[str, int]:
    """The XML within an element from the line ``at`` on, and where it ends. The last line is None."""
    pieces: list[str] = []
    for expected in form.children:
        name, again = expected.name, _AGAIN + expected.name
        while True:
            line = lines[at]
            if line is None:
                raise AnswersError("fewer lines than the form has elements")
            if expected.children:
                if line == _NO_GROUP:
                    at += 1
                    break
                content, at = _children(expected, lines, at)
            else:
                at += 1
                if line == _ABSENT:
                    break
                content = _plain(line) if "\\" in line else line
            pieces.append(f"<{name}>{content}</{name}>" if content else f"<{name}/>")
            if lines[at] != again:
                break
            at += 1
    while (line := lines[at]) is not None and line.startswith("<"):
        pieces.append(_plain(line))
        at += 1
    return "".join(pieces), at


def _escaped(text: str, *, keep_marks: bool = True) -> str:
    escaped = text.replace("\\", "\\\\").replace("\n", "\\n")
    told_apart = keep_marks and (escaped in _MARKS or escaped.startswith(_AGAIN))
    return f"\\{escaped}" if told_apart else escaped


def _plain(line: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] == "n" else found[1], line)


@lru_cache(maxsize=32)
def _skeleton(form_xml: bytes) -> tuple[_Element, str]:
    """The elements of the form's primary instance, and the opening tag that its submissions have."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    tree = etree.fromstring(form_xml, parser)
    instance = tree.find(".//{*}model/{*}instance")
    if instance is None or len(instance) != 1:
        raise AnswersError("a form without a primary instance")
    prefixes: dict[str, str] = {}
    root = _element(instance[0], prefixes, 0)
    prefixes["opora"] = OPORA
    declared = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in prefixes.items())
    attributes = "".join(f' {name}="{value}"' for name, value in instance[0].attrib.items())
    return root, f"<{root.name}{declared}{attributes}>"


def _element(node: etree._Element, prefixes: dict[str, str], depth: int) -> _Element:
    name = etree.QName(node)
    if node.prefix:
        prefixes.setdefault(node.prefix, name.namespace or "")
    element = _Element(f"{node.prefix}:{name.localname}" if node.prefix else name.localname)
    if depth == _MOST_DEPTH:
        raise AnswersError("too deep")
    seen: set[str] = set()
    for child in node:
        below = _element(child, prefixes, depth + 1)
        # A repeat may stand in the instance as a template and as its first member.
        if below.name not in seen:
            element.children.append(below)
        seen.add(below.name)
    if depth == 1 and name.localname == "meta":
        element.children.append(_Element(_REFERENCE))
    return element


def _parsed(text: str) -> _Element:
    """A tree of the elements as they are written; ValueError for what is not the canonical writing."""
    outer = _Element("")
    open_: list[_Element] = [outer]
    end = 0
    for found in _TAG.finditer(text):
        start = found.start()
        if start != end:
            raise AnswersError("text between elements")
        end = found.end()
        name, attributes, empty, content, closing = found.groups()
        here = open_[-1]
        if closing is not None:
            if here.name != closing or len(open_) < 2:
                raise AnswersError("tags that do not match")
            here.source = (here.source[0], end)
            open_.pop()
            continue
        element = _Element(name, [], content or "", attributes, (start, end))
        here.children.append(element)
        if not empty and content is None:
            open_.append(element)
    if len(open_) != 1 or len(outer.children) != 1 or end != len(text):
        raise AnswersError("not one whole element")
    return outer.children[0]


def names_in_order(form_xml: bytes) -> Iterator[str]:
    """For people and tests: what each line of a payload stands for, paths from the root, groups left out."""

    def walk(element: _Element, path: str) -> Iterator[str]:
        for child in element.children:
            if child.children:
                yield from walk(child, f"{path}/{child.name}")
            else:
                yield f"{path}/{child.name}"

    form, _ = _skeleton(form_xml)
    yield from walk(form, form.name)

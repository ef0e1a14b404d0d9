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
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MOST_DEPTH = 100
_MOST_LINES = 200_000
"""A line of one byte becomes an element with two tags: more of them are an attack, not an application."""


class AnswersError(ValueError):
    """Lines that do not fit the form."""


@dataclass(slots=True)
class _Element:
    """An element of the form's primary instance, and how it is written: put together once for each form."""

    name: str
    children: list["_Element"] = field(default_factory=list)
    opening: str = field(init=False)
    closing: str = field(init=False)
    empty: str = field(init=False)
    again: str = field(init=False)

    def __post_init__(self) -> None:
        self.opening, self.closing = f"<{self.name}>", f"</{self.name}>"
        self.empty, self.again = f"<{self.name}/>", _AGAIN + self.name


def in_lines(submission: bytes, form_xml: bytes) -> bytes | None:
    """``submission`` in lines; None where it is not as the form and this kiosk write one."""
    try:
        text = submission.decode()
        form, opening = _skeleton(form_xml)
        # Each tag with the text behind it; no XML holds a NUL.
        tags = text.replace("<", "\0<").split("\0")
        given, alone = _root(tags, form)
        lines = [FORMAT, "" if given == opening else given]
        if alone:
            _write_nothing(form, lines)
        elif _write(tags, 2, form, lines) != len(tags) - 1 or tags[-1] != form.closing:
            return None
        made = "\n".join(lines).encode()
        return made if from_lines(made, form_xml) == submission else None
    except (ValueError, IndexError, etree.XMLSyntaxError):
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


def _root(tags: list[str], form: _Element) -> tuple[str, bool]:
    """The root's opening tag, and whether it is all there is."""
    tag = tags[1]
    alone = tag.endswith("/>")
    given = f"{tag[:-2]}>" if alone else tag
    if tags[0] or not given.endswith(">") or given[1:-1].partition(" ")[0] != form.name:
        raise AnswersError("another form's")
    if alone and len(tags) > 2:
        raise AnswersError("more than one element")
    return given, alone


def _write(tags: list[str], at: int, form: _Element, lines: list[str]) -> int:
    """Writes what stands in ``form`` from the tag ``at`` on, and returns where its closing tag stands."""
    for expected in form.children:
        opening, group, again = expected.opening, expected.children, False
        while True:
            tag = tags[at]
            if tag == expected.empty:
                if again:
                    lines.append(expected.again)
                if group:
                    _write_nothing(expected, lines)
                else:
                    lines.append("")
                at += 1
            elif group and tag == opening:
                if again:
                    lines.append(expected.again)
                at = _write(tags, at + 1, expected, lines)
                if tags[at] != expected.closing:
                    raise AnswersError("tags that do not match")
                at += 1
            elif not group and tag.startswith(opening):
                if again:
                    lines.append(expected.again)
                if tags[at + 1] != expected.closing:
                    raise AnswersError("a group where the form has an answer")
                lines.append(_escaped(tag[len(opening) :]))
                at += 2
            else:
                break
            again = True
        if not again:
            lines.append(_NO_GROUP if group else _ABSENT)
    while not tags[at].startswith("</"):
        end = _end_of_unknown(tags, at, form)
        lines.append(_escaped("".join(tags[at:end]), keep_marks=False))
        at = end
    return at


def _write_nothing(form: _Element, lines: list[str]) -> None:
    lines.extend(_NO_GROUP if child.children else _ABSENT for child in form.children)


def _end_of_unknown(tags: list[str], at: int, form: _Element) -> int:
    """Behind the element that begins with the tag ``at``, which ``form`` does not have."""
    open_: list[str] = []
    while True:
        tag, _, text = tags[at].partition(">")
        name = tag[1:].rstrip("/").partition(" ")[0].lstrip("/")
        if not open_ and any(child.name == name for child in form.children):
            raise AnswersError("attributes within, or another order")
        if tag.startswith("</"):
            if text or not open_ or open_.pop() != name:
                raise AnswersError("tags that do not match")
        elif not tag.endswith("/"):
            open_.append(name)
            if text and tags[at + 1] != f"</{name}>":
                raise AnswersError("text between elements")
        elif text:
            raise AnswersError("text between elements")
        at += 1
        if not open_:
            return at


def _children(form: _Element, lines: list[str | None], at: int) -> tuple[str, int]:
    """The XML within an element from the line ``at`` on, and where it ends. The last line is None."""
    pieces: list[str] = []
    for expected in form.children:
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
            pieces.append(expected.opening + content + expected.closing if content else expected.empty)
            if lines[at] != expected.again:
                break
            at += 1
    while (line := lines[at]) is not None and line.startswith("<"):
        pieces.append(_plain(line))
        at += 1
    return "".join(pieces), at


def _escaped(text: str, *, keep_marks: bool = True) -> str:
    if "\\" in text or "\n" in text:
        text = text.replace("\\", "\\\\").replace("\n", "\\n")
    told_apart = keep_marks and (text in _MARKS or text.startswith(_AGAIN))
    return f"\\{text}" if told_apart else text


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

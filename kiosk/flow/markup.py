"""Markdown in a form's words (XLSForm, "Markdown support"): seen as weight and lists, spoken as plain words.

Only what authors of forms use is read: bold, italic, headings, lists, links and line breaks; HTML tags are
dropped. A lone "1. " or "- " before a question is how the author counts, not a list.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from kiosk.flow.view import Bullets, Emphasis, Paragraph, Tone

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_MAY_BE_MARKED = re.compile(r"[*_#<\[\\&\n]|^\s*(?:[-+]|\d+[.)])\s", re.MULTILINE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?。])\s+")
LONGEST_HEADING = 140
"""Letters. What is longer has its first sentence as the heading, and the rest below it."""


@dataclass(frozen=True, slots=True)
class Headed:
    """A question's words: what stands as heading, and what below it."""

    title: str
    emphasis: tuple[Emphasis, ...] = ()
    below: tuple[Paragraph | Bullets, ...] = ()


def headed(text: str) -> Headed:
    """The first line, or where that is long the first sentence, is the heading."""
    blocks = _blocks(text)
    if not blocks:
        return Headed("")
    first, rest = blocks[0], blocks[1:]
    if isinstance(first, Bullets):
        return Headed(first.items[0], below=(Bullets(first.items[1:]), *rest))
    line, following = _cut(first)
    return Headed(line.text, line.emphasis, (*following, *rest))


def below(text: str) -> tuple[Paragraph | Bullets, ...]:
    """Words that stand in the page itself."""
    return _blocks(text)


def plain(text: str) -> str:
    """The words alone, each block on a line of its own."""
    if not _MAY_BE_MARKED.search(text):
        return text.strip()
    lines: list[str] = []
    for block in _blocks(text):
        lines += block.items if isinstance(block, Bullets) else (block.text,)
    return "\n".join(lines)


def _cut(first: Paragraph) -> tuple[Paragraph, tuple[Paragraph, ...]]:
    at = first.text.find("\n")
    if at < 0 and len(first.text) > LONGEST_HEADING:
        found = _SENTENCE.search(first.text)
        at = found.start() if found is not None and found.start() <= LONGEST_HEADING else -1
    if at < 0:
        return first, ()
    rest = _part(first, at, len(first.text))
    return _part(first, 0, at), (rest,) if rest.text else ()


def _part(whole: Paragraph, start: int, end: int) -> Paragraph:
    """Letters ``start`` to ``end`` with their weights, without blanks at either end."""
    while start < end and whole.text[start].isspace():
        start += 1
    while end > start and whole.text[end - 1].isspace():
        end -= 1
    kept = tuple(
        Emphasis(max(each.start, start) - start, min(each.end, end) - start, each.slanted)
        for each in whole.emphasis
        if each.start < end and each.end > start
    )
    return Paragraph(whole.text[start:end], whole.tone, kept)


def _blocks(text: str) -> tuple[Paragraph | Bullets, ...]:
    text = text.strip()
    if not _MAY_BE_MARKED.search(text):
        return (Paragraph(text),) if text else ()
    return tuple(_read(_reader().parse(_BREAK.sub("\n", text))))


@cache
def _reader() -> "MarkdownIt":
    # Some 60 ms to import: only a form with marked words pays for it.
    from markdown_it import MarkdownIt

    rules = ["emphasis", "escape", "entity", "link", "list", "heading", "newline", "html_inline"]
    return MarkdownIt("zero", {"html": True}).enable(rules)


def _read(tokens: "Sequence[Token]") -> Iterator[Paragraph | Bullets]:
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.type in ("bullet_list_open", "ordered_list_open"):
            end = next(
                index
                for index in range(at + 1, len(tokens))
                if tokens[index].level == token.level and tokens[index].nesting < 0
            )
            yield from _list(tokens[at : end + 1])
            at = end
        elif token.type == "inline":
            tone = Tone.STRONG if tokens[at - 1].type == "heading_open" else Tone.PLAIN
            found = _inline(token, tone)
            if found.text:
                yield found
        at += 1


def _list(tokens: "Sequence[Token]") -> Iterator[Paragraph | Bullets]:
    numbered = tokens[0].type == "ordered_list_open"
    marks = [f"{each.info}{each.markup}" for each in tokens if each.type == "list_item_open"]
    items = [_inline(each, Tone.PLAIN) for each in tokens if each.type == "inline"]
    counts = [f"{number}" for number in range(1, len(marks) + 1)]
    counted = not numbered or [mark.rstrip(".)") for mark in marks] == counts
    if len(items) > 1 and len(items) == len(marks) and counted:
        yield Bullets(tuple(item.text for item in items), numbered)
        return
    for number, item in enumerate(items):
        before = f"{marks[min(number, len(marks) - 1)]} "
        moved = tuple(
            Emphasis(each.start + len(before), each.end + len(before), each.slanted) for each in item.emphasis
        )
        yield Paragraph(before + item.text, item.tone, moved)


def _inline(token: "Token", tone: Tone) -> Paragraph:
    text, found, open_ = "", list[Emphasis](), list[int]()
    address = ""
    for each in token.children or ():
        match each.type:
            case "text" | "text_special":
                text += each.content
            case "softbreak" | "hardbreak":
                text += "\n"
            case "strong_open" | "em_open":
                open_.append(len(text))
            case "strong_close" | "em_close":
                found.append(Emphasis(open_.pop(), len(text), each.type == "em_close"))
            case "link_open":
                address = str(each.attrGet("href") or "")
            case "link_close":
                # On paper and on a kiosk a link is its address.
                text += f" ({address})" if address and not text.endswith(address) else ""
            case _:
                pass
    whole = Paragraph(text, tone, tuple(sorted(found, key=lambda each: each.start)))
    return _part(whole, 0, len(text))

"""What is spoken beside what was painted (ACCESS H1, H7)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Final

from kiosk.flow.view import Part, View
from kiosk.texts import texts_for
from kiosk.voice.spoken import words_of
from tests.conformance.access.ledger import Ledger
from tests.conformance.access.pseudo import NOT_WORDS
from tests.conformance.access.walk import Shown

_WORD: Final = re.compile(r"[^\W\d_]+")
OF_THE_GLASS: Final = frozenset({"more_label", "paging"})
"""Words of paging: they belong to the glass, and a page that is heard is not cut."""


def spoken_is_shown(
    view: View, spoken: Sequence[str], painted: Sequence[str], ledger: Ledger, where: str
) -> None:
    """Every word of the view is spoken, and every word on the glass is one of the view's.

    Words, not digits: those are said as people say numbers, dates and codes.
    """
    said = _words(spoken)
    for text in strings(view):
        missing = [word for word in _words([text]) if word not in said]
        ledger.check("H1", not missing, f"{where}: “{text}” is not spoken")
    known = _words(_strings(view, OF_THE_GLASS - {"more_label"})) | _words([view.more_label, *view.paging])
    glued = "".join(sorted(known))
    for line in painted:
        # A word longer than its line is broken; its halves are parts of a word.
        strange = [word for word in _words([line]) if word not in known and word not in glued]
        if len(line.strip()) > 1 and not _is_key(line):
            ledger.check("H1", not strange, f"{where}: “{line}” is painted and in no view")


def _is_key(line: str) -> bool:
    """Keys are named when they are touched; their names are not the page's."""
    return line in KEY_WORDS


KEY_WORDS: Final = frozenset(
    texts_for(language).say(word) for language in ("en", "ru", "ko") for word in ("Delete", "Space", "Next")
) | {"ABC", "АБВ", "한글", "Aa", "Аа", "123"}


def private_is_hidden(shown: Iterable[Shown], ledger: Ledger, language: str) -> None:
    """Without headphones no private value is said, and how to hear it is."""
    say = texts_for(language).say
    how = say("To hear it, choose headphones in Settings.")
    for each in shown:
        view, where = each.view, f"{each.name}, {language}"
        aloud = [utterance.text for utterance in words_of(view, texts_for(language), headphones=False)]
        if view.private:
            ledger.check("H7", say("This page is private and is not read aloud.") in aloud, where)
            ledger.check("H7", how in aloud, f"{where}: how to hear it")
            told = [text for part in view.body for text in strings_of(part) if text in aloud]
            ledger.check("H7", not told, f"{where}: {told} would be heard")
            continue
        said, public = _words(aloud), _words([view.title, view.hint, view.where])
        for value in _private_values(view):
            told = [word for word in _words([value]) if word in said and word not in public]
            ledger.check("H7", not told, f"{where}: {told} would be heard")
            ledger.check("H7", how in aloud or not _words([value]), f"{where}: how to hear it")


def _private_values(view: View) -> Iterable[str]:
    """Answers that are the person's own."""
    for part in view.body:
        value = getattr(part, "value", "")
        if getattr(part, "private", False) and isinstance(value, str):
            yield value
        yield from (row.value for row in getattr(part, "rows", ()) if row.private and row.value)


def strings(view: View) -> list[str]:
    """Every string of a view that a person reads, but for the words of paging."""
    return _strings(view, OF_THE_GLASS)


def strings_of(part: Part) -> list[str]:
    """Every string of one part that a person reads."""
    return _strings(part, frozenset())


def _strings(part: object, left_out: frozenset[str]) -> list[str]:
    found: list[str] = []
    if isinstance(part, str) and not isinstance(part, Enum):
        found.append(part)
    elif isinstance(part, tuple):
        for each in part:
            found += _strings(each, left_out)
    elif is_dataclass(part):
        for each in fields(part):
            if each.name in NOT_WORDS | left_out:
                continue
            if each.name == "value" and type(part).__name__ in ("Choice", "DateField"):
                continue
            found += _strings(getattr(part, each.name), left_out)
    return [text for text in found if text]


def _words(texts: Iterable[str]) -> set[str]:
    return {word.casefold() for text in texts for word in _WORD.findall(text)}

"""Finding a choice in a long list by a few letters, as people type on a kiosk: the beginning of any word,
without accents, capitals or ё; in Korean also by first consonants alone (초성), before a syllable is whole.
"""

import unicodedata
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")

_FIRST, _VOWELS, _LAST = 0x1100, 0x1161, 0x11A8
# Which first consonants a final one becomes, when the next vowel takes it over (KS X 1026-1).
_FINALS = (
    "ᄀ", "ᄁ", "ᄀᄉ", "ᄂ", "ᄂᄌ", "ᄂᄒ", "ᄃ", "ᄅ", "ᄅᄀ",
    "ᄅᄆ", "ᄅᄇ", "ᄅᄉ", "ᄅᄐ", "ᄅᄑ", "ᄅᄒ", "ᄆ", "ᄇ", "ᄇᄉ",
    "ᄉ", "ᄊ", "ᄋ", "ᄌ", "ᄎ", "ᄏ", "ᄐ", "ᄑ", "ᄒ",
)  # fmt: skip
_COMPATIBLE = {chr(code): unicodedata.normalize("NFKD", chr(code)) for code in range(0x3131, 0x3164)}


def found(choices: Iterable[tuple[T, str]], typed: str) -> tuple[T, ...]:
    """Those whose words begin with what was typed, in their order; then those that only hold it within.

    ``choices`` come with their words as :func:`folded` gives them.
    """
    wanted = folded(typed).strip()
    initials = _is_initials(wanted)
    first: list[T] = []
    later: list[T] = []
    for choice, words in choices:
        text = _initials(words) if initials else words
        if text.startswith(wanted) or f" {wanted}" in text:
            first.append(choice)
        elif wanted in text:
            later.append(choice)
    return (*first, *later)


def folded(text: str) -> str:
    """Letters alone, so that equal sounding spellings are equal; a syllable as its letters in a row."""
    letters: list[str] = []
    for sign in unicodedata.normalize("NFD", text.casefold()):
        code = ord(sign)
        if sign in _COMPATIBLE:
            letters.append(_COMPATIBLE[sign])
        elif _LAST <= code < _LAST + len(_FINALS):
            letters.append(_FINALS[code - _LAST])
        elif not unicodedata.combining(sign) or _FIRST <= code < 0x1200:
            letters.append(sign if sign.isalnum() else " ")
    return " ".join("".join(letters).split())


def _is_initials(text: str) -> bool:
    return len(text) > 1 and all(_FIRST <= ord(sign) < _VOWELS or sign == " " for sign in text)


def _initials(text: str) -> str:
    """The first consonants of syllables; other letters stay."""
    kept: list[str] = []
    for sign, following in zip(text, f"{text[1:]} ", strict=True):
        code, after = ord(sign), ord(following)
        if _FIRST <= code < _VOWELS:
            if _VOWELS <= after < _LAST:
                kept.append(sign)
        elif not _VOWELS <= code < _LAST:
            kept.append(sign)
    return "".join(kept)

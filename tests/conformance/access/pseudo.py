"""Languages that nobody speaks: a third longer than English, and one that runs from right to left.

What a translator may bring is here beforehand: long words, letters outside of Latin, Arabic digits.
"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import partial
from typing import Final, TypeVar

from kiosk.flow.view import View

T = TypeVar("T")

NOT_WORDS: Final = frozenset(
    {"id", "field", "icon", "key", "language", "name", "order", "qr", "screen", "code", "image", "unit_code"}
)
"""Fields of a view that no person reads; ``value`` is words in a row alone."""

LONGER: Final = "en"
RIGHT_TO_LEFT: Final = "ar"

_ARABIC: Final = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz0123456789?,",
        "ابجدهوزحطيكلمنسعفصقرشتثخذض٠١٢٣٤٥٦٧٨٩؟،",
        strict=True,
    )
)
_ACCENTS: Final = str.maketrans("aeiouycnszAEIOUYCNSZ", "åéíøûýçñšžÅÉÎØÛÝÇÑŠŽ")


def longer(text: str) -> str:
    """Accented and a third longer, in words of the same kind."""
    if not any(letter.isalpha() for letter in text):
        return text
    words = text.split(" ")
    return " ".join([word.translate(_ACCENTS) for word in words] + words[: max(1, len(words) // 3)])


def arabic(text: str) -> str:
    """Letter by letter in Arabic script, with the digits that go with it."""
    return "".join(_ARABIC.get(letter.lower(), letter) for letter in text)


def pseudo(view: View, tongue: str) -> View:
    """An English view in the words of a pseudo-locale."""
    say = {LONGER: longer, RIGHT_TO_LEFT: arabic}[tongue]
    return replace(_spoken(view, say), language=tongue)


def _spoken(part: T, say: Callable[[str], str]) -> T:
    changed: dict[str, object] = {}
    assert is_dataclass(part)
    assert not isinstance(part, type)
    for each in fields(part):
        value = getattr(part, each.name)
        if each.name in NOT_WORDS or (each.name == "value" and type(part).__name__ != "Row"):
            continue
        changed[each.name] = _words(value, partial(say))
    return replace(part, **changed)


def _words(value: object, say: Callable[[str], str]) -> object:
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return say(value) if value else value
    if isinstance(value, tuple):
        return tuple(_words(each, say) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return _spoken(value, say)
    return value

"""Writing by ear: letters in trays of a few, each tray and each letter said before it is chosen.

A tray of six and a letter of six are found with a third of the presses that one row of all letters needs.
Every tray can be left again with "choose" alone, so that two keys are enough.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from kiosk.flow.view import FieldKind
from kiosk.texts import N_, Texts
from kiosk.voice.as_said import digits_said, in_groups, letter_said, month_said
from kiosk.voice.stops import Box
from ui.widgets import hangul

LETTERS: Final = {
    "en": ("abcdef", "ghijkl", "mnopqr", "stuvwxyz"),
    "ru": ("абвгдеё", "жзийклм", "нопрсту", "фхцчшщ", "ъыьэюя"),
    "ko": ("ㄱㄴㄷㄹㅁ", "ㅂㅅㅇㅈ", "ㅊㅋㅌㅍㅎ", "ㅏㅑㅓㅕㅗㅛ", "ㅜㅠㅡㅣㅐㅔ", "ㅒㅖㄲㄸㅃㅆㅉ"),
}
LANGUAGE_NAMES: Final = {"en": N_("English letters"), "ru": N_("Russian letters"), "ko": N_("Korean letters")}
SIGNS: Final = {
    ".": N_("Full stop"),
    ",": N_("Comma"),
    "-": N_("Hyphen"),
    "'": N_("Apostrophe"),
    "/": N_("Slash"),
    "@": N_("At sign"),
    "+": N_("Plus"),
    "(": N_("Opening bracket"),
    ")": N_("Closing bracket"),
    ":": N_("Colon"),
    "?": N_("Question mark"),
    "№": N_("Number sign"),
}
_DIGITS: Final = frozenset({FieldKind.INTEGER, FieldKind.DECIMAL, FieldKind.CODE, FieldKind.PIN})


class Does(Enum):
    """What an item does besides writing."""

    DELETE = auto()
    CAPITAL = auto()
    WRITTEN = auto()
    UP = auto()
    DONE = auto()


@dataclass(frozen=True, slots=True)
class Sign:
    """Writes ``letter``; ``whole``: that is all there is to write."""

    said: str
    letter: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    said: str
    does: Does


@dataclass(frozen=True, slots=True)
class Tray:
    """Opens what lies in it."""

    said: str
    items: "tuple[Item, ...]"


Item = Sign | Act | Tray


class Spelling:
    """One box being written in. ``text`` is what stands in it, ``done`` whether the person is through."""

    def __init__(self, box: Box, texts: Texts) -> None:
        self.box = box
        self.text = box.value
        self.done = False
        self._texts = texts
        self._capital = False
        self._trail: list[tuple[tuple[Item, ...], int]] = [(tuple(_items(box, texts)), 0)]

    @property
    def here(self) -> Item:
        items, at = self._trail[-1]
        return items[at]

    @property
    def following(self) -> Item:
        """What "next" would come to."""
        items, at = self._trail[-1]
        return items[(at + 1) % len(items)]

    def opening(self) -> tuple[str, ...]:
        """Said when writing begins: what is written, what there is already, and the first item."""
        return (self._texts.say("Writing: {what}", what=self.box.label), *self.written(), self.here.said)

    def written(self) -> tuple[str, ...]:
        """What stands in the box, as people say it; nothing of a PIN."""
        say, text = self._texts.say, self.text
        if not text:
            return (say("Still empty."),)
        if self.box.kind is FieldKind.PIN:
            count = len(text)
            return (
                self._texts.many("{number} digit entered.", "{number} digits entered.", count, number=count),
            )
        if not text.replace(" ", "").isdecimal():
            return (say("Written so far: {text}", text=text),)
        groups = in_groups(text.replace(" ", ""), self.box.groups or (4,) * len(text))
        said = (digits_said(group, self._texts.language) for group in groups)
        return (say("Written so far:"), *said)

    def next(self) -> tuple[str, ...]:
        items, at = self._trail[-1]
        self._trail[-1] = (items, (at + 1) % len(items))
        return (self.here.said,)

    def back(self) -> tuple[str, ...] | None:
        """Out of a tray; None from the outermost, which leaves the box."""
        if len(self._trail) == 1:
            return None
        self._trail.pop()
        return (self.here.said,)

    def choose(self) -> tuple[str, ...]:
        """Does what the item says; gives what is to be said next."""
        item = self.here
        match item:
            case Tray():
                self._trail.append((item.items, 0))
                return (self.here.said,)
            case Sign(whole=True):
                self.text, self.done = item.letter, True
                return (item.said,)
            case Sign():
                return self._write(item)
            case Act():
                return self._act(item.does)

    def _write(self, sign: Sign) -> tuple[str, ...]:
        if self.box.longest and len(self.text) >= self.box.longest:
            return (self._texts.say("The box is full."), *self.written())
        letter = sign.letter.upper() if self._capital else sign.letter
        said = self._texts.say("Capital {letter}", letter=sign.said) if letter != sign.letter else sign.said
        self._capital = False
        self.text = hangul.type_jamo(self.text, letter) if hangul.is_jamo(letter) else self.text + letter
        if len(self._trail) == 1:
            # A digit is often followed by another: the finger stays where it is.
            return (said,)
        self._trail = [(self._trail[0][0], 0)]
        return (said, self.here.said)

    def _act(self, does: Does) -> tuple[str, ...]:
        say = self._texts.say
        match does:
            case Does.DELETE:
                self.text = hangul.delete_jamo(self.text)
                return (say("Deleted."), *self.written())
            case Does.CAPITAL:
                self._capital = not self._capital
                self._trail = [(self._trail[0][0], 0)]
                how = say("The next letter is a capital.") if self._capital else say("Small letters.")
                return (how, self.here.said)
            case Does.WRITTEN:
                return self.written()
            case Does.UP:
                return self.back() or ()
            case Does.DONE:
                self.done = True
                return ()


def _items(box: Box, texts: Texts) -> Iterator[Item]:
    say, language = texts.say, texts.language
    if box.box == "m":
        yield from (Sign(month_said(month, language), str(month), whole=True) for month in range(1, 13))
        yield Act(say("Leave it as it is"), Does.DONE)
        return
    if box.kind in _DIGITS or box.kind is FieldKind.NATIONAL_ID:
        yield from _digits(language)
        if box.kind is FieldKind.DECIMAL:
            yield Sign(say("Decimal point"), ".")
        if box.kind is FieldKind.NATIONAL_ID:
            yield from _letters("en", texts)
    else:
        yield from _letters(language, texts)
        yield Sign(say("Space"), " ")
        yield Tray(say("Digits"), (*_digits(language), _up(texts)))
        yield Tray(say("Signs"), (*(Sign(say(name), sign) for sign, name in SIGNS.items()), _up(texts)))
        if language != "ko":
            yield Act(say("Capital letter"), Does.CAPITAL)
        for other in LETTERS:
            if other != language:
                yield Tray(say(LANGUAGE_NAMES[other]), (*_letters(other, texts), _up(texts)))
    yield Act(say("Delete the last one"), Does.DELETE)
    yield Act(say("Hear what is written"), Does.WRITTEN)
    yield Act(say("Finished writing"), Does.DONE)


def _digits(language: str) -> Iterator[Item]:
    yield from (Sign(letter_said(digit, language), digit) for digit in "1234567890")


def _letters(language: str, texts: Texts) -> Iterator[Item]:
    for tray in LETTERS[language]:
        signs = tuple(Sign(letter_said(letter, language), letter) for letter in tray)
        names = ", ".join(sign.said for sign in signs)
        yield Tray(texts.say("Letters {letters}", letters=names), (*signs, _up(texts)))


def _up(texts: Texts) -> Act:
    return Act(texts.say("Back to all letters"), Does.UP)

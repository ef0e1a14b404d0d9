"""Writes by ear: finds tray and letter by their names, and listens to what was written."""

from collections.abc import Mapping
from typing import Protocol

from kiosk.voice.as_said import letter_said, month_said
from tests.conformance.blind.keys import Key
from tests.conformance.blind.language import Language
from ui.three_keys.spelling import SIGNS
from ui.widgets.hangul import is_syllable, keys_of

MOST = 60


class Hands(Protocol):
    @property
    def has_back(self) -> bool: ...
    def press(self, key: Key) -> tuple[str, ...]: ...


class CannotWrite(Exception):
    """No key has this sign."""


class Typist:
    """Stands on something to write in; stands there again after :meth:`write`."""

    def __init__(self, keys: Hands, language: Language) -> None:
        self._keys = keys
        self._language = language
        self._say = language.say
        self.letters = 0

    def write(self, text: str) -> None:
        """Replaces what there is by ``text``."""
        heard = self._keys.press(Key.CHOOSE)
        self._one(heard, text)
        self._finish()

    def write_date(self, text: str) -> None:
        """ISO 8601; of a month or a year alone what is asked."""
        year, month, day = (*text.split("-"), "", "", "")[:3]
        say = self._say
        self._boxes({say("Year"): year, say("Month"): self._month(month), say("Day"): day.lstrip("0")})

    def write_time(self, text: str) -> None:
        """HH:MM."""
        hour, _, minute = text.partition(":")
        self._boxes({self._say("Hour"): hour, self._say("Minutes"): minute})

    def _boxes(self, texts: Mapping[str, str]) -> None:
        """One box after the other, each by the name that is said when it opens."""
        heard = self._keys.press(Key.CHOOSE)
        while (label := self._opened(heard)) is not None:
            if label == self._say("Month"):
                heard = self._seek(texts[label] or self._say("Leave it as it is"), heard[-1])
            else:
                self._one(heard, texts[label])
                heard = self._seek(self._say("Finished writing"), None)

    def _opened(self, heard: tuple[str, ...]) -> str | None:
        said = (self._language.writing((sentence,)) for sentence in heard)
        return next((what for what in said if what is not None), None)

    def _month(self, month: str) -> str:
        if not month:
            return ""
        return month_said(int(month), self._language.tag)

    def _one(self, heard: tuple[str, ...], text: str) -> None:
        here = heard[-1] if heard else None
        if self._say("Still empty.") not in heard:
            self._clear(here)
            here = None
        for letter in text:
            here = self._letter(letter, here)

    def _clear(self, here: str | None) -> None:
        heard = self._seek(self._say("Delete the last one"), here)
        for _ in range(300):
            if self._say("Still empty.") in heard:
                return
            heard = self._keys.press(Key.CHOOSE)
        raise CannotWrite("what was written could not be deleted")

    def _finish(self) -> None:
        if self._keys.has_back:
            self._keys.press(Key.BACK)
        else:
            self._seek(self._say("Finished writing"), None)

    def _seek(self, item: str, here: str | None) -> tuple[str, ...]:
        """Moves to an item of the tray and chooses it."""
        for _ in range(MOST):
            if here == item:
                return self._keys.press(Key.CHOOSE)
            here = self._keys.press(Key.NEXT)[-1]
        raise CannotWrite(f"there is no {item!r} to choose")

    def _letter(self, letter: str, here: str | None) -> str | None:
        """Writes one letter; gives what the focus stands on afterwards, where that was said."""
        self.letters += 1
        if is_syllable(letter):
            for jamo in keys_of(letter):
                here = self._sign(jamo, here)
            return here
        if letter.isupper():
            here = self._seek(self._say("Capital letter"), here)[-1]
            letter = letter.lower()
        return self._sign(letter, here)

    def _sign(self, sign: str, here: str | None) -> str | None:
        """Round the tray until the sign itself, or a tray that holds it, is heard."""
        wanted = self._say("Space") if sign == " " else self._say(SIGNS[sign]) if sign in SIGNS else None
        name = wanted or letter_said(sign, self._language.tag)
        for _ in range(MOST):
            if here is None:
                here = self._keys.press(Key.NEXT)[-1]
            if here == name:
                return self._last(self._keys.press(Key.CHOOSE))
            inside = (
                name in self._language.letters(here)
                or (sign.isdecimal() and here == self._say("Digits"))
                or (sign in SIGNS and here == self._say("Signs"))
            )
            if inside:
                return self._last(self._seek(name, self._keys.press(Key.CHOOSE)[-1]))
            if "a" <= sign <= "z" and here == self._say("English letters"):
                here = self._keys.press(Key.CHOOSE)[-1]
                continue
            here = None
        raise CannotWrite(f"there is no way to write {sign!r}")

    def _last(self, heard: tuple[str, ...]) -> str | None:
        if self._say("The box is full.") in heard:
            raise CannotWrite("the box is full")
        return heard[-1] if heard else None

"""What anybody who speaks the language understands of what a kiosk says."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from kiosk.texts import texts_for

_GAP = "\ue000"


class Role(Enum):
    NUMBER = auto()
    DIGITS = auto()
    WORDS = auto()
    DATE = auto()
    TIME = auto()
    SEARCH = auto()


@dataclass(frozen=True, slots=True)
class Press:
    """A button."""

    label: str
    grey: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One of several; also a line of a list. ``chosen`` is None where nothing was said of it."""

    label: str
    chosen: bool | None
    more: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Field:
    role: Role
    empty: bool
    more: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Words alone."""

    words: tuple[str, ...]


Place = Press | Card | Field | Told


class Language:
    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.say = texts_for(tag).say
        self._button = self._pattern("Button: {label}", "label")
        self._placed = self._pattern("{position} of {total}: {what}", "position", "total", "what")
        self._letters = self._pattern("Letters {letters}", "letters")
        self._writing = self._pattern("Writing: {what}", "what")
        alone = self._pattern("Question {number} of about {about}", "number", "about")
        self._about = (
            alone,
            re.compile(rf".+[?!.:] {alone.pattern}", re.DOTALL),
            self._pattern("{section}: question {number} of about {about}", "section", "number", "about"),
        )
        self.roles = {
            self.say("A number is written here."): Role.NUMBER,
            self.say("Digits are written here."): Role.DIGITS,
            self.say("Words are written here."): Role.WORDS,
            self.say("A date is written here."): Role.DATE,
            self.say("A time of day is written here."): Role.TIME,
            self.say("Letters are written here, and the list gets shorter."): Role.SEARCH,
        }

    def _pattern(self, msgid: str, *gaps: str) -> re.Pattern[str]:
        whole = self.say(msgid, **dict.fromkeys(gaps, _GAP))
        filled = self.say(msgid, **{gap: f"{_GAP}{gap}{_GAP}" for gap in gaps})
        assert whole
        return re.compile(re.sub(f"{_GAP}(\\w+){_GAP}", r"(?P<\1>.+?)", re.escape(filled)) + r"\Z", re.DOTALL)

    def button(self, sentence: str) -> str | None:
        found = self._button.match(sentence)
        return found["label"] if found else None

    def placed(self, sentence: str) -> str | None:
        found = self._placed.match(sentence)
        return found["what"] if found else None

    def letters(self, sentence: str) -> list[str]:
        found = self._letters.match(sentence)
        return found["letters"].split(", ") if found else []

    def tells_place(self, sentence: str) -> bool:
        """Whether it says which question of how many this is."""
        found = (pattern.match(sentence) for pattern in self._about)
        return any(each is not None and each["number"].isdecimal() for each in found)

    def writing(self, sentences: tuple[str, ...]) -> str | None:
        found = self._writing.match(sentences[0]) if sentences else None
        return found["what"] if found else None

    def place(self, sentences: tuple[str, ...]) -> Place:
        """What the focus stands on, by its words."""
        if not sentences:
            return Told(())
        label = self.button(sentences[0])
        if label is not None:
            return Press(label, self.say("Not available now.") in sentences)
        what = self.placed(sentences[0])
        if what is not None:
            yes, no = self.say("Chosen."), self.say("Not chosen.")
            chosen = True if yes in sentences else False if no in sentences else None
            return Card(what, chosen, sentences[1:])
        for sentence in sentences:
            if sentence in self.roles:
                return Field(self.roles[sentence], self.say("Still empty.") in sentences, sentences)
        return Told(sentences)

    def buttons(self, page: tuple[str, ...]) -> list[str]:
        return [label for label in map(self.button, page) if label is not None]

    def is_page(self, heard: tuple[str, ...]) -> bool:
        """A whole page was read, not one place of it: its bar is at its end."""
        bar = self.say("Button: {label}", label=self.say("Help"))
        return len(heard) > 1 and heard[-1] == bar

    def forward(self, page: tuple[str, ...]) -> str | None:
        """The button that goes on: the last one before the bar, unless that goes back."""
        found = self.buttons(page)
        bar = found.index(self.say("Settings")) if self.say("Settings") in found else len(found)
        before = found[:bar]
        return before[-1] if before and before[-1] != self.say("Back") else None

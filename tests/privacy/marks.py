"""Marks: names, numbers and amounts that no other text holds, in every form in which they may lie about."""

import base64
import json
import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from kiosk.forms import Question, QuestionKind
from ui.tour.persona import Persona

LEAST_LETTERS = 6
LEAST_HANGUL = 4
LEAST_DIGITS = 8
"""Shorter answers ("yes", "1948", "03") stand in any text, so finding one would prove nothing."""

_SYLLABLES = {
    "en": ("zor", "quix", "vemp", "jald", "wuth", "kyst", "xand", "brog", "pluv", "mizh"),
    "ru": ("щуд", "фёл", "жмыр", "цвек", "хруз", "эльк", "ябр", "гнюш", "тпом", "вжис"),
    "ko": ("궉", "뱔", "휼", "촵", "뫼", "쳅", "륄", "뎧", "퍜", "죅"),
}


def is_mark(text: str) -> bool:
    """Whether finding ``text`` in a heap of bytes means that somebody's words lie there."""
    if text.isascii() and text.isdigit():
        return len(text) >= LEAST_DIGITS
    hangul = any("가" <= letter <= "힣" for letter in text)
    letters = sum(map(str.isalpha, text))
    return letters >= (LEAST_HANGUL if hangul else LEAST_LETTERS) and any(
        syllable in text.casefold() for each in _SYLLABLES.values() for syllable in each
    )


@dataclass(slots=True)
class MarkedPersona(Persona):
    """Answers of a tour's person, with a mark wherever a form takes free words or an amount."""

    rng: random.Random

    def answer(self, question: Question, attempt: int) -> str:
        value = Persona.answer(self, question, attempt)
        if attempt > 0 or question.number_kind is not None:
            return value
        if question.kind is QuestionKind.TEXT and "numbers" not in question.appearance:
            return self._name() if "name" in question.name else self._words()
        if question.kind is QuestionKind.TEXT:
            return "".join(self.rng.choice("23456789") for _ in range(11))
        if question.kind is QuestionKind.INTEGER and "thousands-sep" in question.appearance:
            return str(self.rng.randrange(234_567_891, 987_654_321))
        return value

    def _name(self) -> str:
        return " ".join(self._word().capitalize() for _ in range(2))

    def _words(self) -> str:
        return f"{self._word()} {self.rng.randrange(10, 99)} {self._word()}"

    def _word(self) -> str:
        return "".join(self.rng.choice(_SYLLABLES[self.language]) for _ in range(4))


def forms_of(mark: str) -> Iterator[tuple[bytes, str]]:
    """Bytes by which ``mark`` could be found, each with the name of its form."""
    spellings = {
        mark: "as given",
        mark.upper(): "in capitals",
        mark.casefold(): "in small letters",
        unicodedata.normalize("NFD", mark): "decomposed",
        "".join(mark.split()): "without blanks",
    }
    if mark.isdigit():
        spellings[f"{int(mark):,}"] = "with commas"
        spellings[f"{int(mark):,}".replace(",", "\u00a0")] = "with hard blanks"
        spellings[f"{int(mark):,}".replace(",", "\u202f")] = "with thin blanks"
        for step in (4, 5):
            groups = [mark[at : at + step] for at in range(0, len(mark), step)]
            spellings[" ".join(groups)] = f"in groups of {step}"
    for spelling, name in spellings.items():
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le"):
            raw = spelling.encode(encoding)
            yield raw, f"{name}, {encoding}"
            yield raw.hex().encode(), f"{name}, {encoding} as hexadecimal"
            for lead in range(3):
                yield from _in_base64(raw, lead, f"{name}, {encoding} in base64")
        escaped = json.dumps(spelling)[1:-1]
        if escaped != spelling:
            yield escaped.encode(), f"{name}, JSON-escaped"
            yield escaped.upper().replace("\\U", "\\u").encode(), f"{name}, JSON-escaped"
        if quote(spelling) != spelling:
            yield quote(spelling).encode(), f"{name}, percent-encoded"


def _in_base64(raw: bytes, lead: int, name: str) -> Iterator[tuple[bytes, str]]:
    """What base64 makes of ``raw`` when ``lead`` bytes of something else stand before it, without the letters
    that its neighbours have a part in."""
    first, whole = -(-lead * 4 // 3), (lead + len(raw)) // 3 * 4
    for code in (base64.b64encode, base64.urlsafe_b64encode):
        yield code(bytes(lead) + raw)[first:whole], name

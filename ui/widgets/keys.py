"""Which keys the on-screen keyboard shows, for each language. No Qt here."""

from dataclasses import dataclass
from typing import Final

from ui.widgets.hangul import is_jamo

LETTERS: Final = {
    "en": ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    "ru": ("йцукенгшщзхъ", "фывапролджэё", "ячсмитьбю"),
    "ko": ("ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ", "ㅁㄴㅇㄹㅎㅗㅓㅏㅣ", "ㅋㅌㅊㅍㅠㅜㅡ"),
}
ALPHABETS: Final = {
    "en": "abcdefghijklmnopqrstuvwxyz",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "ko": "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎㅏㅐㅑㅓㅔㅕㅗㅛㅜㅠㅡㅣ",
}
SHIFTED_JAMO: Final = {"ㅂ": "ㅃ", "ㅈ": "ㅉ", "ㄷ": "ㄸ", "ㄱ": "ㄲ", "ㅅ": "ㅆ", "ㅐ": "ㅒ", "ㅔ": "ㅖ"}
SYMBOLS: Final = ("1234567890-", "@#/:;()\"',", "!?&+%=№_*₩.")
NAMES: Final = {"en": "ABC", "ru": "АБВ", "ko": "한글"}
SHIFT_NAMES: Final = {"en": "Aa", "ru": "Аа", "ko": "ㄲ"}


@dataclass(frozen=True, slots=True)
class Key:
    """One key: its ``id``, and how many units wide it is. A letter's id is the letter."""

    id: str
    units: int = 1


SHIFT: Final = "shift"
DELETE: Final = "delete"
SPACE: Final = "space"
LAYOUT: Final = "layout"
SIGNS: Final = "signs"
NEXT: Final = "next"


def shifted(letter: str) -> str:
    return SHIFTED_JAMO.get(letter, letter) if is_jamo(letter) else letter.upper()


def letter_rows(
    language: str, *, capital: bool, alphabetical: bool, narrow: bool = False
) -> tuple[tuple[Key, ...], ...]:
    """Three rows of letters, each with what belongs beside it; all rows are equally many units wide.

    On a ``narrow`` glass, which is a tall one, what belongs beside them stands in two rows below.
    """
    rows = LETTERS[language]
    if alphabetical:
        alphabet = ALPHABETS[language]
        first, second = len(rows[0]), len(rows[0]) + len(rows[1])
        rows = (alphabet[:first], alphabet[first:second], alphabet[second:])
    shown = [[Key(shifted(letter) if capital else letter) for letter in row] for row in rows]
    if narrow:
        shown[2] += [Key("."), Key(","), Key("-")]
        return (*(tuple(row) for row in shown), *_below(max(map(len, shown)), SHIFT, LAYOUT))
    shown[0] += [Key("-"), Key(DELETE, 3)]
    shown[1] += [] if language == "ru" else [Key(",")]
    shown[1] += [Key(SPACE, 4)]
    shown[2] = [Key(SHIFT, 2), *shown[2], Key("."), Key(LAYOUT, 2), Key(SIGNS, 2)]
    return tuple(tuple(row) for row in shown)


def _below(units: int, *switches: str) -> tuple[tuple[Key, ...], ...]:
    """Space and Delete in halves, and the switches with the one to the signs in equal parts."""
    part = units // (len(switches) + 1)
    last = Key(SIGNS, units - part * len(switches))
    return (
        (Key(SPACE, units - units // 2), Key(DELETE, units // 2)),
        (*(Key(each, part) for each in switches), last),
    )


def sign_rows(*, narrow: bool = False) -> tuple[tuple[Key, ...], ...]:
    first, second, third = ([Key(sign) for sign in row] for row in SYMBOLS)
    if narrow:
        return (tuple(first), tuple(second), tuple(third), *_below(max(map(len, SYMBOLS))))
    return (
        (*first, Key(DELETE, 3)),
        (*second, Key(SPACE, 4)),
        (*third, Key(SIGNS, 3)),
    )


def pad_rows(beside: str) -> tuple[tuple[Key, ...], ...]:
    """A number pad, as telephones have it. ``beside`` stands beside the nought: a sign, a key, or nothing."""
    last = (Key(beside), Key("0"), Key(DELETE)) if beside else (Key("0"), Key(DELETE, 2))
    return (*(tuple(Key(digit) for digit in row) for row in ("123", "456", "789")), last)


def flat_pad_rows(beside: str) -> tuple[tuple[Key, ...], ...]:
    """The same in two rows."""
    first, second = (tuple(Key(digit) for digit in row) for row in ("12345", "67890"))
    return ((*first, Key(DELETE)), (*second, Key(beside)) if beside else (*second[:-1], Key("0", 2)))

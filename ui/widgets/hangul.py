"""Hangul from jamo, as the standard two-set keyboard (KS X 5002) composes it. No Qt here.

What stands before the caret is all the state there is: a key is joined to the last letter of the text.
Syllables are those of the Unicode block U+AC00 to U+D7A3 (The Unicode Standard, 3.12).
"""

from typing import Final

_LEAD: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWEL: Final = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_TAIL: Final = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
_FIRST: Final = 0xAC00

_TWO: Final = {
    "ㅗㅏ": "ㅘ",
    "ㅗㅐ": "ㅙ",
    "ㅗㅣ": "ㅚ",
    "ㅜㅓ": "ㅝ",
    "ㅜㅔ": "ㅞ",
    "ㅜㅣ": "ㅟ",
    "ㅡㅣ": "ㅢ",
    "ㄱㅅ": "ㄳ",
    "ㄴㅈ": "ㄵ",
    "ㄴㅎ": "ㄶ",
    "ㄹㄱ": "ㄺ",
    "ㄹㅁ": "ㄻ",
    "ㄹㅂ": "ㄼ",
    "ㄹㅅ": "ㄽ",
    "ㄹㅌ": "ㄾ",
    "ㄹㅍ": "ㄿ",
    "ㄹㅎ": "ㅀ",
    "ㅂㅅ": "ㅄ",
}
"""Jamo that two keys make."""

_PARTS: Final = {whole: pair for pair, whole in _TWO.items()}


def is_syllable(letter: str) -> bool:
    return len(letter) == 1 and _FIRST <= ord(letter) < _FIRST + 19 * 21 * 28


def is_jamo(letter: str) -> bool:
    return len(letter) == 1 and "ㄱ" <= letter <= "ㅣ"


def _split(syllable: str) -> tuple[str, str, str]:
    number = ord(syllable) - _FIRST
    return _LEAD[number // 588], _VOWEL[number % 588 // 28], _TAIL[number % 28]


def _join(lead: str, vowel: str, tail: str = "") -> str:
    return chr(_FIRST + _LEAD.index(lead) * 588 + _VOWEL.index(vowel) * 28 + _TAIL.index(tail))


def type_jamo(text: str, jamo: str) -> str:
    """``text`` after the key ``jamo`` (a compatibility jamo such as "ㄱ")."""
    last = text[-1:]
    before = text[:-1]
    if is_syllable(last):
        lead, vowel, tail = _split(last)
        if jamo in _VOWEL:
            if tail:
                # A vowel takes the nearest consonant with it: 간 and ㅏ are 가나, 값 and ㅣ are 갑시.
                stays, goes = _PARTS.get(tail, tail)[:-1], _PARTS.get(tail, tail)[-1]
                return before + _join(lead, vowel, stays) + _join(goes, jamo)
            whole = _TWO.get(vowel + jamo)
            return before + _join(lead, whole) if whole else text + jamo
        if not tail:
            return before + _join(lead, vowel, jamo) if jamo in _TAIL else text + jamo
        whole = _TWO.get(tail + jamo)
        return before + _join(lead, vowel, whole) if whole else text + jamo
    if jamo in _VOWEL and last and last in _LEAD:
        return before + _join(last, jamo)
    if jamo in _VOWEL and last and last in _VOWEL and last + jamo in _TWO:
        return before + _TWO[last + jamo]
    return text + jamo


def delete_jamo(text: str) -> str:
    """``text`` without its last key press."""
    last, before = text[-1:], text[:-1]
    if is_syllable(last):
        lead, vowel, tail = _split(last)
        if tail:
            return before + _join(lead, vowel, _PARTS.get(tail, tail)[:-1])
        fewer = _PARTS.get(vowel, vowel)[:-1]
        return before + (_join(lead, fewer) if fewer else lead)
    if last in _PARTS:
        return before + _PARTS[last][:-1]
    return before


def keys_of(syllable: str) -> str:
    """The keys, in order, that type a syllable or a jamo; "값" gives "ㄱㅏㅂㅅ"."""
    parts = _split(syllable) if is_syllable(syllable) else (syllable,)
    return "".join(_PARTS.get(part, part) for part in parts)

"""Numbers, dates and digits as people say them, per language ("en", "ru", "ko")."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final

from babel.dates import get_month_names

_DIGITS: Final = {
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    "ru": ("ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять"),
    # In numbers read out digit by digit, zero is "gong", not "yeong".
    "ko": ("공", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구"),
}
_KOREAN_ONES: Final = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
_KOREAN_TENS: Final = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")
_KOREAN_MONTHS: Final = ("일", "이", "삼", "사", "오", "유", "칠", "팔", "구", "시", "십일", "십이")


def load_numbers() -> None:
    """Imports the grammar of numbers, some 50 ms: call it off the page's thread."""
    _num2words()


def _num2words() -> Callable[..., str]:
    # It brings every language it knows, so a start does not wait for it.
    from num2words import num2words

    words: Callable[..., str] = num2words
    return words


def number_said(number: int, language: str) -> str:
    """A plain whole number: "one thousand five hundred", «одна тысяча пятьсот», "천오백"."""
    words: str = _num2words()(number, lang=language)
    return words.replace(",", "")


def digits_said(digits: str, language: str) -> str:
    """One after the other, with the little pause of a comma; what is not a digit stays as it is."""
    names = _DIGITS[language]
    return ", ".join(names[int(sign)] if sign in "0123456789" else sign for sign in digits)


def in_groups(digits: str, lengths: Iterable[int]) -> tuple[str, ...]:
    """Digits cut into groups of ``lengths``; what is left over is the last group."""
    groups, rest = [], digits
    for length in lengths:
        if not rest:
            break
        groups.append(rest[:length])
        rest = rest[length:]
    return tuple([*groups, rest] if rest else groups)


def date_said(day: date, language: str) -> str:
    """A whole date, its year in words: "the third of November, nineteen forty-eight".

    Russian has the day in the neuter nominative and the year in the genitive; Korean has its own names of
    the sixth and the tenth month.
    """
    match language:
        case "ru":
            name = get_month_names("wide", "format", "ru")[day.month]
            nth = _num2words()(day.day, lang="ru", to="ordinal", gender="n")
            year = _num2words()(day.year, lang="ru", to="ordinal", case="g")
            return f"{nth} {name} {year} года"
        case "ko":
            year, nth = number_said(day.year, "ko"), number_said(day.day, "ko")
            return f"{year}년 {_KOREAN_MONTHS[day.month - 1]}월 {nth}일"
        case _:
            name = get_month_names("wide", "format", "en")[day.month]
            nth = _num2words()(day.day, lang="en", to="ordinal")
            return f"the {nth} of {name}, {_num2words()(day.year, lang='en', to='year').replace(',', '')}"


def month_said(month: int, language: str) -> str:
    """A month by itself, 1 to 12: "November", «ноябрь», "십일월"; Korean has its own sixth and tenth."""
    if language == "ko":
        return f"{_KOREAN_MONTHS[month - 1]}월"
    name: str = get_month_names("wide", "stand-alone", language)[month]
    return name


def place_said(position: int, total: int, language: str) -> tuple[str, str]:
    """The two numbers of "three of five", each in the form that its sentence needs.

    Russian wants the genitive behind "из"; Korean counts things with its native numbers, and the first one
    is "첫".
    """
    match language:
        case "ru":
            return number_said(position, "ru"), _num2words()(total, lang="ru", case="g")
        case "ko":
            return ("첫" if position == 1 else korean_count(position)), korean_count(total)
        case _:
            return number_said(position, language), number_said(total, language)


def korean_count(number: int) -> str:
    """The native number before a counter ("다섯 개"); from 100 on Sino-Korean, as it is said."""
    if not 0 < number < 100:
        return number_said(number, "ko")
    if number == 20:
        return "스무"
    return _KOREAN_TENS[number // 10] + _KOREAN_ONES[number % 10]


_LETTERS: Final = {
    "ru": {"й": "и краткое", "ъ": "твёрдый знак", "ь": "мягкий знак"},
    "ko": dict(
        zip(
            "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎㄲㄸㅃㅆㅉㅏㅐㅑㅒㅓㅔㅕㅖㅗㅛㅜㅠㅡㅣ",
            (
                *("기역", "니은", "디귿", "리을", "미음", "비읍", "시옷", "이응", "지읒", "치읓"),
                *("키읔", "티읕", "피읖", "히읗", "쌍기역", "쌍디귿", "쌍비읍", "쌍시옷", "쌍지읒"),
                *("아", "애", "야", "얘", "어", "에", "여", "예", "오", "요", "우", "유", "으", "이"),
            ),
            strict=True,
        )
    ),
}


def letter_said(letter: str, language: str) -> str:
    """The name of one letter, jamo or digit, as it is spelled aloud; itself where that is its name."""
    if letter in "0123456789":
        return _DIGITS[language][int(letter)]
    return _LETTERS.get(language, {}).get(letter.lower(), letter.lower())

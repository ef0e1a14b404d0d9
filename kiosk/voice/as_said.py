"""Numbers, amounts, dates and digits as people say them, per language ("en", "ru", "ko")."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
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


_MONEY_SIGNS: Final = {
    "₽": "RUB",
    "руб": "RUB",
    "руб.": "RUB",
    "₩": "KRW",
    "원": "KRW",
    "€": "EUR",
    "$": "USD",
    "US$": "USD",
}
_MONEY: Final[Mapping[str, Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]]] = {
    "en": {
        "RUB": (("rouble", "roubles"), ("kopeck", "kopecks")),
        "KRW": (("won", "won"), ()),
        "EUR": (("euro", "euros"), ("cent", "cents")),
        "USD": (("dollar", "dollars"), ("cent", "cents")),
    },
    "ru": {
        "RUB": (("рубль", "рубля", "рублей"), ("копейка", "копейки", "копеек")),
        "KRW": (("вона", "воны", "вон"), ()),
        "EUR": (("евро", "евро", "евро"), ("цент", "цента", "центов")),
        "USD": (("доллар", "доллара", "долларов"), ("цент", "цента", "центов")),
    },
    "ko": {
        "RUB": (("루블",), ()),
        "KRW": (("원",), ()),
        "EUR": (("유로",), ()),
        "USD": (("달러",), ()),
    },
}
"""The money and its hundredth, in the forms that go with one, with few, with many. Korean says a fraction of
it in decimals, and nobody counts hundredths of a won."""
_FEMININE: Final = frozenset({"вона", "копейка"})
_AMOUNT: Final = re.compile(r"(-?\d{1,3}(?:[,\u00a0\u202f]\d{3})+|-?\d{1,15})(?:\.(\d{1,6}))?(?:\s*(\D.*))?")


def is_amount(written: str) -> bool:
    """Whether these words, which may be anything, are a quantity: thousands are parted, or money follows. A
    bare number may be a year or a house."""
    found = _AMOUNT.fullmatch(written)
    return found is not None and (
        (found[3] or "").strip() in _MONEY_SIGNS or (not found[3] and not found[1].lstrip("-").isdecimal())
    )


def amount_said(written: str, language: str) -> str | None:
    """An amount as it is written, with thousands parted and money or another unit behind it: "25 000 ₽" as
    «двадцать пять тысяч рублей». None for what is no such thing."""
    found = _AMOUNT.fullmatch(written)
    if found is None:
        return None
    whole, fraction, unit = int(re.sub(r"[^\d-]", "", found[1])), found[2] or "", (found[3] or "").strip()
    money = _MONEY[language].get(_MONEY_SIGNS.get(unit, ""))
    hundredths = int(fraction.ljust(2, "0")) if 0 < len(fraction) <= 2 else 0
    if money is None or (fraction and (not money[1] or len(fraction) > 2)):
        number = f"{whole}.{fraction}" if fraction else whole
        said: str = _num2words()(Decimal(number), lang=language).replace(",", "")
        unit = money[0][-1] if money is not None else unit
        return f"{said} {unit}".strip()
    said = _counted(whole, money[0], language)
    return f"{said} {_counted(hundredths, money[1], language)}" if hundredths else said


def _counted(number: int, forms: tuple[str, ...], language: str) -> str:
    """ "one rouble", «две копейки», "천 원"."""
    match language:
        case "ru":
            last, tens = abs(number) % 10, abs(number) % 100
            few = last in (2, 3, 4) and tens not in (12, 13, 14)
            form = forms[0] if last == 1 and tens != 11 else forms[1] if few else forms[2]
            gender = "f" if forms[0] in _FEMININE else "m"
            return f"{_num2words()(number, lang='ru', gender=gender)} {form}"
        case "ko":
            return f"{number_said(number, 'ko')} {forms[0]}"
        case _:
            return f"{number_said(number, language)} {forms[0 if abs(number) == 1 else 1]}"


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

"""Numbers and dates in words, against hand-written ones."""

from datetime import date

import pytest

from kiosk.voice.as_said import date_said, digits_said, in_groups, korean_count, number_said, place_said


@pytest.mark.parametrize(
    ("number", "english", "russian", "korean"),
    [
        (0, "zero", "ноль", "영"),
        (1, "one", "один", "일"),
        (21, "twenty-one", "двадцать один", "이십일"),
        (2005, "two thousand and five", "две тысячи пять", "이천오"),
        (12000, "twelve thousand", "двенадцать тысяч", "만 이천"),
        (350000, "three hundred and fifty thousand", "триста пятьдесят тысяч", "삼십오만"),
        (-5, "minus five", "минус пять", "마이너스 오"),
    ],
)
def test_whole_numbers(number: int, english: str, russian: str, korean: str) -> None:
    assert [number_said(number, each) for each in ("en", "ru", "ko")] == [english, russian, korean]


@pytest.mark.parametrize(
    ("day", "english", "russian", "korean"),
    [
        (
            date(2000, 6, 23),
            "the twenty-third of June, two thousand",
            "двадцать третье июня двухтысячного года",
            "이천년 유월 이십삼일",
        ),
        (
            date(2026, 10, 1),
            "the first of October, twenty twenty-six",
            "первое октября две тысячи двадцать шестого года",
            "이천이십육년 시월 일일",
        ),
        (
            date(1939, 2, 12),
            "the twelfth of February, nineteen thirty-nine",
            "двенадцатое февраля тысяча девятьсот тридцать девятого года",
            "천구백삼십구년 이월 십이일",
        ),
    ],
)
def test_dates(day: date, english: str, russian: str, korean: str) -> None:
    assert [date_said(day, each) for each in ("en", "ru", "ko")] == [english, russian, korean]


def test_every_day_of_a_year_can_be_said_in_every_language() -> None:
    for language in ("en", "ru", "ko"):
        said = {
            date_said(date.fromordinal(date(1948, 1, 1).toordinal() + day), language) for day in range(366)
        }
        assert len(said) == 366


def test_digits_and_groups() -> None:
    assert digits_said("10", "en") == "one, zero"
    assert in_groups("1234567", (4, 4)) == ("1234", "567")
    assert in_groups("123456789", (4, 4)) == ("1234", "5678", "9")
    assert in_groups("", (4,)) == ()


def test_korean_counts_things_with_its_own_numbers() -> None:
    assert [korean_count(number) for number in (1, 3, 11, 20, 21, 40, 100)] == [
        *("한", "세", "열한", "스무", "스물한", "마흔", "백"),
    ]


def test_place_is_told_in_the_form_that_its_sentence_needs() -> None:
    assert place_said(1, 2, "ru") == ("один", "двух")
    assert place_said(3, 40, "ru") == ("три", "сорока")
    assert place_said(1, 7, "ko") == ("첫", "일곱")

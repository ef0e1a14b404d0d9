"""A few letters find a choice, as people type them on a kiosk."""

import pytest

from kiosk.flow.finding import folded, found

PLACES = ["강남구", "가나마을", "서울특별시 강서구", "Żary", "Ёлкино", "Новая Елань", "Saint-Martin", "부산"]


def looked_up(typed: str) -> list[str]:
    return list(found(((each, folded(each)) for each in PLACES), typed))


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("zar", ["Żary"]),
        ("ел", ["Ёлкино", "Новая Елань"]),
        ("нов", ["Новая Елань"]),
        ("mart", ["Saint-Martin"]),
        ("saint martin", ["Saint-Martin"]),
        ("강", ["강남구", "서울특별시 강서구"]),
        ("ㄱㄴ", ["강남구", "가나마을"]),
        ("ㅂㅅ", ["부산", "서울특별시 강서구"]),
        ("xyz", []),
    ],
)
def test_beginnings_of_words_are_found_without_accents_or_capitals(typed: str, places: list[str]) -> None:
    assert looked_up(typed) == places


def test_a_syllable_that_is_not_whole_already_finds() -> None:
    """Between ㄱ and 가나 the keyboard shows 간: the next vowel takes its last consonant over."""
    assert [looked_up(typed)[0] for typed in ("가", "간", "가나")] == ["강남구", "가나마을", "가나마을"]


def test_beginnings_come_before_what_only_holds_the_letters() -> None:
    assert found([("a", folded("North")), ("b", folded("Thorn"))], "th") == ("b", "a")

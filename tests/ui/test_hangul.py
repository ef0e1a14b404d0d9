"""Jamo to syllables and back, for every syllable of the Unicode block (U+AC00 to U+D7A3)."""

import unicodedata
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.widgets.hangul import delete_jamo, is_jamo, is_syllable, keys_of, type_jamo
from ui.widgets.keys import LETTERS, SHIFTED_JAMO

SYLLABLES = [chr(code) for code in range(0xAC00, 0xD7A4)]
ON_THE_KEYS = {*"".join(LETTERS["ko"]), *SHIFTED_JAMO.values()}


def written(keys: str, before: str = "") -> str:
    return reduce(type_jamo, keys, before)


def test_every_syllable_is_written_by_keys_that_exist() -> None:
    assert len(SYLLABLES) == 11_172
    for syllable in SYLLABLES:
        keys = keys_of(syllable)
        assert set(keys) <= ON_THE_KEYS
        assert written(keys) == syllable


def test_every_syllable_goes_away_key_by_key() -> None:
    for syllable in SYLLABLES:
        keys = keys_of(syllable)
        text = syllable
        for count in range(len(keys) - 1, -1, -1):
            text = delete_jamo(text)
            assert text == written(keys[:count]), syllable
        assert text == ""


def test_no_syllable_is_lost_after_another() -> None:
    for syllable in SYLLABLES:
        assert unicodedata.normalize("NFD", written(keys_of(syllable), "가 ")).endswith(
            unicodedata.normalize("NFD", syllable)
        )


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("ㄱㅏㄴㅏ", "가나"),
        ("ㄱㅏㅂㅅㅣ", "갑시"),
        ("ㄷㅏㄹㄱㅇㅣ", "닭이"),
        ("ㅇㅗㅏㅇ", "왕"),
        ("ㅃㅏㅇ", "빵"),
        ("ㅋㅋ", "ㅋㅋ"),
        ("ㅏㅏ", "ㅏㅏ"),
    ],
)
def test_words_are_composed_as_people_expect(keys: str, text: str) -> None:
    assert written(keys) == text


@given(st.text(alphabet="가나다abc я12ㄱ값"), st.sampled_from(sorted(ON_THE_KEYS)))
def test_delete_takes_back_a_key(text: str, key: str) -> None:
    after = type_jamo(text, key)
    assert is_jamo(key)
    assert len(after) >= len(text)
    # A consonant that a vowel had taken along stays with it: people expect that of every Korean keyboard.
    if len(after) == len(text) + 1 and not is_syllable(after[-1]):
        assert delete_jamo(after) == text

"""Whatever can be written can be written by ear, with "next" and "choose" alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.flow.view import FieldKind
from kiosk.texts import LANGUAGES, texts_for
from kiosk.voice.stops import Box
from ui.three_keys.spelling import LETTERS, SIGNS, Act, Does, Item, Sign, Spelling, Tray
from ui.widgets import hangul, keys


def spelling(kind: FieldKind, language: str = "en", **more: object) -> Spelling:
    return Spelling(Box("f", kind, "Name", **more), texts_for(language))  # type: ignore[arg-type]


def items(spelling: Spelling) -> list[Item]:
    """Once round the tray that is open."""
    found = [spelling.here]
    spelling.next()
    while spelling.here is not found[0]:
        found.append(spelling.here)
        spelling.next()
    return found


def go(spelling: Spelling, item: Item) -> None:
    while spelling.here != item:
        spelling.next()
    spelling.choose()


def act(spelling: Spelling, does: Does) -> None:
    go(spelling, next(item for item in items(spelling) if isinstance(item, Act) and item.does is does))


def write(spelling: Spelling, sign: str) -> None:
    """Finds a sign in the trays, however deep."""

    def way(inside: list[Item]) -> list[Item] | None:
        for item in inside:
            if isinstance(item, Sign) and item.letter == sign:
                return [item]
            if isinstance(item, Tray) and (rest := way(list(item.items))) is not None:
                return [item, *rest]
        return None

    found = way(items(spelling))
    assert found is not None, sign
    for item in found:
        go(spelling, item)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_of_every_keyboard_lies_in_a_tray(language: str) -> None:
    trays = set("".join(LETTERS[language]))
    on_screen = set("".join(keys.ALPHABETS[language]))
    if language == "ko":
        on_screen |= set(keys.SHIFTED_JAMO.values())
    assert trays == on_screen
    assert len("".join(LETTERS[language])) == len(trays)


@given(st.text("".join(LETTERS["ru"]) + " 0123456789" + "".join(SIGNS), max_size=12))
@settings(max_examples=25, deadline=None)
def test_any_text_can_be_written_and_deleted_again(text: str) -> None:
    one = spelling(FieldKind.TEXT, "ru")
    for sign in text:
        write(one, sign)
    assert one.text == text
    for _ in text:
        act(one, Does.DELETE)
    assert one.text == ""
    act(one, Does.DONE)
    assert one.done


def test_capital_holds_for_one_letter() -> None:
    one = spelling(FieldKind.TEXT, "ru")
    act(one, Does.CAPITAL)
    write(one, "а")
    write(one, "а")
    assert one.text == "Аа"


@pytest.mark.parametrize("word", ["김영희", "값이", "왜", "꽃길", "뷁"])
def test_hangul_is_composed_and_deleted_by_jamo(word: str) -> None:
    one = spelling(FieldKind.TEXT, "ko")
    pressed = "".join(map(hangul.keys_of, word))
    for jamo in pressed:
        write(one, jamo)
    assert one.text == word
    for _ in pressed:
        act(one, Does.DELETE)
    assert one.text == ""


def test_latin_letters_can_be_written_into_a_russian_field() -> None:
    one = spelling(FieldKind.TEXT, "ru")
    for sign in "a@b":
        write(one, sign)
    assert one.text == "a@b"


def test_full_box_says_so_and_takes_no_more() -> None:
    one = spelling(FieldKind.CODE, longest=2)
    for digit in "12":
        write(one, digit)
    said = one.choose()
    assert said[0] == "The box is full."
    assert one.text == "12"


def test_pin_is_counted_and_never_said() -> None:
    one = spelling(FieldKind.PIN)
    for digit in "4817":
        write(one, digit)
    assert one.written() == ("4 digits entered.",)


def test_code_is_heard_in_its_groups() -> None:
    one = spelling(FieldKind.CODE, groups=(4, 4))
    for digit in "481700":
        write(one, digit)
    assert one.written() == ("Written so far:", "four, eight, one, seven", "zero, zero")


@pytest.mark.parametrize("language", LANGUAGES)
def test_month_is_chosen_by_its_name(language: str) -> None:
    one = spelling(FieldKind.INTEGER, language, box="m")
    for _ in range(10):
        one.next()
    said = one.choose()
    assert (one.text, one.done) == ("11", True)
    assert said == ({"en": "November", "ru": "ноябрь", "ko": "십일월"}[language],)


@pytest.mark.parametrize("kind", list(FieldKind))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_tray_can_be_left_without_the_back_key(kind: FieldKind, language: str) -> None:
    def check(inside: tuple[Item, ...], *, outermost: bool) -> None:
        acts = {item.does for item in inside if isinstance(item, Act)}
        assert (Does.DONE if outermost else Does.UP) in acts or not outermost
        for item in inside:
            if isinstance(item, Tray):
                assert any(isinstance(each, Act) and each.does is Does.UP for each in item.items)
                check(item.items, outermost=False)

    check(tuple(items(spelling(kind, language))), outermost=True)


def test_back_leaves_a_tray_and_then_the_box() -> None:
    one = spelling(FieldKind.TEXT)
    tray = one.here
    one.choose()
    assert one.back() == (tray.said,)
    assert one.back() is None

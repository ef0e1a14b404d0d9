"""The whole task with the screen dark, by three keys and by two (ACCESS D1), in every language."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QWindow

from kiosk.texts import LANGUAGES, texts_for
from tests.conformance.blind import kiosk
from tests.conformance.blind.__main__ import walk
from tests.conformance.blind.keys import Key, Keys
from tests.conformance.blind.persons import FORMS, PERSONS, STREETS, Table
from tests.conformance.blind.robot import Diary

pytestmark = pytest.mark.timeout(1500)


def completed(form: str, language: str, keys: int) -> Diary:
    diary, _ = walk(FORMS / f"{form}.md", language, keys)
    person, table = PERSONS[form], Table(form, language)
    assert diary.completed
    assert table.questions["applicant_name"] in diary.questions
    assert len(diary.errors) >= len(person.slips)
    assert diary.corrected == [table.questions[name] for name in person.corrections]
    assert diary.left_blank == []
    assert len(diary.code) == 20
    return diary


@pytest.mark.parametrize(
    ("form", "language", "keys"), [("heating-allowance", "ru", 3), ("pension-supplement", "ko", 2)]
)
def test_person_who_sees_nothing_applies_and_hears_the_receipt(form: str, language: str, keys: int) -> None:
    diary = completed(form, language, keys)
    assert diary.hidden == []


@pytest.mark.proof
@pytest.mark.parametrize("keys", [3, 2])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", sorted(PERSONS))
def test_every_demonstration_form_is_completed_by_ear(form: str, language: str, keys: int) -> None:
    completed(form, language, keys)


def test_every_demonstration_form_has_a_person() -> None:
    assert sorted(PERSONS) == sorted(path.stem for path in FORMS.glob("*.md"))
    assert set(STREETS) == set(LANGUAGES)


@pytest.mark.proof
def test_without_headphones_what_is_private_is_hidden_and_says_how_to_hear_it() -> None:
    diary, _ = walk(FORMS / "heating-allowance.md", "en", 3, headphones=False)
    assert diary.completed
    assert diary.hidden
    assert set(diary.hidden) == {texts_for("en").say("This page is private and is not read aloud.")}


@pytest.fixture
def hands(tmp_path: Path) -> Iterator[tuple[Keys, QWindow]]:
    with kiosk.opened(tmp_path / "kiosk", kiosk.demo_pack(tmp_path), keys=3) as (keys, app):
        keys.listen()
        window = app.window.windowHandle()
        assert window is not None
        yield keys, window


def test_each_language_on_the_welcome_page_speaks_for_itself(hands: tuple[Keys, QWindow]) -> None:
    keys, _ = hands
    heard = [keys.press(Key.NEXT) for _ in range(5)]
    begin = [texts_for(language).say("Touch here to begin") for language in LANGUAGES]
    assert [sentence for place in heard for sentence in place if sentence in begin] == begin


def test_back_that_is_held_says_the_same_again_and_stays(hands: tuple[Keys, QWindow]) -> None:
    keys, _ = hands
    said = keys.press(Key.NEXT)
    assert keys.hold_back() == said
    assert keys.press(Key.NEXT) != said


def test_key_that_is_held_down_acts_once(hands: tuple[Keys, QWindow]) -> None:
    keys, window = hands
    first, second = keys.press(Key.NEXT), keys.press(Key.NEXT)
    while keys.press(Key.NEXT) != first:
        pass
    for _ in range(5):
        repeated = QKeyEvent(QEvent.Type.KeyPress, Key.NEXT.value, Qt.KeyboardModifier.NoModifier, "", True)
        QCoreApplication.sendEvent(window, repeated)
    assert keys.press(Key.NEXT) == second


def test_back_where_there_is_none_says_so(hands: tuple[Keys, QWindow]) -> None:
    keys, _ = hands
    assert keys.press(Key.BACK) == ("There is no way back from here.",)

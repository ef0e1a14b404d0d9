"""Every type of question, answered by touch at the largest size, in the real window over a real store."""

from pathlib import Path

import pytest

from kiosk.flow.comfort import TextSize
from kiosk.flow.table import Screen
from kiosk.flow.view import (
    Bullets,
    Choices,
    Code,
    DateField,
    Notice,
    Picture,
    Rows,
    TextField,
    TimeField,
    View,
)
from kiosk.texts import LANGUAGES
from ui.tour.examples import VALUES, WORDS
from ui.tour.gallery import SIZES, Walked, paint_gallery, walk_gallery

pytestmark = pytest.mark.timeout(1500)  # a whole form is walked, on a machine that may be busy

WRITTEN_OTHERWISE = {"visit": "2026-12-04T09:30:00.000+01:00", "plan": "drawing-1.json"}
"""What the form keeps where it is not what a person writes."""
LEFT_BLANK = {"paper", "letter", "place", "voice", "rules", "picture_note", "spoken_note", "sum"}


@pytest.fixture(scope="module")
def walked() -> Walked:
    return walk_gallery(["ru"], size=TextSize.EXTRA_LARGE)["ru"]


def page(walked: Walked, name: str) -> View:
    return next(each.view for each in walked.pages if each.name == name)


def values(walked: Walked) -> dict[str, set[str]]:
    """What the form holds, by the name of the question: one value for each member of a repeat."""
    found: dict[str, set[str]] = {}
    for ref, value in walked.answers.items():
        found.setdefault(ref.rpartition("/")[2], set()).add(value)
    return found


def test_every_answer_reaches_the_form_as_odk_writes_it(walked: Walked) -> None:
    given = values(walked)
    assert {value[:12] for value in given.pop("call")} == {"14:05:00.000"}
    for name, value in VALUES.items():
        if name != "call":
            assert given.pop(name) == {WRITTEN_OTHERWISE.get(name, value)}, name
    for name, words in WORDS.items():
        assert given.pop(name) == {words["ru"]}, name
    assert given.pop("page") == {"https://example.org/help"}
    assert all(given.pop(name) == {""} for name in LEFT_BLANK)
    assert given.keys() == {"generated_table_list_label_61"}, "the heading of a table that pyxform makes"


def test_members_of_members_are_asked_each_on_a_page(walked: Walked) -> None:
    refs = walked.answers.keys()
    assert "/data/lists/earner[2]/income[1]/income_amount" in refs
    assert "/data/lists/child[2]/child_age" in refs
    counted = next(each for each in page(walked, "member-child").body if isinstance(each, Rows))
    assert [action.id.partition(":")[0] for row in counted.rows for action in row.actions] == ["change"] * 2


@pytest.mark.parametrize(
    ("name", "order", "words"),
    [
        ("question-birth", "dmy", "3 ноября 1948 года"),
        ("question-moved", "my", "май 1975 года"),
        ("question-retired", "y", "2008 год"),
    ],
)
def test_dates_are_read_back_in_words(walked: Walked, name: str, order: str, words: str) -> None:
    field = next(part for part in page(walked, name).body if isinstance(part, DateField))
    assert (field.order, field.in_words) == (order, words)


def test_a_moment_is_read_back_with_its_day(walked: Walked) -> None:
    field = next(part for part in page(walked, "question-visit").body if isinstance(part, TimeField))
    assert field.in_words == "4 декабря 2026 года, 09:30"


def test_a_long_list_is_searched_on_a_page_of_its_own(walked: Walked) -> None:
    search = page(walked, "question-village-search")
    field = next(part for part in search.body if isinstance(part, TextField))
    cards = next(part for part in search.body if isinstance(part, Choices))
    assert field.search
    assert 0 < len(cards.choices) <= 4, "a hundred villages are never cards beside the keys"
    chosen = [part for part in page(walked, "question-village").body if isinstance(part, Choices)]
    assert "otterwick" in {card.value for card in chosen[0].choices if card.chosen}


def test_pictures_come_from_the_pack(walked: Walked) -> None:
    cards = next(part for part in page(walked, "question-heating_pictures").body if isinstance(part, Choices))
    assert all(card.picture.startswith(b"<svg") for card in cards.choices)
    picture = next(part for part in page(walked, "question-picture_note").body if isinstance(part, Picture))
    assert picture.data.startswith(b"<svg")
    (recording,) = page(walked, "question-spoken_note").recordings
    assert (recording.part, recording.data[:4]) == ("title", b"RIFF")


def test_marked_words_are_shown_as_weight_and_lists(walked: Walked) -> None:
    rules = page(walked, "question-rules")
    assert rules.title == "Возьмите с собой"
    assert rules.body == (Bullets(("паспорт", "последнюю квитанцию", "если есть, пенсионное удостоверение")),)
    total = page(walked, "question-sum")
    assert total.title == "Анна Петрова, вы отапливаете комнату 21 ночей в неделю."
    assert [(each.start, each.end) for each in total.title_emphasis] == [(0, 12)]


def test_what_a_kiosk_cannot_take_is_said_and_left_open(walked: Walked) -> None:
    for name in ("paper", "letter", "place", "voice"):
        (notice,) = page(walked, f"question-{name}").body
        assert isinstance(notice, Notice), name
        assert notice.text


def test_an_address_is_shown_with_a_code_for_a_telephone(walked: Walked) -> None:
    code = next(part for part in page(walked, "question-page").body if isinstance(part, Code))
    assert code.qr == "https://example.org/help"


def test_check_page_says_answers_as_people_do(walked: Walked) -> None:
    check = next(each.view for each in walked.pages if each.view.screen == Screen.CHECK)
    rows = {
        row.id.rpartition("/")[2]: row.value
        for part in check.body
        if isinstance(part, Rows)
        for row in part.rows
    }
    assert rows["secret"] == "●●●●●"
    assert rows["pension"] == "1\u00a0234\u00a0567"
    assert rows["birth"] == "3 ноября 1948 года"
    assert rows["moved"] == "май 1975 года"
    assert rows["visit"] == "4 декабря 2026 года, 09:30"
    assert rows["order"].splitlines()[0] == "1. Горячие обеды"
    assert rows["needs"] == "Деньги на зиму, Горячие обеды"
    assert rows["plan"] == "Нарисовано"
    assert "reserved_name_for_field_list_labels_62" not in rows
    assert LEFT_BLANK.isdisjoint(rows)


def test_who_cannot_sign_consents_aloud_before_a_volunteer(walked: Walked) -> None:
    aloud = [each.view for each in walked.pages if each.view.screen == Screen.SIGN][-1]
    words = next(part for part in aloud.body if isinstance(part, Notice))
    cards = next(part for part in aloud.body if isinstance(part, Choices))
    assert words.text.startswith("«Всё, что я сообщил")
    assert [card.value for card in cards.choices] == ["said", "heard"]
    assert aloud.title == "Согласиться вслух вместо подписи"


@pytest.mark.proof
def test_gallery_paints_every_page_in_every_language_and_size(tmp_path: Path) -> None:
    count = paint_gallery(tmp_path)
    pictures = sorted(tmp_path.glob("*/*/*.png"))
    assert len(pictures) == count
    for language in LANGUAGES:
        for size in SIZES:
            assert (tmp_path / f"{language}-{size}.png").stat().st_size > 50_000
            first = {each.name[:2] for each in (tmp_path / language / size).iterdir()}
            assert len(first) == 59, "one picture at least of every page that was met"

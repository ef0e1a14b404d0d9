"""Each way of answering by itself: what is touched and typed, what the form gets, what is refused."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from kiosk.flow.answering import Answering, Around, answering_for, can_be_asked
from kiosk.flow.answering.choosing import MOST_CARDS
from kiosk.flow.enclosing import Enclosure, attachments, enclosures_in, line_of
from kiosk.flow.view import (
    Buttons,
    Choices,
    Chosen,
    DateField,
    FieldKind,
    Pressed,
    SignaturePad,
    Signed,
    Stroke,
    TextField,
    TimeField,
    Typed,
)
from kiosk.flow.wording import THOUSANDS, shown_value
from kiosk.forms import Choice, Question, QuestionKind, Range, Ref
from kiosk.texts import texts_for

REF = Ref("/data/asked")
STROKES = (Stroke(((0.1, 0.2, 0), (0.5, 0.2, 40))),)
BASE = Question(
    ref=REF,
    name="asked",
    kind=QuestionKind.TEXT,
    appearance=frozenset(),
    label="What is it?",
    hint=None,
    guidance=None,
    section=(),
    value="",
    required=False,
    readonly=False,
    required_message=None,
    constraint_message=None,
)


def around(language: str = "en", **enclosures: Enclosure) -> Around:
    now = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    kept = {f"{name}.json": each for name, each in enclosures.items()}
    return Around(texts_for(language), now, ZoneInfo("Europe/Berlin"), {"wood.svg": b"<svg/>"}, kept)


def asking(kind: QuestionKind, *appearance: str, language: str = "en", **more: object) -> Answering:
    changes = {"kind": kind, "appearance": frozenset(appearance), **more}
    return answering_for(replace(BASE, **changes), around(language))  # type: ignore[arg-type] # fields


def choices(*values: str, **more: str) -> tuple[Choice, ...]:
    return tuple(Choice(value, value.title(), **more) for value in values)


def cards(answering: Answering) -> Choices:
    return next(part for part in answering.parts("") if isinstance(part, Choices))


def field(answering: Answering) -> TextField:
    return next(part for part in answering.parts("") if isinstance(part, TextField))


def buttons(answering: Answering) -> list[str]:
    return [each.id for part in answering.parts("") if isinstance(part, Buttons) for each in part.buttons]


# -- writing


def test_a_masked_answer_is_covered_until_the_person_asks() -> None:
    answering = asking(QuestionKind.TEXT, "masked", private=True)
    assert answering.take(Typed(REF, "secret"))
    assert field(answering).covered
    assert answering.take(Pressed("show-written"))
    assert not field(answering).covered
    assert answering.value == "secret"


@pytest.mark.parametrize(("language", "separator"), [("en", ","), ("ru", "\u00a0"), ("ko", ",")])
def test_thousands_are_parted_as_the_language_does(language: str, separator: str) -> None:
    answering = asking(QuestionKind.INTEGER, "thousands-sep", language=language)
    assert field(answering).thousands == separator
    assert field(asking(QuestionKind.INTEGER)).thousands == ""


def test_a_scanner_types_into_a_field_of_letters() -> None:
    answering = asking(QuestionKind.BARCODE)
    assert field(answering).kind is FieldKind.TEXT
    assert answering.take(Typed(REF, "4006381333931"))
    assert answering.value == "4006381333931"


# -- dates and times


@pytest.mark.parametrize(
    ("language", "appearance", "order"),
    [("en", (), "dmy"), ("ko", (), "ymd"), ("ko", ("month-year",), "ym"), ("ru", ("year",), "y")],
)
def test_a_date_asks_for_its_parts_in_the_languages_order(
    language: str, appearance: tuple[str, ...], order: str
) -> None:
    (part,) = asking(QuestionKind.DATE, *appearance, language=language).parts("")
    assert isinstance(part, DateField)
    assert part.order == order


def test_a_date_that_is_not_whole_is_told_as_it_stands() -> None:
    answering = asking(QuestionKind.DATE)
    assert answering.take(Typed(REF, "1948-3-"))
    (part,) = answering.parts("")
    assert isinstance(part, DateField)
    assert (part.value, part.in_words, answering.value) == ("1948-3-", "", "1948-3-")


def test_a_time_is_kept_with_the_places_offset() -> None:
    answering = asking(QuestionKind.TIME, language="ko")
    assert answering.take(Typed(REF, "14:05"))
    assert answering.value == "14:05:00.000+02:00"
    (part,) = answering.parts("")
    assert isinstance(part, TimeField)
    assert (part.value, part.in_words) == ("14:05", "오후 2:05")


@pytest.mark.parametrize("typed", ["25:00", "9:", "12:60"])
def test_what_is_no_time_goes_to_the_form_as_it_is(typed: str) -> None:
    answering = asking(QuestionKind.TIME)
    answering.take(Typed(REF, typed))
    assert answering.value == typed


def test_a_moment_is_whole_when_day_and_hour_are() -> None:
    answering = asking(QuestionKind.DATETIME)
    answering.take(Typed(f"{REF}:date", "2026-12-04"))
    assert answering.value == "2026-12-04T"
    answering.take(Typed(f"{REF}:time", "09:30"))
    assert answering.value == "2026-12-04T09:30:00.000+01:00", "the offset of that day, not of today"
    answering.take(Typed(f"{REF}:date", ""))
    answering.take(Typed(f"{REF}:time", ""))
    assert answering.value == ""


# -- choosing


def test_an_optional_choice_can_be_taken_back_and_a_required_one_not() -> None:
    for required, value in ((False, ""), (True, "wood")):
        answering = asking(QuestionKind.SELECT_ONE, choices=choices("wood", "gas"), required=required)
        answering.take(Chosen(REF, "wood"))
        answering.take(Chosen(REF, "wood"))
        assert answering.value == value


def test_chosen_values_stand_in_the_order_of_the_choices() -> None:
    answering = asking(QuestionKind.SELECT_MULTIPLE, choices=choices("a", "b", "c"))
    for value in "cab":
        answering.take(Chosen(REF, value))
    answering.take(Chosen(REF, "b"))
    assert answering.value == "a c"


def test_a_picture_of_a_choice_is_the_packs_file() -> None:
    answering = asking(QuestionKind.SELECT_ONE, choices=choices("wood", image="wood.svg"))
    assert cards(answering).choices[0].picture == b"<svg/>"
    absent = asking(QuestionKind.SELECT_ONE, choices=choices("wood", image="lost.svg"))
    assert cards(absent).choices[0].picture == b""


def test_a_quick_question_goes_on_at_once() -> None:
    assert asking(QuestionKind.SELECT_ONE, "quick", choices=choices("yes")).goes_on_at_once
    assert not asking(QuestionKind.SELECT_ONE, choices=choices("yes")).goes_on_at_once


@pytest.mark.parametrize(("appearance", "columns"), [("likert", 5), ("columns-3", 3), ("columns", 0)])
def test_columns_are_the_authors_wish(appearance: str, columns: int) -> None:
    answering = asking(QuestionKind.SELECT_ONE, appearance, choices=choices(*"abcde"))
    assert cards(answering).columns == columns


def test_a_huge_list_is_searched_first_and_never_shown_whole() -> None:
    many = choices(*(f"place{number}" for number in range(5000)))
    answering = asking(QuestionKind.SELECT_ONE, choices=many)
    assert answering.inner == "search"
    assert not any(isinstance(part, Choices) for part in answering.parts(""))
    answering.take(Typed(f"{REF}:search", "place12"))
    assert len(cards(answering).choices) == 4
    assert answering.close_inner()
    assert len(cards(answering).choices) == MOST_CARDS
    assert answering.value == ""
    answering.take(Chosen(REF, "place12"))
    assert answering.value == "place12"


def test_what_is_chosen_stays_in_sight_whatever_is_looked_for() -> None:
    many = choices(*(f"place{number}" for number in range(20)))
    answering = asking(QuestionKind.SELECT_MULTIPLE, choices=many)
    answering.take(Chosen(REF, "place3"))
    answering.take(Pressed("search-list"))
    answering.take(Typed(f"{REF}:search", "place1"))
    answering.close_inner()
    shown = [card.value for card in cards(answering).choices]
    assert shown[0] == "place3"
    assert "show-all" in buttons(answering)
    answering.take(Pressed("show-all"))
    assert len(cards(answering).choices) == 20


def test_nothing_found_says_what_to_do() -> None:
    answering = asking(QuestionKind.SELECT_ONE, "search", choices=choices("wood", "gas"))
    answering.take(Pressed("search-list"))
    answering.take(Typed(f"{REF}:search", "zz"))
    assert not any(isinstance(part, Choices) for part in answering.parts(""))
    assert len(list(answering.parts(""))) == 2


# -- order and range


def test_touches_give_places_and_a_second_touch_takes_one_away() -> None:
    answering = asking(QuestionKind.RANK, choices=choices("a", "b", "c"))
    for value in "cab":
        answering.take(Chosen(REF, value))
    assert answering.value == "c a b"
    answering.take(Chosen(REF, "a"))
    assert [card.place for card in cards(answering).choices] == [0, 2, 1]
    assert answering.value == "", "an order without all of them is none (ODK XForms specification)"
    assert answering.refusal()
    answering.take(Pressed("rank-again"))
    assert answering.refusal() == "", "none at all is a question left out"


@pytest.mark.parametrize(
    ("start", "end", "step", "values"),
    [
        (1, 5, 1, "1 2 3 4 5"),
        (0, 1, 0.25, "0 0.25 0.5 0.75 1"),
        (5, 1, 2, "5 3 1"),
        (-2, 2, 1, "-2 -1 0 1 2"),
    ],
)
def test_a_short_range_is_a_card_a_number(start: float, end: float, step: float, values: str) -> None:
    answering = asking(QuestionKind.RANGE, range=Range(start, end, step))
    assert [card.value for card in cards(answering).choices] == values.split()


def test_a_long_range_is_typed_or_stepped_within_its_bounds() -> None:
    answering = asking(QuestionKind.RANGE, range=Range(0, 60, 0.5))
    assert field(answering).kind is FieldKind.DECIMAL
    answering.take(Pressed("step-more"))
    assert answering.value == "30"
    answering.take(Typed(REF, "60"))
    answering.take(Pressed("step-more"))
    assert answering.value == "60"
    answering.take(Pressed("step-less"))
    assert answering.value == "59.5"
    for typed, refused in (("12.25", True), ("61", True), ("12.5", False), ("", False)):
        answering.take(Typed(REF, typed))
        assert bool(answering.refusal()) is refused, typed


def test_a_stored_decimal_of_a_range_is_the_chosen_card() -> None:
    answering = asking(QuestionKind.RANGE, range=Range(1, 5, 1), value="4.0")
    assert [card.value for card in cards(answering).choices if card.chosen] == ["4"]


# -- drawing and signing


def test_each_drawing_has_a_name_of_its_own_that_is_never_used_again() -> None:
    shared = around()
    drawing = answering_for(replace(BASE, kind=QuestionKind.DRAWING), shared)
    drawing.take(Signed(REF, STROKES))
    other = answering_for(replace(BASE, kind=QuestionKind.DRAWING, ref=Ref("/data/other")), shared)
    other.take(Signed("/data/other", STROKES))
    assert (drawing.value, other.value) == ("drawing-1.json", "drawing-2.json")
    drawing.take(Signed(REF, ()))
    assert drawing.value == ""
    third = answering_for(replace(BASE, kind=QuestionKind.DRAWING), shared)
    third.take(Signed(REF, STROKES))
    assert third.value == "drawing-3.json"


def test_a_spoken_consent_needs_the_person_and_the_volunteer() -> None:
    answering = asking(QuestionKind.SIGNATURE, language="ru")
    assert any(isinstance(part, SignaturePad) for part in answering.parts(""))
    answering.take(Pressed("consent-aloud"))
    answering.take(Chosen(f"{REF}:witness", "said"))
    assert answering.value == ""
    assert answering.refusal()
    answering.take(Chosen(f"{REF}:witness", "heard"))
    assert answering.refusal() == ""
    kept = answering.around.enclosures[answering.value]
    assert kept.spoken.startswith("«Всё, что я сообщил")
    assert (kept.language, kept.at) == ("ru", "2026-07-01T14:00:00+02:00")
    answering.take(Pressed("sign-by-hand"))
    assert answering.value == ""


def test_a_drawing_that_must_be_given_can_be_said_aloud_and_any_other_left_out() -> None:
    assert "consent-aloud" not in buttons(asking(QuestionKind.DRAWING))
    answering = asking(QuestionKind.DRAWING, required=True)
    assert "consent-aloud" in buttons(answering)
    answering.take(Pressed("consent-aloud"))
    assert answering.inner_title == "Say it aloud instead of drawing"
    for mark in ("said", "heard"):
        answering.take(Chosen(f"{REF}:witness", mark))
    kept = answering.around.enclosures[answering.value]
    assert kept.spoken == "“I cannot draw this. Please take my application without the drawing.”"
    asked = replace(BASE, kind=QuestionKind.DRAWING, required=True, value=answering.value)
    assert shown_value(asked, "", texts_for("en")) == "Drawn or said aloud"


def test_an_amount_of_money_stands_and_is_checked_with_its_sign() -> None:
    for language, currency, sign in (("en", "EUR", "€"), ("ru", "RUB", "₽"), ("ko", "KRW", "원")):
        answering = asking(QuestionKind.INTEGER, "thousands-sep", language=language, currency=currency)
        assert field(answering).unit == sign
        question = replace(answering.question, value="25000")
        written = shown_value(question, "", texts_for(language))
        assert written == f"25{THOUSANDS[language]}000\u00a0{sign}"
    assert field(asking(QuestionKind.INTEGER)).unit == ""


def test_enclosures_come_back_from_the_draft_and_only_those_named_go_to_the_agency() -> None:
    import json

    kept = {
        "signature.json": Enclosure(spoken="I agree", language="en", at="2026-07-01T14:00:00+02:00"),
        "drawing-2.json": Enclosure(STROKES),
        "drawing-3.json": Enclosure(STROKES),
    }
    lines = [json.loads(line_of(name, each)) for name, each in kept.items()]
    assert enclosures_in(lines) == kept
    submission = b"<data><plan>drawing-2.json</plan><sign>signature.json</sign></data>"
    sent = {each.name: each.kind for each in attachments(kept, submission)}
    assert sent == {"signature": "spoken-consent", "drawing-2": "drawing"}


def test_what_is_not_asked_has_a_sentence_and_no_field() -> None:
    for kind in (QuestionKind.GEOPOINT, QuestionKind.AUDIO, QuestionKind.IMAGE, QuestionKind.FILE):
        assert not can_be_asked(replace(BASE, kind=kind))
        assert len(list(asking(kind).parts(""))) == 1

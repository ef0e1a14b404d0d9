"""What is said equals what is shown (H1), and what is private stays so (H7)."""

import dataclasses
from collections.abc import Iterator

import pytest

from kiosk.flow.view import (
    Bar,
    Bullets,
    Button,
    Buttons,
    Choice,
    Choices,
    Code,
    DateField,
    FieldError,
    FieldKind,
    Notice,
    Paragraph,
    Part,
    Picture,
    Progress,
    Recording,
    Row,
    Rows,
    SignaturePad,
    Stroke,
    TextField,
    TimeField,
    Tone,
    View,
)
from kiosk.texts import LANGUAGES, texts_for
from kiosk.voice.spoken import GROUP_MS, Utterance, said_of, words_of

EVERY_PART: tuple[Part, ...] = (
    Paragraph("Paragraph-1"),
    Paragraph("Paragraph-2", Tone.WARNING),
    Notice("Notice-title", "Notice-text", Tone.ERROR),
    Bullets(("Bullet-1", "Bullet-2")),
    Bullets(("Step-1", "Step-2"), numbered=True),
    Choices(
        "heat",
        (Choice("gas", "Choice-gas", "Choice-hint"), Choice("wood", "Choice-wood", chosen=True)),
        label="Choices-label",
    ),
    Choices("more", (Choice("a", "Many-a", chosen=True), Choice("b", "Many-b")), many=True),
    Choices("way", (Choice("go", "Way-go"),), acts=True),
    TextField("name", "Name-label", "Name-value", error="Name-error"),
    TextField("empty", "Empty-label", unit="Empty-unit"),
    TextField("sum", "Sum-label", "Sum-value", FieldKind.DECIMAL, unit="Sum-unit"),
    DateField("born", "Born-label", "", day_label="Day-l", month_label="Month-l", year_label="Year-l"),
    DateField("moved", "Moved-label", "1975-05-01", "my", "", "Month-m", "Year-m", in_words="May-1975"),
    TimeField("call", "Call-label", "14:05", "Hour-l", "Minute-l", in_words="Five-past-two"),
    TextField("town:search", "Search-label", "Search-value", search=True),
    Choices("order", (Choice("x", "Rank-x", place=2), Choice("y", "Rank-y")), many=True, ranked=True),
    SignaturePad("plan", "Plan-label", draws=True),
    Rows((Row("r1", "Row-label", "Row-value", (Button("change", "Row-change"),)),), "Rows-title"),
    Code("Code-label", ("", ""), "Code-caption"),
    SignaturePad("sign", "Sign-label", clear_label="Sign-clear"),
    Progress("Progress-label", 2, 5),
    Picture("heat", "Picture-alt"),
    Buttons((Button("b1", "Button-label", "Button-hint"), Button("b2", "Button-grey", enabled=False))),
)


def page(*parts: Part, language: str = "en", private: bool = False) -> View:
    return View(
        language=language,
        title="Title-1",
        where="Where-1",
        hint="Hint-1",
        error_title="Errors-title",
        errors=(FieldError("name", "Name-error"), FieldError("", "Page-error")),
        bar=Bar((Button("settings", "Bar-settings"), Button("read", "Bar-read")), "Bar-note"),
        body=parts,
        back=Button("back", "Back-label"),
        forward=Button("forward", "Forward-label"),
        private=private,
    )


def said(view: View, *, headphones: bool = True) -> tuple[Utterance, ...]:
    return words_of(view, texts_for(view.language), headphones=headphones)


def texts(view: View, *, headphones: bool = True) -> list[str]:
    return [utterance.text for utterance in said(view, headphones=headphones)]


def part_of(part: Part, *, language: str = "en", headphones: bool = True) -> list[str]:
    """What one part says, without the page around it."""
    bare = View(language=language, title="", body=(part,))
    return texts(bare, headphones=headphones)


def shown(thing: object) -> Iterator[str]:
    """Every string of a view that a person sees."""
    if isinstance(thing, str):
        if thing[:1].isupper() and "-" in thing:
            yield thing
    elif isinstance(thing, tuple):
        for each in thing:
            yield from shown(each)
    elif dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            yield from shown(getattr(thing, field.name))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_that_is_shown_is_said(language: str) -> None:
    view = page(*EVERY_PART, language=language)
    spoken = texts(view)
    missing = [string for string in shown(view) if not any(string in sentence for sentence in spoken)]
    assert missing == []
    assert all(utterance.language == language for utterance in said(view))


def test_page_is_read_in_its_order_with_the_buttons_and_the_bar_last() -> None:
    spoken = texts(page(Paragraph("Body-1")))
    assert spoken == [
        *("Where-1", "Title-1", "Hint-1", "Errors-title", "Name-error", "Page-error", "Body-1"),
        *("Button: Back-label", "Button: Forward-label"),
        *("Bar-note", "Button: Bar-settings", "Button: Bar-read"),
    ]


def test_choices_say_role_position_and_state() -> None:
    assert part_of(EVERY_PART[5]) == [
        "Choices-label",
        "Choose one.",
        "one of two: Choice-gas",
        "Choice-hint",
        "two of two: Choice-wood",
        "Chosen.",
    ]
    assert part_of(EVERY_PART[6]) == [
        "You may choose more than one.",
        *("one of two: Many-a", "Chosen."),
        *("two of two: Many-b", "Not chosen."),
    ]


def test_position_is_said_as_each_language_counts() -> None:
    five = Choices("f", tuple(Choice(str(index), f"C{index}") for index in range(1, 6)))
    assert "three of five: C3" in part_of(five)
    assert "три из пяти: C3" in part_of(five, language="ru")
    assert "다섯 개 가운데 세 번째, C3" in part_of(five, language="ko")
    assert "다섯 개 가운데 첫 번째, C1" in part_of(five, language="ko")


def test_label_that_is_the_question_itself_is_said_once() -> None:
    view = View(language="en", title="Your name?", body=(TextField("name", "Your name?"),))
    assert texts(view) == ["Your name?", "Words are written here.", "Still empty."]


def test_weight_is_told_in_words_as_well() -> None:
    assert part_of(Paragraph("Mind the step", Tone.WARNING)) == ["Important: Mind the step"]
    assert part_of(Paragraph("All is well", Tone.GOOD)) == ["All is well"]


def test_field_says_its_error_in_the_words_of_the_summary() -> None:
    assert part_of(TextField("name", "Name", "x", error="Name-error")) == [
        "Name",
        "Words are written here.",
        "Please look: Name-error",
        "x",
    ]


def test_number_is_said_as_people_say_it() -> None:
    field = TextField("sum", "Income", "1500", FieldKind.INTEGER, unit="euros")
    assert part_of(field)[-1] == "one thousand five hundred euros"
    assert part_of(field, language="ru")[-1] == "одна тысяча пятьсот euros"
    assert part_of(field, language="ko")[-1] == "천오백 euros"


@pytest.mark.parametrize(
    ("language", "written", "said_"),
    [
        ("en", "1 €", "one euro"),
        ("en", "12.50 €", "twelve euros fifty cents"),
        ("en", "-3 $", "minus three dollars"),
        ("en", "25,000 years", "twenty-five thousand years"),
        ("ru", "1 ₽", "один рубль"),
        ("ru", "2 ₽", "два рубля"),
        ("ru", "5 ₽", "пять рублей"),
        ("ru", "11 ₽", "одиннадцать рублей"),
        ("ru", "21 ₽", "двадцать один рубль"),
        ("ru", "112 ₽", "сто двенадцать рублей"),
        ("ru", "25\u00a0000 ₽", "двадцать пять тысяч рублей"),
        ("ru", "3.02 ₽", "три рубля две копейки"),
        ("ru", "2 ₩", "две воны"),
        ("ko", "300,000 원", "삼십만 원"),
        ("ko", "12.5 €", "십이 점 오 유로"),
        ("en", "2.5", "two point five"),
    ],
)
def test_money_is_said_as_people_say_it(language: str, written: str, said_: str) -> None:
    number, _, unit = written.partition(" ")
    bare = number.replace(",", "").replace("\u00a0", "")
    field = TextField("sum", "Income", bare, FieldKind.DECIMAL, unit=unit)
    assert part_of(field, language=language)[-1] == said_
    if unit and unit != "years":
        row = Rows((Row("sum", "Income", written),))
        assert part_of(row, language=language)[-1] == said_


@pytest.mark.parametrize("written", ["1948", "12 Oak Street", "3 November 1948", "555 014", "2,5"])
def test_a_year_and_an_address_on_the_check_page_are_no_amounts(written: str) -> None:
    assert part_of(Rows((Row("r", "Label", written),)))[-1] == written


def test_date_is_said_as_people_say_it() -> None:
    field = DateField("born", "Born", "1948-11-03", day_label="Day", month_label="Month", year_label="Year")
    assert part_of(field)[-1] == "the third of November, nineteen forty-eight"
    assert part_of(field, language="ru")[-1] == "третье ноября тысяча девятьсот сорок восьмого года"
    assert part_of(field, language="ko")[-1] == "천구백사십팔년 십일월 삼일"


def test_date_that_is_still_being_typed_is_said_digit_by_digit() -> None:
    assert part_of(DateField("born", "Born", "194"))[-1] == "one, nine, four"


def test_code_is_said_digit_by_digit_in_groups_with_pauses() -> None:
    view = View(language="en", title="", body=(Code("Your code", ("1203", "45")),))
    groups = said(view)[1:]
    assert [group.text for group in groups] == ["one, two, zero, three", "four, five"]
    assert all(group.pause_after_ms == GROUP_MS and group.private for group in groups)
    assert part_of(Code("c", ("03",)), language="ru")[-1] == "ноль, три"
    assert part_of(Code("c", ("03",)), language="ko")[-1] == "공, 삼"


def test_typed_code_is_said_in_its_groups() -> None:
    field = TextField("code", "Code", "123456", FieldKind.CODE, groups=(4, 4))
    assert part_of(field)[-2:] == ["one, two, three, four", "five, six"]


def test_pin_is_never_said_not_even_into_headphones() -> None:
    spoken = part_of(TextField("pin", "PIN", "4711", FieldKind.PIN))
    assert spoken == ["PIN", "Digits are written here.", "4 digits entered."]


@pytest.mark.parametrize(
    "part",
    [
        TextField("f", "Label", "Geheim", private=True),
        TextField("f", "Label", "7711", FieldKind.NATIONAL_ID, groups=(2, 2), private=True),
        TextField("f", "Label", "7711", FieldKind.INTEGER, private=True),
        DateField("f", "Label", "1948-11-03", private=True),
        Rows((Row("f", "Label", "Geheim", private=True),)),
    ],
    ids=["text", "national id", "number", "date", "row"],
)
def test_private_answer_is_hidden_aloud_and_said_into_headphones(part: Part) -> None:
    aloud = part_of(part, headphones=False)
    assert aloud[-2:] == ["The answer is hidden.", "To hear it, choose headphones in Settings."]
    for secret in ("Geheim", "seven", "November"):
        assert not any(secret in sentence for sentence in aloud)
    alone = part_of(part, headphones=True)
    assert "The answer is hidden." not in alone
    view = View(language="en", title="", body=(part,))
    assert any(utterance.private for utterance in said(view))
    assert not any(utterance.private for utterance in said(view, headphones=False))


def test_how_to_hear_is_told_once_a_page() -> None:
    rows = Rows(tuple(Row(str(index), "Label", "Value", private=True) for index in range(3)))
    spoken = part_of(rows, headphones=False)
    assert spoken.count("The answer is hidden.") == 3
    assert spoken.count("To hear it, choose headphones in Settings.") == 1


def test_nothing_of_a_private_page_is_said_aloud() -> None:
    view = page(*EVERY_PART, private=True)
    aloud = texts(view, headphones=False)
    ways = {"Back-label", "Forward-label", "Bar-note", "Bar-settings", "Bar-read"}
    assert not any(string in sentence for string in set(shown(view)) - ways for sentence in aloud)
    assert aloud[:2] == [
        "This page is private and is not read aloud.",
        "To hear it, choose headphones in Settings.",
    ]
    assert all(any(way in sentence for sentence in aloud) for way in ways)
    assert all(utterance.private for utterance in said(view, headphones=True))


def test_signature_tells_whether_it_is_there() -> None:
    assert "Not signed yet." in part_of(SignaturePad("s", "Sign here"))
    signed = SignaturePad("s", "Sign here", (Stroke(((0.1, 0.1, 0), (0.2, 0.2, 10))),))
    assert "Signed." in part_of(signed)


def test_button_that_cannot_be_pressed_says_so() -> None:
    assert part_of(Buttons((Button("b", "Go", enabled=False),))) == ["Button: Go", "Not available now."]


def test_one_part_can_be_said_alone() -> None:
    words = said(page(*EVERY_PART))
    assert [each.text for each in said_of("heat=wood", words)] == ["two of two: Choice-wood", "Chosen."]
    assert [each.text for each in said_of("forward", words)] == ["Button: Forward-label"]
    assert [each.text for each in said_of("name", words)][-1] == "Name-value"


def test_an_order_is_said_with_its_numbers() -> None:
    cards = (Choice("a", "Bread", place=2), Choice("b", "Milk"))
    spoken = part_of(Choices("order", cards, many=True, ranked=True))
    assert spoken[1:] == ["one of two: Bread", "Number two.", "two of two: Milk", "It has no number yet."]


@pytest.mark.parametrize(
    ("language", "said_"),
    [("en", "1975 May"), ("ru", "май 1975 года"), ("ko", "1975년 5월")],
)
def test_a_month_is_said_as_it_is_written(language: str, said_: str) -> None:
    part = DateField("moved", "", "1975-05-01", "my", "", "Month", "Year", in_words=said_)
    assert part_of(part, language=language)[-1] == said_


def test_a_recording_takes_the_place_of_the_first_words_of_its_part() -> None:
    choices = Choices("heat", (Choice("gas", "Gas", chosen=True), Choice("wood", "Wood")))
    view = dataclasses.replace(
        page(choices),
        recordings=(Recording("title", "q.wav", b"title"), Recording("heat=gas", "gas.wav", b"gas")),
    )
    recorded = {utterance.text: utterance.recording for utterance in said(view) if utterance.recording}
    assert recorded == {"Title-1": b"title", "one of two: Gas": b"gas"}
    assert texts(view) == texts(page(choices)), "what is heard is still what is shown"


def test_a_recording_of_a_private_page_is_not_played_aloud() -> None:
    view = dataclasses.replace(page(private=True), recordings=(Recording("title", "q.wav", b"title"),))
    assert not any(utterance.recording for utterance in said(view, headphones=False))


def test_number_that_is_no_quantity_is_said_digit_by_digit() -> None:
    row = Row("r", "Telephone", "555 0142", digits=True)
    assert part_of(Rows((row,)))[1:] == ["five, five, five, zero", "one, four, two"]
    assert part_of(Rows((Row("r", "Telephone", "Not provided", digits=True),)))[1:] == ["Not provided"]
    assert part_of(TextField("f", "Telephone", "5550142", FieldKind.CODE))[-2:] == [
        "five, five, five, zero",
        "one, four, two",
    ]

"""Markdown in a form's words: what stands as heading, what below it, and what a voice says."""

import pytest

from kiosk.flow.markup import headed, plain
from kiosk.flow.view import Bullets, Emphasis, Paragraph, Tone


def test_weighed_words_keep_their_place_without_their_signs() -> None:
    words = headed("How much is your **monthly** pension, _about_?")
    assert words.title == "How much is your monthly pension, about?"
    assert words.emphasis == (Emphasis(17, 24), Emphasis(34, 39, slanted=True))
    assert words.below == ()


def test_a_list_below_the_first_line_is_a_list() -> None:
    words = headed("Please bring:\n\n- your card\n- the **bill**\n\nThank you.")
    assert words.title == "Please bring:"
    assert words.below == (Bullets(("your card", "the bill")), Paragraph("Thank you."))


@pytest.mark.parametrize("text", ["1. What is your name?", "- None of these", "5. Bread", "2) Milk"])
def test_an_authors_own_counting_is_no_list(text: str) -> None:
    assert headed(text).title == text
    assert plain(text) == text


@pytest.mark.parametrize(
    ("marked", "said"),
    [
        ("a < b & c", "a < b & c"),
        ('<span style="color:red">Important</span>', "Important"),
        ("First<br>second", "First\nsecond"),
        ("See [our page](https://example.org)", "See our page (https://example.org)"),
        ("snake_case_names stay", "snake_case_names stay"),
        (r"five \* six", "five * six"),
        ("&lt;not a tag&gt;", "<not a tag>"),
        ("", ""),
    ],
)
def test_what_is_said_is_words_alone(marked: str, said: str) -> None:
    assert plain(marked) == said


def test_a_heading_sign_makes_a_strong_line() -> None:
    assert headed("# Your home\nWe ask about it.").title == "Your home"
    assert headed("Read this.\n\n## Your home").below == (Paragraph("Your home", Tone.STRONG),)


def test_a_long_text_has_its_first_sentence_as_heading() -> None:
    first = "The office checks what you say."
    rest = (
        "It may ask your doctor, your bank and your landlord, and it keeps what they answer for ten years. "
        * 2
    )
    words = headed(f"{first} {rest}")
    assert words.title == first
    assert words.below == (Paragraph(rest.strip()),)

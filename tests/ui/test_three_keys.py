"""The spoken focus over pages that are awkward to walk."""

from kiosk.flow.view import (
    Button,
    Buttons,
    Choice,
    Choices,
    Chosen,
    Event,
    FieldError,
    Pressed,
    TextField,
    View,
)
from kiosk.texts import texts_for
from kiosk.voice.spoken import Utterance, words_of
from ui.three_keys.walk import ThreeKeys


class Pages:
    def __init__(self, shown: View) -> None:
        self.shown = shown
        self.events: list[Event] = []

    def handle(self, event: Event) -> None:
        self.events.append(event)

    def working(self) -> bool:
        return False


class Voice:
    def __init__(self) -> None:
        self.said: list[str] = []
        self.repeated = 0
        self.reads = 0

    def words(self, view: View) -> tuple[Utterance, ...]:
        return words_of(view, texts_for(view.language), headphones=True)

    def read(self, view: View) -> None:
        self.reads += 1
        self.say(self.words(view))

    def say(self, words: tuple[Utterance, ...], next: tuple[Utterance, ...] = ()) -> None:
        self.said = [each.text for each in words]

    def repeat(self) -> None:
        self.repeated += 1


def walk(view: View) -> tuple[ThreeKeys, Pages, Voice]:
    pages, voice = Pages(view), Voice()
    return ThreeKeys(pages, voice, texts_for, lambda _name: None), pages, voice


def test_choice_that_a_form_has_twice_is_no_trap() -> None:
    twice = tuple(Choice(value, label) for value, label in (("a", "One"), ("b", "Two"), ("a", "Three")))
    view = View(language="en", title="T", body=(Choices("f", twice),), forward=Button("forward", "Continue"))
    keys, pages, voice = walk(view)
    heard = []
    for _ in range(5):
        keys.next()
        heard.append(voice.said[-1])
    assert heard == [
        "Choose one.",
        "one of three: One",
        "two of three: Two",
        "three of three: Three",
        "Button: Continue",
    ]
    keys.choose()
    assert pages.events == [Pressed("forward")]


def test_error_line_leads_to_what_it_is_about() -> None:
    view = View(
        language="en",
        title="T",
        error_title="Look",
        errors=(FieldError("name", "Wrong"),),
        body=(Choices("c", (Choice("a", "A"),)), TextField("name", "Name", error="Wrong")),
    )
    keys, pages, voice = walk(view)
    keys.next()
    keys.next()
    assert voice.said == ["Wrong"]
    keys.choose()
    assert voice.said[0] == "Name"
    assert pages.events == []


def test_what_cannot_be_pressed_is_said_once_more() -> None:
    keys, pages, voice = walk(View(language="en", title="Only words"))
    keys.choose()
    assert voice.said == ["Only words"]
    assert pages.events == []


def test_other_page_begins_at_its_heading() -> None:
    first = View(language="en", title="First", key="1", body=(Choices("c", (Choice("a", "A"),)),))
    keys, pages, voice = walk(first)
    keys.next()
    keys.next()
    pages.shown = View(language="en", title="Second", key="2", back=Button("back", "Back"))
    keys.next()
    assert voice.said == ["Button: Back"]
    keys.back()
    assert pages.events == [Pressed("back")]


def test_state_that_choosing_changed_is_heard() -> None:
    chosen = Choices("c", (Choice("a", "A", chosen=True),))
    view = View(language="en", title="T", body=(Choices("c", (Choice("a", "A"),)),))
    keys, pages, voice = walk(view)
    keys.next()
    keys.next()

    def handle(event: Event) -> None:
        pages.events.append(event)
        pages.shown = View(language="en", title="T", body=(chosen,))

    pages.handle = handle  # type: ignore[method-assign]
    keys.choose()
    assert pages.events == [Chosen("c", "a")]
    assert voice.said == ["one of one: A", "Chosen."]


def test_what_a_page_says_of_itself_when_pressed_is_not_talked_over() -> None:
    sample = View(language="en", title="This is how I sound now.")
    view = View(language="en", title="T", body=(Buttons((Button("louder", "Louder"),)),))
    keys, pages, voice = walk(view)

    class Speaking(Pages):
        def handle(self, event: Event) -> None:
            voice.read(sample)

    keys = ThreeKeys(Speaking(view), voice, texts_for, lambda _name: None)
    while "Button: Louder" not in voice.said:
        keys.next()
    keys.choose()
    assert voice.said[0] == sample.title
    assert pages.events == []

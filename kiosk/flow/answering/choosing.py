"""Cards to choose from; a long list is searched by a few letters, on a page within the page."""

from collections.abc import Iterator, Sequence

from kiosk.flow.answering.base import Answering, Around
from kiosk.flow.finding import folded, found
from kiosk.flow.view import (
    Button,
    Buttons,
    Choice,
    Choices,
    Chosen,
    Event,
    Paragraph,
    Part,
    Pressed,
    TextField,
    Tone,
    Typed,
)
from kiosk.flow.wording import card_label
from kiosk.forms import Choice as FormChoice
from kiosk.forms import Question

LONG_FROM = 13
"""So many choices, or an author who asks for it, make a list that can be searched."""
MOST_CARDS = 60
"""A longer list is never shown whole: it is searched first."""
WHILE_TYPING = 4
"""Cards beside the keys."""
SEARCH, SHOW_ALL = "search-list", "show-all"
_SEARCHED = frozenset({"search", "autocomplete"})


class _Choosing(Answering):
    many = False

    def __init__(self, question: Question, around: Around) -> None:
        super().__init__(question, around)
        self._typed = ""
        self._folded: tuple[tuple[FormChoice, ...], tuple[str, ...]] | None = None
        self._searching = len(question.choices) > MOST_CARDS and not self.value

    # -- what is chosen

    def _chosen(self) -> frozenset[str]:
        return frozenset({self.value} if self.value else ())

    def _choose(self, value: str) -> None:
        raise NotImplementedError

    def take(self, event: Event) -> bool:
        ref = self.question.ref
        match event:
            case Chosen(field=field, value=value) if field == ref:
                self._choose(value)
                if self._searching and not self.many:
                    self._searching = False
            case Typed(field=field, text=text) if field == f"{ref}:search":
                self._typed = text
            case Pressed(id="search-list"):
                self._searching = True
            case Pressed(id="show-all"):
                self._typed = ""
            case _:
                return False
        return True

    # -- what is shown

    def parts(self, error: str) -> Iterator[Part]:
        if self._searching:
            yield from self._search()
        elif self._is_long():
            yield from self._long_list()
        else:
            yield self._cards(self.question.choices)

    def _is_long(self) -> bool:
        question = self.question
        return len(question.choices) >= LONG_FROM or not _SEARCHED.isdisjoint(question.appearance)

    def _matching(self) -> tuple[FormChoice, ...]:
        if not self._typed.strip():
            return self.question.choices
        # Folded once a list, not once a key.
        if self._folded is None or self._folded[0] is not self.question.choices:
            labels = tuple(folded(card_label(each)) for each in self.question.choices)
            self._folded = self.question.choices, labels
        return found(zip(*self._folded, strict=True), self._typed)

    def _long_list(self) -> Iterator[Part]:
        texts, total = self.around.texts, len(self.question.choices)
        matching = self._matching()
        chosen = tuple(each for each in self.question.choices if each.value in self._chosen())
        buttons = [Button(SEARCH, texts.say("Find it by typing"), icon="search")]
        if self._typed and total <= MOST_CARDS:
            buttons.append(Button(SHOW_ALL, texts.say("Show the whole list"), icon="repeat", tone=Tone.QUIET))
        yield Buttons(tuple(buttons))
        shown = matching if self._typed or total <= MOST_CARDS else ()
        if len(shown) > MOST_CARDS:
            yield Paragraph(
                texts.say(
                    "Only the first {shown} of {count} are shown here.", shown=MOST_CARDS, count=len(shown)
                )
            )
            shown = shown[:MOST_CARDS]
        if self._typed:
            # What is chosen stays in sight, whatever was looked for since.
            shown = (*(each for each in chosen if each not in shown), *shown)
        yield self._cards(shown or chosen)

    def _search(self) -> Iterator[Part]:
        texts, matching = self.around.texts, self._matching()
        label = texts.say("Type the first letters")
        if self._typed.strip():
            label = texts.many("{count} answer found", "{count} answers found", len(matching))
        yield TextField(f"{self.question.ref}:search", label, self._typed, search=True)
        if not matching:
            yield Paragraph(texts.say("Nothing was found. Please try fewer letters."), Tone.WARNING)
        elif self._typed.strip():
            yield self._cards(matching[:WHILE_TYPING])

    def _cards(self, choices: Sequence[FormChoice]) -> Choices:
        chosen = self._chosen()
        cards = tuple(
            Choice(
                each.value,
                card_label(each),
                chosen=each.value in chosen,
                picture=self.around.file(each.image),
            )
            for each in choices
        )
        return Choices(
            self.question.ref,
            cards,
            many=self.many,
            acts=self.goes_on_at_once,
            label=self.around.texts.say("You can choose more than one") if self.many else "",
            columns=_columns(self.question),
        )

    # -- searching

    @property
    def inner(self) -> str:
        return "search" if self._searching else ""

    @property
    def inner_forward(self) -> str:
        return self.around.texts.say("Show the list")

    def close_inner(self) -> bool:
        if not self._searching:
            return False
        self._searching = False
        return True


class ChoosingOne(_Choosing):
    @property
    def goes_on_at_once(self) -> bool:
        return "quick" in self.question.appearance

    def _choose(self, value: str) -> None:
        turned_off = value == self.value and not self.question.required and not self.goes_on_at_once
        self.value = "" if turned_off else value


class ChoosingMany(_Choosing):
    many = True

    def _chosen(self) -> frozenset[str]:
        return frozenset(self.value.split())

    def _choose(self, value: str) -> None:
        chosen = self._chosen() ^ {value}
        self.value = " ".join(each.value for each in self.question.choices if each.value in chosen)


class Acknowledging(Answering):
    def parts(self, error: str) -> Iterator[Part]:
        words = self.around.texts.say("Yes, I have read this and understood it")
        yield Choices(self.question.ref, (Choice("OK", words, chosen=bool(self.value)),), many=True)

    def take(self, event: Event) -> bool:
        match event:
            case Chosen(field=field, value=value) if field == self.question.ref:
                self.value = "" if self.value else value
                return True
        return False


def _columns(question: Question) -> int:
    """XLSForm's ``likert`` is one row; ``columns-3`` is three; 0 leaves it to the page."""
    if "likert" in question.appearance:
        return len(question.choices)
    for word in question.appearance:
        name, _, number = word.partition("-")
        if name == "columns" and number.isdecimal():
            return int(number)
    return 0

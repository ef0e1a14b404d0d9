"""The person: hears, knows a few facts about themselves, and presses three keys. Sees nothing.

Facts are a plain dictionary from a question as it is heard to the answer as it would be given: a label, or
several; words, digits, a date (ISO 8601); "" for what they leave out. Without a fact they answer from what
they hear, and say so where nothing that they tried was taken.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from kiosk.voice.as_said import letter_said
from tests.conformance.blind.keys import Key
from tests.conformance.blind.language import Card, Field, Language, Place, Press, Role
from tests.conformance.blind.typist import Typist

Answer = str | Sequence[str]
MOST_PAGES = 1500
MOST_STOPS = 600
TRIES = 9
_FIRST_LETTERS = {"en": "aeio", "ru": "аоие", "ko": "ㄱㅇㅅㅂ"}


class Deaf(Exception):
    """What could not be told, or done, by ear."""


class Hands(Protocol):
    @property
    def has_back(self) -> bool: ...
    def press(self, key: Key) -> tuple[str, ...]: ...


@dataclass(slots=True)
class Facts:
    """``way``: the cards that lead to the form. ``answers`` by question, ``members`` those of each further
    person. ``mistakes``: what is given first, on purpose, to a question. ``correct``: answers changed from
    the check page."""

    way: Sequence[str]
    answers: Mapping[str, Answer] = field(default_factory=dict)
    members: Sequence[Mapping[str, Answer]] = ()
    mistakes: dict[str, Answer] = field(default_factory=dict)
    correct: dict[str, Answer] = field(default_factory=dict)


@dataclass(slots=True)
class Diary:
    """What happened, as the robot tells it."""

    questions: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    corrected: list[str] = field(default_factory=list)
    left_blank: list[str] = field(default_factory=list)
    receipt: tuple[str, ...] = ()
    code: str = ""
    completed: bool = False


class Robot:
    def __init__(self, keys: Hands, tag: str, facts: Facts, *, headphones: bool = True) -> None:
        self._keys = keys
        self._language = Language(tag)
        self._say = self._language.say
        self._facts = facts
        self._wants_headphones = headphones
        self._plugged_in = False
        self._tries: dict[str, int] = {}
        self._tried: dict[str, list[str]] = {}
        self._asked = ""
        self._member = 0
        self._in_household = False
        self._lists_to_correct = dict(facts.correct)
        self._checked: tuple[str, ...] = ()
        self.typist = Typist(keys, self._language)
        self.diary = Diary()

    # -- the whole way

    def run(self, welcome: tuple[str, ...]) -> Diary:
        page = welcome
        for _ in range(MOST_PAGES):
            if self.diary.completed:
                return self.diary
            page = self._page(page)
        raise Deaf(f"no end was reached; the last page said: {page[:4]}")

    def _page(self, page: tuple[str, ...]) -> tuple[str, ...]:
        """Does what the page asks for; gives what the next one says."""
        say = self._say
        if not page:
            raise Deaf("nothing at all was said")
        if page[0] == say("Please look at this first"):
            return self._mend(page)
        if say("This page is private and is not read aloud.") in page:
            return self._hidden(page)
        if say("Touch here to begin") in page:
            return self._begin()
        if self._plugs_in(page):
            return self._put_on_headphones()
        if say("Please check your answers") in page:
            return self._check(page)
        if say("Done. Your application is stored.") in page:
            self._keep(page)
        elif self.diary.code and say("Your application") in page and say("What happened so far") in page:
            self.diary.receipt = page
            self.diary.completed = True
            return page
        elif say("Press the one you want.") in page:
            return self._choose_way(page)
        elif say("The code on your receipt") in page:
            self._stop(lambda place: isinstance(place, Field), "the box for the code")
            self.typist.write(self.diary.code)
        elif self._adding(page):
            return self._household(page)
        elif (question := self._question(page)) is not None:
            return self._answer(page, question)
        return self._go_on(page)

    # -- moving over a page

    def _stop(self, wanted: Callable[[Place], bool], what: str) -> Place:
        """Moves on until the focus stands on what is wanted; once round and no further."""
        seen: list[tuple[str, ...]] = []
        for _ in range(MOST_STOPS):
            heard = self._keys.press(Key.NEXT)
            place = self._language.place(heard)
            if wanted(place):
                return place
            if heard in seen[:1] and len(seen) > 2:
                break
            seen.append(heard)
        raise Deaf(f"{what} was nowhere on the page; there was: {[each[:1] for each in seen][:40]}")

    def _press(self, label: str) -> tuple[str, ...]:
        """The button of that name, somewhere on the page."""
        place = self._stop(lambda place: isinstance(place, Press) and place.label == label, f"«{label}»")
        assert isinstance(place, Press)
        if place.grey:
            raise Deaf(f"«{label}» is not available")
        return self._keys.press(Key.CHOOSE)

    def _go_on(self, page: tuple[str, ...]) -> tuple[str, ...]:
        label = self._language.forward(page)
        if label is None:
            raise Deaf(f"no button goes on from: {page}")
        return self._press(label)

    # -- pages that are not questions

    def _plugs_in(self, page: tuple[str, ...]) -> bool:
        """Headphones first: as soon as there are words in the person's own language."""
        return (
            self._wants_headphones
            and not self._plugged_in
            and self._say("Settings") in (self._language.buttons(page))
        )

    def _put_on_headphones(self) -> tuple[str, ...]:
        self._press(self._say("Settings"))
        label = self._say("With headphones")
        self._stop(partial(_is_card, label), f"«{label}»")
        told = self._language.place(self._keys.press(Key.CHOOSE))
        if not isinstance(told, Card) or not told.chosen:
            raise Deaf(f"headphones were not taken: {told}")
        self._plugged_in = True
        return self._press(self._say("Done"))

    def _hidden(self, page: tuple[str, ...]) -> tuple[str, ...]:
        """A page that keeps silent says how it can be heard."""
        if self._say("To hear it, choose headphones in Settings.") not in page:
            raise Deaf("a page was hidden and did not say how to hear it")
        self.diary.hidden.append(page[0])
        return self._put_on_headphones()

    def _begin(self) -> tuple[str, ...]:
        """The welcome page speaks all languages, one of them the person's. The loudspeaker is on."""
        self._plugged_in = False
        begin = self._say("Touch here to begin")
        for _ in range(MOST_STOPS):
            if begin in self._keys.press(Key.NEXT):
                return self._keys.press(Key.CHOOSE)
        raise Deaf(f"nobody said {begin!r}")

    def _choose_way(self, page: tuple[str, ...]) -> tuple[str, ...]:
        cards = [what for what in map(self._language.placed, page) if what is not None]
        ways = [self._say("See what became of it")] if self.diary.code else []
        wanted = next((way for way in (*ways, *self._facts.way) if way in cards), None)
        if wanted is None and any(map(self._language.tells_place, page)):
            return self._answer_at_once(page, cards)
        if wanted is None:
            raise Deaf(f"none of these is the way: {cards}")
        self._stop(partial(_is_card, wanted), wanted)
        return self._keys.press(Key.CHOOSE)

    def _answer_at_once(self, page: tuple[str, ...], cards: list[str]) -> tuple[str, ...]:
        """A question whose answer goes on by itself."""
        question = self._question(page) or page[0]
        if question not in self.diary.questions:
            self.diary.questions.append(question)
        fact = self._fact(question)
        wanted = fact if isinstance(fact, str) else cards[0]
        self._stop(partial(_is_card, wanted), wanted)
        return self._keys.press(Key.CHOOSE)

    def _household(self, page: tuple[str, ...]) -> tuple[str, ...]:
        have = sum(self._language.placed(sentence) is not None for sentence in page)
        wanted = len(self._facts.members)
        self._in_household = have < wanted
        if have < wanted:
            self._member = have
            return self._press(self._adding(page))
        return self._go_on(page)

    def _adding(self, page: tuple[str, ...]) -> str:
        """What the button is called that adds a member; blank on a page that has none."""
        names = (self._say("Add the first"), self._say("Add another"))
        return next((name for name in names if name in self._language.buttons(page)), "")

    def _check(self, page: tuple[str, ...]) -> tuple[str, ...]:
        """Hears every answer; corrects what is to be corrected, then looks whether that is heard."""
        for label, answer in list(self._lists_to_correct.items()):
            del self._lists_to_correct[label]
            self._stop(partial(_is_card, label), label)
            self._tries[label] = 0
            self._facts.mistakes.pop(label, None)
            self._facts.answers = {**self._facts.answers, label: answer}
            self.diary.corrected.append(label)
            heard = self._keys.press(Key.NEXT)
            if self._language.place(heard) != Press(self._say("Change"), grey=False):
                raise Deaf(f"no way to change {label!r}; there was {heard}")
            return self._keys.press(Key.CHOOSE)
        for label in self.diary.corrected:
            answer = self._facts.answers[label]
            for each in [answer] if isinstance(answer, str) else answer:
                if not each.isdecimal() and not any(each in sentence for sentence in page):
                    raise Deaf(f"the corrected answer to {label!r} was not heard: {page}")
        self._checked = page
        return self._go_on(page)

    def _keep(self, page: tuple[str, ...]) -> None:
        """The code, digit by digit in groups, as it is read from the receipt."""
        names = {letter_said(digit, self._language.tag): digit for digit in "0123456789"}
        at = page.index(self._say("Your code")) + 1
        groups = [sentence.split(", ") for sentence in page[at : at + 5]]
        self.diary.code = "".join(names[name] for group in groups for name in group)

    # -- questions

    def _question(self, page: tuple[str, ...]) -> str | None:
        """The question as it is known, or as it was heard; None for a page that only tells something."""
        if self._say("Before we begin") in page:
            return None  # what is chosen there may stay as it is
        for sentence in page:
            if self._fact(sentence) is not None:
                return sentence
        roles = any(sentence in self._language.roles for sentence in page)
        ways = (
            *("Choose one.", "You may choose more than one.", "Press the one you want."),
            *("Press them one after the other, in your order.", "Here you sign with your finger."),
            "Here you draw with your finger.",
        )
        if not roles and not {self._say(way) for way in ways} & set(page):
            return None
        about = next((at for at, each in enumerate(page) if self._language.tells_place(each)), None)
        return page[0] if about is None else page[about + 1]

    def _fact(self, question: str) -> Answer | None:
        if question in self._facts.mistakes:
            return self._facts.mistakes[question]
        if self._in_household and question in self._facts.members[self._member]:
            return self._facts.members[self._member][question]
        return self._facts.answers.get(question)

    def _answer(self, page: tuple[str, ...], question: str) -> tuple[str, ...]:
        if question not in self.diary.questions:
            self.diary.questions.append(question)
        self._asked = question
        buttons = self._language.buttons(page)
        for way in ("I cannot sign: I will say it aloud", "I cannot draw: I will say it aloud"):
            if self._say(way) in buttons:
                return self._consent(self._say(way))
        if self._say("Here you draw with your finger.") in page:
            return self._leave_out(page, question)
        forward = self._language.forward(page)
        tries = self._tries.get(question, 0)
        if self._fact(question) is None and tries >= TRIES:
            return self._leave_out(page, question)
        todo = self._todo(page, question)
        if self._say("Press them one after the other, in your order.") in page:
            return self._rank(page, question)
        many = self._say("You may choose more than one.") in page
        for _ in range(MOST_STOPS):
            place = self._language.place(self._keys.press(Key.NEXT))
            match place:
                case Card() if _presses(place, todo or [], many=many):
                    told = self._language.place(self._keys.press(Key.CHOOSE))
                    if not isinstance(told, Card):
                        raise Deaf(f"choosing {place.label!r} was not answered: {told}")
                case Field():
                    self._fill(place, todo, tries)
                case Press(label=label) if label == forward:
                    return self._leave(question)
                case _:
                    pass
        raise Deaf(f"{forward!r} was not reached from {question!r}")

    def _consent(self, way: str) -> tuple[str, ...]:
        """Instead of a signature or drawing: what is read out is said aloud, and the volunteer hears it."""
        self._press(way)
        for label in ("I have said it aloud", "I am the volunteer, and I heard it"):
            self._stop(partial(_is_card, self._say(label)), label)
            self._keys.press(Key.CHOOSE)
        heard = self._hear_again()
        return self._go_on(heard)

    def _rank(self, page: tuple[str, ...], question: str) -> tuple[str, ...]:
        cards = [what for what in map(self._language.placed, page) if what is not None]
        none_yet = self._say("It has no number yet.")
        for label in cards:
            place = self._stop(partial(_is_card, label), label)
            if isinstance(place, Card) and none_yet in place.more:
                self._keys.press(Key.CHOOSE)
        return self._go_on(page)

    def _leave(self, question: str) -> tuple[str, ...]:
        heard = self._keys.press(Key.CHOOSE)
        if not heard:
            raise Deaf(f"nothing was said after {question!r}")
        if heard[0] != self._say("Please look at this first"):
            self._tries[question] = 0
            self._tried.pop(question, None)
        return heard

    def _todo(self, page: tuple[str, ...], question: str) -> list[str] | None:
        """What is to be chosen or written; None where it has to be made up from what the field says."""
        fact = self._fact(question)
        if fact is not None:
            return [fact] if isinstance(fact, str) else list(fact)
        cards = [what for what in map(self._language.placed, page) if what is not None]
        if not cards:
            return None
        tried = self._tried.setdefault(question, [])
        card = next((each for each in cards if each not in tried), cards[0])
        tried.append(card)
        return [card]

    def _fill(self, place: Field, todo: list[str] | None, tries: int) -> None:
        text = todo[0] if todo is not None else self._guess(place, tries)
        if not text and place.empty:
            return
        match place.role:
            case Role.DATE:
                self.typist.write_date(text)
            case Role.TIME:
                self.typist.write_time(text)
            case _:
                self.typist.write(text)

    def _guess(self, place: Field, tries: int) -> str:
        heard = [
            int(number) for sentence in self.diary.errors[-1:] for number in re.findall(r"\d+", sentence)
        ]
        if tries and heard and place.role is Role.NUMBER:
            options = [str(number) for number in heard] + ["1", "50", "1950", "0"]
            return options[(tries - 1) % len(options)]
        guesses = {
            Role.NUMBER: ("2", "30", "1950", "100", "0", "12", "500", "5000"),
            Role.DIGITS: ("1234567", "12345678901", "100000001"),
            Role.WORDS: ("ok", "1234567", "a1b2c3", "12345", "5551234567", "a@b.example"),
            Role.TIME: ("09:30", "14:00"),
            Role.SEARCH: (_FIRST_LETTERS[self._language.tag][tries % 4],),
            Role.DATE: ("1948-03-03", "2026-11-02", "2026-01-15", "2030-06-01", "2000-01-01"),
        }[place.role]
        return guesses[tries % len(guesses)]

    def _mend(self, heard: tuple[str, ...]) -> tuple[str, ...]:
        """An error was heard: the same page again, with the truth this time."""
        self.diary.errors += heard[1:]
        question = self._asked
        self._tries[question] = self._tries.get(question, 0) + 1
        known = self._facts.mistakes.pop(question, None) is not None
        if not known and self._fact(question) is not None and self._tries[question] > 2:
            raise Deaf(f"the true answer to {question!r} was refused: {heard[1:]}")
        return self._answer(self._hear_again(), question)

    def _hear_again(self) -> tuple[str, ...]:
        """The page once round, place by place."""
        whole: list[str] = []
        first = self._keys.press(Key.NEXT)
        whole += first
        for _ in range(MOST_STOPS):
            heard = self._keys.press(Key.NEXT)
            if heard == first:
                return tuple(whole)
            whole += heard
        raise Deaf("the page has no end")

    def _leave_out(self, page: tuple[str, ...], question: str) -> tuple[str, ...]:
        for label in map(self._say, ("Leave this one out", "I don't have it with me", "I don't know")):
            if label in self._language.buttons(page):
                self.diary.left_blank.append(question)
                self._tries[question] = 0
                return self._press(label)
        raise Deaf(f"{question!r} took none of {TRIES} answers; it said: {self.diary.errors[-1:]}")


def _presses(card: Card, todo: list[str], *, many: bool) -> bool:
    """Whether this card is to be pressed, so that what is chosen is what was to be."""
    wanted, chosen = card.label in todo, card.chosen is True
    return wanted is not chosen if many else wanted and not chosen


def _is_card(label: str, place: Place) -> bool:
    return isinstance(place, Card) and place.label == label

"""Who walks the tour, and what they answer: valid answers of a form, in the language of the screen."""

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.forms import Form, Question, QuestionKind, Ref, Session, fill_randomly

NAMES: Mapping[str, tuple[str, ...]] = {
    "en": ("Mary Brown", "John Brown", "Anna Miller"),
    "ru": ("Анна Петрова", "Иван Петров", "Мария Сидорова"),
    "ko": ("김영희", "이철수", "박순자"),
}
BIRTH_DATE = "1948-03-03"
WORDS: Mapping[str, str] = {"en": "Garden Street 12", "ru": "улица Садовая 12", "ko": "꽃길 12"}


@dataclass(slots=True)
class Persona:
    """Answers come from a session that was filled with valid answers beforehand; names are a person's own.

    A name that the form's constraint refuses falls back to the filled answer at the second try.
    """

    language: str
    filled: Session

    @classmethod
    def for_form(cls, form: Form, language: str, seed: int) -> "Persona":
        return cls(language, fill_randomly(form, seed))

    def answer(self, question: Question, attempt: int) -> str:
        """The value for a question; ``attempt`` counts from 0."""
        value = self.filled.value(question.ref)
        if question.kind is QuestionKind.DATE and "birth" in question.name and attempt == 0:
            return BIRTH_DATE
        if question.kind is QuestionKind.TEXT and question.number_kind is None and attempt == 0:
            if "numbers" in question.appearance:
                return "".join(filter(str.isdigit, value))
            if "name" in question.name:
                names = NAMES[self.language]
                return names[sum(map(ord, question.ref)) % len(names)]
            if value.replace(" ", "").isalpha() or not value:
                return WORDS[self.language] if question.required or value else ""
        return value

    def members(self, ref: Ref) -> int:
        """How many members this persona has in a repeat."""
        return self.filled.repeat(ref).count

"""What somebody answers in the gallery, by the name of the question; words in the language of the screen."""

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.forms import Question, Ref

WORDS: Mapping[str, Mapping[str, str]] = {
    "name": {"en": "Mary Brown", "ru": "Анна Петрова", "ko": "김영희"},
    "story": {
        "en": "My husband died in spring and the stove broke.",
        "ru": "Весной умер муж, и сломалась печь.",
        "ko": "봄에 남편이 죽고 난로가 고장 났어요.",
    },
    "secret": {"en": "linden", "ru": "липа", "ko": "보리수"},
    "earner_name": {"en": "John Brown", "ru": "Иван Петров", "ko": "이철수"},
    "income_kind": {"en": "Wages", "ru": "Зарплата", "ko": "월급"},
}
VALUES: Mapping[str, str] = {
    "account": "48210937",
    "card": "4006381333931",
    "rooms": "3",
    "pension": "1234567",
    "area": "54.5",
    "birth": "1948-11-03",
    "moved": "1975-05-01",
    "retired": "2008-01-01",
    "call": "14:05",
    "visit": "2026-12-04T09:30",
    "heating": "wood",
    "heating_pictures": "gas",
    "owner": "yes",
    "content": "4",
    "since": "10",
    "speaks": "uk",
    "village": "otterwick",
    "needs": "money meals",
    "region": "north",
    "office": "n2",
    "drawn": "ride",
    "order": "meals money ride hands",
    "pain": "7",
    "stairs": "2",
    "stars": "4",
    "distance": "12.5",
    "agreed": "OK",
    "income_amount": "25000",
    "children": "2",
    "child_age": "9",
    "bread": "daily",
    "soup": "some",
    "plan": "drawn",
}


@dataclass(frozen=True, slots=True)
class Examples:
    """Implements :class:`ui.tour.person.Answers` for ``assets/demo/gallery``."""

    language: str

    def answer(self, question: Question, attempt: int) -> str:
        words = WORDS.get(question.name)
        return words[self.language] if words is not None else VALUES.get(question.name, "")

    def members(self, ref: Ref) -> int:
        return {"earner": 2, "income": 1, "child": 2}[ref.rpartition("/")[2]]

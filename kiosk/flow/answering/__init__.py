"""How each kind of question is answered: from the form's question to the parts of its page, and from what a
person touches and types to the value that the form keeps. One file a kind of answer.
"""

from kiosk.flow.answering.base import Answering, Around
from kiosk.flow.answering.calendar import AnsweringDate, AnsweringMoment, AnsweringTime
from kiosk.flow.answering.choosing import Acknowledging, ChoosingMany, ChoosingOne
from kiosk.flow.answering.drawing import Drawing
from kiosk.flow.answering.ranging import AnsweringRange
from kiosk.flow.answering.ranking import Ranking
from kiosk.flow.answering.reading import LeftOpen, Reading
from kiosk.flow.answering.writing import Writing
from kiosk.forms import Question, QuestionKind

__all__ = ["Answering", "Around", "answering_for", "can_be_asked"]

_BY_KIND: dict[QuestionKind, type[Answering]] = {
    QuestionKind.TEXT: Writing,
    QuestionKind.BARCODE: Writing,
    QuestionKind.INTEGER: Writing,
    QuestionKind.DECIMAL: Writing,
    QuestionKind.DATE: AnsweringDate,
    QuestionKind.TIME: AnsweringTime,
    QuestionKind.DATETIME: AnsweringMoment,
    QuestionKind.SELECT_ONE: ChoosingOne,
    QuestionKind.SELECT_MULTIPLE: ChoosingMany,
    QuestionKind.RANK: Ranking,
    QuestionKind.RANGE: AnsweringRange,
    QuestionKind.ACKNOWLEDGE: Acknowledging,
    QuestionKind.SIGNATURE: Drawing,
    QuestionKind.DRAWING: Drawing,
}
"""What a kiosk asks; every other kind shows a sentence and is left blank (kiosk/forms/README.md)."""


def can_be_asked(question: Question) -> bool:
    return question.kind in _BY_KIND


def answering_for(question: Question, around: Around) -> Answering:
    """What takes this question's answer. Begins with the answer that it has."""
    if question.kind is QuestionKind.NOTE or question.readonly:
        return Reading(question, around)
    return _BY_KIND.get(question.kind, LeftOpen)(question, around)

"""Every question of real forms has a page: words for a heading, a way to answer, words for the answer."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kiosk.flow import walk
from kiosk.flow.answering import Around, answering_for, can_be_asked
from kiosk.flow.markup import headed
from kiosk.flow.view import Choices, DateField, Notice, SignaturePad, TextField, TimeField
from kiosk.flow.wording import heading, shown_value
from kiosk.forms import QuestionKind, Ref, Session, fill_randomly, parse_form
from kiosk.texts import LANGUAGES, texts_for
from tests.forms.test_real_forms import NAMES

ANSWERED_BY = (Choices, DateField, Notice, SignaturePad, TextField, TimeField)
FEW = ("odk_all_question_types.xml", "enketo_all_widgets.xml", "socio_economic_survey.xml")


def every_stop(session: Session, level: tuple[Ref, ...]) -> Iterator[Ref]:
    for ref in level:
        if session.question(ref).kind is QuestionKind.REPEAT:
            for member in session.repeat(ref).instances:
                yield from every_stop(session, session.children(member))
        else:
            yield ref


def ask(folder: Path, name: str) -> int:
    session = fill_randomly(parse_form((folder / "forms" / name).read_bytes()), 1)
    asked = 0
    for language in session.form.languages[:3] or ("",):
        session.language = language
        texts = texts_for(LANGUAGES[session.form.languages.index(language) if language else 0])
        around = Around(texts, datetime(2026, 11, 1, tzinfo=UTC), ZoneInfo("Europe/Berlin"), {}, {})
        for ref in every_stop(session, session.screens()):
            question = session.question(ref)
            if walk.is_a_heading(session, ref):
                continue
            words = headed(question.label or question.name)
            assert heading(question) == words.title != ""
            assert all(0 <= each.start < each.end <= len(words.title) for each in words.emphasis)
            parts = list(answering_for(question, around).parts(""))
            if question.kind is not QuestionKind.NOTE and not question.readonly:
                assert any(isinstance(part, ANSWERED_BY) for part in parts), (ref, question.kind)
                assert can_be_asked(question) or isinstance(parts[0], Notice)
                assert shown_value(question, session.display(ref), texts)
                asked += 1
    return asked


@pytest.mark.parametrize("name", FEW)
def test_every_question_of_a_real_form_has_a_page(shared_data: Path, name: str) -> None:
    assert ask(shared_data, name) > 0


@pytest.mark.proof
@pytest.mark.parametrize("name", [name for name in NAMES if name not in FEW])
def test_every_question_of_every_real_form_has_a_page(shared_data: Path, name: str) -> None:
    ask(shared_data, name)

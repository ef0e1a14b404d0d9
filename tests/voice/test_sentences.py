"""Every sentence of the voice and of the doctor is written in Russian and Korean, with the same gaps."""

import ast
from collections.abc import Iterator

import pytest

from kiosk.texts import texts_for
from tests.conftest import REPOSITORY

ROOM = (
    *sorted((REPOSITORY / "kiosk/voice").glob("*.py")),
    *(REPOSITORY / each for each in ("kiosk/checks.py", "ui/player.py", "ui/commands/doctor.py")),
)


def sentences() -> Iterator[tuple[str, ...]]:
    for path in ROOM:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                words = [each.value for each in node.args if isinstance(each, ast.Constant)]
                texts = tuple(each for each in words if isinstance(each, str))
                if name in ("say", "N_") and texts:
                    yield texts[:1]
                elif name == "many":
                    yield texts[:2]


def gaps(sentence: str) -> set[str]:
    return {part.split("}")[0] for part in sentence.split("{")[1:]}


@pytest.mark.parametrize("language", ["ru", "ko"])
def test_every_sentence_is_written(language: str) -> None:
    english, texts, found = texts_for("en"), texts_for(language), set(sentences())
    assert len(found) > 60
    for sentence in found:
        # Of a plural the count is filled in by itself.
        plural = len(sentence) == 2
        filled = {name: f"{{{name}}}" for name in gaps(sentence[0]) if not (plural and name == "count")}
        for count in (1, 2, 5):
            if plural:
                thought = english.many(sentence[0], sentence[1], count, **filled)
                written = texts.many(sentence[0], sentence[1], count, **filled)
            else:
                thought = english.say(sentence[0], **filled)
                written = texts.say(sentence[0], **filled)
            assert written != thought, f"{sentence[0]!r} is not written in {language}"
            assert gaps(written) == gaps(thought)

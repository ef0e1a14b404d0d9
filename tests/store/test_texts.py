"""Whatever these rooms say is said in all three languages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import kiosk
from kiosk.texts import texts_for

ROOT = Path(kiosk.__file__).parent


def sentences(room: str) -> Iterator[str]:
    for source in sorted((ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_":
                (sentence,) = node.args
                assert isinstance(sentence, ast.Constant)
                yield str(sentence.value)


@pytest.mark.parametrize("room", ["store", "operators", "applications"])
@pytest.mark.parametrize("language", ["ru", "ko"])
def test_every_sentence_is_translated_with_its_gaps(room: str, language: str) -> None:
    texts = texts_for(language)
    found = list(sentences(room))
    assert found
    gaps: dict[str, object] = {"digits": 6, "seconds": 41, "minutes": 15}
    for sentence in found:
        translated = texts.say(sentence, **gaps)
        assert translated != sentence.format(**gaps), sentence
        assert all(f"{{{gap}}}" not in sentence or str(value) in translated for gap, value in gaps.items())

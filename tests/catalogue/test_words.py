"""Every sentence of this room is written in Russian and in Korean, with the same gaps."""

import ast
import re
from pathlib import Path

import pytest

from kiosk.texts import texts_for

ROOT = Path(__file__).parents[2]
SPEAKING = {"Message", "N_", "say"}


def _sentences() -> set[str]:
    found = set()
    for path in (*(ROOT / "kiosk/catalogue").glob("*.py"), ROOT / "ui/commands/pack.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", getattr(node.func, "attr", "")) in SPEAKING
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(str(node.args[0].value))
    return found


@pytest.mark.parametrize("language", ["ru", "ko"])
def test_every_sentence_is_translated_and_keeps_its_gaps(language: str) -> None:
    sentences = _sentences()
    assert len(sentences) > 30
    for sentence in sentences:
        words = texts_for(language).say(sentence)
        assert words != sentence
        assert set(re.findall(r"{\w+}", words)) == set(re.findall(r"{\w+}", sentence)), sentence

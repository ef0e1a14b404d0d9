"""Every sentence of the flow is written in all three languages, with the same gaps."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message as Entry
from babel.messages.pofile import read_po

import kiosk.flow
from kiosk.texts import LANGUAGES, sources

FLOW = Path(kiosk.flow.__file__).parent
OTHERS = [language for language in LANGUAGES if language != "en"]


def msgids() -> Iterator[tuple[str, str | tuple[str, str]]]:
    """(file, message id or its singular and plural) of every sentence that the flow can say."""
    for path in sorted(FLOW.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            words = [each.value for each in node.args[:2] if isinstance(each, ast.Constant)]
            texts = [each for each in words if isinstance(each, str)]
            if name in ("say", "N_") and texts:
                yield path.name, texts[0]
            elif name == "many":
                yield path.name, (texts[0], texts[1])


def catalogue(language: str) -> dict[str | tuple[str, str], Entry]:
    found: dict[str | tuple[str, str], Entry] = {}
    for source in sources(language):
        with source.open("rb") as file:
            for entry in read_po(file, locale=language):
                if entry.id:
                    key = entry.id if isinstance(entry.id, str) else (entry.id[0], entry.id[1])
                    found[key] = entry
    return found


def gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_written_in_the_language_with_the_same_gaps(language: str) -> None:
    written = catalogue(language)
    for file, msgid in msgids():
        assert msgid in written, f"{file}: {msgid!r} is missing in {language}"
        entry = written[msgid]
        english = msgid if isinstance(msgid, str) else msgid[1]
        forms = [entry.string] if isinstance(entry.string, str) else list(entry.string)
        assert forms
        for form in forms:
            assert form, f"{file}: {msgid!r} is blank in {language}"
            assert form != english, f"{file}: {msgid!r} is still English in {language}"
            assert gaps(form) == gaps(english), f"{file}: {form!r} has other gaps than {english!r}"


@pytest.mark.parametrize("language", OTHERS)
def test_one_sentence_has_one_wording(language: str) -> None:
    wording: dict[str, tuple[str, str]] = {}
    for source in sources(language):
        with source.open("rb") as file:
            for entry in read_po(file, locale=language):
                if isinstance(entry.id, str) and entry.id and isinstance(entry.string, str):
                    earlier = wording.setdefault(entry.id, (entry.string, source.name))
                    here = (entry.string, source.name)
                    assert earlier[0] == entry.string, f"{entry.id!r}: {earlier} and {here}"

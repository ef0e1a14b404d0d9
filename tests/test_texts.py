"""Every sentence that can reach a person is written in every language, with the same gaps."""

import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from kiosk.texts import LANGUAGES, ROOT, sources

REPOSITORY = Path(__file__).parents[1]
KEYWORDS = {"say": None, "many": (1, 2), "N_": None, "Message": None}
Sentence = str | tuple[str, str]


def sentences() -> Iterator[tuple[str, Sentence]]:
    """(where it stands, message id) of every sentence in the product's own code."""
    for room in ("kiosk", "ui", "sync"):
        found = extract_from_dir(
            REPOSITORY / room,
            method_map=[("**.py", "python")],
            keywords=KEYWORDS,
        )
        for file, line, message, _comments, _context in found:
            sentence: Sentence = message if isinstance(message, str) else (message[0], message[1])
            yield f"{room}/{file}:{line}", sentence


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def catalogue(language: str) -> Catalog:
    whole = Catalog(locale=language)
    for source in sources(language):
        with source.open("rb") as file:
            for entry in read_po(file, locale=language):
                if entry.id:
                    whole[entry.id] = entry
    return whole


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_every_sentence_is_written_in_every_language_with_the_same_gaps(language: str) -> None:
    known = catalogue(language)
    missing, differing = [], []
    for where, sentence in sentences():
        first = sentence if isinstance(sentence, str) else sentence[0]
        entry = known.get(first)
        written = [] if entry is None else [entry.string] if isinstance(entry.string, str) else entry.string
        if not written or not all(written):
            missing.append(f"{where}: {first}")
        elif any(gaps(each) != gaps(first if isinstance(sentence, str) else sentence[1]) for each in written):
            differing.append(f"{where}: {first}")
    assert not missing, "\n".join(missing)
    assert not differing, "\n".join(differing)


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_one_sentence_is_worded_once(language: str) -> None:
    seen: dict[object, tuple[str, object]] = {}
    for source in sources(language):
        with source.open("rb") as file:
            for entry in read_po(file, locale=language):
                if entry.id:
                    earlier = seen.setdefault(entry.id, (source.name, entry.string))
                    assert earlier[1] == entry.string, f"{entry.id!r} in {earlier[0]} and {source.name}"
    assert seen, f"no texts under {ROOT / language}"

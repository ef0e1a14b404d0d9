import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

REPOSITORY = Path(__file__).parents[2]
_SOURCES = (
    *sorted((REPOSITORY / "kiosk" / "forms").glob("*.py")),
    REPOSITORY / "ui" / "commands" / "forms.py",
)
_MARKED = re.compile(r'(?:Message|texts\.say|texts\.many)\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)')


def _msgids() -> set[str]:
    found: set[str] = set()
    for source in _SOURCES:
        for match in _MARKED.finditer(source.read_text()):
            found.add("".join(re.findall(r'"((?:[^"\\]|\\.)*)"', match[1])))
    return found


@pytest.mark.parametrize("language", ["ru", "ko"])
def test_every_sentence_of_the_room_is_there_in(language: str) -> None:
    with (REPOSITORY / "assets" / "texts" / language / "forms.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    known = {entry.id if isinstance(entry.id, str) else entry.id[0]: entry for entry in catalogue if entry.id}
    assert len(_msgids()) > 20
    assert _msgids() <= known.keys()
    for msgid, entry in known.items():
        for text in [entry.string] if isinstance(entry.string, str) else entry.string or ():
            assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", msgid)), msgid

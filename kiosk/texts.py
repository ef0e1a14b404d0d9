"""The same sentence for the screen, the voice and the paper, in the person's language (gettext).

Message ids are the English sentences themselves. Sources are the ``.po`` files under
``assets/texts/<language>/``, one a room; they are compiled into one ``opora.mo`` a language by
``python -m kiosk.texts`` (``make setup``). Where that file is missing or older, the sources are read.
"""

import gettext
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from kiosk.errors import Message

LANGUAGES = ("en", "ru", "ko")
OWN_NAMES = {"en": "English", "ru": "Русский", "ko": "한국어"}
"""What each language calls itself."""
ROOT = Path(__file__).parent.parent / "assets" / "texts"


def N_(msgid: str) -> str:  # noqa: N802 - gettext's own name for it
    """Marks a message id for extraction where it is not translated at once."""
    return msgid


class Texts:
    """Sentences in one language. ``say`` fills ``{gaps}``; ``many`` chooses the plural form."""

    def __init__(self, language: str, translations: gettext.NullTranslations) -> None:
        self.language = language
        self._translations = translations

    def say(self, msgid: str, /, **gaps: object) -> str:
        sentence = self._translations.gettext(msgid)
        return sentence.format(**gaps) if gaps else sentence

    def many(self, one: str, other: str, count: int, /, **gaps: object) -> str:
        """The plural form for ``count``, which also fills the gap ``{count}``."""
        return self._translations.ngettext(one, other, count).format(count=count, **gaps)

    def message(self, message: Message) -> str:
        return self.say(message.msgid, **message.gaps)


@cache
def texts_for(language: str) -> Texts:
    """Texts in ``language``; English for a language that has none."""
    if language not in LANGUAGES or language == "en":
        return Texts(language if language in LANGUAGES else "en", gettext.NullTranslations())
    compiled = ROOT / language / "opora.mo"
    newest = max((source.stat().st_mtime for source in sources(language)), default=0.0)
    if compiled.exists() and compiled.stat().st_mtime >= newest:
        with compiled.open("rb") as file:
            return Texts(language, gettext.GNUTranslations(file))
    return Texts(language, gettext.GNUTranslations(io.BytesIO(_compile(language))))


def sources(language: str) -> Iterator[Path]:
    """The ``.po`` files of a language, in the order of their names."""
    yield from sorted((ROOT / language).glob("*.po"))


def _compile(language: str) -> bytes:
    # Babel is only needed where nothing was compiled beforehand, so a kiosk does not pay for its import.
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    # A fixed date, so that the same sources give the same bytes.
    whole = Catalog(locale=language, creation_date=datetime(2026, 11, 22, tzinfo=UTC))
    for source in sources(language):
        with source.open("rb") as file:
            for entry in read_po(file, locale=language):
                if entry.id:
                    whole[entry.id] = entry
    compiled = io.BytesIO()
    write_mo(compiled, whole)
    return compiled.getvalue()


def compile_all() -> None:
    """Writes ``opora.mo`` for every language whose sources are newer."""
    for language in LANGUAGES:
        found = list(sources(language))
        target = ROOT / language / "opora.mo"
        if found and not (
            target.exists() and target.stat().st_mtime >= max(source.stat().st_mtime for source in found)
        ):
            target.write_bytes(_compile(language))


if __name__ == "__main__":
    compile_all()

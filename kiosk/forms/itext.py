"""Translations (ODK XForms specification, "Languages"): texts by language, key and form."""

import re
from collections.abc import Callable

from lxml import etree

from kiosk.forms.definition import Text
from kiosk.forms.elements import local_name

_TAG = re.compile(r"\(([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*)\)\s*$")


class Itext:
    """The ``<itext>`` block. Texts are put together when they are first asked for.

    ``read`` makes a Text of a ``<value>`` element.
    """

    def __init__(self, block: "etree._Element | None", read: Callable[[etree._Element], Text]) -> None:
        self._read = read
        self._elements: dict[str, dict[str, etree._Element]] = {}
        self._texts: dict[tuple[str, str, str], Text | None] = {}
        self.default = ""
        for translation in block if block is not None else ():
            if local_name(translation) != "translation":
                continue
            language = translation.get("lang", "")
            if translation.get("default") is not None and not self.default:
                self.default = language
            table = self._elements.setdefault(language, {})
            for text in translation:
                key = text.get("id")
                if key is not None:
                    table.setdefault(key, text)
        self.languages: tuple[str, ...] = tuple(self._elements)
        if not self.default and self.languages:
            self.default = self.languages[0]

    def text(self, language: str, key: str, form: str = "") -> Text | None:
        """``form``: empty for the regular text, or short, guidance, image, audio, video, big-image."""
        asked = (language, key, form)
        if asked in self._texts:
            return self._texts[asked]
        found: Text | None = None
        element = self._elements.get(language, {}).get(key)
        if element is None and language != self.default:
            element = self._elements.get(self.default, {}).get(key)
        # A text that comes only as `long` or `short` is read as that where the regular one is asked for.
        for wanted in (form, "long", "short") if form == "" else (form,):
            for value in element if element is not None else ():
                if isinstance(value.tag, str) and value.get("form", "") == wanted:
                    found = self._read(value)
                    break
            if found is not None:
                break
        self._texts[asked] = found
        return found

    def has(self, key: str) -> bool:
        return any(key in table for table in self._elements.values())

    def keys(self, language: str) -> frozenset[str]:
        return frozenset(self._elements.get(language, {}))

    def language_for(self, tag: str) -> str | None:
        """The language whose name is ``tag`` or ends in ``(tag)``; ``ko-KR`` also finds ``ko``."""
        wanted = tag.lower().replace("_", "-")
        for exact in (wanted, wanted.partition("-")[0]):
            for name in self.languages:
                if tag_of(name) == exact or name.lower() == exact:
                    return name
        return None


def tag_of(language: str) -> str:
    """The language tag in a name such as ``Russian (ru)``, or the name itself, in lower case."""
    match = _TAG.search(language)
    return (match[1] if match else language).strip().lower().replace("_", "-")

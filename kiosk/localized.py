"""A text that its author wrote in several languages; the product's own sentences are ``kiosk.texts``."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Localized:
    """Pairs of language tag (BCP 47, e.g. "ru") and text, at least one."""

    texts: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> "Localized":
        return cls(tuple(texts.items()))

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(language for language, _ in self.texts)

    def text(self, language: str) -> str:
        """The text in ``language``; in English where it has none, and else in its first language."""
        words = dict(self.texts)
        return words.get(language) or words.get("en") or self.texts[0][1]

"""Typed reading of a pack's records, with the place of whatever does not fit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import TypeVar

from kiosk.errors import Message
from kiosk.localized import Localized

Closed = TypeVar("Closed", bound=StrEnum)


class MisfitError(Exception):
    """Something in a record is not as the format asks; ``message`` says what and where."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.msgid.format(**message.gaps))
        self.message = message


@dataclass(frozen=True, slots=True)
class Record:
    """One table of TOML or object of JSON. ``where`` leads an author to it; texts are in ``languages``."""

    values: Mapping[str, object]
    where: str
    languages: tuple[str, ...] = ()

    @classmethod
    def reading(cls, value: object, where: str, languages: tuple[str, ...] = ()) -> "Record":
        if not isinstance(value, dict):
            raise MisfitError(
                Message("In {where}, a table of names and values is expected.", {"where": where})
            )
        return cls(value, where, languages)

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def _get(self, name: str) -> object:
        if name not in self.values:
            raise MisfitError(
                Message("In {where}, “{name}” is missing.", {"where": self.where, "name": name})
            )
        return self.values[name]

    def misfit(self, name: str) -> MisfitError:
        """The value cannot be used; for checks that the caller makes."""
        return MisfitError(
            Message(
                "In {where}, “{name}” has a value that cannot be used: {value}",
                {"where": self.where, "name": name, "value": str(self.values.get(name, ""))[:60]},
            )
        )

    def text(self, name: str) -> str:
        value = self._get(name)
        if not isinstance(value, str) or not value.strip():
            raise self.misfit(name)
        return value

    def optional_text(self, name: str) -> str | None:
        return self.text(name) if name in self.values else None

    def whole(self, name: str, default: int | None = None) -> int:
        if default is not None and name not in self.values:
            return default
        value = self._get(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.misfit(name)
        return value

    def yes(self, name: str) -> bool:
        """No where it is not said."""
        value = self.values.get(name, False)
        if not isinstance(value, bool):
            raise self.misfit(name)
        return value

    def optional_number(self, name: str) -> float | None:
        if name not in self.values:
            return None
        value = self.values[name]
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.misfit(name)
        return float(value)

    def day(self, name: str) -> date:
        """ISO 8601, as text (JSON) or as a date of TOML's own."""
        value = self._get(name)
        if type(value) is date:
            return value
        try:
            return date.fromisoformat(self.text(name))
        except ValueError as error:
            raise self.misfit(name) from error

    def clock(self, name: str) -> time:
        """Hours and minutes on the wall, as text (JSON) or as a time of TOML's own."""
        value = self._get(name)
        if isinstance(value, time):
            return value
        try:
            return time.fromisoformat(self.text(name))
        except ValueError as error:
            raise self.misfit(name) from error

    def one_of(self, name: str, kind: type[Closed]) -> Closed:
        try:
            return kind(self.text(name))
        except ValueError as error:
            raise self.misfit(name) from error

    def many_of(self, name: str, kind: type[Closed]) -> tuple[Closed, ...]:
        try:
            return tuple(kind(word) for word in self.words(name))
        except ValueError as error:
            raise self.misfit(name) from error

    def words(self, name: str) -> tuple[str, ...]:
        """A list of texts; none where there is no such list."""
        value = self.values.get(name, [])
        if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
            raise self.misfit(name)
        return tuple(value)

    def part(self, name: str) -> "Record":
        return Record.reading(self._get(name), f"{self.where}, {name}", self.languages)

    def parts(self, name: str) -> Iterator["Record"]:
        """Each table of a list; none where there is no such list."""
        value = self.values.get(name, [])
        if not isinstance(value, list):
            raise self.misfit(name)
        for number, each in enumerate(value, 1):
            yield Record.reading(each, f"{self.where}, {name} {number}", self.languages)

    def localized(self, name: str) -> Localized:
        """A text that is there in every language of the pack."""
        words = self.part(name)
        for language in self.languages:
            if language not in words:
                raise MisfitError(
                    Message(
                        "In {where}, “{name}” has no words in the language “{language}”.",
                        {"where": self.where, "name": name, "language": language},
                    )
                )
        order = (*self.languages, *(each for each in words.values if each not in self.languages))
        return Localized(tuple((language, words.text(language)) for language in order))

    def optional_localized(self, name: str) -> Localized | None:
        return self.localized(name) if name in self.values else None

    def phrases(self, name: str) -> Mapping[str, tuple[str, ...]]:
        """Lists of words by language; none where there is no such table."""
        if name not in self.values:
            return {}
        table = self.part(name)
        return {language: table.words(language) for language in table.values}

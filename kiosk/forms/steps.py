"""What a person did to a form, in order: replayed, it gives the same session again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from kiosk.forms.instance import Ref


@dataclass(frozen=True, slots=True)
class Opening:
    """Everything about a session that is not in the form or the steps. ``at`` is aware.

    ``seed`` decides the instanceID and all that is random.
    """

    at: datetime
    seed: int
    device: str = ""
    username: str = ""
    language: str | None = None
    email: str = ""
    phone_number: str = ""

    def to_json(self) -> dict[str, str | int | None]:
        return {
            "at": self.at.isoformat(),
            "seed": self.seed,
            "device": self.device,
            "username": self.username,
            "language": self.language,
            "email": self.email,
            "phone_number": self.phone_number,
        }


def opening_from_json(kept: Mapping[str, object]) -> Opening:
    """The opening that ``to_json`` gave; KeyError or ValueError for anything else."""
    language = kept["language"]
    return Opening(
        at=datetime.fromisoformat(str(kept["at"])),
        seed=int(str(kept["seed"])),
        device=str(kept["device"]),
        username=str(kept["username"]),
        language=None if language is None else str(language),
        email=str(kept.get("email", "")),
        phone_number=str(kept.get("phone_number", "")),
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """``value`` as ODK writes it: ``""`` clears, choices are separated by blanks, a date is ISO."""

    at: datetime
    ref: Ref
    value: str

    def to_json(self) -> dict[str, str]:
        return {"step": "answer", "at": self.at.isoformat(), "ref": self.ref, "value": self.value}


@dataclass(frozen=True, slots=True)
class AddRepeat:
    """A new last member of the repeat ``ref``: ``/data/member``."""

    at: datetime
    ref: Ref

    def to_json(self) -> dict[str, str]:
        return {"step": "add", "at": self.at.isoformat(), "ref": self.ref}


@dataclass(frozen=True, slots=True)
class RemoveRepeat:
    """Takes the member ``ref`` away: ``/data/member[2]``; those behind it move up."""

    at: datetime
    ref: Ref

    def to_json(self) -> dict[str, str]:
        return {"step": "remove", "at": self.at.isoformat(), "ref": self.ref}


@dataclass(frozen=True, slots=True)
class ChangeLanguage:
    """The form's own name of the language: ``Russian (ru)``."""

    at: datetime
    language: str

    def to_json(self) -> dict[str, str]:
        return {"step": "language", "at": self.at.isoformat(), "language": self.language}


@dataclass(frozen=True, slots=True)
class Finish:
    """The end of filling in: what the form wants noted then (``jr:preload="timestamp"``, ``end``)."""

    at: datetime

    def to_json(self) -> dict[str, str]:
        return {"step": "finish", "at": self.at.isoformat()}


Step: TypeAlias = Answer | AddRepeat | RemoveRepeat | ChangeLanguage | Finish


def step_from_json(kept: Mapping[str, str]) -> Step:
    """The step that ``to_json`` gave; KeyError or ValueError for anything else."""
    at = datetime.fromisoformat(kept["at"])
    match kept["step"]:
        case "answer":
            return Answer(at, Ref(kept["ref"]), kept["value"])
        case "add":
            return AddRepeat(at, Ref(kept["ref"]))
        case "remove":
            return RemoveRepeat(at, Ref(kept["ref"]))
        case "language":
            return ChangeLanguage(at, kept["language"])
        case "finish":
            return Finish(at)
        case other:
            raise ValueError(f"no step {other!r}")

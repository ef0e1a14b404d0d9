"""What every way of answering has in common."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from kiosk.flow.enclosing import Enclosures
from kiosk.flow.view import Event, Part
from kiosk.forms import Question
from kiosk.texts import Texts


@dataclass(frozen=True, slots=True)
class Around:
    """What a page has besides its question. ``media``: the pack's files for this form, by name;
    ``enclosures``: what was drawn or spoken so far, by the name that the form keeps for it."""

    texts: Texts
    now: datetime
    zone: tzinfo
    media: Mapping[str, bytes]
    enclosures: Enclosures

    def file(self, name: str | None) -> bytes:
        """The pack's file of that name; blank where there is none, or no name."""
        return self.media.get(name, b"") if name else b""


class Answering(ABC):
    """One question while it is being answered. ``value`` is how the form writes the present answer."""

    def __init__(self, question: Question, around: Around) -> None:
        self.question = question
        self.around = around
        self.value = question.value

    def follow(self, question: Question, around: Around) -> None:
        """The same question in another language, or with other words in it; what was answered stays."""
        self.question, self.around = question, around

    @abstractmethod
    def parts(self, error: str) -> Iterator[Part]:
        """What stands under the heading; ``error`` is what is wrong with the answer, or blank."""

    def take(self, event: Event) -> bool:
        """Whether the event was for this question, and changed it."""
        return False

    def refusal(self) -> str:
        """What has to be done before the form itself is asked; blank for nothing."""
        return ""

    @property
    def goes_on_at_once(self) -> bool:
        """Whether a choice leads to the next page, without the filled button."""
        return False

    # -- a page within the page: searching a long list

    @property
    def inner(self) -> str:
        """Which page within the page is open; blank for none. Part of what tells pages apart."""
        return ""

    @property
    def inner_title(self) -> str:
        """Its heading, where the question's own would say something else."""
        return ""

    @property
    def inner_forward(self) -> str:
        """What the filled button says while an inner page is open."""
        return ""

    def close_inner(self) -> bool:
        """Closes the inner page; False where none is open."""
        return False

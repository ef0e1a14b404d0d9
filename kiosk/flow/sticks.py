"""An exchange with the agency by USB stick, as a page sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from kiosk.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kiosk.errors import Fault
    from kiosk.ids import OperatorId


@dataclass(frozen=True, slots=True)
class Stick:
    """A stick in the machine. ``name`` as people gave it; ``answered``: the agency's answer lies on it."""

    folder: Path
    name: str
    answered: bool


@dataclass(frozen=True, slots=True)
class Writing:
    """How far the writing has come: envelopes, and bytes as they are stored."""

    done: int = 0
    total: int = 0
    bytes_done: int = 0


@dataclass(frozen=True, slots=True)
class CameHome:
    """What an answer brought. ``refusal`` is the hub's own sentence for a coordinator; nothing was taken
    then, and everything still waits."""

    received: int = 0
    set_aside: int = 0
    news: int = 0
    enrolled: bool = False
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class UpdateCame:
    """An update that lay on a stick: taken, or why not."""

    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class StickDone:
    """What one exchange came to. ``home`` is None where no answer lay on the stick, or where ``fault`` says
    why it could not be read; ``written`` is None where nothing could be written yet."""

    home: CameHome | None
    fault: Fault | None
    written: int | None
    bytes_written: int = 0
    left: int = 0
    update: UpdateCame | None = None


class Sticks(Protocol):
    """All of it waits for disks: call it in the background. Faults are for the coordinator."""

    @property
    def enrolled(self) -> bool:
        """Whether a hub is known; without one, a one-time code has to go along."""
        ...

    def find(self) -> tuple[Stick, ...]: ...

    def waiting(self) -> int:
        """Envelopes that would be written now."""
        ...

    def exchange(
        self, stick: Stick, code: str, operator: OperatorId, progress: Callable[[Writing], None]
    ) -> StickDone:
        """Brings home what lies there, an update too, then writes what waits. ``progress`` is called on this
        thread."""
        ...

    def update_on(self, stick: Stick) -> bytes | None:
        """The head of an update that lies there and that this kiosk does not have yet; see
        :class:`kiosk.updates.trust.Head`. Faults: a file that is none."""
        ...

    def take_update(
        self, stick: Stick, operator: OperatorId, progress: Callable[[int, int], None]
    ) -> UpdateCame | None:
        """Takes the update that lies there; None where there is none, or none that is new. ``progress`` hears
        bytes done and bytes in all, on this thread."""
        ...


def homecoming(home: CameHome, texts: Texts) -> tuple[str, ...]:
    """What a stick brought, in whole sentences; a refusal in the hub's own words."""
    if home.refusal:
        return (
            texts.say("The agency's hub refused what was on the stick: {reason}", reason=home.refusal),
            texts.say("Everything is kept here."),
        )
    lines = []
    if home.enrolled:
        lines.append(texts.say("This kiosk is connected to the agency's hub now."))
    if home.received:
        lines.append(
            texts.many(
                "{count} application was received by the agency.",
                "{count} applications were received by the agency.",
                home.received,
            )
        )
    if home.news:
        lines.append(texts.many("{count} answer came.", "{count} answers came.", home.news))
    if home.set_aside:
        lines.append(
            texts.many(
                "{count} application needs your attention.",
                "{count} applications need your attention.",
                home.set_aside,
            )
        )
    return tuple(lines) or (texts.say("There was nothing new on the stick."),)

"""This machine takes another one's place, as a page sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from kiosk.operators import Operator
    from kiosk.store.backup import Content


@dataclass(frozen=True, slots=True)
class FoundBackup:
    """A backup on a stick, as far as it says so without being opened."""

    file: Path
    stick: str
    made_at: datetime
    centre: str


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What came out of it, beside this kiosk and not yet in use; ``coordinators`` can be given a PIN."""

    content: Content
    coordinators: tuple[Operator, ...]


class Moving(Protocol):
    """All of it waits for disks and keys, but :meth:`take_over`: call it in the background."""

    def find(self) -> tuple[FoundBackup, ...]:
        """Backups on the sticks that are in, the newest first."""
        ...

    def bring_in(self, backup: FoundBackup, code: str, progress: Callable[[int], None]) -> BroughtIn:
        """Opens a backup with the recovery sheet's digits. ``progress`` gets the step that begins, from 1.

        Raises SignInFault where the code opens nothing, StoreFault where the file is damaged.
        """
        ...

    def give_pin(self, who: Operator, code: str, pin: str) -> None:
        """The last step that can fail: after it the machine is the other one, also after a power cut."""
        ...

    def take_over(self) -> None:
        """Closes this kiosk and opens the one that was brought in, in its place; on the page's thread."""
        ...

"""The journal as a coordinator reads it: the newest first, whether it is whole, and as a table."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kiosk.journal import Action, BadEntry, Entry, operator_actor
from kiosk.journal.wording import in_words, who_in_words
from kiosk.operators.centre import SignedIn
from kiosk.operators.permissions import Permission
from kiosk.store import Clock, Repositories, WriterLane
from kiosk.texts import Texts

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class JournalPage:
    """``entries``: the newest first. ``earlier``: there are more before them. ``bad``: the first entry that
    does not fit, None for a journal that is whole. ``names`` are those of operators by their ids."""

    entries: tuple[Entry, ...]
    earlier: bool
    bad: BadEntry | None
    names: Mapping[str, str]


class JournalReading:
    """Reads, some milliseconds a thousand entries: not for a GUI's thread."""

    def __init__(self, lane: WriterLane, clock: Clock) -> None:
        self._lane = lane
        self._clock = clock

    def page(self, signed_in: SignedIn, before: int | None = None, count: int = 50) -> JournalPage:
        """Entries whose number is below ``before`` (None: the newest). Raises
        :class:`~kiosk.errors.SignInFault`: not a coordinator."""
        signed_in.require(Permission.READ_JOURNAL)
        with self._lane.database.reader() as repositories:
            entries = repositories.journal.newest(before, count)
            return JournalPage(
                entries,
                bool(entries) and entries[-1].number > 1,
                repositories.journal.verify(),
                names_of(repositories),
            )

    def export(self, signed_in: SignedIn, texts: Texts) -> str:
        """The whole journal as CSV (RFC 4180). That it was written out stands in it too."""
        signed_in.require(Permission.READ_JOURNAL)
        now = self._clock()
        self._lane.submit(
            lambda repositories: repositories.journal.append(
                now, operator_actor(signed_in.id), Action.EXPORTED, "journal"
            )
        ).result()
        with self._lane.database.reader() as repositories:
            return as_csv(repositories.journal.entries(), texts, names_of(repositories))


def names_of(repositories: Repositories) -> dict[str, str]:
    """Of everybody who is or was here, by their ids."""
    return {str(each.id): each.name for each in repositories.operators.everybody()}


def as_csv(entries: Iterator[Entry], texts: Texts, names: Mapping[str, str]) -> str:
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(("number", "at", "who", "what", "action", "subject", "details", "hash"))
    for entry in entries:
        details = "; ".join(f"{name}={value}" for name, value in entry.details.items())
        cells = (
            who_in_words(entry.actor, texts, names),
            in_words(entry, texts, names),
            entry.action,
            entry.subject,
            details,
        )
        row = (entry.number, entry.at.isoformat(), *map(_cell, cells), entry.hash.hex())
        table.writerow(row)
    return written.getvalue()


def _cell(text: str) -> str:
    """A spreadsheet must not take a name for a formula."""
    return f"'{text}" if text.startswith(_FORMULAS) else text

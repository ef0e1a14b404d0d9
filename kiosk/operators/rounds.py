"""The look around a centre when it opens and when it closes: when it was done last, and what it showed."""

from collections.abc import Mapping
from datetime import datetime

from kiosk.journal import Action, operator_actor
from kiosk.operators.centre import SignedIn
from kiosk.operators.permissions import Permission
from kiosk.store import Clock, Repositories, Setting, WriterLane


class Rounds:
    """Waits for the lane: call it in the background."""

    def __init__(self, lane: WriterLane, clock: Clock) -> None:
        self._lane = lane
        self._clock = clock

    def opened_at(self) -> datetime | None:
        """When the last opening check was done."""
        with self._lane.database.reader() as repositories:
            at = repositories.settings.get(Setting.OPENING_CHECKED)
        return None if at is None else datetime.fromisoformat(at)

    def opening_done(self, signed_in: SignedIn, verdicts: Mapping[str, str]) -> None:
        """``verdicts`` by what was looked at: "fine", "look" or "broken"; no sentence goes to the journal."""
        self._write(signed_in, Action.OPENING_CHECKED, verdicts)

    def closing_done(self, signed_in: SignedIn, verdicts: Mapping[str, str]) -> None:
        self._write(signed_in, Action.CLOSING_CHECKED, verdicts)

    def _write(self, signed_in: SignedIn, action: Action, verdicts: Mapping[str, str]) -> None:
        signed_in.require(Permission.SEE_TODAY)
        now = self._clock()
        worst = next((each for each in ("broken", "look") if each in verdicts.values()), "fine")

        def work(repositories: Repositories) -> None:
            if action is Action.OPENING_CHECKED:
                repositories.settings.put(Setting.OPENING_CHECKED, now.isoformat())
            repositories.journal.append(now, operator_actor(signed_in.id), action, worst, dict(verdicts))

        self._lane.submit(work).result()

"""The closing check: what is still here, what somebody has to take along, and what to switch off."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from kiosk.flow.looking_round import LookingRound
from kiosk.flow.rounds import Look, closing_looks
from kiosk.flow.table import Screen
from kiosk.flow.view import Bullets, Part, View
from kiosk.operators import SignedIn


@dataclass(frozen=True, kw_only=True)
class ClosingCheckView(View):
    screen: ClassVar[str] = Screen.CLOSING_CHECK


class ClosingCheckPresenter(LookingRound):
    screen = Screen.CLOSING_CHECK

    def view(self) -> ClosingCheckView:
        return self.round_view(ClosingCheckView)

    def looks(self) -> tuple[tuple[str, Look], ...]:
        return closing_looks(self.desk, self.texts)

    def keep(self, signed_in: SignedIn, verdicts: Mapping[str, str]) -> None:
        self.desk.rounds.closing_done(signed_in, verdicts)

    def heading(self) -> str:
        return self.texts.say("Closing check")

    def further(self) -> tuple[Part, ...]:
        return (Bullets(self.to_do()),) if self.is_over else ()

    def to_do(self) -> tuple[str, ...]:
        say = self.texts.say
        return (
            say("Look whether a paper lies in the printer, or was forgotten beside it."),
            say("Leave the machine on where what waits shall go out at night."),
            say("Lock the room."),
        )

    def all_well(self) -> str:
        return self.texts.say("Everything is in order")

"""The opening check: whether everything is ready for the day, green or one plain sentence with what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from kiosk.flow.looking_round import LookingRound
from kiosk.flow.rounds import Look, opening_looks
from kiosk.flow.table import Screen
from kiosk.flow.view import View
from kiosk.operators import SignedIn


@dataclass(frozen=True, kw_only=True)
class OpeningCheckView(View):
    screen: ClassVar[str] = Screen.OPENING_CHECK


class OpeningCheckPresenter(LookingRound):
    screen = Screen.OPENING_CHECK

    def view(self) -> OpeningCheckView:
        return self.round_view(OpeningCheckView)

    def looks(self) -> tuple[tuple[str, Look], ...]:
        return opening_looks(self.desk, self.signed_in, self.texts)

    def keep(self, signed_in: SignedIn, verdicts: Mapping[str, str]) -> None:
        self.desk.rounds.opening_done(signed_in, verdicts)

    def heading(self) -> str:
        return self.texts.say("Opening check")

    def to_do(self) -> tuple[str, ...]:
        say = self.texts.say
        return (
            say("Paper and ink for the day"),
            say("Screen wiped clean"),
            say("A chair and good light for whoever comes"),
        )

    def all_well(self) -> str:
        return self.texts.say("Everything is ready for the day")

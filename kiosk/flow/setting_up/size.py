"""How large the glass truly is, by a bank card."""

from kiosk.flow.card import CARD, DrawnCard
from kiosk.flow.setting_up.page import Host, SetUpPage
from kiosk.flow.view import Button, Buttons, Event, Picture, Pressed
from kiosk.flow.view import Part as ViewPart
from kiosk.operators import Part
from kiosk.store import Setting


class SizePage(SetUpPage):
    part = Part.SIZE

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._card = DrawnCard()

    def title(self) -> str:
        return self.texts.say("How large is this screen?")

    def hint(self) -> str:
        return self.texts.say("Hold a bank card against the drawn one until both are equally wide.")

    def body(self) -> tuple[ViewPart, ...]:
        say, card = self.texts.say, self._card
        return (
            Picture(CARD, say("A bank card as large as it should be"), wide_mm=card.wide_mm),
            Buttons(
                (
                    Button("narrower", say("Narrower"), enabled=card.can_shrink),
                    Button("wider", say("Wider"), enabled=card.can_grow),
                )
            ),
        )

    def forward_label(self) -> str:
        return self.texts.say("It fits")

    def take(self, event: Event) -> bool:
        if event not in (Pressed("wider"), Pressed("narrower")):
            return False
        self._card.widen(1 if event == Pressed("wider") else -1)
        self.stage.refresh()
        return True

    def forward(self) -> None:
        pane = self.desk.pane
        measured = pane.fitted(self._card.share)
        self.settle({Setting.GLASS: measured}, lambda: pane.use(measured))

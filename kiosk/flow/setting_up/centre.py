"""The centre's name, address and telephone, as they stand on every receipt."""

from kiosk.flow.desk import Centre
from kiosk.flow.setting_up.page import Host, SetUpPage
from kiosk.flow.view import Event, FieldError, FieldKind, TextField, Typed
from kiosk.flow.view import Part as ViewPart
from kiosk.operators import Part
from kiosk.store import Setting

LONGEST = 80


class CentrePage(SetUpPage):
    part = Part.CENTRE

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        known = self.desk.centre
        self._typed = {"name": known.name, "address": known.address, "phone": known.phone}

    def title(self) -> str:
        return self.texts.say("Where does this kiosk stand?")

    def hint(self) -> str:
        return self.texts.say("This stands on every receipt, so that people know where to ask.")

    def body(self) -> tuple[ViewPart, ...]:
        say = self.texts.say
        labels = {
            "name": say("Name of the centre"),
            "address": say("Its address"),
            "phone": say("Its telephone, if it has one"),
        }
        return tuple(
            TextField(
                field,
                label,
                self._typed[field],
                FieldKind.TEXT,
                error=self.error_at(field),
                max_length=LONGEST,
            )
            for field, label in labels.items()
        )

    def forward_label(self) -> str:
        return self.texts.say("Continue")

    def take(self, event: Event) -> bool:
        match event:
            case Typed(field=field, text=text) if field in self._typed:
                self._typed[field] = text
                self.refuse()
                return True
            case _:
                return False

    def forward(self) -> None:
        say = self.texts.say
        name, address, phone = (" ".join(each.split()) for each in self._typed.values())
        if not name:
            self.refuse(FieldError("name", say("Please type the centre's name.")))
            return
        stage = self.stage
        self.settle(
            {Setting.CENTRE_NAME: name, Setting.CENTRE_ADDRESS: address, Setting.CENTRE_PHONE: phone},
            lambda: stage.renew(centre=Centre(name, address, phone)),
        )

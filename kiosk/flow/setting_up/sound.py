"""How loud and how fast the voice is for whoever has changed nothing, and what to do without sound."""

from kiosk.flow.comfort import RATES, VOLUMES, Comfort
from kiosk.flow.setting_up.page import Host, SetUpPage
from kiosk.flow.view import Bar, Bullets, Button, Buttons, Event, Notice, Paragraph, Pressed, Tone, View
from kiosk.flow.view import Part as ViewPart
from kiosk.operators import Part
from kiosk.store import Setting


class SoundPage(SetUpPage):
    part = Part.SOUND

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._silent = False
        """Somebody said that they hear nothing."""

    def title(self) -> str:
        return self.texts.say("Can you hear the voice well?")

    def hint(self) -> str:
        return self.texts.say("Press “Say a sentence”, and step back as far as people will sit.")

    def body(self) -> tuple[ViewPart, ...]:
        say, comfort, reason = self.texts.say, self.visit.comfort, self.desk.voice.off_reason
        trouble: tuple[ViewPart, ...] = ()
        if reason is not None:
            trouble = (Notice(say("Voice is off"), self.texts.message(reason), Tone.WARNING),)
        if self._silent or reason is not None:
            trouble = (*trouble, Bullets(self._advice(), numbered=True))
        return (
            *trouble,
            Buttons((Button("hear", say("Say a sentence"), icon="speak"),)),
            Paragraph(say("The voice is at loudness {step} of {steps}.", step=comfort.volume, steps=VOLUMES)),
            Buttons(
                (
                    Button("quieter", say("Quieter"), enabled=comfort.volume > 1),
                    Button("louder", say("Louder"), enabled=comfort.volume < VOLUMES),
                )
            ),
            Paragraph(say("The voice speaks at speed {step} of {steps}.", step=comfort.rate, steps=RATES)),
            Buttons(
                (
                    Button("slower", say("Slower"), enabled=comfort.rate > 1),
                    Button("faster", say("Faster"), enabled=comfort.rate < RATES),
                )
            ),
            Buttons((Button("nothing", say("I hear nothing"), icon="no-sound"),)),
        )

    def _advice(self) -> tuple[str, ...]:
        say = self.texts.say
        return (
            say("Is the loudspeaker switched on, and is its cable plugged in at both ends?"),
            say("Turn its own knob up."),
            say("Look behind a screen with loudspeakers: it may have a knob of its own."),
            say("Press “Say a sentence” again. If it stays silent, press “Later”: the kiosk works without."),
        )

    def forward_label(self) -> str:
        return self.texts.say("I hear it well")

    def take(self, event: Event) -> bool:
        comfort = self.visit.comfort
        match event:
            case Pressed(id="hear"):
                self._use(comfort)
            case Pressed(id="quieter"):
                self._use(comfort.with_volume(-1))
            case Pressed(id="louder"):
                self._use(comfort.with_volume(1))
            case Pressed(id="slower"):
                self._use(comfort.with_rate(-1))
            case Pressed(id="faster"):
                self._use(comfort.with_rate(1))
            case Pressed(id="nothing"):
                self._silent = True
                self.stage.refresh()
            case _:
                return False
        return True

    def _use(self, comfort: Comfort) -> None:
        voice = self.desk.voice
        self.visit.comfort = comfort
        # A device that was missing may have been plugged in meanwhile.
        voice.try_again()
        voice.comfort(comfort)
        self.stage.refresh()
        sentence = self.texts.say("Good day. This is how I read every page to the people who come here.")
        voice.read(View(language=self.visit.language, title=sentence, bar=Bar()))

    def forward(self) -> None:
        comfort, stage = self.visit.comfort, self.stage
        kept = Comfort(rate=comfort.rate, volume=comfort.volume)
        self.settle({Setting.SOUND: f"{comfort.rate} {comfort.volume}"}, lambda: stage.renew(comfort=kept))

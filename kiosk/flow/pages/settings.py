"""Size, colours, voice and language: each takes hold at once, for this person alone (ACCESS.md D5)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from kiosk.flow.comfort import RATES, VOLUMES, Comfort, TextSize, Theme
from kiosk.flow.presenter import Presenter
from kiosk.flow.table import Screen
from kiosk.flow.view import (
    Bar,
    Button,
    Buttons,
    Choice,
    Choices,
    Chosen,
    Event,
    Notice,
    Paragraph,
    Part,
    Pressed,
    Tone,
    View,
)
from kiosk.texts import LANGUAGES, N_, OWN_NAMES

SIZES: Mapping[TextSize, str] = {
    TextSize.SMALL: N_("Small words"),
    TextSize.MEDIUM: N_("Medium words"),
    TextSize.LARGE: N_("Large words"),
    TextSize.EXTRA_LARGE: N_("Very large words"),
}
THEMES: Mapping[Theme, str] = {
    Theme.CALM: N_("Calm paper"),
    Theme.DARK_ON_LIGHT: N_("Black on white"),
    Theme.LIGHT_ON_DARK: N_("White on black"),
    Theme.LOW_CONTRAST: N_("Soft, for tired eyes"),
}
HEADPHONES = "headphones"
"""Before the id of a device, where there are several."""


@dataclass(frozen=True, kw_only=True)
class SettingsView(View):
    screen: ClassVar[str] = Screen.SETTINGS


class SettingsPresenter(Presenter):
    screen = Screen.SETTINGS

    def view(self) -> SettingsView:
        say, comfort = self.texts.say, self.visit.comfort
        return self.page(
            SettingsView,
            title=say("Make it comfortable"),
            hint=say("Whatever you change here holds until you finish."),
            body=(
                Choices(
                    "size",
                    tuple(
                        Choice(size, say(name), chosen=size is comfort.size) for size, name in SIZES.items()
                    ),
                    acts=True,
                    label=say("How large should the words be?"),
                ),
                Choices(
                    "theme",
                    tuple(
                        Choice(theme, say(name), chosen=theme is comfort.theme)
                        for theme, name in THEMES.items()
                    ),
                    acts=True,
                    label=say("Which colours are good for your eyes?"),
                ),
                Choices(
                    "spacing",
                    (
                        Choice("usual", say("As usual"), chosen=not comfort.spaced),
                        Choice("wide", say("Further apart"), chosen=comfort.spaced),
                    ),
                    acts=True,
                    columns=2,
                    label=say("How shall letters and lines stand?"),
                ),
                *self._voice(),
                *self._touches(),
                Choices(
                    "company",
                    (
                        Choice("alone", say("Show what I answer"), chosen=not comfort.others_near),
                        Choice("others", say("Cover what I answer"), icon="lock", chosen=comfort.others_near),
                    ),
                    acts=True,
                    columns=2,
                    label=say("Do others stand near?"),
                ),
                Choices(
                    "language",
                    tuple(
                        Choice(tag, OWN_NAMES[tag], chosen=tag == self.visit.language, language=tag)
                        for tag in LANGUAGES
                    ),
                    acts=True,
                    label=say("Which language shall we use?"),
                ),
            ),
            forward=self.forward_button(say("Done")),
            # The whole page is read again where its language changes, and stays where it is otherwise.
            key=f"{self.screen}:{self.visit.number}:{self.visit.language}",
        )

    def _voice(self) -> tuple[Part, ...]:
        texts, comfort, reason = self.texts, self.visit.comfort, self.desk.voice.off_reason
        if reason is not None:
            off = Notice(texts.say("Voice is off"), texts.message(reason), Tone.WARNING)
            # Headphones that were pulled out: the way back to the loudspeaker.
            return (off, self._listening()) if comfort.output else (off,)
        voice = Choices(
            "voice",
            (
                Choice("on", texts.say("Read every page to me"), icon="speak", chosen=comfort.voice),
                Choice("off", texts.say("Stay silent until I ask"), chosen=not comfort.voice),
            ),
            acts=True,
            label=texts.say("Shall the voice read to you?"),
        )
        return (
            voice,
            Paragraph(self._rate_sentence()),
            Buttons(
                (
                    Button("slower", texts.say("Slower"), enabled=comfort.rate > 1),
                    Button("faster", texts.say("Faster"), enabled=comfort.rate < RATES),
                )
            ),
            self._listening(),
            Paragraph(self._volume_sentence()),
            Buttons(
                (
                    Button("quieter", texts.say("Quieter"), enabled=comfort.volume > 1),
                    Button("louder", texts.say("Louder"), enabled=comfort.volume < VOLUMES),
                )
            ),
        )

    def _listening(self) -> Choices:
        say, comfort = self.texts.say, self.visit.comfort
        aloud = Choice("aloud", say("Through the loudspeaker"), chosen=not comfort.headphones)
        outputs = self.desk.voice.outputs
        if outputs:
            worn = tuple(
                Choice(
                    f"{HEADPHONES}:{each.id}",
                    say("With headphones: {device}", device=each.name),
                    chosen=comfort.headphones and comfort.output == each.id,
                )
                for each in outputs
            )
        else:
            worn = (Choice(HEADPHONES, say("With headphones"), chosen=comfort.headphones),)
        return Choices("listening", (aloud, *worn), acts=True, label=say("How do you listen?"))

    def _touches(self) -> tuple[Part, ...]:
        say, comfort = self.texts.say, self.visit.comfort
        twice = Choices(
            "twice",
            (
                Choice("count", say("Every touch counts"), chosen=not comfort.once),
                Choice("once", say("Leave out a second touch right after"), chosen=comfort.once),
            ),
            acts=True,
            columns=2,
            label=say("Does your hand sometimes touch twice?"),
        )
        tick = Choices(
            "tick",
            (
                Choice("silent", say("Without a sound"), chosen=not comfort.tick),
                Choice("sound", say("With a short sound"), chosen=comfort.tick),
            ),
            acts=True,
            columns=2,
            label=say("How shall the glass answer a touch?"),
        )
        return (twice,) if self.desk.voice.off_reason is not None else (twice, tick)

    def _rate_sentence(self) -> str:
        return self.texts.say(
            "The voice speaks at speed {step} of {steps}.", step=self.visit.comfort.rate, steps=RATES
        )

    def _volume_sentence(self) -> str:
        return self.texts.say(
            "The voice is at loudness {step} of {steps}.", step=self.visit.comfort.volume, steps=VOLUMES
        )

    def take(self, event: Event) -> None:
        comfort = self.visit.comfort
        match event:
            case Chosen(field="size", value=value):
                self._change(replace(comfort, size=TextSize(value)))
            case Chosen(field="theme", value=value):
                self._change(replace(comfort, theme=Theme(value)))
            case Chosen(field="voice", value=value):
                self._change(replace(comfort, voice=value == "on"))
            case Chosen(field="listening", value=value):
                kind, _, output = value.partition(":")
                self._change(replace(comfort, headphones=kind == HEADPHONES, output=output))
            case Chosen(field="spacing", value=value):
                self._change(replace(comfort, spaced=value == "wide"))
            case Chosen(field="twice", value=value):
                self._change(replace(comfort, once=value == "once"))
            case Chosen(field="tick", value=value):
                self._change(replace(comfort, tick=value == "sound"))
            case Chosen(field="company", value=value):
                self._change(replace(comfort, others_near=value == "others"))
            case Chosen(field="language", value=value) if value in LANGUAGES:
                self._speak(value)
            case Pressed(id="slower"):
                self._change(comfort.with_rate(-1), self._rate_sentence)
            case Pressed(id="faster"):
                self._change(comfort.with_rate(1), self._rate_sentence)
            case Pressed(id="quieter"):
                self._change(comfort.with_volume(-1), self._volume_sentence)
            case Pressed(id="louder"):
                self._change(comfort.with_volume(1), self._volume_sentence)

    def _change(self, comfort: Comfort, sample: Callable[[], str] | None = None) -> None:
        self.visit.comfort = comfort
        self.desk.voice.comfort(comfort)
        self.stage.refresh()
        if sample is not None and self.desk.voice.off_reason is None:
            # A speed or a loudness is judged by ear: the sentence that changed is heard as it now sounds.
            self.desk.voice.read(self.page(SettingsView, title=sample(), bar=Bar()))

    def _speak(self, language: str) -> None:
        self.visit.language = language
        errand = self.visit.errand
        if errand.form is not None and errand.session is not None:
            spoken = errand.form.language_for(language)
            if spoken is not None:
                errand.session.language = spoken
        self.stage.refresh()

    def back(self) -> None:
        self.stage.close()

    def forward(self) -> None:
        self.stage.close()

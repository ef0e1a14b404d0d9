"""Whether there is a voice, as the doctor and the opening check ask it."""

from kiosk.checks import Check
from kiosk.errors import VoiceFault
from kiosk.texts import Texts
from kiosk.voice.port import Renderer, Words


def check_voice(renderer: Renderer, texts: Texts, speaker: str | None = None) -> Check:
    """Renders a sentence in each language; whether it is heard is for ears.

    ``speaker`` is the loudspeaker's name, blank for none; None where nobody has looked for one.
    """
    name = texts.say("Voice")
    samples = (("en", "Good morning."), ("ru", "Доброе утро."), ("ko", "안녕하세요."))
    for language, sample in samples:
        try:
            renderer.render(Words(sample, language))
        except VoiceFault:
            return Check(
                name,
                False,
                texts.say("The voice is off."),
                texts.say("Please have the package espeak-ng installed. The kiosk works without it."),
            )
    if speaker == "":
        return Check(
            name,
            None,
            texts.say("No loudspeaker was found, so the voice is off."),
            texts.say("Please look whether it is plugged in and switched on."),
        )
    return Check(name, True, texts.say("The voice speaks English, Russian and Korean."))

"""A kiosk whose loudspeaker is taken away and given back: ``python -m tests.voice.lost_speaker FOLDER``.

Prints one JSON object of what was seen and heard. In a process of its own, since Qt looks for its sound
server once.
"""

import json
import sys
from pathlib import Path

from kiosk.flow.rounds import voice_check
from kiosk.flow.table import Screen
from kiosk.flow.view import Chosen
from kiosk.texts import texts_for
from kiosk.voice.speech import SpeechState
from tests.conformance.ear.listening import opened, tone
from tests.voice.sound import pactl

EN = texts_for("en")


def main() -> None:
    folder = Path(sys.argv[1])
    told: dict[str, object] = {}
    with opened(folder) as booth:
        app = booth.app
        desk = app.conductor.desk
        booth.hush()
        told["at first"] = voice_check(desk, EN).ok
        module = pactl(folder, "list", "short", "modules")
        sink = next(line.split()[0] for line in module.splitlines() if "module-null-sink" in line)
        pactl(folder, "unload-module", sink)
        booth.stop_reading()
        booth.wait(lambda: app.speech.state is SpeechState.OFF)
        booth.wait(lambda: app.conductor.shown.bar.note != "")
        told["bar"] = app.conductor.shown.bar.note
        told["without"] = voice_check(desk, EN).sentence
        app.window.happened.emit(Chosen("language", "en"))
        booth.wait(lambda: app.conductor.screen is Screen.NEED and not app.conductor.working())
        told["goes on"] = str(app.conductor.screen)
        pactl(folder, "load-module", "module-null-sink", "sink_name=kiosk", "rate=48000", "channels=1")
        booth.wait(lambda: app.conductor.shown.bar.note == "")
        ended: list[object] = []
        booth.player.play(tone(0.5, 440), ended.append)
        booth.wait(lambda: bool(ended))
        told["heard to its end"] = ended == [None]
        told["again"] = voice_check(desk, EN).ok
    print(json.dumps(told))


if __name__ == "__main__":
    main()

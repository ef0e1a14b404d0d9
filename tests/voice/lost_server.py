"""A kiosk whose sound server dies: ``python -m tests.voice.lost_server FOLDER soon|late``.

It comes back before Qt tries to find it again, or after. Prints one JSON object of what was seen and heard.
In a process of its own, since Qt looks for its sound server once, and since libpulse may end it.
"""

import json
import sys
from pathlib import Path
from threading import Thread

from PySide6.QtCore import QTimer, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from kiosk.errors import VoiceFault
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Chosen
from kiosk.voice.speech import SpeechState
from tests.conformance.ear.listening import Booth, opened, tone

TOO_LONG_MS = 120_000
STAYED = 9
TRIED_IN_VAIN = "pa_context_connect() failed"
"""What Qt says where the server is not there again when it tries."""


def listen_to_qt() -> list[str]:
    said: list[str] = []
    qInstallMessageHandler(lambda _kind, _where, text: said.append(text or ""))
    return said


def tried_in_vain(said: list[str]) -> bool:
    return any(TRIED_IN_VAIN in text for text in said)


def told_after_a_word(booth: Booth) -> dict[str, object]:
    """Somebody goes on to a page that has words to say."""
    conductor = booth.app.conductor
    booth.app.window.happened.emit(Chosen("language", "en"))
    booth.wait(lambda: booth.app.speech.state is SpeechState.OFF)
    booth.wait(lambda: conductor.screen is Screen.NEED and conductor.shown.bar.note != "")
    return {"page": str(conductor.screen), "bar": conductor.shown.bar.note}


def comes_back_soon(booth: Booth) -> dict[str, object]:
    """Or it says that it was too late: on a busy machine a server may take longer than Qt waits."""
    said = listen_to_qt()
    booth.to_sound(lambda: booth.player.play(tone(2.0, 440), lambda _fault: None))
    booth.server.kill()
    revival = Thread(target=booth.server.revive)
    revival.start()
    told = told_after_a_word(booth)
    revival.join()
    booth.wait(lambda: booth.app.conductor.shown.bar.note == "" or tried_in_vain(said))
    if tried_in_vain(said):
        return {"too late": True}
    again: list[VoiceFault | None] = []
    booth.player.play(tone(0.5, 440), again.append)
    booth.wait(lambda: bool(again))
    return {**told, "heard again": again == [None]}


def comes_back_late(booth: Booth) -> dict[str, object]:
    said = listen_to_qt()
    booth.server.kill()
    booth.wait(lambda: tried_in_vain(said))
    booth.server.revive()
    told = told_after_a_word(booth)
    booth.app.conductor.go(Outcome.FINISHED)
    booth.wait(lambda: booth.app.conductor.between_people)
    QTimer.singleShot(TOO_LONG_MS, lambda: QApplication.exit(STAYED))
    return {**told, "ended by itself": QApplication.exec() == 0}


def main() -> None:
    folder, when = Path(sys.argv[1]), sys.argv[2]
    with opened(folder) as booth:
        booth.hush()
        told = comes_back_soon(booth) if when == "soon" else comes_back_late(booth)
    print(json.dumps(told))


if __name__ == "__main__":
    main()

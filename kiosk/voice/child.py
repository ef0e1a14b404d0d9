"""One clip, then gone: the process that lets pyttsx3 speak into memory.

Started ahead of need (importing pyttsx3 and loading espeak-ng takes most of a second on a small machine), it
writes one line when it is warm, reads one job from its standard input, renders it and exits. Its words reach
it through a pipe: every process of a machine can read another's argument list. It imports nothing of ours, so
that it starts from its path alone.

Job: one line of JSON ``{"text", "voice", "setting", "path"}``, ``setting`` in espeak-ng's words a minute.
Answers ``done``, or ends without a word.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Final

DONE: Final = b"done\n"
CALLED: Final = "speak-one-clip"
"""The word by which the packaged program, which is no Python, becomes such a child."""
LONGEST_SECONDS: Final = 30.0


def _settling(engine: object) -> Callable[[], None]:
    """Waits until espeak-ng's own thread has taken over what was set.

    pyttsx3 keeps settings in a queue of its own until runAndWait(), which empties it and at once stops what
    espeak-ng's thread still has before it, and so puts the old settings back: 5 clips of 100 came out at the
    library's rate of 200 instead of ours. With an idle engine and this wait none did.
    """
    if str(engine) != "espeak":
        return lambda: None
    from pyttsx3.drivers import _espeak

    def settle() -> None:
        until = time.monotonic() + 1.0
        while _espeak.IsPlaying() and time.monotonic() < until:
            time.sleep(0.0005)

    return settle


def main() -> None:
    # pyttsx3 prints the path of each file it saves: that goes nowhere, our answers go out by themselves.
    answers = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)

    import pyttsx3

    engine = pyttsx3.init("espeak" if sys.platform.startswith("linux") else None)
    finished = threading.Event()
    # runAndWait() comes back while espeak-ng's own thread is still at work; only this says that all is saved.
    engine.connect("finished-utterance", lambda **_told: finished.set())
    engine.proxy.setBusy(False)
    settle = _settling(engine)
    settle()

    line = sys.stdin.buffer.readline()
    if not line:
        os._exit(0)
    job = json.loads(line)
    engine.setProperty("voice", job["voice"])
    engine.setProperty("rate", job["setting"])
    engine.setProperty("volume", 1.0)
    settle()
    engine.save_to_file(job["text"], job["path"])
    engine.runAndWait()
    if finished.wait(LONGEST_SECONDS):
        os.write(answers, DONE)
    # espeak-ng fails an assertion when Python takes it down in the usual order.
    os._exit(0)


if __name__ == "__main__":
    main()

"""One clip, then gone: the process that lets pyttsx3 speak into memory.

Started ahead of need (importing pyttsx3 and loading espeak-ng takes most of a second on a small machine), it
writes one line when it is warm, reads one job from its standard input, renders it and exits. Its words reach
it through a pipe: every process of a machine can read another's argument list. It imports nothing of ours, so
that it starts from its path alone.

Job: one line of JSON ``{"text", "voice", "setting", "path"}``, ``setting`` in espeak-ng's words a minute.
Answers, one a line: ``warm``, then ``done``; or it ends without one.
"""

import json
import os
import sys
import threading
from typing import Final

WARM: Final = b"warm\n"
DONE: Final = b"done\n"
LONGEST_SECONDS: Final = 30.0


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
    os.write(answers, WARM)

    line = sys.stdin.buffer.readline()
    if not line:
        os._exit(0)
    job = json.loads(line)
    engine.setProperty("voice", job["voice"])
    engine.setProperty("rate", job["setting"])
    engine.setProperty("volume", 1.0)
    engine.save_to_file(job["text"], job["path"])
    engine.runAndWait()
    if finished.wait(LONGEST_SECONDS):
        os.write(answers, DONE)
    # espeak-ng fails an assertion when Python takes it down in the usual order.
    os._exit(0)


if __name__ == "__main__":
    main()

"""A loudspeaker that goes and comes back, on a real sound server."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.voice.sound import SoundServer


@pytest.mark.proof
@pytest.mark.skipif(SoundServer.missing is not None, reason=f"{SoundServer.missing} is not installed")
def test_without_its_loudspeaker_the_kiosk_says_so_and_goes_on_and_with_it_speaks_again() -> None:
    # A socket's path has to be short.
    folder = Path(tempfile.mkdtemp(prefix="opora-ls-", dir="/tmp"))
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tests.voice.lost_speaker", str(folder)],
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        assert json.loads(done.stdout.splitlines()[-1]) == {
            "at first": True,
            "bar": "Voice is off",
            "without": "No sound comes out of the loudspeaker.",
            "goes on": "need",
            "heard to its end": True,
            "again": True,
        }
    finally:
        shutil.rmtree(folder, ignore_errors=True)

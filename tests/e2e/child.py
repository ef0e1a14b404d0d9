"""Children of these tests: the product's own programs, each in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


def environment(**more: str) -> dict[str, str]:
    """This process's own, with a window system that needs no screen."""
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUNBUFFERED": "1", **more}


def run(
    module: str,
    *arguments: object,
    seconds: float = 1200,
    env: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """``python -m module …`` to its end; a child that fails shows what it said."""
    ended = subprocess.run(
        command(module, *arguments),
        cwd=REPOSITORY,
        env=env or environment(),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert ended.returncode == 0, f"{module} ended with {ended.returncode}\n{ended.stdout}\n{ended.stderr}"
    return ended


def start(module: str, *arguments: object, output: Path, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """``python -m module …``, whose output goes to a file, and its errors to another beside it; the caller
    waits for it or kills it."""
    with output.open("wb") as out, output.with_suffix(".errors").open("wb") as errors:
        return subprocess.Popen(
            command(module, *arguments), cwd=REPOSITORY, env=env, stdout=out, stderr=errors
        )


def last_words(output: Path) -> str:
    """The end of what a child said, for a failed assertion."""
    errors = output.with_suffix(".errors").read_text()
    return "\n".join([*output.read_text().splitlines()[-5:], errors[-4000:]])


def command(module: str, *arguments: object) -> list[str]:
    return [sys.executable, "-m", module, *map(str, arguments)]

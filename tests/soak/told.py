"""What the kiosk's process tells whoever watches it: one line of JSON each, appended to one file."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

STORED: Final = "stored"
"""The screen has promised it; with the reference."""
VISIT: Final = "visit"
INSIDE: Final = "inside"
"""What only the process itself can count."""
TIMES: Final = "times"
"""How late the glass was since the last such line."""
STUCK: Final = "stuck"
END: Final = "end"

Line = dict[str, Any]


class Teller:
    """Appends; each line is whole or not there."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def __call__(self, kind: str, **facts: object) -> None:
        line = {"at": round(time.time(), 3), "kind": kind, **facts}
        os.write(self._file, json.dumps(line, ensure_ascii=False).encode() + b"\n")


class Hearer:
    """Reads what was appended since the last call."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0

    def __call__(self) -> Iterator[Line]:
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._offset)
            whole = file.read()
        end = whole.rfind(b"\n") + 1
        self._offset += end
        for line in whole[:end].splitlines():
            yield json.loads(line)

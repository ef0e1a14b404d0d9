"""The agency's side of a stick, by the commands that an agency has."""

import os
import subprocess
import sys
from pathlib import Path

from installers.checking import Failed
from kiosk.catalogue.demo import IDENTITIES, ensure_demo_pack


class Agency:
    """A hub in ``folder``, with the demonstration's keys and forms."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._data = folder / "hub"
        self._pack = ensure_demo_pack(folder / "demo.opora-pack")

    def new_code(self) -> str:
        """Twelve digits with which one kiosk can enrol."""
        return self._hub("enrol-code").strip().replace(" ", "")

    def take(self, folder: Path) -> str:
        """Takes what lies there, and lays the answers beside it."""
        return self._hub("import", str(folder), "--identities", str(IDENTITIES), "--pack", str(self._pack))

    def grant(self, reference: str, amount: str) -> None:
        self._hub("decide", reference, "--status", "granted", "--amount", amount)

    def list(self) -> str:
        return self._hub("list")

    def _hub(self, command: str, *words: str) -> str:
        line = [sys.executable, "-m", "ui.commands", "hub", command, *words, "--data", str(self._data)]
        # Wide enough that no number in a list is cut.
        ended = subprocess.run(
            line, env={**os.environ, "COLUMNS": "200"}, capture_output=True, text=True, timeout=120
        )
        if ended.returncode:
            raise Failed(f"hub {command}: {(ended.stderr or ended.stdout)[-600:].strip()}")
        return ended.stdout

"""A hub runs on a machine that has nothing of a kiosk."""

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]

CHILD = """
import importlib.abc, pkgutil, sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

class Refusing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PySide6", "shiboken6", "requests", "reportlab", "pyttsx3", "segno"}:
            raise ImportError(f"{name} is not installed on a hub")
        return None

sys.meta_path.insert(0, Refusing())

import sync.hub
for module in pkgutil.walk_packages(sync.hub.__path__, "sync.hub."):
    if ".migrations" not in module.name:
        __import__(module.name)
import ui.commands.hub
from sync.hub.database import HubDatabase
from sync.hub.identity import HubIdentity
from sync.hub.opening import Opener
from sync.hub.server import HubServer

folder = Path(sys.argv[1])
database = HubDatabase.in_folder(folder)
with HubServer(database, HubIdentity.of_folder(folder), Opener([], {}), lambda: datetime.now(UTC)) as hub:
    with urlopen(hub.url + "/v1/health") as answer:
        assert answer.status == 200
database.close()
assert not {"PySide6", "requests", "reportlab"} & set(sys.modules)
"""


def test_hub_serves_where_qt_requests_and_reportlab_are_not_installed(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path / "hub")],
        cwd=REPOSITORY,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr

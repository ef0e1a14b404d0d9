"""The demonstration pack, built once from its sources, and a folder of sources that a test may spoil."""

import shutil
from pathlib import Path

import pytest

from kiosk.catalogue import Pack
from kiosk.catalogue.authoring import Built, build_pack
from kiosk.catalogue.demo import SOURCES


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build_pack(SOURCES, tmp_path_factory.mktemp("pack") / "demo.opora-pack")


@pytest.fixture(scope="session")
def pack(built: Built) -> Pack:
    return built.pack


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A copy of the demonstration's sources without its forms, which take the longest to convert."""
    copy = tmp_path / "sources"
    shutil.copytree(SOURCES, copy)
    for form in ("heating-allowance", "pension-supplement", "home-help"):
        (copy / "forms" / f"{form}.md").unlink()
        service = next((copy / "services").glob(f"*-{form}.toml"))
        service.write_text(service.read_text("utf-8").replace(f'form = "{form}"\n', ""), "utf-8")
    return copy

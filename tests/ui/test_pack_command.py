"""`opora pack install`: services for a kiosk that works alone."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.catalogue import load_pack
from kiosk.catalogue.demo import SOURCES, ensure_demo_pack
from kiosk.errors import PackFault
from kiosk.updates.installed import PACK_FILE
from ui.commands.pack import pack


def installed(folder: Path, *words: str) -> str:
    ended = CliRunner().invoke(pack, ["install", *words, "--data", str(folder)], catch_exceptions=False)
    assert ended.exit_code == 0
    return ended.output


def test_a_kiosk_that_works_alone_is_given_the_demonstrations_services(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert "Services:" in installed(folder)
    assert load_pack(folder / PACK_FILE).services
    assert [path.name for path in folder.iterdir()] == [PACK_FILE]


def test_a_pack_of_ones_own_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    own = ensure_demo_pack(tmp_path / "own.opora-pack", SOURCES / "gallery")
    installed(folder)
    installed(folder, str(own))
    assert (folder / PACK_FILE).read_bytes() == own.read_bytes()


def test_a_damaged_pack_leaves_what_was_there(tmp_path: Path) -> None:
    folder, damaged = tmp_path / "data", tmp_path / "damaged.opora-pack"
    installed(folder)
    before = (folder / PACK_FILE).read_bytes()
    damaged.write_bytes(before[:-100])
    with pytest.raises(PackFault):
        installed(folder, str(damaged))
    assert (folder / PACK_FILE).read_bytes() == before
    assert [path.name for path in folder.iterdir()] == [PACK_FILE]

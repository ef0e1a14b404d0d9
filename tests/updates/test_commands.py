"""`opora update`, author's side and kiosk's side, as somebody types it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kiosk.store import Setting
from kiosk.updates.installed import PACK_FILE
from tests.store.opened import PIN, centre_of, opened
from tests.updates.deployment import asking, kiosk_of, write_pack
from ui.commands import opora


def run(*arguments: str | Path, said: str = "") -> Result:
    return CliRunner().invoke(opora, [*map(str, arguments)], input=said)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A closed kiosk with a coordinator, which trusts nobody yet."""
    folder = tmp_path / "data"
    with opened(folder) as store, centre_of(store):
        write_pack(folder / PACK_FILE, "1")
    return folder


def made(tmp_path: Path, version: str, *options: str) -> Path:
    pack = write_pack(tmp_path / f"{version}.opora-pack", version, xform=asking(f"Name {version}?"))
    out = tmp_path / f"{version}.opora-update"
    done = run("update", "make", out, "--keys", tmp_path / "keys", "--catalogue", pack, *options)
    assert done.exit_code == 0, done.output
    return out


def test_from_keys_to_a_kiosk_and_back(tmp_path: Path, data: Path) -> None:
    keys = run("update", "keys", tmp_path / "keys")
    assert keys.exit_code == 0, keys.output
    number = keys.output.partition("centres: ")[2][:35]
    assert len(number.split()) == 6
    update = made(tmp_path, "2")

    trusting = run("update", "trust", update, "--data", data, said=f"y\n{PIN}\n")
    assert trusting.exit_code == 0, trusting.output
    assert number in trusting.output
    taken = run("update", "import", tmp_path, "--data", data)
    assert taken.exit_code == 0, taken.output
    assert "Version 2 is in use" in taken.output
    told = run("update", "status", "--data", data, "--language", "ru")
    assert "Используется версия 2" in told.output
    assert number in told.output
    assert "sample 2" in told.output
    gone_back = run("update", "back", "--data", data, said=f"{PIN}\n")
    assert "works with version 1 again" in gone_back.output
    with kiosk_of(None, data) as kiosk:
        assert kiosk.pack.version == "1"


def test_a_number_that_is_another_is_not_trusted(tmp_path: Path, data: Path) -> None:
    run("update", "keys", tmp_path / "keys")
    declined = run("update", "trust", made(tmp_path, "2"), "--data", data, said="n\n")
    assert declined.exit_code == 1
    with opened(data) as store, store.database.reader() as repositories:
        assert repositories.settings.get(Setting.UPDATE_ROOT) is None


def test_a_refused_update_ends_the_command_with_its_sentence(tmp_path: Path, data: Path) -> None:
    run("update", "keys", tmp_path / "keys")
    update = made(tmp_path, "2")
    refused = run("update", "import", update, "--data", data)
    assert "whose updates it may trust" in str(refused.exception)


def test_keys_lie_under_their_passphrase(tmp_path: Path, data: Path) -> None:
    run("update", "keys", tmp_path / "keys", "--passphrase", "blue heron")
    for file in (tmp_path / "keys").glob("*.pem"):
        assert b"ENCRYPTED" in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0
    wrong = run("update", "rotate", tmp_path / "keys", "--passphrase", "green heron")
    assert "could not be opened" in str(wrong.exception)
    assert run("update", "rotate", tmp_path / "keys", "--passphrase", "blue heron").exit_code == 0
    again = run("update", "keys", tmp_path / "keys")
    assert "keys in this folder already" in str(again.exception)


def test_without_a_root_key_no_keys_are_changed(tmp_path: Path) -> None:
    run("update", "keys", tmp_path / "keys")
    for file in (tmp_path / "keys").glob("root-*.pem"):
        file.unlink()
    refused = run("update", "rotate", tmp_path / "keys")
    assert "root-*.pem" in str(refused.exception)
    made(tmp_path, "2")


def test_a_hub_publishes_it_and_lays_it_on_the_stick_beside_its_answer(tmp_path: Path, data: Path) -> None:
    """A kiosk without a line: one stick there and back, and the program asks for no number to compare."""
    hub, stick = tmp_path / "hub", tmp_path / "stick"
    stick.mkdir()
    run("update", "keys", tmp_path / "keys")
    published = run("hub", "publish", made(tmp_path, "2"), "--data", hub)
    assert "Release 1 is published" in published.output, published.output
    assert "of these keys alone" in published.output
    code = run("hub", "enrol-code", "--data", hub).output.strip()
    assert run("sync", "export", stick, "--data", data, "--code", code).exit_code == 0
    answered = run("hub", "import", stick, "--data", hub)
    assert "Update 1 lies beside it" in answered.output, answered.output
    assert (stick / "update.opora-update").read_bytes() == (tmp_path / "2.opora-update").read_bytes()
    assert run("sync", "import", stick, "--data", data).exit_code == 0
    taken = run("update", "import", stick, "--data", data)
    assert "Version 2 is in use" in taken.output, taken.output

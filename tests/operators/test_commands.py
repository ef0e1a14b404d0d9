"""What is done at a terminal while the kiosk is closed: keys, erasure, backups, the journal."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kiosk.errors import StoreFault
from kiosk.operators import Argon2Parameters, DeviceSecret, Operators, Role
from kiosk.store import WriterLane, open_database
from kiosk.store.wiping import was_begun, wipe
from tests.store.opened import CHEAP, PIN, another_hand
from tests.sync.parties import Hub
from ui.commands import opora
from ui.commands.terminal import now
from ui.house import House

OTHER_PIN = "482917"


@pytest.fixture
def kiosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str]:
    """A kiosk with a coordinator and a volunteer, closed; and the code of its recovery sheet."""
    monkeypatch.setattr(Argon2Parameters.__init__, "__defaults__", (1, 8, 1))
    # A test's process must not lose its core dumps for good.
    monkeypatch.setattr("ui.commands.terminal.refuse_core_dumps", lambda: None)
    folder = tmp_path / "data"
    database = open_database(folder, clock=now)
    lane = WriterLane(database, lambda call: call())
    operators = Operators(lane, DeviceSecret.load(folder, {}), now, CHEAP)
    first = operators.make_first_coordinator(operators.first_start_code(), "Вера", PIN, "ru")
    operators.add(first.signed_in, "Min-ji", Role.VOLUNTEER, OTHER_PIN, "ko")
    operators.close()
    lane.close()
    database.close()
    return folder, first.recovery_code


def run(*arguments: str | Path, typed: str = "") -> Result:
    return CliRunner().invoke(opora, [str(each) for each in arguments], input=typed)


def test_keys_are_changed_with_a_coordinators_pin(kiosk: tuple[Path, str]) -> None:
    folder, _ = kiosk
    done = run("vault", "rotate", "--data", folder, typed=f"{PIN}\n")
    assert done.exit_code == 0, done.output
    assert "The centre has new keys. Records sealed anew: 0." in done.output
    refused = run("vault", "rotate", "--data", folder, typed=f"{OTHER_PIN}\n")
    assert refused.exit_code != 0
    assert "PIN does not match" in str(refused.exception)


def test_a_departed_volunteer_is_removed_and_a_new_sheet_is_made(kiosk: tuple[Path, str]) -> None:
    folder, old = kiosk
    done = run("vault", "rekey", "Min-ji", "--data", folder, typed=f"{PIN}\ny\n")
    assert done.exit_code == 0, done.output
    assert "Min-ji can no longer sign in." in done.output
    sheet = done.output.split("Code of the recovery sheet: ")[1].splitlines()[0]
    assert len(sheet.split()) == 7
    assert sheet != old


def test_what_is_erased_is_gone_and_the_kiosk_begins_anew(kiosk: tuple[Path, str]) -> None:
    folder, _ = kiosk
    (folder / "current.opora-pack").write_bytes(b"services")
    assert run("vault", "wipe", "--data", folder, typed="n\n").exit_code != 0
    assert (folder / "kiosk.db").exists()
    done = run("vault", "wipe", "--data", folder, typed="y\n")
    assert "that would be lost: 0" in done.output
    assert {path.name for path in folder.iterdir()} == {"current.opora-pack", "kiosk.lock"}
    database = open_database(folder, clock=now)
    with database.reader() as repositories:
        assert repositories.operators.active() == ()
    database.close()


def test_an_erasure_that_was_cut_off_goes_on_and_none_is_begun_under_a_running_kiosk(
    kiosk: tuple[Path, str],
) -> None:
    folder, _ = kiosk
    database = open_database(folder, clock=now)
    with pytest.raises(StoreFault, match="already running"):
        wipe(folder)
    database.close()
    (folder / "device-secret").unlink()
    (folder / "wiping").touch()
    assert was_begun(folder)
    wipe(folder)
    assert not was_begun(folder)
    assert [path.name for path in folder.iterdir()] == ["kiosk.lock"]


def test_a_stolen_kiosk_lives_on_elsewhere_from_its_backup(kiosk: tuple[Path, str], tmp_path: Path) -> None:
    folder, code = kiosk
    made = run("backup", tmp_path / "stick", "--data", folder)
    assert made.exit_code == 0, made.output
    assert "read back and opened" in made.output
    other = tmp_path / "other"
    typed = f"{code}\n2\n604188\n604188\n"
    done = run("restore", tmp_path / "stick", "--data", other, typed=typed)
    assert done.exit_code == 0, done.output + str(done.exception)
    assert "can sign in" in done.output
    told = run("journal", "verify", "--data", other)
    assert told.output.startswith("The journal is whole")


def test_a_folder_without_a_kiosk_is_called_that_and_no_fault_of_the_disk(tmp_path: Path) -> None:
    for command in (("journal", "verify"), ("backup", str(tmp_path / "copy")), ("vault", "wipe")):
        told = run(*command, "--data", tmp_path)
        assert told.exit_code == 2
        assert f"there is no kiosk in {tmp_path}" in told.output.replace("\n", " ")


def test_the_journal_is_verified_beside_a_running_kiosk_and_against_what_the_hub_heard(
    kiosk: tuple[Path, str], tmp_path: Path
) -> None:
    folder, _ = kiosk
    database = open_database(folder, clock=now)
    with database.reader() as repositories:
        head = repositories.journal.head()
    assert head is not None
    whole = run("journal", "verify", "--data", folder)
    assert (whole.exit_code, whole.output) == (0, f"The journal is whole: {head.number} entries.\n")
    heads = tmp_path / "heads"
    heads.write_text(json.dumps({"number": head.number + 5, "hash": "ab" * 32}))
    cut = run("journal", "verify", "--data", folder, "--heads", heads)
    assert (cut.exit_code, cut.output) == (
        1,
        f"Entry {head.number + 1} is the first that does not hold: it was cut off.\n",
    )
    heads.write_text(json.dumps({"number": 1, "hash": "ab" * 32}))
    anew = run("journal", "verify", "--data", folder, "--heads", heads)
    assert "Entry 1 is the first that does not hold: it was made anew." in anew.output
    with another_hand(database) as connection:
        connection.execute("UPDATE journal SET subject = 'somebody else' WHERE number = 2")
    bad = run("journal", "verify", "--data", folder)
    assert (bad.exit_code, bad.output) == (
        1,
        "Entry 2 is the first that does not hold: it was changed.\n",
    )
    database.close()


def test_the_journal_is_written_out_by_a_coordinator(kiosk: tuple[Path, str], tmp_path: Path) -> None:
    folder, _ = kiosk
    file = tmp_path / "journal.csv"
    done = run("journal", "export", file, "--data", folder, "--language", "ru", typed=f"{PIN}\n")
    assert done.exit_code == 0, done.output
    assert "Добавлен человек: Min-ji" in file.read_text(encoding="utf-8-sig")


def test_a_stolen_kiosk_erases_itself_as_soon_as_it_hears_the_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Argon2Parameters.__init__, "__defaults__", (1, 8, 1))
    folder = tmp_path / "data"
    with Hub(tmp_path / "hub") as hub:
        house = House(folder, clock=now, deliver=lambda call: call(), environment={})
        house.operators.make_first_coordinator(house.operators.first_start_code(), "Вера", PIN, "ru")
        house.enrol(hub.url, hub.server.kiosks.new_code())
        kiosk = house.facts.kiosk
        house.close()
        assert "erased" not in run("sync", "now", "--data", folder).output
        assert (folder / "kiosk.db").exists()
        hub.server.kiosks.order_wipe(kiosk)
        done = run("sync", "now", "--data", folder)
        assert "This kiosk has been erased by order of the agency." in done.output
        assert [path.name for path in folder.iterdir()] == ["kiosk.lock"]
        again = House(folder, clock=now, deliver=lambda call: call(), environment={})
        assert again.operators.names() == (), "it begins with its first start"
        again.close()

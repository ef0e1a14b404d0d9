"""The file for whoever helps from afar holds no mark of anybody, wherever a mark was put."""

import io
import json
import logging
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.journal import KIOSK, Action
from kiosk.operators import Role
from kiosk.store import Setting
from kiosk.support import CONTENTS, log_lines, support_bundle
from tests.flow.conftest import PIN, Kiosks
from tests.flow.test_staff import to_today
from tests.privacy.haystack import Needles, Search
from ui.commands import opora

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
NAME, CENTRE, PLACE, PRINTER = "Zorquix Vempjald", "Щудфёл Жмыр", "xandbrog pluv", "kystmizh-wuth"
NUMBER, TELEPHONE = "23456789012", "98765432101"
MARKS = (NAME, CENTRE, PLACE, PRINTER, NUMBER, TELEPHONE)


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    """A kiosk that somebody applied at, where everything that can hold a name holds a marked one."""
    kiosks = Kiosks(tmp_path / "data", tmp_path / "runtime")
    booth = kiosks.open()
    booth.reach_question()
    booth.type("/data/name", NAME)
    booth.press("forward")
    booth.type("/data/rooms", "2")
    booth.press("forward")
    booth.choose("/data/stove", "wood")
    booth.press("forward")
    while booth.view.screen != "check":
        booth.press("forward")
    booth.hand_in()
    booth.press("forward")
    booth.press("forward")
    booth.reach_question()
    booth.type("/data/name", PLACE)
    booth.press("forward")
    booth.conductor.begin_visit()
    signed_in = booth.desk.operators.sign_in(booth.desk.operators.names()[0].id, PIN)
    booth.desk.operators.add(signed_in, NAME, Role.VOLUNTEER, "604188", "en")

    def names(repositories: object) -> None:
        from kiosk.store import Repositories

        assert isinstance(repositories, Repositories)
        for setting, value in (
            (Setting.CENTRE_NAME, CENTRE),
            (Setting.CENTRE_ADDRESS, PLACE),
            (Setting.CENTRE_PHONE, TELEPHONE),
            (Setting.PRINTER, PRINTER),
            (Setting.HUB_URL, f"https://{PRINTER}.example/{NUMBER}"),
            (Setting.GLASS, NAME + "é"),
            (Setting.TIME_ZONE, CENTRE),
        ):
            repositories.settings.put(setting, value)
        repositories.journal.append(NOW, KIOSK, Action.BUG, f"ValueError {NAME}", {"at": f"{PLACE}:12"})
        repositories.journal.append(NOW, KIOSK, Action.BUG, "KeyError", {"at": "walk.py:183"})

    kiosks.lane.submit(names).result()
    (kiosks.folder / f"{NAME}.txt").write_text(NAME)
    kiosks.switch_off()
    return kiosks.folder


def hits(content: bytes, *marks: str) -> list[str]:
    search = Search(Needles(marks or MARKS))
    found = [str(hit) for hit in search.whole(content, "support")]
    assert search.searched > len(content), "it was opened"
    return found


LOG = (
    "Started opora-kiosk.service - Opora kiosk.",
    "ValueError at walk.py:183 > page.py:12",
    f"ValueError: {NAME} at walk.py:183",
    f"{NAME} at {PLACE}",
    "work in the writer lane failed: StoreFault",
    f"sqlite3: INSERT INTO answer VALUES ('{NUMBER}')",
)


def bundle(data: Path) -> bytes:
    return support_bundle(
        data, checks=(), versions={"opora": "0.2.0"}, unit={"ActiveState": "active"}, log=LOG, now=NOW
    )


def test_no_mark_is_in_it_and_what_helps_is(marked: Path) -> None:
    content = bundle(marked)
    assert hits(content) == []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    database = json.loads(files["database.json"])
    assert database["rows"]["application"] == 1
    assert database["rows"]["operator"] == 2
    assert database["revision"]
    assert {"kind": "KeyError", "at": "walk.py:183"} in database["bugs"]
    assert {"kind": "?", "at": "?"} in database["bugs"]
    assert len(database["journal"]["hash"]) == 64
    assert "ValueError at walk.py:183 > page.py:12" in files["log.txt"]
    assert "(3 lines of another shape are left out)" in files["log.txt"]
    assert json.loads(files["files.json"])["other files"] >= 1


def test_the_search_finds_what_would_have_leaked(marked: Path) -> None:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("log.txt", f"{NAME} said {NUMBER}" * 9)
    assert hits(body.getvalue())


def test_a_damaged_database_is_told_and_stops_nothing(marked: Path) -> None:
    (marked / "kiosk.db").write_bytes(b"no database" * 500)
    with zipfile.ZipFile(io.BytesIO(bundle(marked))) as archive:
        assert json.loads(archive.read("database.json"))["state"] == "DatabaseError"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_a_line_passes_only_in_one_of_our_own_shapes(text: str) -> None:
    passed, _ = log_lines([f"{text}: {NAME}", f"{NAME} {text}"])
    assert passed == []


def test_the_program_s_own_lines_pass(caplog: pytest.LogCaptureFixture) -> None:
    from ui.bugs import _log

    with caplog.at_level(logging.ERROR, logger="opora.bug"):
        try:
            raise ValueError(NAME)
        except ValueError as bug:
            _log(bug)
    (line,) = caplog.messages
    assert log_lines([line]) == ([line], 0)


def test_the_doctor_says_what_is_in_it_before_it_writes(marked: Path, tmp_path: Path) -> None:
    file = tmp_path / "help.zip"
    done = CliRunner().invoke(opora, ["doctor", "--support", str(file), "--data", str(marked)])
    assert done.exit_code == 0, done.output + str(done.exception)
    told = done.output.splitlines()
    assert told[1 : 1 + len(CONTENTS)] == [f"- {each}" for each in CONTENTS]
    assert len(told) < 24, "one screen of text"
    assert hits(file.read_bytes()) == []


def test_the_coordinator_writes_it_on_a_stick_from_their_page(tmp_path: Path) -> None:
    from kiosk.flow.sticks import Stick
    from tests.flow.booth import NoSticks, sentences

    stick = tmp_path / "BLUE"
    stick.mkdir()

    class OneStick(NoSticks):
        def find(self) -> tuple[Stick, ...]:
            return (Stick(stick, "BLUE", False),)

    kiosks = Kiosks(tmp_path / "data", tmp_path / "runtime")
    kiosks.no_sticks = OneStick()
    booth = kiosks.open()
    to_today(booth)
    booth.press("rules")
    booth.press("support")
    assert set(CONTENTS) <= {item for part in booth.view.body for item in getattr(part, "items", ())}
    booth.press("forward")
    (file,) = stick.iterdir()
    assert any(file.name in text for text in sentences(booth.view))
    assert hits(file.read_bytes()) == []
    kiosks.switch_off()

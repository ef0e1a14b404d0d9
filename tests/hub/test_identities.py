"""An agency's key may live outside the hub; the sealed original stays whatever opens it."""

import sys
from pathlib import Path

import pyrage
import pytest
from sqlalchemy import select

from kiosk.bech32 import decode, encode
from kiosk.errors import HubFault
from sync.hub.opening import Opener, PartState, identities_in
from sync.hub.reopening import reopen
from sync.hub.rows import PartRow
from tests.sync.parties import AGENCY_KEY, FORM_DIGEST, FORM_XML, Hub, Kiosk

PLUGIN = Path(__file__).with_name("age_plugin.py")


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An identity whose key only the plugin has."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "age-plugin-opentest"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} {PLUGIN} "$@"\n', encoding="ascii")
    program.chmod(0o755)
    (tmp_path / "key").write_bytes(decode(str(AGENCY_KEY).lower())[1])
    monkeypatch.setenv("OPENTEST_KEY", str(tmp_path / "key"))
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return encode("age-plugin-opentest-", b"which key").upper()


def test_key_that_a_plugin_keeps_opens_what_had_waited_for_it(tmp_path: Path, plugin: str) -> None:
    file = tmp_path / "identities.txt"
    file.write_text(f"# in the vault\n{plugin}\n", encoding="ascii")
    with Hub(tmp_path / "hub", identities=[]) as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        one = kiosk.store("314159265358979")
        assert kiosk.tried(carrier).done == 1
        with hub.database.transaction() as session:
            sealed = session.scalars(select(PartRow)).one()
            assert sealed.state == PartState.NO_KEY
        opener = Opener(identities_in(file), {FORM_DIGEST: FORM_XML})
        assert reopen(hub.database, opener) == 1
        with hub.database.transaction() as session:
            part = session.scalars(select(PartRow)).one()
        assert part.state == PartState.OPENED
        assert one.reference.encode() in (part.opened or b"")
        assert part.body == sealed.body, "the sealed original is kept"
        assert pyrage.decrypt(part.body, [AGENCY_KEY])


def test_plugin_that_is_not_installed_is_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "identities.txt"
    file.write_text(encode("age-plugin-nowhere-", b"which key").upper() + "\n", encoding="ascii")
    with pytest.raises(HubFault, match="keys could not be read"):
        identities_in(file)

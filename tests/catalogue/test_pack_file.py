"""A pack that is not whole, not ours or not readable is refused with a sentence, and never half installed."""

import json
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kiosk.catalogue import load_pack
from kiosk.catalogue.authoring import Built, build_pack
from kiosk.errors import PackFault


def _repacked(built: Built, target: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    with zipfile.ZipFile(built.path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target


def _relisted(files: dict[str, bytes], name: str, content: bytes) -> None:
    """Replaces a file and corrects the manifest, as a careless author or a clever attacker would."""
    files[name] = content
    manifest = json.loads(files["manifest.json"])
    manifest["files"][name] = {"size": len(content), "sha256": sha256(content).hexdigest()}
    files["manifest.json"] = json.dumps(manifest).encode()


def test_a_changed_form_is_noticed(built: Built, tmp_path: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        files["forms/home-help.xml"] = files["forms/home-help.xml"].replace(b"Cooking", b"Cookiny")

    with pytest.raises(PackFault, match=r"damaged or incomplete.*forms/home-help\.xml"):
        load_pack(_repacked(built, tmp_path / "p", change))


def test_a_missing_form_is_noticed(built: Built, tmp_path: Path) -> None:
    path = _repacked(built, tmp_path / "p", lambda files: files.pop("forms/home-help.xml"))
    with pytest.raises(PackFault, match="damaged or incomplete"):
        load_pack(path)


def test_a_file_that_no_manifest_lists_is_refused(built: Built, tmp_path: Path) -> None:
    path = _repacked(built, tmp_path / "p", lambda files: files.update({"../evil.sh": b"rm"}))
    with pytest.raises(PackFault, match="damaged or incomplete"):
        load_pack(path)


def test_a_pack_of_a_newer_format_asks_for_a_newer_kiosk(built: Built, tmp_path: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        files["manifest.json"] = files["manifest.json"].replace(b'"format": 1', b'"format": 2')

    with pytest.raises(PackFault, match="made for a newer Opora") as caught:
        load_pack(_repacked(built, tmp_path / "p", change))
    assert "up to date" in caught.value.advice.msgid


def test_names_that_an_older_kiosk_does_not_know_are_passed_over(built: Built, tmp_path: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        pack = json.loads(files["pack.json"])
        pack["words_for_search"] = {"en": ["warm"]}
        _relisted(files, "pack.json", json.dumps(pack).encode())

    assert load_pack(_repacked(built, tmp_path / "p", change)) == built.pack


def test_a_service_of_an_unknown_agency_is_named(built: Built, tmp_path: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        pack = json.loads(files["pack.json"])
        pack["services"][0]["agency"] = "nobody"
        _relisted(files, "pack.json", json.dumps(pack).encode())

    with pytest.raises(PackFault, match=r"birth-grant.*nobody"):
        load_pack(_repacked(built, tmp_path / "p", change))


def test_a_rule_whose_example_fails_does_not_install(built: Built, tmp_path: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        pack = json.loads(files["pack.json"])
        travel = next(each for each in pack["services"] if each["id"] == "travel-pass")
        travel["criteria"]["all"][0]["at_least"] = 66
        _relisted(files, "pack.json", json.dumps(pack).encode())

    with pytest.raises(PackFault, match=r"travel-pass.*“no” where “likely”"):
        load_pack(_repacked(built, tmp_path / "p", change))


@given(data=st.data())
def test_a_flipped_bit_never_changes_what_is_read(
    built: Built, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Refused, or (in what a zip says of times and rights) without any effect; never another pack."""
    raw = bytearray(built.path.read_bytes())
    place = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[place // 8] ^= 1 << place % 8
    spoilt = tmp_path_factory.mktemp("bit") / "p"
    spoilt.write_bytes(raw)
    try:
        read = load_pack(spoilt)
    except PackFault:
        return
    assert read == built.pack


@given(content=st.binary(max_size=400))
def test_any_bytes_are_refused_with_a_sentence(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("bytes") / "p"
    path.write_bytes(content)
    with pytest.raises(PackFault):
        load_pack(path)


def test_a_file_that_is_not_there_says_where_to_look(tmp_path: Path) -> None:
    with pytest.raises(PackFault, match="could not be read") as caught:
        load_pack(tmp_path / "absent.opora-pack")
    assert "stick" in caught.value.advice.msgid


def test_only_the_trusted_signer_s_pack_is_taken(sources: Path, tmp_path: Path) -> None:
    agency, stranger = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    signed = build_pack(sources, tmp_path / "p", signing_key=agency.private_bytes_raw()).path
    unsigned = build_pack(sources, tmp_path / "u").path

    assert load_pack(signed, agency.public_key().public_bytes_raw()).id == "linden-demo"
    for path, key in ((signed, stranger), (unsigned, agency)):
        with pytest.raises(PackFault, match="not signed by anyone"):
            load_pack(path, key.public_key().public_bytes_raw())

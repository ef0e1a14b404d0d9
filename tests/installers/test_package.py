"""What the Debian package is made of; that it installs is `make test-install`."""

import re
import tomllib
from email.parser import Parser
from importlib import metadata
from pathlib import Path

from installers.payload import build, contents
from kiosk.store.migrations import newest_revision

ROOT = Path(__file__).parents[2]
DEBIAN = ROOT / "installers" / "debian"
SESSION = ROOT / "installers" / "session"
READ_BY = {
    "kiosk/texts.py": "assets/texts/",
    "kiosk/store/migrations/__init__.py": "kiosk/store/migrations/",
    "kiosk/catalogue/demo.py": "assets/demo/",
    "kiosk/voice/render.py": "",
    "ui/widgets/brush.py": "assets/icons/",
    "sync/hub/migrations/run.py": "sync/hub/migrations/",
}
"""Modules that find a file by where they lie themselves, and where it lies; blank where the package has no
need of it."""


def listed(path: Path) -> list[str]:
    lines = (line.partition("#")[0].strip() for line in path.read_text().splitlines())
    return [line for line in lines if line]


def control(field: str) -> set[str]:
    package = Parser().parsestr((DEBIAN / "control").read_text().partition("\n\n")[2])
    return {re.split(r"[\s(|]", word.strip())[0] for word in package[field].split(",") if word.strip()}


def required(*extras: str) -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    further = (each for extra in extras for each in project["optional-dependencies"][extra])
    return [*project["dependencies"], *further]


def places() -> dict[str, str]:
    return {line.split()[0]: line.split()[1] for line in listed(DEBIAN / "places.txt")}


def test_every_file_that_a_module_looks_for_beside_itself_is_packaged() -> None:
    looking = {
        path.relative_to(ROOT).as_posix()
        for room in contents.ROOMS
        for path in (ROOT / room).rglob("*.py")
        if "__file__" in path.read_text()
    }
    assert looking == READ_BY.keys()
    files = [str(file) for file in contents.our_files(ROOT)]
    for place in READ_BY.values():
        assert any(file.startswith(place) for file in files)


def test_every_migration_icon_and_language_is_packaged() -> None:
    files = {str(file) for file in contents.our_files(ROOT)}
    for folder, pattern in (
        ("assets", "*.svg"),
        ("assets", "*.mo"),
        ("kiosk", "r0*.py"),
        ("sync", "00*_*.py"),
    ):
        found = {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob(pattern)}
        assert found
        assert found <= files


def test_nothing_of_qt_that_we_may_not_or_need_not_ship_is_packaged() -> None:
    files = [
        str(file) for name in ("PySide6_Essentials", "PySide6_Addons") for file in metadata.files(name) or ()
    ]
    assert any("qtvirtualkeyboard" in file for file in files), "the wheels have changed: look what they hold"
    kept = [
        file for file in files if file.startswith("PySide6/") and ".so" in file and contents.is_wanted(file)
    ]
    assert len(kept) > 20
    unwanted = re.compile(
        "VirtualKeyboard|WebEngine|Qml|Quick|Designer|gtk3|av(codec|format|util)", re.IGNORECASE
    )
    assert [file for file in kept if unwanted.search(file)] == []
    for needed in (
        "libqxcb",
        "libqwayland",
        "libqoffscreen",
        "libxdg-shell",
        "libqsvg",
        "libQt6Multimedia.so",
    ):
        assert any(needed in file for file in kept), needed


def test_nothing_that_tells_where_it_was_built_is_packaged() -> None:
    about = "keyring-25.7.0.dist-info"
    assert not any(
        contents.is_wanted(f"{about}/{name}") for name in ("RECORD", "INSTALLER", "direct_url.json")
    )
    assert all(contents.is_wanted(f"{about}/{name}") for name in ("METADATA", "entry_points.txt"))


def test_no_test_and_no_authors_tool_is_packaged() -> None:
    assert "tests" not in contents.ROOMS
    assert {"pyxform", "pytest", "psycopg"} <= set(contents.LEFT_OUT)


def test_the_packages_lock_pins_what_the_lock_pins() -> None:
    pin = re.compile(r"^([a-z0-9.-]+)==([^ ]+)", re.MULTILINE)
    whole = dict(pin.findall((ROOT / "requirements.lock").read_text()))
    packaged = dict(pin.findall(build.LOCK.read_text()))
    needed = (
        re.split(r"[ ;<>=\[]", each)[0].lower().replace("_", "-") for each in required("kiosk", "package")
    )
    assert set(needed) <= packaged.keys()
    assert {name: whole.get(name) for name in packaged} == packaged


def test_the_package_depends_on_every_system_package_that_the_product_needs() -> None:
    assert set(listed(ROOT / "installers" / "packages.txt")) - {"python3-venv"} <= control("Depends")
    assert set(listed(SESSION / "packages.txt")) <= control("Recommends") | control("Depends")


def test_every_part_of_the_session_has_its_place_and_exists() -> None:
    here = {path.name for path in SESSION.iterdir()} - {"README.md", "packages.txt"}
    assert {Path(source).name for source in places() if source.startswith("session/")} == here
    for source, target in places().items():
        told = Path(source).name
        assert Path(target).name == told or told.startswith("opora-kiosk."), source


def test_the_units_start_what_the_package_brings() -> None:
    brought = {"/" + target for target in places().values()} | {"/usr/bin/opora"}
    for unit in SESSION.glob("*.service"):
        for line in unit.read_text().splitlines():
            key, _, command = line.partition("=")
            if key in ("ExecStart", "ExecStop"):
                ours = [
                    word
                    for word in command.lstrip("-").split()
                    if "opora" in word and word.startswith("/usr")
                ]
                assert set(ours) <= brought, unit.name
            if key == "User":
                assert f"u {command} " in (DEBIAN / "opora.sysusers").read_text()


def test_the_package_says_how_its_store_looks() -> None:
    """A way back to an older program is taken only where that reads the same store (kiosk/updates)."""
    assert f"\nXB-Opora-Schema: {newest_revision()}\n" in (DEBIAN / "control").read_text()


def test_the_package_says_the_products_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert (DEBIAN / "changelog").read_text().startswith(f"opora ({version}) ")
    assert f'<release version="{version}"' in (DEBIAN / "org.opora.Opora.metainfo.xml").read_text()
    for page in DEBIAN.glob("*.[18]"):
        assert f"Opora {version}" in page.read_text().splitlines()[0]

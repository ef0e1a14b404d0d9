"""`make test-install`: the package on a fresh Debian, from apt to purge, a line for each thing that holds.

Nothing outside build/test-install is touched. What the tour saw and printed lies there afterwards: pictures,
receipt.pdf, spoken.txt. Ends with 1 where a check failed.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from PIL import Image

from installers import deb
from installers.checking import Checks, Failed, held
from installers.fresh_root import FreshRoot, Said
from installers.later_package import make_later
from kiosk.updates.spool import SPOOLED

ROOT: Final = Path(__file__).resolve().parents[1]
PLACE: Final = ROOT / "build" / "test-install"
USER: Final = "opora-kiosk"
DATA: Final = "/var/lib/opora"
UNITS: Final = (
    "opora-kiosk.service",
    "opora-kiosk-later.service",
    "opora-stick@sdb1.service",
    "opora-update.path",
    "opora-update.service",
)
ITS_OWN: Final = (DATA, "/tmp", "/var/tmp", "/dev", "/proc", "/run")
"""Where a user may write on any Debian, and the kiosk's data."""
NOT_INSIDE: Final = re.compile(
    r"virtualkeyboard|webengine|libqt6(?:qml|quick)|pyxform|/tests?/", re.IGNORECASE
)

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
HEADLESS: Final = {
    "WLR_BACKENDS": "headless",
    "WLR_LIBINPUT_NO_DEVICES": "1",
    "WLR_RENDERER": "pixman",
    # A single full-screen window is shown without being composed, and a picture of that is black; a screen
    # that is turned has to be composed.
    "OPORA_CAGE_OPTIONS": "-r -r",
}
SESSION: Final = """
cd
/usr/lib/opora/session/kiosk-session /usr/bin/opora kiosk >/tmp/session.log 2>&1 &
kiosk=$!
for second in $(seq 120); do
    sleep 1
    kill -0 $kiosk || { cat /tmp/session.log >&2; exit 1; }
    screen=$(cd "$XDG_RUNTIME_DIR" && ls | grep -m1 '^wayland-[0-9]*$') || continue
    WAYLAND_DISPLAY=$screen grim /tmp/now.png 2>/dev/null || continue
    # The second page that stands still: the first only says that the kiosk opens.
    if [ -e /tmp/opens.png ] && ! cmp -s /tmp/now.png /tmp/opens.png; then
        cmp -s /tmp/now.png /tmp/session.png && break
    fi
    [ -e /tmp/opens.png ] || [ "$(stat -c %s /tmp/now.png)" -lt 9000 ] || cp /tmp/now.png /tmp/opens.png
    mv /tmp/now.png /tmp/session.png
done
head -c 1 /proc/$kiosk/environ 2>/dev/null | grep -q . && { echo "its memory is open" >&2; exit 1; }
kill -TERM $kiosk
wait $kiosk || { status=$?; cat /tmp/session.log >&2; exit $status; }
echo "on the glass within $second s"
"""
"""The unit's own command line, but for systemd; the picture and what was said lie in /tmp."""


class Fresh:
    """The root, the package, and what checks tell each other."""

    def __init__(self, root: FreshRoot, package: Path) -> None:
        self.root = root
        self.package = package
        self.before: dict[str, str] = {}

    def must(self, *command: str, user: str = "", environment: Mapping[str, str] = NOTHING) -> Said:
        """Runs it in the root; Failed where it ends otherwise than well."""
        said = self.root.run(*command, user=user, environment=environment)
        if said.status:
            raise Failed(
                f"{' '.join(command)} ended with {said.status}: {(said.err or said.out)[-800:].strip()}"
            )
        return said

    def apt(self, *words: str) -> Said:
        return self.must("apt-get", "-y", "-o", "Dpkg::Use-Pty=0", *words)

    def kiosk(self, *words: str) -> Said:
        """`opora …` as the kiosk's own user, with no display."""
        return self.must("opora", *words, user=USER, environment={"QT_QPA_PLATFORM": "offscreen"})

    def data(self) -> dict[str, str]:
        """SHA-256 of each file that the kiosk keeps, by name."""
        folder = self.root.path / DATA.lstrip("/")
        files = [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []
        return {
            str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
        }

    def installed_files(self) -> list[str]:
        return self.must("dpkg", "-L", "opora").out.splitlines()


CHECKS = Checks[Fresh]()
check = CHECKS.check


@check("lintian says nothing")
def lintian(fresh: Fresh) -> str:
    said = subprocess.run(
        ["lintian", "--allow-root", "--fail-on", "error,warning", fresh.package], capture_output=True
    )
    if said.returncode:
        raise Failed(said.stdout.decode()[-800:])
    listed = deb.ROOT / "installers/debian/opora.lintian-overrides"
    return f"but for {sum(line[:1] not in '#' for line in listed.read_text().splitlines())} listed overrides"


@check("apt installs it from Debian's own packages")
def installs(fresh: Fresh) -> str:
    fresh.apt("-q", "update")
    shutil.copy(fresh.package, fresh.root.path / "root" / fresh.package.name)
    began = time.monotonic()
    said = fresh.apt("install", f"/root/{fresh.package.name}")
    new = re.search(r"(\d+) newly installed", said.out)
    fetched = re.search(r"Need to get (?:\S+ \S+/)?(\S+ \S+) of archives", said.out)
    room = re.search(r"After this operation, (\S+ \S+) of additional", said.out)
    kept = fresh.must("dpkg-query", "-W", "-f", "${Status}", "opora").out
    if kept != "install ok installed":
        raise Failed(kept)
    count, size, more = (found[1] if found else "?" for found in (new, fetched, room))
    took = time.monotonic() - began
    return f"{count} packages, {size} to download with it, {more} on the disk, in {took:.0f} s"


@check("it has a user of its own, with no password and no shell")
def user(fresh: Fresh) -> str:
    known = fresh.must("getent", "passwd", USER).out.strip().split(":")
    locked = fresh.must("passwd", "--status", USER).out.split()[1]
    if known[5:] != [DATA, "/usr/sbin/nologin"] or locked not in ("L", "LK"):
        raise Failed(f"{known}, password {locked}")
    groups = fresh.must("id", "-Gn", USER).out.strip()
    if groups != USER:
        raise Failed(f"also in {groups}")
    return f"number {known[2]}"


@check("its data lies in a folder that nobody else may open")
def folder(fresh: Fresh) -> str:
    rights = fresh.must("stat", "-c", "%U:%G %a", DATA).out.strip()
    if rights != f"{USER}:{USER} 700":
        raise Failed(rights)
    return rights


@check("no part of it can be written by the kiosk's own user")
def unwritable(fresh: Fresh) -> str:
    away = [word for place in ITS_OWN for word in ("-path", place, "-prune", "-o")]
    said = fresh.root.run(
        "find", "/", *away, "(", "-writable", "-a", "!", "-type", "l", ")", "-print", user=USER
    )
    found = [line for line in said.out.splitlines() if line]
    if found:
        raise Failed(", ".join(found[:5]))
    files = fresh.installed_files()
    return f"{len(files)} files and folders of the package, and all others of the system"


@check("no virtual keyboard of Qt, no web engine, no QML, no test is in it")
def inside(fresh: Fresh) -> str:
    found = [path for path in fresh.installed_files() if NOT_INSIDE.search(path)]
    if found:
        raise Failed(", ".join(found[:5]))
    return ""


@check("no library of it looks for one that is not there")
def libraries(fresh: Fresh) -> str:
    script = (
        "find /usr/lib/opora -type f -name '*.so*' -exec ldd {} + 2>/dev/null"
        " | awk '/^\\//{file=$1} /not found/{print file, $1}'"
    )
    # An extension of Python finds the libraries of its package once the package has loaded them.
    lacking = {
        line
        for line in fresh.must("sh", "-c", script).out.splitlines()
        if "_internal" not in line.split()[-1]
    }
    lost = {line for line in lacking if not _brought(fresh, line.split()[1])}
    if lost:
        raise Failed("; ".join(sorted(lost)[:5]))
    return ""


def _brought(fresh: Fresh, library: str) -> bool:
    return any((fresh.root.path / "usr/lib/opora/_internal").rglob(library))


@check("systemd finds nothing wrong with its units")
def units(fresh: Fresh) -> str:
    said = fresh.must(
        "systemd-analyze", "verify", "--man=no", *(f"/lib/systemd/system/{unit}" for unit in UNITS)
    )
    about = [line for line in said.err.splitlines() if "opora" in line]
    if about:
        raise Failed("; ".join(about))
    return ", ".join(UNITS)


@check("installing it does not make the computer a kiosk")
def not_enabled(fresh: Fresh) -> str:
    said = fresh.root.run("systemctl", "is-enabled", "opora-kiosk.service")
    if said.out.strip() != "disabled":
        raise Failed(said.out + said.err)
    return said.out.strip()


@check("`opora-kiosk-session on` does, and `off` leaves no trace")
def session(fresh: Fresh) -> str:
    etc = fresh.root.path / "etc"
    before = {path for path in etc.rglob("*") if "opora" in str(path)}
    # The running system is this machine's: the switch works on the root as on an image.
    fresh.must("opora-kiosk-session", "on", "--root", "/.")
    on = fresh.root.run("systemctl", "is-enabled", "opora-kiosk.service").out.strip()
    laid = {path for path in etc.rglob("*") if "opora" in str(path)} - before
    fresh.must("opora-kiosk-session", "off", "--root", "/.")
    left = {path for path in etc.rglob("*") if "opora" in str(path) and not path.is_dir()} - before
    if on != "enabled" or left:
        raise Failed(f"{on}; left behind: {sorted(map(str, left))}")
    return f"{len(laid)} files laid down and taken away"


@check("`opora --version` is the source's")
def version(fresh: Fresh) -> str:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    said = fresh.kiosk("--version").out.strip()
    if said.split()[-1] != wanted:
        raise Failed(said)
    return said


@check("`opora doctor` finds nothing broken, as the kiosk's user")
def doctor(fresh: Fresh) -> str:
    said = {language: fresh.kiosk("doctor", "--language", language).out for language in ("en", "ru", "ko")}
    lines = said["en"].splitlines()
    if (
        any("[broken]" in line for line in lines)
        or len({len(each.splitlines()) for each in said.values()}) != 1
    ):
        raise Failed("; ".join(lines))
    for language, text in said.items():
        (PLACE / f"doctor-{language}.txt").write_text(text)
    return f"{len(lines)} lines in each of {len(said)} languages"


@check("the tour walks a whole application to the agency's answer")
def tour(fresh: Fresh) -> str:
    said = fresh.kiosk("tour", "--out", f"{DATA}/tour")
    seen = fresh.root.path / DATA.lstrip("/") / "tour"
    for name in ("receipt.pdf", "spoken.txt", "tour.json"):
        shutil.copy(seen / name, PLACE)
    pictures = sorted(seen.glob("*.png"))
    for picture in pictures:
        shutil.copy(picture, PLACE)
    shutil.rmtree(seen)
    if not pictures or not (PLACE / "receipt.pdf").read_bytes().startswith(b"%PDF"):
        raise Failed(said.out)
    return f"{len(pictures)} pictures, {said.out.splitlines()[0].rpartition(': ')[2]}"


@check("a kiosk begins: its store is made, its journal is whole, it has services to practise with")
def begins(fresh: Fresh) -> str:
    code = fresh.kiosk("doctor", "--first-start").out
    fresh.kiosk("journal", "verify")
    fresh.kiosk("sync", "status")
    services = fresh.kiosk("pack", "install").out
    if not re.search(r"(\d{4} ){3}\d{4}", code):
        raise Failed(code)
    return f"{len(fresh.data())} files; {services.strip()}"


@check("a signed release of the program takes its place, and the way back leads to the one before")
def renewed(fresh: Fresh) -> str:
    make_later(fresh.package, fresh.root.path / "root/later.deb", PLACE)
    release, before, took = f"/root/release/{SPOOLED}", fresh.data(), []
    fresh.must("mkdir", "/root/release")
    fresh.must("opora", "update", "keys", "/root/keys")
    fresh.must("opora", "update", "make", release, "--keys", "/root/keys", "--application", "/root/later.deb")
    fresh.must("sh", "-c", f"echo y | opora update trust-application {release}")
    versions = []
    for words in (("/root/release",), ("--back",)):
        began = time.monotonic()
        said = fresh.must("opora", "update", "install", *words).out.strip()
        took.append(time.monotonic() - began)
        version = fresh.must("dpkg-query", "-W", "-f", "${db:Status-Abbrev} ${Version}", "opora").out
        versions.append(version.removeprefix("ii").strip())
        fresh.must("opora", "--version")
        if said != "installed":
            raise Failed(f"{' '.join(words)}: {said}, {version}")
    later, back = versions
    if later != f"{back}+next" or fresh.data() != before:
        raise Failed(f"{later}, then {back}; {len(fresh.data())} files for {len(before)}")
    unlike = fresh.must("dpkg", "--verify", "opora").out
    if unlike:
        raise Failed(unlike)
    return f"{later} after {took[0]:.0f} s, {back} again after {took[1]:.0f} s, each file as it was"


@check("under cage, on a screen in memory, the kiosk shows itself and ends when asked")
def under_cage(fresh: Fresh) -> str:
    fresh.apt("install", "grim")
    said = fresh.must("sh", "-c", SESSION, user=USER, environment=HEADLESS)
    shutil.copy(fresh.root.path / "tmp/session.png", PLACE)
    with Image.open(PLACE / "session.png") as picture:
        colours = len(picture.convert("RGB").getcolors(1 << 24) or ())
        size = "×".join(map(str, picture.size))
    if colours < 16:
        raise Failed(f"{colours} colours; {said.out} {said.err}")
    return f"{size}, {colours} colours; {said.out.strip()}"


@check("after `apt remove` the program is gone and the data is as it was")
def removed(fresh: Fresh) -> str:
    fresh.before = fresh.data()
    said = fresh.apt("remove", "opora")
    if (fresh.root.path / "usr/lib/opora").exists() or (fresh.root.path / "usr/bin/opora").exists():
        raise Failed("parts of the program are still there")
    if fresh.data() != fresh.before or not fresh.before:
        raise Failed("the data has changed")
    if DATA not in said.out + said.err:
        raise Failed("nobody was told where the data is")
    return f"{len(fresh.before)} files, equal to the byte"


@check("installed again, it is the same kiosk")
def again(fresh: Fresh) -> str:
    fresh.apt("install", f"/root/{fresh.package.name}")
    fresh.kiosk("doctor")
    fresh.kiosk("journal", "verify")
    if not fresh.before.keys() <= fresh.data().keys():
        raise Failed("files are missing")
    return ""


@check("`apt purge` says what it deletes, and deletes it")
def purged(fresh: Fresh) -> str:
    said = fresh.apt("purge", "opora")
    warnings = [line for line in (said.out + said.err).splitlines() if line.startswith("WARNING")]
    if (fresh.root.path / DATA.lstrip("/")).exists() or not warnings or DATA not in warnings[0]:
        raise Failed(said.err)
    return warnings[0]


@check("nothing of it is left")
def nothing_left(fresh: Fresh) -> str:
    away = (
        "-path",
        "/proc",
        "-prune",
        "-o",
        "-path",
        "/root",
        "-prune",
        "-o",
        "-path",
        "/var/cache/apt",
        "-prune",
        "-o",
    )
    left = fresh.must("find", "/", *away, "-iname", "*opora*", "-print").out.split()
    # dpkg's own lists of enabled services outlive a package (deb-systemd-helper(1p)).
    left = [path for path in left if not path.startswith("/var/lib/systemd/deb-systemd-")]
    if left:
        raise Failed(", ".join(left))
    return "but its user's name and number, which Debian never gives to another"


def main() -> None:
    chosen = argparse.ArgumentParser(description=__doc__)
    chosen.add_argument("--package", type=Path, help="this one, instead of what `make deb` makes")
    chosen.add_argument("--keep", action="store_true", help="leave the root for somebody to look at")
    options = chosen.parse_args()
    if os.geteuid() != 0:
        sys.exit("A root with namespaces of its own is for root to make: sudo make test-install")
    package = options.package or deb.build()
    PLACE.mkdir(parents=True, exist_ok=True)
    for old in (*PLACE.glob("*.png"), *PLACE.glob("*.txt"), *PLACE.glob("*.pdf")):
        old.unlink()
    root = FreshRoot(PLACE)
    root.unpack()
    lines = list(CHECKS.table(Fresh(root, package)))
    (PLACE / "table.txt").write_text("\n".join(lines) + "\n")
    if not options.keep:
        root.remove()
    sys.exit(0 if held(lines) else 1)


if __name__ == "__main__":
    main()

"""The application itself, taken up by root: ``opora update install``, run by ``opora-update.service``.

The kiosk's own user can replace nothing of its program, so it only lays a release where root looks
(:mod:`kiosk.updates.spool`). Root believes none of that: it copies the file, and checks signatures, number,
package and version against what is kept in a folder of its own. Whose releases it takes, whoever looks after
the machine has said once (``opora update trust-application FILE``).

What is under way is written down before dpkg begins. A power cut leaves dpkg's own half states, which the
next start carries on: ``dpkg --configure`` for what was unpacked, then the same package once more.

The version before is kept as a package. One that came otherwise, the first of all at the latest, is packed
again from what is installed (dpkg-repack), so that there is a way back from the first update too.
"""

import hashlib
import json
import logging
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path

from kiosk.errors import Message, PackFault
from kiosk.store.engine import put_in_place
from kiosk.texts import N_
from kiosk.updates.bundle import chunks_of, read_bodies, read_head
from kiosk.updates.release import MOST_BODY, Kind, Target, damaged, nobody_trusted, unusable
from kiosk.updates.shelf import Shelf
from kiosk.updates.spool import architecture
from kiosk.updates.trust import Head, Seen, check_root, fingerprint

log = logging.getLogger(__name__)

PACKAGE = "opora"
SCHEMA = "Opora-Schema"
"""A package's field: the store's version that it brings."""
STATE = "state.json"
_MOST_SPOOLED = MOST_BODY + 16 * 1024 * 1024


class Outcome(StrEnum):
    NOTHING = "nothing"
    """There is nothing newer."""
    INSTALLED = "installed"
    WENT_BACK = "went-back"
    """The new package could not be installed; the one before was put back."""


@dataclass(frozen=True, slots=True)
class _State:
    """What root knows. ``installing`` and ``before`` are digests of packages on its shelf."""

    root: str = ""
    number: int | None = None
    digest: str = ""
    installing: str = ""
    before: str = ""
    installed: str = ""


class Dpkg:
    """dpkg over the system at ``root``."""

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root

    def architecture(self) -> str:
        return architecture()

    def installed(self) -> str:
        """The version of the package; blank where it is not installed whole."""
        status, _, version = self._said("${db:Status-Status} ${Version}").partition(" ")
        return version if status == "installed" else ""

    def repacked(self, folder: Path) -> Path:
        """What is installed, as a package again, in the empty ``folder``: some ten seconds."""
        self._made("dpkg-repack", f"--root={self._root}", "--tag=none", "--generate", PACKAGE, cwd=folder)
        (tree,) = folder.iterdir()
        # It leaves out a field that is nobody's but ours.
        if schema := self._said(f"${{{SCHEMA}}}"):
            with (tree / "DEBIAN/control").open("a", encoding="utf-8") as control:
                control.write(f"{SCHEMA}: {schema}\n")
        # Packed quickly, not tightly: it is kept for one version's time.
        package = folder / "before.deb"
        self._made("dpkg-deb", "-Zgzip", "-z1", "--build", str(tree), str(package), cwd=folder)
        return package

    def _made(self, *what: str, cwd: Path) -> None:
        done = _ran(*what, cwd=cwd)
        if done.returncode:
            raise unusable(PACKAGE, f"the present version cannot be kept: {done.stderr.strip()[-200:]}")

    def size(self) -> int:
        """Of what is installed, in bytes, about."""
        said = self._said("${Installed-Size}")
        return int(said) * 1024 if said.isdecimal() else 0

    def _said(self, form: str) -> str:
        """Of the package, in dpkg-query's form; blank where dpkg does not know it."""
        return _ran("dpkg-query", f"--root={self._root}", "-W", "-f", form, PACKAGE).stdout.strip()

    def field(self, package: Path, name: str) -> str:
        done = _ran("dpkg-deb", "--field", str(package), name)
        if done.returncode:
            raise damaged(done.stderr.strip()[-200:])
        return done.stdout.strip()

    def is_newer(self, one: str, other: str) -> bool:
        return _ran("dpkg", "--compare-versions", one, "gt", other).returncode == 0

    def lacks(self, package: Path) -> str:
        """What this package needs and the system has not, in apt's words; blank for nothing. Asked before
        dpkg begins, which would find out in the middle."""
        if self._root != Path("/"):
            return ""
        with tempfile.TemporaryDirectory() as folder:
            # apt takes no file for a package whose name does not end so.
            named = Path(folder) / f"{PACKAGE}.deb"
            named.symlink_to(package.absolute())
            done = _ran("apt-get", "install", "--simulate", "--no-download", "--quiet=2", str(named))
        return "" if done.returncode == 0 else done.stderr.strip()[-300:] or "apt-get"

    def install(self, package: Path) -> bool:
        return self._done("--install", str(package))

    def configure(self) -> bool:
        """Ends what a power cut left half done."""
        return self._done("--configure", "--pending")

    def _done(self, *what: str) -> bool:
        # A configuration file that somebody changed on this machine stays as it is.
        done = _ran("dpkg", f"--root={self._root}", "--force-confold", "--force-confdef", *what)
        if done.returncode:
            log.error("dpkg: %s", done.stderr.strip()[-500:])
        return done.returncode == 0


def _ran(*what: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    # dpkg refuses to begin where it does not find ldconfig, which is in an administrator's folders alone.
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8", "PATH": path}
    return subprocess.run(  # noqa: S603 - no shell, and every word is ours or a path of root's
        what,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


class Installer:
    """Root's side; ``folder`` is root's alone. Raises :class:`~kiosk.errors.PackFault` where it refuses, and
    StoreFault where the disk does."""

    def __init__(self, folder: Path, dpkg: Dpkg) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._dpkg = dpkg
        self._shelf = Shelf(folder / "packages", leave_free=0)
        self._repacking = folder / "repacking"

    def trust(self, root: bytes) -> str:
        """Returns the number that was compared."""
        check_root(root)
        self._keep(replace(_State(), root=root.decode(), installed=self._state().installed))
        return fingerprint(root)

    def install(self, spooled: Path) -> Outcome:
        """Takes the release in ``spooled`` up, where it holds a newer application for this machine."""
        self.recover()
        copied = self._copied(spooled)
        try:
            state, package = self._believed(copied)
        finally:
            copied.unlink(missing_ok=True)
        if package is None:
            return Outcome.NOTHING
        self._keep(replace(state, installing=package, installed=self._present(state)))
        return self._carry_on()

    def recover(self) -> Outcome:
        """At every start of the machine: goes on with what was cut off."""
        shutil.rmtree(self._repacking, ignore_errors=True)
        return self._carry_on() if self._state().installing else Outcome.NOTHING

    def back(self) -> Outcome:
        """Puts the package before in the place of the present one, for whoever looks after the machine.

        A version that wrote the store in a newer way cannot be gone back from: the older one would refuse it.
        """
        state = self._state()
        if not state.before or not self._shelf.has(state.before):
            raise PackFault(
                Message(N_("There is no earlier version on this kiosk.")),
                Message(N_("The kiosk goes on with what it has.")),
            )
        kept = (state.before, state.installed)
        schemas = {self._field(digest, SCHEMA) for digest in kept if digest}
        if len(schemas) > 1:
            raise unusable(state.before[:12], "the older version cannot read what the newer one has stored")
        self._keep(replace(state, installing=state.before))
        return self._carry_on()

    def _carry_on(self) -> Outcome:
        """What dpkg says is installed counts, not how it ended: it may be killed when all is done."""
        state = self._state()
        self._dpkg.configure()
        self._dpkg.install(self._shelf.path(state.installing))
        if self._stands(state.installing):
            outcome, now, before = Outcome.INSTALLED, state.installing, state.installed or state.before
        else:
            outcome, now, before = Outcome.WENT_BACK, state.installed, state.before
            if now:
                self._dpkg.install(self._shelf.path(now))
                if not self._stands(now):
                    # What is under way stays written down: the next start tries again.
                    raise unusable(PACKAGE, "neither this version nor the one before could be installed")
        before = "" if before == now else before
        self._keep(replace(state, installing="", installed=now, before=before))
        self._shelf.sweep({each for each in (now, before) if each})
        return outcome

    def _stands(self, digest: str) -> bool:
        """Whether this package is what is installed, whole."""
        return self._field(digest, "Version") == self._dpkg.installed() != ""

    def _believed(self, file: Path) -> tuple[_State, str | None]:
        state = self._state()
        if not state.root:
            raise nobody_trusted()
        seen = None if state.number is None else Seen(state.number, state.digest)
        believed = Head.reading(read_head(file)).believed(state.root.encode(), seen)
        release, architecture = believed.release, self._dpkg.architecture()
        target = next((each for each in release.of(Kind.APPLICATION) if each.id == architecture), None)

        def take(each: Target, chunks: Iterator[bytes]) -> None:
            if each == target:
                self._shelf.receive(each.digest, each.size, chunks)
            else:
                for _ in chunks:
                    pass

        read_bodies(file, release, take)
        root = believed.root.decode()
        state = replace(state, root=root, number=release.number, digest=release.digest)
        if target is None or not self._shelf.has(target.digest):
            self._keep(state)
            return state, None
        newer = self._checked(self._shelf.path(target.digest), target)
        self._keep(state)
        return state, target.digest if newer else None

    def _checked(self, package: Path, target: Target) -> bool:
        """Whether it is newer than what is installed."""
        name, version, made_for = (
            self._dpkg.field(package, field) for field in ("Package", "Version", "Architecture")
        )
        if (name, version) != (PACKAGE, target.version) or made_for not in (target.id, "all"):
            raise unusable(f"{target.id} {target.version}"[:80], f"holds {name} {version} {made_for}"[:120])
        present = self._dpkg.installed()
        if version == present:
            return False
        if present and not self._dpkg.is_newer(version, present):
            raise unusable(version, f"older than {present}")
        lacking = self._dpkg.lacks(package)
        if lacking:
            raise unusable(version, lacking)
        return True

    def _present(self, state: _State) -> str:
        """The package of what is installed, on the shelf. Blank where dpkg says that nothing is, whole."""
        present = self._dpkg.installed()
        if not present:
            return state.installed
        if state.installed and self._field(state.installed, "Version") == present:
            return state.installed
        # A copy of its files, and the package made of them.
        self._shelf.make_room(2 * self._dpkg.size())
        self._repacking.mkdir(mode=0o700)
        try:
            package = self._dpkg.repacked(self._repacking)
            with package.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            self._shelf.receive(digest, package.stat().st_size, chunks_of(package))
        finally:
            shutil.rmtree(self._repacking)
        return digest

    def _field(self, digest: str, name: str) -> str:
        """Of a package on the shelf; blank where it is not there, whole, or says nothing of it."""
        try:
            return self._dpkg.field(self._shelf.path(digest), name)
        except PackFault:
            return ""

    def _copied(self, spooled: Path) -> Path:
        """Into root's own folder: what is checked is what is installed, whoever writes there meanwhile."""
        copy = self._folder / "incoming"
        try:
            descriptor = os.open(spooled, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            raise damaged(error.strerror or "") from error
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode) or about.st_size > _MOST_SPOOLED:
            os.close(descriptor)
            raise damaged("no file, or too large")
        with os.fdopen(descriptor, "rb") as source, copy.open("wb") as target:
            shutil.copyfileobj(source, target, 1024 * 1024)
        return copy

    def _state(self) -> _State:
        try:
            return _State(**json.loads((self._folder / STATE).read_text(encoding="utf-8")))
        except FileNotFoundError:
            return _State()

    def _keep(self, state: _State) -> None:
        part = self._folder / f"{STATE}.part"
        with part.open("w", encoding="utf-8") as file:
            json.dump(asdict(state), file)
            file.flush()
            os.fsync(file.fileno())
        put_in_place(part, self._folder / STATE)

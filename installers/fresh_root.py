"""A fresh Debian in a folder, in which commands run apart from this machine: own mounts, own processes.

Made once by debootstrap and kept as an archive, so that a second run begins at once. apt in it fetches from
where this machine's apt does.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

RELEASE: Final = "bookworm"
_DEBIANS_OWN: Final = ("debian-archive-keyring", "debian.org")
_PATIENCE_S: Final = 1800
_MOUNTED: Final = """
set -e
mount --make-rprivate /
mount -t proc proc "$ROOT/proc"
mount -t tmpfs -o mode=1777 tmpfs "$ROOT/dev/shm"
mount -t tmpfs -o mode=755 tmpfs "$ROOT/run"
mkdir -p -m 700 "$ROOT/run/user/$RUNTIME_OF"
chown "$RUNTIME_OF:$RUNTIME_OF" "$ROOT/run/user/$RUNTIME_OF"
mkdir -p -m 1777 "$ROOT/run/lock"
mount --bind "$ARCHIVES" "$ROOT/var/cache/apt/archives"
exec chroot "$ROOT" "$@"
"""


@dataclass(frozen=True, slots=True)
class Said:
    """How a command in the root ended."""

    status: int
    out: str
    err: str


class FreshRoot:
    """``folder`` keeps the archive, apt's downloads, and the root, which each :meth:`unpack` replaces."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "root"
        self._archive = folder / f"{RELEASE}.tar"
        self._downloads = folder / "downloads"

    def unpack(self) -> None:
        """Begins anew."""
        self._downloads.mkdir(parents=True, exist_ok=True)
        (self._downloads / "partial").mkdir(exist_ok=True)
        self.remove()
        if not self._archive.exists():
            self._make()
        self.path.mkdir()
        subprocess.run(
            ["tar", "--extract", "--numeric-owner", "-f", self._archive, "-C", self.path], check=True
        )
        self._let_apt_fetch()
        # Nothing is started in there: that would be this machine's.
        policy = self.path / "usr/sbin/policy-rc.d"
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)

    def remove(self) -> None:
        if self.path.exists():
            shutil.rmtree(self.path)

    def run(
        self, *command: str, user: str = "", environment: Mapping[str, str] = MappingProxyType({})
    ) -> Said:
        """As root, or as ``user`` at home and in a runtime folder of their own."""
        given = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
        given |= {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
        given |= {"DEBIAN_FRONTEND": "noninteractive", **environment}
        number, home = self._number_and_home(user) if user else ("0", "/root")
        given |= {"HOME": home, "XDG_RUNTIME_DIR": f"/run/user/{number}"}
        become = ["runuser", "-u", user, "--"] if user else []
        apart = ["unshare", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child"]
        ended = subprocess.run(
            [*apart, "sh", "-c", _MOUNTED, "sh", *become, *command],
            env={**given, "ROOT": str(self.path), "ARCHIVES": str(self._downloads), "RUNTIME_OF": number},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
        )
        return Said(ended.returncode, ended.stdout, ended.stderr)

    def _make(self) -> None:
        made = self._archive.with_name("being-made")
        shutil.rmtree(made, ignore_errors=True)
        subprocess.run(["debootstrap", "--variant=minbase", RELEASE, made, _mirror()], check=True)
        (made / "etc/apt/sources.list").unlink(missing_ok=True)
        partial = self._archive.with_suffix(".partial")
        subprocess.run(["tar", "--create", "--numeric-owner", "-f", partial, "-C", made, "."], check=True)
        partial.rename(self._archive)
        shutil.rmtree(made)

    def _let_apt_fetch(self) -> None:
        target = self.path / "etc/apt"
        shutil.rmtree(target)
        shutil.copytree("/etc/apt", target, symlinks=True)
        for source in (target / "sources.list.d").glob("*"):
            if not any(word in source.read_text() for word in _DEBIANS_OWN):
                source.unlink()
        # It would throw the downloads away, which a second run is to find.
        (target / "apt.conf.d/docker-clean").unlink(missing_ok=True)
        (target / "apt.conf.d/99keep").write_text('Binary::apt-get::APT::Keep-Downloaded-Packages "true";\n')
        for file in ("etc/resolv.conf", "etc/hosts"):
            if Path("/", file).exists():
                shutil.copy(Path("/", file), self.path / file)

    def _number_and_home(self, user: str) -> tuple[str, str]:
        for line in (self.path / "etc/passwd").read_text().splitlines():
            name, _, number, _, _, home, _ = line.split(":")
            if name == user:
                return number, home
        raise LookupError(f"there is no user {user} in the root")


def _mirror() -> str:
    """Where this machine's apt has Debian from."""
    sources = [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))]
    for source in sources:
        text = source.read_text() if source.exists() else ""
        for word in text.split():
            if word.startswith(("http://", "https://", "file:")) and word.rstrip("/").endswith("/debian"):
                return word
    return "http://deb.debian.org/debian"

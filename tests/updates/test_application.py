"""The application itself: laid for root by the kiosk, believed by root alone, installed by a real dpkg."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.errors import PackFault, StoreFault
from kiosk.journal import KIOSK
from kiosk.updates.application import PACKAGE, Dpkg, Installer, Outcome
from kiosk.updates.authoring import Body
from kiosk.updates.release import Kind
from kiosk.updates.service import Updates
from kiosk.updates.spool import SPOOLED, Spool, architecture
from kiosk.updates.standing import State
from tests.faults.power import can_record
from tests.updates.deployment import Deployment, UpdatedKiosk

pytestmark = pytest.mark.skipif(
    shutil.which("dpkg-repack") is None or os.geteuid() != 0,
    reason="needs dpkg and dpkg-repack, and to be root for them",
)
REPOSITORY = Path(__file__).parents[2]
INSTALL = """
import sys
from pathlib import Path
from kiosk.updates.application import Dpkg, Installer
state, root, update = map(Path, sys.argv[1:])
print(Installer(state, Dpkg(root)).install(update))
"""


def package(
    folder: Path, version: str, *, name: str = PACKAGE, schema: str = "0002", broken: bool = False
) -> Path:
    """A .deb of one small program; a ``broken`` one fails when it is configured."""
    tree = folder / f"{name}-{version}"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "usr/lib/opora").mkdir(parents=True)
    (tree / "usr/lib/opora/version").write_text(version, encoding="ascii")
    (tree / "DEBIAN/control").write_text(
        f"Package: {name}\nVersion: {version}\nArchitecture: {architecture()}\nMaintainer: Nobody\n"
        f"Opora-Schema: {schema}\nDescription: a kiosk\n",
        encoding="ascii",
    )
    if broken:
        # Without a shell in the root no script runs, so dpkg stops here.
        (tree / "DEBIAN/postinst").write_text("#!/bin/sh\nexit 1\n", encoding="ascii")
        (tree / "DEBIAN/postinst").chmod(0o755)
    out = folder / f"{name}_{version}.deb"
    subprocess.run(
        ["dpkg-deb", "--build", "--root-owner-group", str(tree), str(out)], check=True, capture_output=True
    )
    return out


class Machine:
    """A system of its own under a folder, with dpkg's records, and the version that somebody installed."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.root = folder, folder / "root"
        for name in ("var/lib/dpkg/updates", "var/lib/dpkg/info", "var/lib/dpkg/triggers"):
            (self.root / name).mkdir(parents=True)
        for name in ("status", "available"):
            (self.root / "var/lib/dpkg" / name).touch()
        self.dpkg = Dpkg(self.root)
        assert self.dpkg.install(package(folder / "first", "0.2.0"))
        self.installer = Installer(folder / "of-root", self.dpkg)

    @property
    def version(self) -> str:
        """What dpkg says, where the files say the same."""
        said = self.dpkg.installed()
        assert (self.root / "usr/lib/opora/version").read_text(encoding="ascii") == said
        return said


@pytest.fixture
def machine(deployment: Deployment, tmp_path: Path) -> Machine:
    made = Machine(tmp_path / "machine")
    made.installer.trust(deployment.root)
    return made


def release(deployment: Deployment, deb: Path, *, version: str = "", arch: str = "") -> Path:
    version = version or Dpkg().field(deb, "Version")
    return deployment.release(Body(Kind.APPLICATION, arch or architecture(), version, deb))


def test_a_newer_version_is_installed_and_the_one_before_kept(
    deployment: Deployment, machine: Machine, tmp_path: Path
) -> None:
    second = release(deployment, package(tmp_path / "2", "0.3.0"))
    assert machine.installer.install(second) is Outcome.INSTALLED
    assert machine.version == "0.3.0"
    assert machine.installer.install(second) is Outcome.NOTHING
    third = release(deployment, package(tmp_path / "3", "0.4.0"))
    assert machine.installer.install(third) is Outcome.INSTALLED
    assert machine.version == "0.4.0"
    assert machine.installer.back() is Outcome.INSTALLED
    assert machine.version == "0.3.0"


def test_there_is_a_way_back_from_the_first_update_to_what_somebody_installed_by_hand(
    deployment: Deployment, machine: Machine, tmp_path: Path
) -> None:
    program = machine.root / "usr/lib/opora/version"
    first = program.read_bytes(), program.stat().st_mode, program.stat().st_mtime
    machine.installer.install(release(deployment, package(tmp_path / "2", "0.3.0")))
    assert machine.installer.back() is Outcome.INSTALLED
    assert machine.version == "0.2.0"
    assert (program.read_bytes(), program.stat().st_mode, program.stat().st_mtime) == first
    assert machine.installer.back() is Outcome.INSTALLED
    assert machine.version == "0.3.0"
    # Somebody installs another by hand meanwhile: that one is the version before, not the release's last.
    assert machine.dpkg.install(package(tmp_path / "by-hand", "0.3.5"))
    machine.installer.install(release(deployment, package(tmp_path / "4", "0.4.0")))
    machine.installer.back()
    assert machine.version == "0.3.5"


def test_without_room_to_keep_the_present_version_nothing_begins(
    deployment: Deployment, machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = release(deployment, package(tmp_path / "2", "0.3.0"))
    free = shutil.disk_usage(tmp_path).free
    monkeypatch.setattr(machine.dpkg, "size", lambda: free)
    with pytest.raises(StoreFault, match="no room"):
        machine.installer.install(update)
    assert machine.version == "0.2.0"
    monkeypatch.undo()
    assert machine.installer.install(update) is Outcome.INSTALLED


def test_root_takes_nothing_older_unsigned_or_of_another_name(
    deployment: Deployment, machine: Machine, tmp_path: Path
) -> None:
    with pytest.raises(PackFault, match="not signed by anyone"):
        machine.installer.install(release(Deployment(tmp_path / "x"), package(tmp_path / "9", "0.9.0")))
    with pytest.raises(PackFault, match="cannot be used"):
        machine.installer.install(release(deployment, package(tmp_path / "1", "0.1.0")))
    with pytest.raises(PackFault, match="cannot be used"):
        machine.installer.install(release(deployment, package(tmp_path / "b", "0.3.0", name="bash")))
    with pytest.raises(PackFault, match="cannot be used"):
        machine.installer.install(release(deployment, package(tmp_path / "l", "0.3.0"), version="0.5.0"))
    assert machine.version == "0.2.0"


def test_root_takes_nothing_as_long_as_nobody_has_told_it_from_whom(
    deployment: Deployment, tmp_path: Path
) -> None:
    machine = Machine(tmp_path / "machine")
    with pytest.raises(PackFault, match="whose updates it may trust"):
        machine.installer.install(release(deployment, package(tmp_path / "2", "0.3.0")))


def test_what_the_kiosk_s_user_laid_there_instead_of_a_file_is_not_followed(
    deployment: Deployment, machine: Machine, tmp_path: Path
) -> None:
    real = release(deployment, package(tmp_path / "2", "0.3.0"))
    link, pipe = tmp_path / "link", tmp_path / "pipe"
    link.symlink_to(real)
    os.mkfifo(pipe)
    for strange in (link, pipe, tmp_path):
        with pytest.raises(PackFault, match="damaged"):
            machine.installer.install(strange)
    assert machine.version == "0.2.0"


def test_another_architecture_s_package_is_left_alone(
    deployment: Deployment, machine: Machine, tmp_path: Path
) -> None:
    other = release(deployment, package(tmp_path / "2", "0.3.0"), arch="riscv64")
    assert machine.installer.install(other) is Outcome.NOTHING


def test_a_package_that_cannot_be_configured_gives_way_to_the_one_before(
    deployment: Deployment, machine: Machine, tmp_path: Path
) -> None:
    broken = release(deployment, package(tmp_path / "2", "0.2.5", broken=True))
    assert machine.installer.install(broken) is Outcome.WENT_BACK
    assert machine.version == "0.2.0"
    assert (
        machine.installer.install(release(deployment, package(tmp_path / "3", "0.3.0"))) is Outcome.INSTALLED
    )
    broken = release(deployment, package(tmp_path / "4", "0.4.0", broken=True))
    assert machine.installer.install(broken) is Outcome.WENT_BACK
    assert machine.version == "0.3.0"
    assert machine.installer.recover() is Outcome.NOTHING


def test_a_version_that_stores_in_a_newer_way_cannot_be_gone_back_from(
    deployment: Deployment, machine: Machine, tmp_path: Path
) -> None:
    machine.installer.install(release(deployment, package(tmp_path / "2", "0.3.0")))
    machine.installer.install(release(deployment, package(tmp_path / "3", "0.4.0", schema="0003")))
    with pytest.raises(PackFault, match="cannot be used") as caught:
        machine.installer.back()
    assert "cannot read" in caught.value.detail
    assert machine.version == "0.4.0"


def test_the_kiosk_lays_its_next_version_for_root_when_nobody_is_there(
    deployment: Deployment, kiosk: UpdatedKiosk, machine: Machine, tmp_path: Path
) -> None:
    """One release for all: services at once, the program as soon as root has looked."""
    spool = tmp_path / "for-root"
    updates = Updates(kiosk.store.lane, kiosk.store.clock, leave_free=0, spool=Spool(spool, "0.2.0"))
    deb = package(tmp_path / "2", "0.3.0")
    both = deployment.release(deployment.body("2"), Body(Kind.APPLICATION, architecture(), "0.3.0", deb))
    updates.take_file(both, KIOSK)
    assert not spool.exists()
    assert updates.apply()
    assert updates.pack().version == "2"
    assert machine.installer.install(spool / SPOOLED) is Outcome.INSTALLED
    assert machine.version == "0.3.0"
    # The next start is the new version's; it wants itself no more and lets go of the package.
    newer = Updates(kiosk.store.lane, kiosk.store.clock, leave_free=0, spool=Spool(spool, "0.3.0"))
    assert not newer.apply()
    newer.tidy()
    kept = [path.read_bytes()[:8] for path in newer.shelf.folder.iterdir()]
    assert b"!<arch>\n" not in kept


def test_services_do_not_wait_for_a_program_that_comes_later_by_stick(
    deployment: Deployment, kiosk: UpdatedKiosk, tmp_path: Path
) -> None:
    from kiosk.updates.bundle import read_head

    spool = tmp_path / "for-root"
    updates = Updates(kiosk.store.lane, kiosk.store.clock, leave_free=0, spool=Spool(spool, "0.2.0"))
    body = deployment.body("2")
    deb = package(tmp_path / "2", "0.3.0")
    both = deployment.release(body, Body(Kind.APPLICATION, architecture(), "0.3.0", deb))
    updates.offer(read_head(both))
    for target in updates.missing():
        if target.kind == Kind.CATALOGUE:
            updates.shelf.receive(target.digest, target.size, [body.file.read_bytes()])
    assert updates.standing().state is State.READY
    assert updates.apply()
    assert [target.kind for target in updates.missing()] == [Kind.APPLICATION]
    assert not (spool / SPOOLED).exists()
    updates.take_file(both, KIOSK)
    updates.apply()
    assert (spool / SPOOLED).exists()


@pytest.mark.proof
def test_an_installation_that_is_killed_anywhere_is_carried_on_at_the_next_start(
    deployment: Deployment, tmp_path: Path
) -> None:
    """kill -9 for dpkg and all that is with it, at every sixth call that changes a file."""
    if not can_record(tmp_path):
        pytest.skip("strace is not installed or may not trace here")
    machine = Machine(tmp_path / "machine")
    machine.installer.trust(deployment.root)
    update = release(deployment, package(tmp_path / "2", "0.3.0"))
    kills = 0
    for calls in ("write", "rename", "unlink", "fsync", "fdatasync"):
        for number in range(1, 1000, 6):
            work = tmp_path / "work"
            shutil.copytree(machine.folder, work, symlinks=True)
            inject = f"inject={calls}:signal=KILL:when={number}"
            strace = ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={calls}", "-e", inject, "--"]
            said = [str(work / "of-root"), str(work / "root"), str(update)]
            done = subprocess.run(
                [*strace, sys.executable, "-c", INSTALL, *said],
                cwd=REPOSITORY,
                capture_output=True,
                check=False,
            )
            kills += 1
            installer = Installer(work / "of-root", Dpkg(work / "root"))
            installer.recover()
            installer.install(update)
            assert Dpkg(work / "root").installed() == "0.3.0", f"{calls} {number}"
            assert (work / "root/usr/lib/opora/version").read_text(encoding="ascii") == "0.3.0"
            state = json.loads((work / "of-root" / "state.json").read_text(encoding="utf-8"))
            assert state["installing"] == ""
            assert not (work / "of-root" / "repacking").exists()
            assert installer.back() is Outcome.INSTALLED, f"{calls} {number}"
            assert Dpkg(work / "root").installed() == "0.2.0"
            shutil.rmtree(work)
            if done.returncode == 0 and b"installed" in done.stdout:
                break
    assert kills > 10

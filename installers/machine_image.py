"""The disk of a computer with a fresh Debian on it, on which somebody has just installed the package."""

import shutil
import subprocess
from pathlib import Path
from typing import Final

from installers.fresh_root import FreshRoot
from installers.later_package import make_later

NEWER: Final = "/root/newer.deb"
"""The same package under a later version, as the next release is."""
TRAY: Final = "/var/lib/tray"
"""In the machine: what its printer has printed, a PDF each."""
PRINTER: Final = "ipp://localhost:8631/ipp/print"
_SIZE: Final = "6G"
_A_COMPUTER: Final = (
    "systemd-sysv",
    "udev",
    "dbus",
    "linux-image-amd64",
    "qemu-guest-agent",
    "cups-ipp-utils",
)
"""What makes a folder with Debian in it a computer that starts, and a printer that stands beside it."""
_PRINTS: Final = f"""\
[Unit]
Description=A printer that prints into a folder
After=dbus.service network.target

[Service]
ExecStartPre=/bin/mkdir -p {TRAY}
ExecStart=/usr/sbin/ippeveprinter -r off -n localhost -p 8631 \\
    -k -d {TRAY} -f application/pdf -c /bin/true desk

[Install]
WantedBy=multi-user.target
"""
_SLOW: Final = """\
[Service]
ExecStart=
ExecStart=/usr/libexec/rtkit-daemon --rttime-usec-max=60000000
"""
"""Sound threads may take a fifth of a second at once and are killed after that. Such a machine is some ten
times slower than any that sound was made for."""


class ImageFailed(Exception):
    """A command in the root ended otherwise than well."""


def make_image(folder: Path, package: Path) -> None:
    """Leaves ``disk.img``, ``kernel`` and ``initrd`` in ``folder``; some two minutes. Raises ImageFailed."""
    root = FreshRoot(folder)
    root.unpack()
    shutil.copy(package, root.path / "root/opora.deb")
    make_later(package, root.path / NEWER.lstrip("/"), folder)
    for words in (("update",), ("install", *_A_COMPUTER, "/root/opora.deb"), ("clean",)):
        said = root.run("apt-get", "-y", "-q", *words)
        if said.status:
            raise ImageFailed(f"apt-get {words[0]}: {(said.err or said.out)[-800:].strip()}")
    (root.path / "usr/sbin/policy-rc.d").unlink()
    (root.path / "etc/fstab").write_text("/dev/vda / ext4 defaults 0 1\n")
    (root.path / "etc/hostname").write_text("kiosk\n")
    units = root.path / "etc/systemd/system"
    (units / "printer.service").write_text(_PRINTS)
    (units / "rtkit-daemon.service.d").mkdir()
    (units / "rtkit-daemon.service.d/slow.conf").write_text(_SLOW)
    root.run("systemctl", "enable", "printer.service")
    for name, found in (("kernel", "vmlinuz-*"), ("initrd", "initrd.img-*")):
        (made,) = (root.path / "boot").glob(found)
        shutil.copy(made, folder / name)
    disk = folder / "disk.img"
    disk.unlink(missing_ok=True)
    subprocess.run(["mke2fs", "-q", "-t", "ext4", "-d", root.path, disk, _SIZE], check=True)
    root.remove()

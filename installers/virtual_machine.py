"""A computer made by QEMU: switched on, looked at, touched, and cut off from its power.

It has a screen of its own, a pane that is touched, a keyboard, a sound card that plays into a file, and a
disk. Commands go through QEMU's guest agent. Both of QEMU's channels speak a line of JSON each way (QMP); the
library for it, ``qemu.qmp``, knows the first channel only.
"""

import base64
import json
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from PIL import Image

SIZE: Final = (1920, 1080)
RUNNING_S: Final = 120.0
_PRESSED_S: Final = 0.08
_MOVED_S: Final = 0.25
_MOST: Final = 0x7FFF
"""Where the pane ends for whoever touches it, both ways (QEMU's absolute pointer)."""


class MachineFailed(Exception):
    """It did not do what was asked; the sentence says what."""


class Channel:
    """One of the machine's sockets. ``ask`` gives what was returned."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(RUNNING_S)
        self._socket.connect(str(path))
        self._lines = self._socket.makefile("rb")

    def ask(self, command: str, **arguments: Any) -> Any:
        self._say(command, arguments)
        while True:
            said = self.hear()
            if "error" in said:
                raise MachineFailed(f"{command}: {said['error'].get('desc')}")
            if "return" in said:
                return said["return"]

    def greet(self) -> None:
        """Returns when the guest's agent answers this very greeting. What it was asked while its system
        started it answers later, and whoever asks next would take that answer for theirs."""
        number = time.monotonic_ns()
        self._say("guest-sync", {"id": number})
        while self.hear().get("return") != number:
            pass

    def hear(self) -> dict[str, Any]:
        line = self._lines.readline()
        if not line:
            raise MachineFailed("the machine is off")
        heard: dict[str, Any] = json.loads(line.lstrip(b"\xff"))
        return heard

    def _say(self, command: str, arguments: dict[str, Any]) -> None:
        self._socket.sendall(json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n")

    def within(self, seconds: float) -> None:
        self._socket.settimeout(seconds)

    def close(self) -> None:
        self._lines.close()
        self._socket.close()


@dataclass(frozen=True, slots=True)
class Said:
    status: int
    out: str
    err: str


@dataclass(slots=True)
class VirtualMachine:
    """``folder`` holds ``disk.img``, ``kernel`` and ``initrd``; it gets ``console.log`` and ``sound.wav``."""

    folder: Path
    sockets: Path
    """A folder with a short name: a socket's path has room for 107 letters."""
    accelerator: str = "tcg,thread=multi"
    """QEMU's own translation runs everywhere, some ten times slower; ``kvm`` where it works."""
    clock: str = "utc"
    """QEMU's ``-rtc base``: a moment, for a machine whose battery is dead."""
    _process: subprocess.Popen[bytes] | None = None
    _monitor: Channel | None = None
    _agent: Channel | None = None
    _sticks: list[str] = field(default_factory=list)

    # -- power

    def switch_on(self) -> None:
        for socket_file in self.sockets.glob("*.sock"):
            socket_file.unlink()
        width, height = SIZE
        command = [
            *("qemu-system-x86_64", "-accel", self.accelerator, "-cpu", "max", "-smp", "2", "-m", "2048"),
            *("-machine", "q35", "-nodefaults", "-display", "none", "-rtc", f"base={self.clock}"),
            *("-kernel", self.folder / "kernel", "-initrd", self.folder / "initrd"),
            *("-append", "root=/dev/vda rw quiet console=tty0 console=ttyS0"),
            # What the machine wrote and synced is on the disk, and nothing else.
            *("-drive", f"file={self.folder / 'disk.img'},if=virtio,format=raw,cache=writethrough"),
            *("-device", f"virtio-vga,xres={width},yres={height}"),
            *("-device", "qemu-xhci,id=usb", "-device", "usb-tablet", "-device", "usb-kbd"),
            *("-audiodev", f"wav,id=sound,path={self.folder / 'sound.wav'}"),
            *("-device", "intel-hda", "-device", "hda-output,audiodev=sound"),
            *("-serial", f"file:{self.folder / 'console.log'}"),
            *("-qmp", f"unix:{self.sockets / 'monitor.sock'},server=on,wait=off"),
            *("-device", "virtio-serial"),
            *("-chardev", f"socket,path={self.sockets / 'agent.sock'},server=on,wait=off,id=agent"),
            *("-device", "virtserialport,chardev=agent,name=org.qemu.guest_agent.0"),
        ]
        with (self.folder / "qemu.log").open("ab") as log:
            self._process = subprocess.Popen([str(word) for word in command], stdout=log, stderr=log)
        until(lambda: (self.sockets / "agent.sock").exists(), "the machine to be there")
        self._monitor = Channel(self.sockets / "monitor.sock")
        self._monitor.hear()
        self._monitor.ask("qmp_capabilities")

    def cut_power(self) -> None:
        """At once: nobody inside hears of it."""
        assert self._process is not None, "it is off"
        self._process.kill()
        self._gone()

    def is_on(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def off(self, seconds: float) -> float:
        """Waits until it has switched itself off; so many seconds."""
        took = until(lambda: not self.is_on(), "the machine to switch itself off", seconds)
        self._gone()
        return took

    def _gone(self) -> None:
        if self._process is not None:
            self._process.wait()
        for channel in (self._monitor, self._agent):
            if channel is not None:
                channel.close()
        self._process = self._monitor = self._agent = None

    def starts_anew(self) -> None:
        """What was said to the agent before is not answered any more."""
        if self._agent is not None:
            self._agent.close()
            self._agent = None

    def press_power_button(self) -> None:
        """Once, briefly."""
        self.monitor.ask("system_powerdown")

    # -- screen, pane, keys

    @property
    def monitor(self) -> Channel:
        assert self._monitor is not None, "it is off"
        return self._monitor

    def picture(self) -> Image.Image:
        taken = self.sockets / "now.ppm"
        self.monitor.ask("screendump", filename=str(taken))
        with Image.open(taken) as picture:
            return picture.convert("RGB")

    def touch(self, x: int, y: int) -> None:
        """Down and up at this pixel."""
        self.drag([(x, y)])

    def drag(self, points: Sequence[tuple[int, int]]) -> None:
        self._point(*points[0])
        time.sleep(_PRESSED_S)
        self._button(down=True)
        for point in points[1:]:
            # A slow machine takes points that come at once for one.
            time.sleep(_MOVED_S)
            self._point(*point)
        time.sleep(_PRESSED_S)
        self._button(down=False)

    def press_keys(self, *keys: str) -> None:
        """All together, by QEMU's names: ``ctrl``, ``alt``, ``f2``."""
        self.monitor.ask("send-key", keys=[{"type": "qcode", "data": key} for key in keys])

    def _point(self, x: int, y: int) -> None:
        width, height = SIZE
        where = (("x", x, width), ("y", y, height))
        # The middle of the pixel.
        events = [
            {
                "type": "abs",
                "data": {"axis": axis, "value": round((2 * at + 1) / (2 * size) * _MOST)},
            }
            for axis, at, size in where
        ]
        self.monitor.ask("input-send-event", events=events)

    def _button(self, *, down: bool) -> None:
        event = {"type": "btn", "data": {"button": "left", "down": down}}
        self.monitor.ask("input-send-event", events=[event])

    # -- a stick

    def plug_in(self, image: Path) -> None:
        """A USB stick with what ``image`` holds."""
        name = f"stick{len(self._sticks)}"
        self._sticks.append(name)
        self.monitor.ask(
            "blockdev-add",
            **{"driver": "raw", "node-name": name, "file": {"driver": "file", "filename": str(image)}},
        )
        self.monitor.ask(
            "device_add", driver="usb-storage", bus="usb.0", drive=name, id=f"{name}-in", removable=True
        )

    def pull_out(self) -> None:
        name = self._sticks[-1]
        self.monitor.ask("device_del", id=f"{name}-in")
        while self.monitor.hear().get("event") != "DEVICE_DELETED":
            pass
        self.monitor.ask("blockdev-del", **{"node-name": name})

    # -- commands

    def agent_answers(self) -> bool:
        """To be asked after each start of the system, before :meth:`run`."""
        with suppress(OSError, MachineFailed):
            if self._agent is None:
                self._agent = Channel(self.sockets / "agent.sock")
                self._agent.within(5)
            self._agent.greet()
            self._agent.within(RUNNING_S)
            return True
        if self._agent is not None:
            self._agent.close()
            self._agent = None
        return False

    def order(self, *command: str) -> int:
        """As :meth:`run`, for what nobody will hear the end of. Its number."""
        assert self._agent is not None, "ask agent_answers() first"
        words = list(command[1:])
        began = self._agent.ask("guest-exec", path=command[0], arg=words, **{"capture-output": True})
        return int(began["pid"])

    def run(self, *command: str, seconds: float = RUNNING_S) -> Said:
        """As root, inside."""
        began = self.order(*command)
        ended: dict[str, Any] = {}

        def over() -> bool:
            assert self._agent is not None, "asked above"
            ended.update(self._agent.ask("guest-exec-status", pid=began))
            return bool(ended["exited"])

        until(over, " ".join(command), seconds, every=0.5)
        return Said(
            ended.get("exitcode", -ended.get("signal", 0)),
            base64.b64decode(ended.get("out-data", "")).decode(errors="replace"),
            base64.b64decode(ended.get("err-data", "")).decode(errors="replace"),
        )


def until(true: Callable[[], bool], what: str, seconds: float = RUNNING_S, *, every: float = 0.1) -> float:
    """Asks again until it is true; gives the seconds that it took. Raises MachineFailed."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > seconds:
            raise MachineFailed(f"not within {seconds:.0f} s: {what}")
        time.sleep(every)
    return time.monotonic() - began

"""How the kiosk ends on this computer: as one program among others, or together with the computer."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Final

from kiosk.errors import ComputerFault, Message
from kiosk.flow.desk import Ending
from kiosk.texts import N_

SESSION: Final = "OPORA_SESSION"
"""Set to ``kiosk`` by a session that shows nothing else: installers/session, installers/windows."""
PATIENCE_S: Final = 20.0
_SYSTEMD: Final = {
    Ending.POWER_OFF: ("systemctl", "--no-ask-password", "poweroff"),
    Ending.RESTART: ("systemctl", "--no-ask-password", "reboot"),
}
"""logind decides by polkit; see installers/session/50-opora-kiosk.rules."""
_WINDOWS: Final = {
    Ending.POWER_OFF: ("shutdown", "/s", "/t", "0"),
    Ending.RESTART: ("shutdown", "/r", "/t", "0"),
}


def in_own_session(environment: Mapping[str, str]) -> bool:
    """Whether this program is all that the session shows, and is started again when it ends."""
    return environment.get(SESSION) == "kiosk"


class ThisComputer:
    """Implements :class:`kiosk.flow.desk.Computer`. ``close`` ends the program; it may be called anywhere."""

    def __init__(self, environment: Mapping[str, str], close: Callable[[], None]) -> None:
        self._alone = in_own_session(environment)
        self._close = close

    @property
    def endings(self) -> tuple[Ending, ...]:
        # A kiosk session that ended would only be started anew at once.
        return (Ending.POWER_OFF, Ending.RESTART) if self._alone else (Ending.CLOSE,)

    def end(self, ending: Ending) -> None:
        if ending is Ending.CLOSE:
            self._close()
            return
        command = (_WINDOWS if sys.platform == "win32" else _SYSTEMD)[ending]
        try:
            ended = subprocess.run(  # noqa: S603 - a fixed command, no shell
                command, capture_output=True, text=True, timeout=PATIENCE_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise _refused(type(error).__name__) from error
        if ended.returncode:
            raise _refused(ended.stderr.strip())


def _refused(detail: str) -> ComputerFault:
    return ComputerFault(
        Message(N_("The computer could not be switched off from here.")),
        Message(
            N_("Please press its power button once, briefly, and wait. Nothing that was stored is lost.")
        ),
        detail,
    )

"""To the printer. The paper's bytes are in memory and, until it is out, in the spooler; nowhere else."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from kiosk.errors import Message, PrintFault
from kiosk.texts import N_

PATIENCE_S = 20.0
"""A spooler that does not answer by then is treated as absent."""

_JOB = re.compile(r"request id is (\S+-\d+)")
_STOPPED = re.compile(r"^printer \S+ disabled since", re.MULTILINE)
_REFUSING = re.compile(r"^\S+ not accepting requests", re.MULTILINE)
_TROUBLES = (
    (
        re.compile(r"not responding|may not exist or is unavailable|is unreachable|Unable to locate printer"),
        N_("The printer does not answer."),
    ),
    (re.compile(r"\bmedia-(needed|empty(-error)?(?![\w-]))"), N_("The printer has no paper.")),
    (re.compile(r"\bmedia-jam"), N_("Paper is stuck in the printer.")),
    (re.compile(r"\b(cover|door|interlock)-open"), N_("The printer is open.")),
    (re.compile(r"\b(offline|shutdown|timed-out)\b"), N_("The printer does not answer.")),
)
"""What CUPS's ipp backend and a printer's state reasons (RFC 8011 section 5.4.12) say of it. Paper that is
needed counts at any severity; an empty tray only as an error, because another tray may be full."""


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """``sentence`` is for a volunteer: what the matter is, or that it is ready."""

    ready: bool
    sentence: Message


@dataclass(frozen=True, slots=True)
class PrintJob:
    id: str


class JobState(StrEnum):
    WAITING = "waiting"
    """In the queue or in the printer."""
    DONE = "done"
    """Out of the queue. Whether paper came out, only somebody who looks can say."""


class Printer(Protocol):
    """Any call may take seconds: make it in the background."""

    def status(self) -> PrinterStatus:
        """What is known without printing: a queue may be ready and the printer behind it switched off."""
        ...

    def names(self) -> tuple[str, ...]:
        """What there is to choose from; nothing where there is no choice."""
        ...

    def use(self, name: str) -> None:
        """Prints there from now on; blank for the system's own choice."""
        ...

    def print_pdf(self, pdf: bytes, title: str) -> PrintJob:
        """Hands over the paper; ``title`` names nobody. Raises :class:`~kiosk.errors.PrintFault`."""
        ...

    def job_state(self, job: PrintJob) -> JobState:
        """Raises :class:`~kiosk.errors.PrintFault` where the spooler does not answer."""
        ...

    def withdraw(self, job: PrintJob) -> None:
        """Takes back what is not out yet, so that no code comes out when its owner has gone.

        A job that is out already is left as it is. Raises :class:`~kiosk.errors.PrintFault`.
        """
        ...


class NoPrinter:
    """A centre without a printer."""

    def status(self) -> PrinterStatus:
        return PrinterStatus(False, Message(N_("There is no printer here.")))

    def names(self) -> tuple[str, ...]:
        return ()

    def use(self, name: str) -> None:
        pass

    def print_pdf(self, pdf: bytes, title: str) -> PrintJob:
        raise _no_printer("none is set up")

    def job_state(self, job: PrintJob) -> JobState:
        return JobState.DONE

    def withdraw(self, job: PrintJob) -> None:
        pass


class FolderPrinter:
    """Prints into a folder as ``receipt.pdf``, later ones numbered: for tours and for looking at."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def status(self) -> PrinterStatus:
        return PrinterStatus(True, Message(N_("The printer is ready.")))

    def names(self) -> tuple[str, ...]:
        return ()

    def use(self, name: str) -> None:
        pass

    def print_pdf(self, pdf: bytes, title: str) -> PrintJob:
        self._count += 1
        name = "receipt.pdf" if self._count == 1 else f"receipt-{self._count}.pdf"
        (self._folder / name).write_bytes(pdf)
        return PrintJob(name)

    def job_state(self, job: PrintJob) -> JobState:
        return JobState.DONE

    def withdraw(self, job: PrintJob) -> None:
        pass


class CupsPrinter:
    """The system's printer through CUPS's own commands; ``destination`` blank for the default one, or
    where nobody has named a default the only one.

    ``environment`` adds to the process's own, e.g. ``CUPS_SERVER``. After ``patience_s`` seconds a spooler
    that does not answer is given up.

    CUPS keeps printed documents for a day unless cupsd.conf says ``PreserveJobFiles No`` (and
    ``PreserveJobHistory No``): a kiosk's scheduler has to say so, since nobody but root can remove them.
    """

    def __init__(
        self,
        destination: str = "",
        environment: Mapping[str, str] | None = None,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._destination = destination
        self._environment = {**os.environ, **(environment or {}), "LC_ALL": "C"}
        self._patience_s = patience_s

    def status(self) -> PrinterStatus:
        try:
            name = self._destination or self._default()
            printer = self._run(["lpstat", "-l", "-p", name])
            accepting = self._run(["lpstat", "-a", name])
        except PrintFault as fault:
            return PrinterStatus(False, fault.title)
        if _STOPPED.search(printer) or _REFUSING.search(accepting):
            return PrinterStatus(False, Message(N_("The printer has been stopped.")))
        for signs, sentence in _TROUBLES:
            if signs.search(printer):
                return PrinterStatus(False, Message(sentence))
        return PrinterStatus(True, Message(N_("The printer is ready.")))

    def names(self) -> tuple[str, ...]:
        """Also those that are found on the network and have no queue yet (lpstat(1), ``-e``)."""
        try:
            return tuple(self._run(["lpstat", "-e"]).split())
        except PrintFault:
            return ()

    def use(self, name: str) -> None:
        self._destination = name

    def print_pdf(self, pdf: bytes, title: str) -> PrintJob:
        said = self._run(
            [
                *("lp", "-d", self._destination or self._default(), "-t", title),
                *("-o", "media=A4", "-o", "job-hold-until=no-hold"),
                # Nothing behind the part that is cut off, and no letter smaller than it was set.
                *("-o", "sides=one-sided", "-o", "print-scaling=none"),
                "-",
            ],
            pdf,
        )
        found = _JOB.search(said)
        if found is None:
            raise _not_printed(said.strip()[:200])
        return PrintJob(found.group(1))

    def job_state(self, job: PrintJob) -> JobState:
        waiting = self._run(["lpstat", "-W", "not-completed", "-o"])
        lines = waiting.splitlines()
        return JobState.WAITING if any(job.id in line.split()[:1] for line in lines) else JobState.DONE

    def withdraw(self, job: PrintJob) -> None:
        if self.job_state(job) is JobState.WAITING:
            # -x removes the document too, whatever the scheduler is told to keep.
            self._run(["cancel", "-x", job.id])

    def _default(self) -> str:
        name = self._run(["lpstat", "-d"]).partition("destination:")[2].strip()
        if name:
            return name
        names = self.names()
        if len(names) != 1:
            raise _no_printer(f"{len(names)} printers, none of them the default")
        return names[0]

    def _run(self, command: list[str], given: bytes = b"") -> str:
        if shutil.which(command[0], path=self._environment.get("PATH")) is None:
            raise _no_printer(f"{command[0]} is not installed")
        try:
            done = subprocess.run(  # noqa: S603 - fixed commands; nothing of a person in the arguments
                command,
                input=given,
                capture_output=True,
                timeout=self._patience_s,
                env=self._environment,
                check=False,
            )
        except subprocess.TimeoutExpired:
            # From None: the time-out carries what was printed so far, and a trace shows no more than needed.
            raise PrintFault(
                Message(N_("The printer does not answer.")),
                Message(N_("Please switch it off and on again, then print once more.")),
                detail=command[0],
            ) from None
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace").strip()[:200]
            raise _no_printer(said) if command[0] == "lpstat" else _not_printed(said)
        return done.stdout.decode(errors="replace")


def system_printer(destination: str = "") -> Printer:
    """The printer of this machine; :class:`NoPrinter` where CUPS's commands are missing."""
    return CupsPrinter(destination) if shutil.which("lp") else NoPrinter()


def _no_printer(detail: str) -> PrintFault:
    return PrintFault(
        Message(N_("There is no printer here.")),
        Message(N_("Please tell the volunteer. The receipt can be printed later.")),
        detail=detail,
    )


def _not_printed(detail: str) -> PrintFault:
    return PrintFault(
        Message(N_("The receipt could not be printed.")),
        Message(N_("Is the printer on, and is there paper in it? Please look, then print once more.")),
        detail=detail,
    )

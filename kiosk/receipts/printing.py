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
    DONE = "done"


class Printer(Protocol):
    """Calls may take seconds: make them in the background, but for ``status``, which answers from memory
    or at once."""

    def status(self) -> PrinterStatus: ...

    def print_pdf(self, pdf: bytes, title: str) -> PrintJob:
        """Hands over the paper; ``title`` names nobody. Raises :class:`~kiosk.errors.PrintFault`."""
        ...

    def job_state(self, job: PrintJob) -> JobState: ...


class NoPrinter:
    """A centre without a printer."""

    def status(self) -> PrinterStatus:
        return PrinterStatus(False, Message(N_("There is no printer here.")))

    def print_pdf(self, pdf: bytes, title: str) -> PrintJob:
        raise _no_printer("none is set up")

    def job_state(self, job: PrintJob) -> JobState:
        return JobState.DONE


class FolderPrinter:
    """Prints into a folder as ``receipt.pdf``, later ones numbered: for tours and for looking at."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def status(self) -> PrinterStatus:
        return PrinterStatus(True, Message(N_("The printer is ready.")))

    def print_pdf(self, pdf: bytes, title: str) -> PrintJob:
        self._count += 1
        name = "receipt.pdf" if self._count == 1 else f"receipt-{self._count}.pdf"
        (self._folder / name).write_bytes(pdf)
        return PrintJob(name)

    def job_state(self, job: PrintJob) -> JobState:
        return JobState.DONE


class CupsPrinter:
    """The system's printer through CUPS's own commands; ``destination`` blank for the default one.

    ``environment`` adds to the process's own, e.g. ``CUPS_SERVER``.
    """

    def __init__(self, destination: str = "", environment: Mapping[str, str] | None = None) -> None:
        self._destination = destination
        self._environment = {**os.environ, **(environment or {}), "LC_ALL": "C"}

    def status(self) -> PrinterStatus:
        """Asks the scheduler, which answers within milliseconds."""
        name = self._destination or self._default()
        if not name:
            return PrinterStatus(False, Message(N_("There is no printer here.")))
        try:
            answer = self._run(["lpstat", "-p", name])
            accepting = self._run(["lpstat", "-a", name])
        except PrintFault as fault:
            return PrinterStatus(False, fault.title)
        if "disabled" in answer or "not accepting" in accepting:
            return PrinterStatus(False, Message(N_("The printer has been stopped.")))
        return PrinterStatus(True, Message(N_("The printer is ready.")))

    def print_pdf(self, pdf: bytes, title: str) -> PrintJob:
        command = ["lp", "-t", title, "-o", "media=A4", "-o", "job-hold-until=no-hold"]
        if self._destination:
            command += ["-d", self._destination]
        said = self._run([*command, "-"], pdf)
        found = _JOB.search(said)
        if found is None:
            raise _no_printer(said.strip()[:200])
        return PrintJob(found.group(1))

    def job_state(self, job: PrintJob) -> JobState:
        waiting = self._run(["lpstat", "-W", "not-completed", "-o"])
        return JobState.WAITING if job.id in waiting.split() else JobState.DONE

    def _default(self) -> str:
        try:
            said = self._run(["lpstat", "-d"])
        except PrintFault:
            return ""
        return said.partition("destination:")[2].strip()

    def _run(self, command: list[str], given: bytes = b"") -> str:
        if shutil.which(command[0], path=self._environment.get("PATH")) is None:
            raise _no_printer(f"{command[0]} is not installed")
        try:
            done = subprocess.run(  # noqa: S603 - fixed commands; nothing of a person in the arguments
                command,
                input=given,
                capture_output=True,
                timeout=PATIENCE_S,
                env=self._environment,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise PrintFault(
                Message(N_("The printer does not answer.")),
                Message(N_("Please switch it off and on again, then print once more.")),
                detail=command[0],
            ) from error
        if done.returncode != 0:
            raise _no_printer(done.stderr.decode(errors="replace").strip()[:200])
        return done.stdout.decode(errors="replace")


def system_printer(destination: str = "") -> Printer:
    """The printer of this machine; :class:`NoPrinter` where CUPS's commands are missing."""
    return CupsPrinter(destination) if shutil.which("lp") else NoPrinter()


def _no_printer(detail: str) -> PrintFault:
    return PrintFault(
        Message(N_("The receipt could not be printed.")),
        Message(N_("Is the printer on, and is there paper in it? Please look, then print once more.")),
        detail=detail,
    )

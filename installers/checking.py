"""A table of checks: a line for each, written as soon as it is known."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

Subject = TypeVar("Subject")


class Failed(Exception):
    """A check that does not hold; says what was found instead."""


class Checks(Generic[Subject]):
    """In the order in which they were added. Each looks at one thing of its subject; what it answers stands
    in the table. It raises Failed, or one of ``failures``."""

    def __init__(self, *failures: type[Exception]) -> None:
        self._failures: tuple[type[Exception], ...] = (Failed, OSError, subprocess.SubprocessError, *failures)
        self._looks: list[tuple[str, Callable[[Subject], str]]] = []

    def check(self, name: str) -> Callable[[Callable[[Subject], str]], Callable[[Subject], str]]:
        """Adds what stands below it."""

        def added(look: Callable[[Subject], str]) -> Callable[[Subject], str]:
            self._looks.append((name, look))
            return look

        return added

    def table(self, subject: Subject, *, to_the_end: bool = True) -> Iterator[str]:
        """The last line says how many. Where each check begins with what the one before left, nothing can be
        said after a failure: without ``to_the_end`` the rest is counted as not tried."""
        failed = tried = 0
        for name, look in self._looks:
            if failed and not to_the_end:
                break
            tried += 1
            try:
                found, ok = look(subject), True
            except self._failures as failure:
                found, ok = str(failure), False
                failed += 1
            yield _said(f"{'holds ' if ok else 'FAILED'}  {name}{': ' if found else ''}{found}")
        left = len(self._looks) - tried
        yield _said(f"{tried} checks, {failed} failed{f', {left} not tried' if left else ''}")


def held(lines: list[str]) -> bool:
    """Whether a whole table says so."""
    return lines[-1].endswith(" 0 failed")


def _said(line: str) -> str:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
    return line

"""What was measured: each requirement with its worst value, where that was, and a verdict."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Judge(StrEnum):
    """Who can say whether a requirement is met."""

    HERE = "measured here"
    ELSEWHERE = "measured elsewhere"
    PERSON = "needs a person"


@dataclass(frozen=True, slots=True)
class Requirement:
    """A row of the report. ``by`` names the command or test where it is not measured here."""

    id: str
    words: str
    number: str
    source: str
    judge: Judge = Judge.HERE
    by: str = ""


@dataclass(slots=True)
class Found:
    checks: int = 0
    failed: int = 0
    worst: float | None = None
    shown: str = ""
    where: str = ""
    failures: list[str] = field(default_factory=list)


KEPT_FAILURES = 40


class Ledger:
    """Counts checks. ``margin`` is how far inside the bound a value lies: the least of them is the worst."""

    def __init__(self, requirements: tuple[Requirement, ...]) -> None:
        self.requirements = requirements
        self._found = {each.id: Found() for each in requirements}

    def check(self, id: str, ok: bool, where: str, margin: float | None = None, shown: str = "") -> None:
        found = self._found[id]
        found.checks += 1
        if margin is not None and (found.worst is None or margin < found.worst):
            found.worst, found.shown, found.where = margin, shown, where
        if not ok:
            found.failed += 1
            if len(found.failures) < KEPT_FAILURES:
                found.failures.append(f"{where}: {shown}" if shown else where)

    def at_least(self, id: str, value: float, bound: float, where: str, unit: str = "") -> None:
        self.check(id, value >= bound, where, (value - bound) / bound, f"{value:.2f}{unit}")

    def at_most(self, id: str, value: float, bound: float, where: str, unit: str = "") -> None:
        self.check(id, value <= bound, where, (bound - value) / bound, f"{value:.2f}{unit}")

    def found(self, id: str) -> Found:
        return self._found[id]

    @property
    def checks(self) -> int:
        return sum(each.checks for each in self._found.values())

    @property
    def failed(self) -> int:
        return sum(each.failed for each in self._found.values())

    def failures(self) -> Iterator[str]:
        for id, found in self._found.items():
            yield from (f"{id} {failure}" for failure in found.failures)

    def unmeasured(self) -> tuple[str, ...]:
        """Rows that should have been measured here and were not: none, in a whole run."""
        return tuple(
            each.id
            for each in self.requirements
            if each.judge is Judge.HERE and not self._found[each.id].checks
        )

    def verdict(self, requirement: Requirement) -> str:
        found = self._found[requirement.id]
        if requirement.judge is not Judge.HERE:
            return requirement.judge.value
        if not found.checks:
            return "not measured"
        return "fails" if found.failed else "met"

    def line(self) -> str:
        return f"{self.checks} checks, {self.failed} failed"

    def write(self, path: Path, **about: object) -> None:
        """The report as JSON: ``about``, then every requirement with what was found."""
        rows = []
        for each in self.requirements:
            found = self._found[each.id]
            rows.append(
                {
                    "id": each.id,
                    "requirement": each.words,
                    "number": each.number,
                    "source": each.source,
                    "verdict": self.verdict(each),
                    "by": each.by,
                    "checks": found.checks,
                    "failed": found.failed,
                    "worst": found.shown,
                    "where": found.where,
                    "failures": found.failures,
                }
            )
        report = {**about, "checks": self.checks, "failed": self.failed, "requirements": rows}
        path.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    def table(self) -> str:
        """The same for people to read, in Markdown."""
        lines = ["| # | Requirement | Number | Worst seen | Where | Verdict |", "|---|---|---|---|---|---|"]
        for each in self.requirements:
            found = self._found[each.id]
            worst = found.shown or (f"{found.failed} of {found.checks}" if found.checks else "")
            where = found.where if found.shown else each.by
            cells = (each.id, each.words, f"{each.number} ({each.source})", worst, where, self.verdict(each))
            lines.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
        return "\n".join(lines) + "\n"

"""What a soak found, held against its bounds."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

from tests.soak.figures import percentile, slope
from tests.soak.outside import Sample, Tables
from tests.soak.told import INSIDE, VISIT, Line

HOUR = 3600.0
LONG_S = 1.5 * HOUR
"""From here on a run is judged by what follows its first hour; a shorter one by its second half."""
SLOPE_MB_H = 1.0
COARSE_MB = 40.0
"""What may be gained in the second half of a short run: fonts, forms and pages are still being met for the
first time then, so this catches a leak of some megabytes a visit, and no smaller one."""
WINDOWS = 24
"""So many stretches of a soak are looked at for the least memory of each."""
LATE_MS = 100
MORE_HANDLES = 3
"""Between the medians of the first and the last third: a voice or a sign-in that happens to be under way."""
MORE_THREADS = 1


@dataclass(slots=True)
class Findings:
    """Everything that was heard and seen. ``stored``: what the screen promised; ``arrived``: the hub's."""

    seconds: float = 0.0
    samples: list[Sample] = field(default_factory=list)
    insides: list[Line] = field(default_factory=list)
    visits: Counter[str] = field(default_factory=Counter)
    times: dict[str, Counter[int]] = field(default_factory=dict)
    stored: Counter[str] = field(default_factory=Counter)
    arrived: Counter[str] = field(default_factory=Counter)
    stuck: list[str] = field(default_factory=list)
    before: Tables | None = None
    after: Tables | None = None
    deeds: Counter[str] = field(default_factory=Counter)
    waiting: int = -1
    bugs: int = -1

    def take(self, line: Line) -> None:
        match line["kind"]:
            case "stored":
                self.stored[line["reference"]] += 1
            case "times":
                for what, counted in line.items():
                    if isinstance(counted, dict):
                        into = self.times.setdefault(what, Counter())
                        into.update({int(ms): times for ms, times in counted.items()})
            case "stuck":
                self.stuck.append(f"{line['trouble']} ({line['screen']})")
            case "end":
                self.waiting, self.bugs = line["waiting"], line["bugs"]
            case kind if kind == VISIT:
                self.visits[line["what"]] += 1
            case kind if kind == INSIDE:
                self.insides.append(line)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; ``held`` None where nothing is demanded."""

    what: str
    found: str
    bound: str = ""
    held: bool | None = None


def judge(found: Findings) -> list[Row]:
    return [*_counts(found), *_memory(found), *_flat(found), *_database(found), *_late(found)]


def broken(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row.held is False]


def _counts(found: Findings) -> list[Row]:
    lost = sum((found.stored - found.arrived).values())
    doubled = sum((found.arrived - found.stored).values())
    visits = ", ".join(f"{count} {what}" for what, count in found.visits.most_common())
    hours = found.seconds / HOUR
    cpu = found.samples[-1].cpu - found.samples[0].cpu if found.samples else 0.0
    return [
        Row("lasted", f"{hours:.2f} h, {sum(found.visits.values())} visits"),
        Row("visits", visits),
        Row("stored, arrived at the hub", f"{sum(found.stored.values())}, {sum(found.arrived.values())}"),
        Row(
            "lost, doubled, still waiting",
            f"{lost}, {doubled}, {found.waiting}",
            "0, 0, 0",
            lost == 0 and doubled == 0 and found.waiting == 0 and bool(found.stored),
        ),
        Row(
            "bugs, stuck pages",
            f"{found.bugs}, {len(found.stuck)}",
            "0, 0",
            found.bugs == 0 and not found.stuck,
        ),
        Row("processor, of one core", f"{100 * cpu / max(1.0, found.seconds):.0f} %"),
    ]


def judged(found: Findings) -> tuple[list[Sample], str]:
    """The samples that count, and how they were chosen."""
    if found.seconds >= LONG_S:
        return [each for each in found.samples if each.seconds >= HOUR], "after the first hour"
    half = found.seconds / 2
    return [each for each in found.samples if each.seconds >= half], "in the second half"


def _memory(found: Findings) -> list[Row]:
    samples, when = judged(found)
    if not samples:
        return [Row("memory", "nothing was measured", "some", held=False)]
    bound = SLOPE_MB_H if found.seconds >= LONG_S else COARSE_MB / (found.seconds / 2 / HOUR)
    kept = least(samples, lambda each: each.rss, max(60.0, found.seconds / WINDOWS))
    grows = slope(kept)
    rows = [
        Row(
            f"resident memory {when}, at its least",
            f"{grows:+.2f} MB/h; from {kept[0][1]:.0f} to {kept[-1][1]:.0f} MB",
            f"< {bound:.3g} MB/h",
            grows < bound,
        )
    ]
    kinds: tuple[tuple[str, Callable[[Sample], float]], ...] = (
        ("resident memory", lambda each: each.rss),
        ("memory of its own (USS)", lambda each: each.uss),
        ("with the voice's children (PSS)", lambda each: each.pss + each.children_pss),
    )
    for name, of in kinds:
        values = [(each.seconds / HOUR, of(each)) for each in samples]
        sizes = [value for _, value in values]
        told = f"{slope(values):+.2f} MB/h; median {median(sizes):.0f}, most {max(sizes):.0f} MB"
        rows.append(Row(f"  {name}, whoever is there", told))
    return rows


def least(
    samples: Sequence[Sample], of: Callable[[Sample], float], seconds: float
) -> list[tuple[float, float]]:
    """The hour in which each stretch of so many seconds began, and its least value: what stays when nobody's
    work is in memory. Stretches have peaks of some eighty megabytes where a code or a PIN was tried."""
    found: dict[int, float] = {}
    for each in samples:
        stretch = int(each.seconds // seconds)
        found[stretch] = min(of(each), found.get(stretch, of(each)))
    return [(stretch * seconds / HOUR, value) for stretch, value in sorted(found.items())]


def _flat(found: Findings) -> list[Row]:
    samples, when = judged(found)
    third = max(1, len(samples) // 3)
    rows = []
    for name, values, more in (
        ("handles", [each.handles for each in samples], MORE_HANDLES),
        ("threads", [each.threads for each in samples], MORE_THREADS),
    ):
        if not values:
            continue
        first, last = median(values[:third]), median(values[-third:])
        rows.append(
            Row(
                f"{name} {when}",
                f"{first:g} first, {last:g} last, most {max(values)}",
                f"no more than {more} more",
                last - first <= more,
            )
        )
    for name in ("widgets", "qobjects", "timers", "python_objects"):
        counted = [line[name] for line in found.insides]
        if counted:
            third = max(1, len(counted) // 3)
            first, last = median(counted[:third]), median(counted[-third:])
            found_here = f"{first:g} first, {last:g} last, most {max(counted)}"
            rows.append(Row(f"{name.replace('_', ' ')} between visits", found_here))
    return rows


def _database(found: Findings) -> list[Row]:
    before, after = found.before, found.after
    if before is None or after is None or not found.samples:
        return []
    rows = [
        Row(
            "database, its log, free pages",
            f"{found.samples[-1].database} and {found.samples[-1].log} bytes, {found.samples[-1].free_pages}",
        ),
        Row("longest log", f"{max(each.log for each in found.samples)} bytes"),
        Row(
            "data folder",
            ", ".join(f"{name} {size}" for name, size in sorted(found.samples[-1].files.items())),
        ),
    ]
    applications = max(1, after.rows["application"] - before.rows["application"])
    entries = max(1, after.rows["journal"] - before.rows["journal"])
    for name, size in sorted(after.sizes.items(), key=lambda item: -item[1]):
        grown = size - before.sizes.get(name, 0)
        if not grown:
            continue
        more = after.rows.get(name, 0) - before.rows.get(name, 0)
        rows.append(Row(f"  {name}", f"{grown:+} bytes, {more:+} rows"))
    grown = sum(after.sizes.values()) - sum(before.sizes.values())
    journal = after.sizes.get("journal", 0) - before.sizes.get("journal", 0)
    rows.append(
        Row("grown by application", f"{(grown - journal) / applications:.0f} bytes beside the journal")
    )
    rows.append(
        Row(
            "grown by journal entry",
            f"{journal / entries:.0f} bytes, {entries / applications:.1f} entries an application",
        )
    )
    return rows


def _late(found: Findings) -> list[Row]:
    rows = []
    for what in ("touch", "loop"):
        counted = found.times.get(what, Counter())
        late = percentile(counted, 0.99)
        name = {"touch": "a touch to something painted", "loop": "Qt's loop held up"}[what]
        rows.append(
            Row(name, _milliseconds(counted), f"p99 ≤ {LATE_MS} ms", bool(counted) and late <= LATE_MS)
        )
    for what in sorted(each for each in found.times if each.startswith("page to ")):
        work = found.times.get(what.replace("page", "work", 1), Counter())
        told = f"; at work p50 {percentile(work, 0.5)}, p99 {percentile(work, 0.99)} ms" if work else ""
        rows.append(Row(f"  {what} painted", _milliseconds(found.times[what]) + told))
    return rows


def _milliseconds(counted: Counter[int]) -> str:
    return (
        f"p50 {percentile(counted, 0.5)}, p99 {percentile(counted, 0.99)}, "
        f"most {max(counted, default=0)} ms of {sum(counted.values())}"
    )

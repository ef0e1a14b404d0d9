"""Slopes that a few odd samples do not bend, and percentiles of counted milliseconds."""

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import median


def slope(points: Sequence[tuple[float, float]]) -> float:
    """How much y grows for each x: the median slope of all pairs (Theil 1950, Sen 1968). 0 for one point."""
    slopes = [
        (later[1] - earlier[1]) / (later[0] - earlier[0])
        for at, earlier in enumerate(points)
        for later in points[at + 1 :]
        if later[0] != earlier[0]
    ]
    return median(slopes) if slopes else 0.0


def percentile(counted: Mapping[int, int], share: float) -> int:
    """The smallest value that at least ``share`` of what was counted does not exceed; 0 for nothing."""
    wanted, seen = share * sum(counted.values()), 0
    for value in sorted(counted):
        seen += counted[value]
        if seen >= wanted:
            return value
    return 0


def add(into: Counter[int], counted: Mapping[str, int]) -> None:
    """``counted`` as JSON keeps it, with numbers written as text."""
    for value, times in counted.items():
        into[int(value)] += times

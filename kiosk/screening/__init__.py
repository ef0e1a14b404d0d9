"""What a household may be entitled to, how much, and why."""

from kiosk.screening.criteria import (
    All,
    AnyOf,
    Compare,
    Criterion,
    Fact,
    Household,
    Likely,
    NeedToKnow,
    No,
    Not,
    Parameter,
    Relation,
    Share,
    Verdict,
    limits_on,
    screen,
)

__all__ = [
    "All",
    "AnyOf",
    "Compare",
    "Criterion",
    "Fact",
    "Household",
    "Likely",
    "NeedToKnow",
    "No",
    "Not",
    "Parameter",
    "Relation",
    "Share",
    "Verdict",
    "limits_on",
    "screen",
]

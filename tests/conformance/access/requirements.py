# ruff: noqa: E501 - a table is read across
"""The rows of the report: what a person must be able to see, hear and touch, and where each number comes from."""

from typing import Final

from tests.conformance.access.ledger import Judge, Requirement

SOURCES: Final = (
    "VVSG 2.0 and ADA 707 numbers, and some of EN 301 549, were read from software and guidance that "
    "implement them, not from the standards' own text. WCAG 2.2, Section 508 and the GOV.UK patterns were "
    "read in their own words."
)

EAR: Final = "python -m tests.conformance.ear"
BLIND: Final = "python -m tests.conformance.blind"

REQUIREMENTS: Final = (
    Requirement(
        "S1", "Capital letters have the height of their text size", "3.5–4.2, 4.8–5.6, 6.4–7.1, 8.5–9.0 mm",
        "VVSG 2.0 7.1-G",
    ),
    Requirement("S2", "A new person starts large enough, with the voice on", "4.8 mm", "508 §402.4, ADA 707.7.2"),
    Requirement("S3", "The largest size subtends 0.7° at 600 mm", "7.3 mm", "EN 301 549 5.1.4"),
    Requirement("S4", "Nothing clipped, overlapping or lost", "0", "508 §402.4, VVSG 7.1-J"),
    Requirement(
        "S5", "Wider spacing loses nothing; lines are short", "1.5, 0.12 em, 0.16 em, 2 em; 80 characters",
        "WCAG 1.4.12, 1.4.8",
    ),
    Requirement("S6", "Contrast of words and icons, default theme", "10 : 1", "VVSG 7.1-C"),
    Requirement("S7", "Contrast in the two high themes and the low one", "20 : 1; 4.5–8 : 1", "VVSG 7.1-D"),
    Requirement("S8", "Edges of controls and the focus ring", "3 : 1, ring of 2 px", "WCAG 1.4.11, 2.4.13"),
    Requirement("S9", "Nothing is told by colour alone", "1 % of the control changes shape", "WCAG 1.4.1"),
    Requirement("S10", "Letters on the printed receipt", "14 pt", "VVSG 7.1-I"),
    Requirement("T1", "Size of every target", "20 mm high, nothing under 12.7 mm", "Duff et al. 2010; VVSG 7.2-I"),
    Requirement("T2", "Gap between targets", "2.54 mm", "VVSG 7.2-I"),
    Requirement("T3", "A press begins and ends inside its target; a drag presses nothing", "0", "VVSG 7.2-H"),
    Requirement("T4", "A held key or a bounce acts once", "1", "VVSG 7.2-M, EN 301 549 5.8"),
    Requirement("T5", "Whatever is longer than the glass has paging buttons", "always", "VVSG 7.2-E"),
    Requirement("H1", "What is spoken is what is shown", "every string", "508 §402.2, EN 301 549 5.1.3"),
    Requirement("H2", "Interrupt, repeat, pause; no queue, no overlap", "always", "EN 301 549 5.1.3", Judge.ELSEWHERE, EAR),
    Requirement("H3", "Rate: 125 words a minute, 50–200 % in 7 steps", "10 %", "VVSG 7.1-K", Judge.ELSEWHERE, EAR),
    Requirement("H4", "Loudness goes back to its default", "0 left over", "VVSG 7.1-K, EN 301 549 5.1.3.13"),
    Requirement("H5", "From an action to the first sample", "150 ms; 300 ms typed", "aim; VVSG 1.1", Judge.ELSEWHERE, EAR),
    Requirement("H5b", "The loudspeaker's share of that time", "–", "aim", Judge.PERSON),
    Requirement("H6", "From an action to silence", "100 ms", "aim", Judge.ELSEWHERE, EAR),
    Requirement("H7", "Private answers are not spoken aloud unasked", "0", "EN 301 549 5.1.3.8–9"),
    Requirement("H8", "Every line of the receipt can be heard", "always", "508 §402.2.2", Judge.ELSEWHERE, "tests/receipts"),
    Requirement("H9", "A voice that fails says so on the page", "always", "–"),
    Requirement("D1", "The whole task with the screen dark", "every form", "VVSG dual switch, EN 301 549 5.1", Judge.ELSEWHERE, BLIND),
    Requirement("D2", "Focus reaches everything, in reading order, and is seen", "every screen", "508 §407"),
    Requirement("D3", "Idle: asked after 2–5 minutes, 45 s to answer", "120–300 s", "VVSG, WCAG 2.2.1"),
    Requirement("D4", "First reaction to a touch", "100 ms", "VVSG, aim", Judge.ELSEWHERE, "make bench ARGS=answer"),
    Requirement("D5", "The next person finds the defaults", "0 left over", "VVSG 7.1-A"),
    Requirement("D6", "One question a page, its heading unique, Back and Continue, a short hint", "every question", "GOV.UK question pages"),
    Requirement("D7", "Check your answers: Change on each row, back to the page", "every row", "GOV.UK check answers"),
    Requirement("D8", "Errors: one summary, focus on it, each line leads, same words", "every error", "GOV.UK error summary"),
    Requirement("D9", "Nothing is asked twice", "0", "WCAG 3.3.7"),
    Requirement("P1", "The words are plain to those who read with difficulty", "–", "GOV.UK", Judge.PERSON),
    Requirement("P2", "Glare, height and reach of the standing kiosk", "–", "ADA 308, EN 301 549 8.3", Judge.PERSON),
)  # fmt: skip

"""Measures one painted sheet: sizes, gaps, what is cut off, contrast, edges (ACCESS S1, S4–S8, T1, T2)."""

from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from PySide6.QtWidgets import QWidget

from kiosk.flow.comfort import TextSize, Theme
from tests.conformance.access.eye import Box, Sight, box_of, edge_contrast, ink_contrast, visible_box
from tests.conformance.access.ledger import Ledger
from ui.theme import Look

CAP_RANGE: Final = {
    TextSize.SMALL: (3.5, 4.2),
    TextSize.MEDIUM: (4.8, 5.6),
    TextSize.LARGE: (6.4, 7.1),
    TextSize.EXTRA_LARGE: (8.5, 9.0),
}
LEAST_CONTRAST: Final = {
    Theme.CALM: 10.0,
    Theme.DARK_ON_LIGHT: 20.0,
    Theme.LIGHT_ON_DARK: 20.0,
    Theme.LOW_CONTRAST: 4.5,
}
MOST_IN_LOW: Final = 8.0
EDGE: Final = 3.0
HEADING_FROM: Final = 1.08
"""What is this much larger than the body's letters is a heading or a code, and has no upper bound."""
ROUNDING_MM: Final = 0.02


@dataclass(slots=True)
class Gathered:
    """Over all sheets of one view: what was painted at all, what could be seen whole, and as which words."""

    painted: dict[tuple[int, int, str], str] = field(default_factory=dict)
    seen: set[tuple[int, int, str]] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)


def measure(sight: Sight, look: Look, ledger: Ledger, where: str, gathered: Gathered) -> None:
    """Everything about one sheet."""
    visible: dict[int, Box] = {}
    boxes: dict[int, Box] = {}
    widgets = [each.widget for each in sight.lines]
    widgets += [each.widget for each in sight.frames] + [each.widget for each in sight.icons]
    for widget in {id(each): each for each in widgets}.values():
        visible[id(widget)] = visible_box(sight.page, widget)
        boxes[id(widget)] = box_of(sight.page, widget)
    _lines(sight, look, ledger, where, gathered, visible, boxes)
    targets = [(name, widget, box_of(sight.page, widget)) for name, widget in sight.page.visible_targets()]
    _targets(sight, look, ledger, where, targets)
    _edges(sight, look, ledger, where, visible)


def _lines(
    sight: Sight,
    look: Look,
    ledger: Ledger,
    where: str,
    gathered: Gathered,
    visible: dict[int, Box],
    boxes: dict[int, Box],
) -> None:
    least, most = CAP_RANGE[look.size]
    low = LEAST_CONTRAST[look.theme]
    row = "S6" if look.theme is Theme.CALM else "S7"
    per_mm = look.glass.height_px / look.glass.true_height_mm
    whole: list[tuple[Box, str, QWidget]] = []
    body = min((line.cap for line in sight.lines), default=0.0)
    for line in sight.lines:
        here = f"{where}: “{line.text}”"
        key = (id(line.widget), line.ink.top - boxes[id(line.widget)].top, line.text)
        gathered.painted[key] = line.text
        shows = visible[id(line.widget)]
        if not line.ink.meets(shows):
            continue
        ledger.check("S4", line.ink.within(shows, _slack(line.text, line.em)), f"{here} is cut off")
        gathered.seen.add(key)
        gathered.texts.append(line.text)
        whole.append((line.ink, line.text, line.widget))
        millimetres = line.cap / per_mm
        ledger.at_least("S1", millimetres, least, here, " mm")
        if line.cap <= body * HEADING_FROM:
            ledger.check("S1", millimetres <= most, here, shown=f"{millimetres:.2f} mm")
            ledger.at_least("S5", line.pitch / line.em, 1.3 if line.of == 1 else 1.5, here, " em")
        elif look.spaced:
            ledger.at_least("S5", line.pitch / line.em, 1.5, here, " em")
        if line.of > 1:
            bound = 40 if _is_full_width(line.text) else 80
            ledger.at_most("S5", len(line.text), bound, here, " characters")
        found = ink_contrast(sight.pixels, line.ink)
        if found is not None:
            ledger.at_least(row, found, low, here, " : 1")
            if look.theme is Theme.LOW_CONTRAST:
                ledger.check(row, found <= MOST_IN_LOW, here, shown=f"{found:.2f} : 1")
    for (one, text, _), (other, other_text, _) in combinations(whole, 2):
        if one.meets(other):
            ledger.check("S4", False, f"{where}: “{text}” lies over “{other_text}”")
    for icon in sight.icons:
        if icon.box.within(visible[id(icon.widget)], 1):
            for ink, text, _ in whole:
                ledger.check("S4", not ink.meets(icon.box), f"{where}: an icon lies over “{text}”")
            found = ink_contrast(sight.pixels, icon.box, around=0)
            if found is not None:
                ledger.at_least(row, found, low, f"{where}: an icon at {icon.box[:2]}", " : 1")
    _words_over_targets(sight, ledger, where, whole)


def _slack(text: str, em: int) -> int:
    """Pixels by which a measured box may lie outside of what is seen.

    An accent may lean out to the left of its letter by so much. Of a script that the first font lacks, Qt
    measures a box that is larger than the ink.
    """
    return em // 8 if any("\u0600" <= letter <= "\u06ff" for letter in text) else max(1, em // 24)


def _words_over_targets(
    sight: Sight, ledger: Ledger, where: str, whole: list[tuple[Box, str, QWidget]]
) -> None:
    for name, widget in sight.page.visible_targets():
        box = box_of(sight.page, widget)
        for ink, text, owner in whole:
            if owner is not widget and box.meets(ink) and not widget.isAncestorOf(owner):
                ledger.check("S4", False, f"{where}: “{text}” lies over the target {name}")


def _is_full_width(text: str) -> bool:
    return sum("가" <= letter <= "힣" for letter in text) > len(text) / 3


def _targets(
    sight: Sight, look: Look, ledger: Ledger, where: str, targets: list[tuple[str, QWidget, Box]]
) -> None:
    glass, page = look.glass, Box(0, 0, sight.page.width(), sight.page.height())
    for name, _, box in targets:
        least = 12.7 if name.startswith("key:") or look.staff else 20.0
        high, wide = glass.mm(box.bottom - box.top), glass.mm(box.right - box.left)
        ledger.at_least("T1", high + ROUNDING_MM, least, f"{where}: height of {name}", " mm")
        ledger.at_least("T1", wide + ROUNDING_MM, 12.7, f"{where}: width of {name}", " mm")
        ledger.check("S4", box.within(page), f"{where}: {name} stands off the page")
    limit = look.px(20)
    ordered = sorted(targets, key=lambda each: each[2].top)
    for index, (name, _, box) in enumerate(ordered):
        for other_name, _, other in ordered[index + 1 :]:
            if other.top - box.bottom > limit:
                break
            space = box.gap(other)
            if space <= limit:
                ledger.at_least(
                    "T2", glass.mm(space) + ROUNDING_MM, 2.54, f"{where}: {name} and {other_name}", " mm"
                )


def _edges(sight: Sight, look: Look, ledger: Ledger, where: str, visible: dict[int, Box]) -> None:
    for frame in sight.frames:
        if frame.box.within(visible[id(frame.widget)], 1):
            found = edge_contrast(sight.pixels, frame)
            if found is not None:
                kind = type(frame.widget).__name__
                ledger.at_least("S8", found, EDGE, f"{where}: the edge of a {kind}", " : 1")


def nothing_lost(gathered: Gathered, ledger: Ledger, where: str) -> None:
    """Each painted line could be seen whole on some sheet."""
    for key, text in gathered.painted.items():
        ledger.check("S4", key in gathered.seen, f"{where}: “{text}” is on no sheet")

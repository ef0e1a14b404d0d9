"""Focus, questions, errors (ACCESS D2, D6, D7, D8)."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.flow.table import Screen
from kiosk.flow.view import Rows, View
from kiosk.texts import texts_for
from tests.conformance.access.eye import _LINEAR, Box, Pixels, box_of
from tests.conformance.access.ledger import Ledger
from tests.conformance.access.walk import Shown
from ui.widgets.errors import ErrorLine, ErrorsBlock
from ui.window import KioskWindow

_END: Final = re.compile(r"[.!?。]+(?=\s|$)")


def lint(shown: Sequence[Shown], ledger: Ledger, language: str) -> None:
    """One question a page, with a heading of its own (D6); the check page's rows and button (D7)."""
    say = texts_for(language).say
    titles: dict[str, str] = {}
    for each in shown:
        view, where = each.view, f"{each.name}, {language}"
        if view.screen == Screen.CHECK:
            _check_page(view, ledger, where, say("Change"), say("Continue"))
        if view.screen != Screen.QUESTION:
            continue
        # A date and its time of day are one question in two parts.
        asked = {field.split(":")[0] for part in view.body if (field := getattr(part, "field", ""))}
        ledger.check("D6", len(asked) <= 1, where, shown=f"{len(asked)} questions")
        # The same question about another member of the household is another page with the same words.
        question = re.sub(r"\[\d+\]", "", view.key.rsplit(":", 2)[0])
        ledger.check("D6", titles.setdefault(view.title, question) == question, f"{where}: “{view.title}”")
        labels = tuple(button.label for button in (view.back, view.forward) if button is not None)
        ledger.check("D6", labels == (say("Back"), say("Continue")), f"{where}: {labels}")
        ledger.check("D6", len(_END.findall(view.hint)) <= 1, f"{where}: the hint “{view.hint}”")


def _check_page(view: View, ledger: Ledger, where: str, change: str, on: str) -> None:
    for part in view.body:
        if isinstance(part, Rows):
            for row in part.rows:
                labels = [button.label for button in row.actions]
                ledger.check("D7", labels == [change], f"{where}: {row.label}")
                ledger.check(
                    "D7", bool(row.value), f"{where}: “{row.label}” says nothing where it was skipped"
                )
    last = view.forward.label if view.forward else ""
    ledger.check("D7", last not in ("", on), f"{where}: the last button says “{last}”")


# -- with the window


def focus_order(window: KioskWindow, ledger: Ledger, where: str) -> None:
    """Tab reaches all that can be pressed or written in, in reading order, on whatever sheet (D2)."""
    page = window.page
    wanted = [
        (name, widget)
        for name, widget in page.all_targets()
        if not name.startswith("key:")
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not _paging(name)
    ]
    if not wanted:
        return
    wanted[0][1].setFocus(Qt.FocusReason.TabFocusReason)
    reached: list[str] = []
    unseen: list[str] = []
    for _ in range(3 * len(wanted) + 6):
        focused = window.focusWidget()
        name = next((n for n, w in page.all_targets() if w is focused), "")
        if name and name in reached:
            break
        if name:
            reached.append(name)
            assert focused is not None
            if not any(w is focused for _, w in page.visible_targets()):
                unseen.append(name)
        QTest.keyClick(window, Qt.Key.Key_Tab)
        QApplication.processEvents()
    reached = [name for name in reached if not _paging(name)]
    ledger.check("D2", reached == [name for name, _ in wanted], f"{where}: Tab reaches {reached}")
    ledger.check("D2", not unseen, f"{where}: {unseen} can have the focus out of sight")
    _reading_order(window, ledger, where)


def _paging(name: str) -> bool:
    """What comes and goes with the sheets; the filled button says "More" until the last of them."""
    return name in ("page-up", "page-down", "more", "forward")


def _reading_order(window: KioskWindow, ledger: Ledger, where: str) -> None:
    """On each sheet from top to bottom, in a row from the leading side to the trailing one."""
    page = window.page
    assert page.look is not None
    rightwards = page.look.direction == Qt.LayoutDirection.RightToLeft
    boxes = [
        (name, box_of(page, widget)) for name, widget in page.visible_targets() if not name.startswith("key:")
    ]
    for (name, box), (following, next_box) in pairwise(boxes):
        ledger.check("D2", _follows(box, next_box, rightwards), f"{where}: {following} comes after {name}")


def _follows(box: Box, following: Box, rightwards: bool) -> bool:
    if following.top >= box.bottom:
        return True
    if following.bottom <= box.top:
        return False
    return following.right <= box.left if rightwards else following.left >= box.right


def focus_is_seen(window: KioskWindow, ledger: Ledger, where: str) -> None:
    """The focus changes at least as much as a ring of 2 px around the control, at 3 : 1 (WCAG 2.4.13)."""
    page = window.page
    for name, widget in list(page.visible_targets()):
        if not widget.isEnabled() or not widget.focusPolicy() & Qt.FocusPolicy.TabFocus or _paging(name):
            continue
        page.setFocus(Qt.FocusReason.OtherFocusReason)
        widget.clearFocus()
        without = picture(widget)
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        changed = int((contrasts(without, picture(widget)) >= 3).sum())
        ring = 2 * 2 * (widget.width() + widget.height())
        # What is written in has a caret and a thick edge instead of a second ring.
        ledger.at_least("S8", changed / ring, 0.5, f"{where}: the focus of {name}", " of a 2 px ring")
    page.setFocus(Qt.FocusReason.OtherFocusReason)


def picture(widget: QWidget) -> Pixels:
    """The widget alone as it looks now, on its page's paper."""
    window = widget.window()
    assert isinstance(window, KioskWindow)
    image = QImage(widget.size(), QImage.Format.Format_RGB32)
    image.fill(QColor(window.look.palette.paper))
    # Without the grey that Qt lays under a window.
    widget.render(image, QPoint(0, 0), renderFlags=QWidget.RenderFlag.DrawChildren)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()


def contrasts(one: Pixels, other: Pixels) -> "np.typing.NDArray[np.float64]":
    """Contrast of each pixel of one picture with the same pixel of the other."""
    shares = np.array([0.0722, 0.7152, 0.2126])
    first, second = (_LINEAR[each[..., :3]] @ shares + 0.05 for each in (one, other))
    return np.asarray(np.maximum(first, second) / np.minimum(first, second))


def errors_lead(window: KioskWindow, view: View, ledger: Ledger, where: str) -> None:
    """One summary that has the focus, whose lines lead to their fields, in the same words (D8)."""
    page = window.page
    assert page.look is not None
    look = page.look
    window.show_view(replace(view, errors=(), error_title=""), look)
    window.show_view(view, look)
    summaries = [block for _, block in page.blocks() if isinstance(block, ErrorsBlock)]
    ledger.check("D8", len(summaries) == 1 and bool(view.error_title), f"{where}: one summary")
    if not summaries:
        return
    focused = window.focusWidget()
    leads = list(summaries[0].findChildren(ErrorLine))
    has_focus = focused is summaries[0] or focused in leads
    ledger.check("D8", has_focus, f"{where}: the focus is on {type(focused).__name__}")
    at_fields = {getattr(part, "field", ""): getattr(part, "error", "") for part in view.body}
    for error in view.errors:
        if not error.field:
            continue
        if at_fields.get(error.field):
            ledger.check("D8", at_fields[error.field] == error.text, f"{where}: other words at the field")
        line = next((each for each in leads if each.error.text == error.text), None)
        ledger.check("D8", line is not None, f"{where}: no line for “{error.text}”")
        if line is not None:
            line.clicked.emit()
            there = window.focusWidget()
            visible = [widget for _, widget in page.visible_targets()]
            leads_there = there in visible and there not in leads
            ledger.check("D8", leads_there, f"{where}: “{error.text}” leads nowhere")

"""A page in time: the same key keeps everything, another starts at the top, paging, errors, keys."""

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from kiosk.flow.comfort import TextSize, Theme
from kiosk.flow.view import Chosen, Event, FieldError, Pressed, SignaturePad, Signed, TextField
from tests.ui import samples
from tests.ui.conftest import SMALL_GLASS, Show
from ui.driver import Driver
from ui.theme import Look
from ui.window import KioskWindow


def told_by(window: KioskWindow) -> list[Event]:
    told: list[Event] = []
    window.happened.connect(told.append)
    return told


def test_same_key_keeps_focus_place_and_widgets(show: Show) -> None:
    look = Look(SMALL_GLASS, size=TextSize.EXTRA_LARGE)
    window = show(samples.heating("en"), look)
    page = window.page
    page.turn(1)
    before = {name: id(widget) for name, widget in page.all_targets()}
    blocks = [id(block) for _, block in page.blocks()]
    card = dict(page.all_targets())["heat=e"]
    card.setFocus()
    at = page.shown_page
    assert at > 0
    show(samples.heating("en", chosen="e"), look)
    assert window.page is page
    assert {name: id(widget) for name, widget in page.all_targets()} == before
    assert [id(block) for _, block in page.blocks()] == blocks
    assert window.focusWidget() is card
    assert page.shown_page == at


def test_typing_keeps_the_box_and_the_keys(show: Show) -> None:
    window = show(samples.name("en"))
    window.happened.connect(lambda event: window.show_view(samples.name("en", event.text), window.look))
    entry = dict(window.page.all_targets())["field:name"]
    places = {name: window.page.target(name) for name, _ in window.page.all_targets()}
    Driver(window).type("name", "Mary")
    assert dict(window.page.all_targets())["field:name"] is entry
    assert entry.hasFocus()
    after = {name: window.page.target(name) for name, _ in window.page.all_targets()}
    # After the capital letter, Shift shows the other letters again.
    assert after == places


def test_value_that_the_kiosk_changed_is_shown(show: Show) -> None:
    window = show(samples.name("en", "mary"))
    show(samples.name("en", "Mary"))
    assert window.page.written("field:name") == "Mary"


def test_another_key_starts_at_the_top(show: Show) -> None:
    look = Look(SMALL_GLASS, size=TextSize.EXTRA_LARGE)
    window = show(samples.heating("en"), look)
    window.page.turn(1)
    assert window.page.shown_page == 1
    show(replace(samples.heating("en"), key="another"), look)
    assert window.page.shown_page == 0


def test_another_look_keeps_the_view(show: Show) -> None:
    window = show(samples.heating("en", chosen="b"))
    show(samples.heating("en", chosen="b"), Look(SMALL_GLASS, theme=Theme.LIGHT_ON_DARK))
    told = told_by(window)
    Driver(window).choose("heat", "a")
    assert told == [Chosen("heat", "a")]


def test_page_that_fits_has_no_paging(show: Show) -> None:
    window = show(samples.heating("en"), Look(SMALL_GLASS, size=TextSize.SMALL))
    names = {name for name, _ in window.page.all_targets()}
    assert window.page.page_count == 1
    assert not names & {"page-up", "page-down", "more"}
    assert "forward" in names


def test_filled_button_says_more_until_the_end_was_seen(show: Show) -> None:
    window = show(samples.check("en"), Look(SMALL_GLASS, size=TextSize.EXTRA_LARGE))
    page, driver = window.page, Driver(window)
    told = told_by(window)
    last = page.page_count - 1
    assert last > 0
    for at in range(last):
        assert page.shown_page == at
        assert page.target("forward") is None
        buttons = dict(page.all_targets())
        assert buttons["page-up"].isEnabled() == (at > 0)
        assert buttons["page-down"].isEnabled()
        driver.press("more")
    assert not dict(page.all_targets())["page-down"].isEnabled()
    driver.press("page-up")
    assert page.target("forward") is not None
    driver.press("forward")
    assert told == [Pressed("forward")]


def test_no_filled_button_where_there_is_nothing_to_go_on_to(show: Show) -> None:
    window = show(samples.need("en"))
    assert not {"forward", "more"} & {name for name, _ in window.page.all_targets()}


def test_error_line_leads_to_its_field(show: Show) -> None:
    window = show(samples.name("en"))
    show(samples.missing("en"))
    page = window.page
    focused = window.focusWidget()
    assert focused is dict(page.all_targets())["error:name"]
    told = told_by(window)
    Driver(window).press("error:name")
    assert window.focusWidget() is dict(page.all_targets())["field:name"]
    assert page.target("field:name") is not None
    assert page.target("key:a") is not None
    assert told == []


def test_error_line_leads_to_a_row_on_another_page(show: Show) -> None:
    look = Look(SMALL_GLASS, size=TextSize.EXTRA_LARGE)
    errors = (FieldError("row5", "Still open: this one"), FieldError("", "And the whole page"))
    window = show(replace(samples.check("en"), errors=errors, error_title="Two things"), look)
    Driver(window).press("error:row5")
    assert window.page.target("change:5") is not None


def test_escape_goes_back_and_page_down_turns(show: Show) -> None:
    window = show(samples.heating("en"), Look(SMALL_GLASS, size=TextSize.EXTRA_LARGE))
    told = told_by(window)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_PageDown)
    assert window.page.shown_page == 1
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_PageUp)
    assert window.page.shown_page == 0
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Escape)
    assert told == [Pressed("back")]


def test_tab_walks_in_reading_order_and_turns_the_page(show: Show) -> None:
    window = show(samples.heating("en"), Look(SMALL_GLASS, size=TextSize.EXTRA_LARGE))
    page = window.page
    dict(page.all_targets())["heat=a"].setFocus()
    walked = ["heat=a"]
    for _ in range(4):
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_Tab)
        walked += [name for name, widget in page.all_targets() if widget is window.focusWidget()]
        focused = window.focusWidget()
        assert focused is not None
        assert page.sees(focused)
    assert walked == [f"heat={value}" for value in "abcde"]


def test_what_cannot_be_seen_has_no_focus(show: Show) -> None:
    window = show(samples.heating("en"), Look(SMALL_GLASS, size=TextSize.EXTRA_LARGE))
    dict(window.page.all_targets())["heat=a"].setFocus()
    told = told_by(window)
    Driver(window).press("more")
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Space)
    assert told == []


def test_signature_is_as_large_as_the_page_allows_and_told_in_shares_of_its_width(show: Show) -> None:
    window = show(samples.sign("en"))
    assert window.page.page_count == 1
    told = told_by(window)
    Driver(window).sign("sign")
    pad = window.page.target("field:sign")
    assert pad is not None
    assert SMALL_GLASS.mm(pad.height()) >= 55
    (signed,) = told
    assert isinstance(signed, Signed)
    assert all(0 <= x <= 1 and 0 <= y <= 1 for stroke in signed.strokes for x, y, _ in stroke.points)
    Driver(window).press("sign:clear")
    assert told[-1] == Signed("sign", ())


def test_page_without_anything_to_press_is_still_shown(show: Show) -> None:
    view = replace(samples.heating("en"), body=(), back=None, forward=None, key="bare")
    window = show(view)
    assert window.page.page_count == 1


def test_two_fields_on_one_page_are_both_written(show: Show) -> None:
    two = (TextField("one", "One"), TextField("two", "Two"), SignaturePad("pad", "Sign"))
    for size in TextSize:
        window = show(replace(samples.name("en"), body=two, key=f"two{size}"), Look(SMALL_GLASS, size=size))
        driver = Driver(window)
        driver.type("two", "b")
        driver.type("one", "a")
        assert (window.page.written("field:one"), window.page.written("field:two")) == ("a", "b")


def test_old_pages_are_let_go(show: Show) -> None:
    window = show(samples.name("en"))
    for at in range(20):
        show(replace(samples.EVERY[at % 13]("ru"), key=f"key{at}"))
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    few = len(window.findChildren(QWidget))
    for at in range(60):
        show(replace(samples.EVERY[at % 13]("ru"), key=f"again{at}"))
    show(replace(samples.EVERY[19 % 13]("ru"), key="key19"))
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(window.findChildren(QWidget)) == few
